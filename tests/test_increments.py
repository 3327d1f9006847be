"""What a build renders and reads: what depends on what changed, however much there is."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
from pelican.plugins import signals
from site_fixtures import BASE, LIBRARY, NOW, ROOT, Item, SmallSite, list_tree, make_site

import aggregator
from aggregator.build.sink import Rendered, TreeSink
from aggregator.model import LINKS
from aggregator.plugins.stories import code
from aggregator.plugins.stories.articles import StoryArticle
from aggregator.plugins.stories.loader import ArticleLoader
from aggregator.plugins.stories.renderer import Page, Renderer
from aggregator.store.schema import MIGRATIONS

NEW = (
    "北岸泵站明天例行检修，下游三个小区的水压会低一些，用水请错开早上七点。",
    "检修由供水公司值班班组完成，预计两小时。",
)
"""A text that no other post of the small site is like."""

NOT_SHOWN = {"id", "feed", "canonical_url", "warnings", "unplaced", "appears_at", "revised_at"}
"""Columns of posts of which no page shows anything, or which have a trigger of their own, as three of them."""


@pytest.fixture
def themed_site(small_site: SmallSite) -> SmallSite:
    shutil.copytree(ROOT / "themes" / "portal", small_site.root / "theme")
    small_site.set_settings(THEME=str(small_site.root / "theme"))
    small_site.publish()
    return small_site


@contextmanager
def count_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """Paths rendered and stories read within."""
    work: dict[str, list[str]] = {"rendered": [], "read": []}
    render, make = Renderer.render, ArticleLoader._make

    def counted_render(self: Renderer, paths: tuple[str, ...]) -> Iterator[Page]:
        for page in render(self, paths):
            work["rendered"].append(page.path)
            yield page

    def counted_make(self: ArticleLoader, stories: list[str]) -> tuple[StoryArticle, ...]:
        made = make(self, stories)
        work["read"] += [article.id for article in made]
        return made

    with monkeypatch.context() as patch:
        patch.setattr(Renderer, "render", counted_render)
        patch.setattr(ArticleLoader, "_make", counted_make)
        yield work


def add_archive(site: SmallSite, posts: int) -> None:
    """Posts of ten years, so many a month, which share nothing but their form."""
    items = [
        Item(f"old-{n}", f"第{n}号消息", (f"{n}号：{n * 7919}。" + LIBRARY[n % 3],), NOW - timedelta(days=100 + 7 * n))
        for n in range(posts)
    ]
    site.set_feed("hedong", *items)


def test_one_new_post_costs_the_same_in_an_archive_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    costs = []
    for posts in (60, 300):
        site = make_site(tmp_path / str(posts))
        add_archive(site, posts)
        site.publish()
        site.set_draft("notices/xin.md", NEW, 标题="今天的新通知", 日期="2026-03-19 10:00")
        with count_work(monkeypatch) as work:
            site.publish()
        assert len(list_tree(site.output)) > posts
        costs.append((sorted(re.sub(r"s/\w+", "s/…", path) for path in work["rendered"]), len(work["read"])))
    assert costs[0] == costs[1]
    assert len(costs[0][0]) < 60


def test_nothing_new_renders_nothing(small_site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    with count_work(monkeypatch) as work:
        small_site.build()
    assert work == {"rendered": [], "read": []}


# Templates, settings, files of the theme ------------------------------------------------------------------------


def test_a_changed_template_renders_what_uses_it_and_nothing_else(
    themed_site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Directly, by extending it, by including it, by importing a macro of it."""
    kinds = {
        "404.html": r"404\.html", "service.html": r"s/\w+\.html",
        "partials/service_tiles.html": r"index|services/index",
        "partials/alert_strip.html": r"index\.html",
        "partials/parts.html": r".*/(index|20..-..)\.html|accounts/\w+/\w+\.html",
    }  # fmt: skip
    for name, expected in kinds.items():
        file = themed_site.root / "theme" / "templates" / name
        file.write_text(file.read_text(encoding="utf-8") + "{# changed #}", encoding="utf-8")
        with count_work(monkeypatch) as work:
            themed_site.build()
        assert work["rendered"], name
        assert [path for path in work["rendered"] if not re.match(expected, path)] == [], name


@pytest.mark.parametrize("name", ["404", "feedback", "leaving"])
def test_a_page_whose_template_comes_later_comes_with_it(themed_site: SmallSite, name: str) -> None:
    template = themed_site.root / "theme" / "templates" / f"{name}.html"
    before, whole = list_tree(themed_site.output), template.read_bytes()
    template.unlink()
    assert f"{name}.html" in themed_site.build().removed_paths
    template.write_bytes(whole)
    assert f"{name}.html" in themed_site.build().changed_paths
    assert list_tree(themed_site.output).keys() == before.keys()


def test_a_changed_setting_renders_what_reads_it_and_nothing_else(
    small_site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_site.set_settings(CITY="临江市")
    with count_work(monkeypatch) as work:
        small_site.build()
    assert set(work["rendered"]) == {"index.html", "accounts/index.html"}
    small_site.set_settings(SOMETHING_ELSE="值")
    with count_work(monkeypatch) as work:
        small_site.build()
    assert work["rendered"] == []


def assert_as_from_nothing(site: SmallSite) -> None:
    """The site is what a full build makes that has no compiled templates to go by."""
    (site.site.state / "templates").unlink()
    assert site.run("build", "--full", "--json").document["changed_paths"] == []


def test_templates_compiled_another_way_are_rendered_anew(themed_site: SmallSite) -> None:
    themed_site.set_settings(JINJA_ENVIRONMENT={"trim_blocks": False, "lstrip_blocks": False})
    assert "index.html" in themed_site.run("build", "--json").document["changed_paths"]
    assert_as_from_nothing(themed_site)


@pytest.mark.parametrize(
    ("setting", "use"),
    [
        ("JINJA_FILTERS = {{'shout': lambda text: text + '{0}'}}", "{{ '栖江'|shout }}"),
        ("JINJA_GLOBALS = {{'made': __import__('re').compile('栖江{0}')}}", "{{ made.pattern }}"),
    ],
)
def test_another_value_of_a_setting_without_content_renders_pages_anew(
    themed_site: SmallSite, setting: str, use: str
) -> None:
    """What can be told of an object is where it was made: in the settings."""
    template = themed_site.root / "theme" / "templates" / "404.html"
    template.write_text(
        template.read_text(encoding="utf-8").replace("{% block main %}", "{% block main %}" + use), "utf-8"
    )
    before = themed_site.site.config.read_text(encoding="utf-8")
    for number in range(2):
        themed_site.site.config.write_text(f"{before}{setting.format(number)}\n", encoding="utf-8")
        assert "404.html" in themed_site.run("build", "--json").document["changed_paths"]
        assert f"栖江{number}" in themed_site.read_page("404.html")
    assert_as_from_nothing(themed_site)


@pytest.mark.parametrize("use", ["{{ '栖江'|shout }}", "{{ shout('栖江') }}"])
def test_another_source_of_a_function_of_the_settings_renders_pages_anew(themed_site: SmallSite, use: str) -> None:
    """Also where the settings only import it, and where the templates were compiled with what it said before."""
    template = themed_site.root / "theme" / "templates" / "404.html"
    template.write_text(
        template.read_text(encoding="utf-8").replace("{% block main %}", "{% block main %}" + use), "utf-8"
    )
    tools = themed_site.root / "tools.py"
    tools.write_text("def shout(text):\n    return text + '！'\n", encoding="utf-8")
    with themed_site.site.config.open("a", encoding="utf-8") as config:
        config.write(f"import sys\nsys.path.insert(0, {str(themed_site.root)!r})\nfrom tools import shout as _shout\n")
        config.write("JINJA_FILTERS = JINJA_GLOBALS = {'shout': _shout}\n")
    assert themed_site.run("build").status == 0
    assert "栖江！" in themed_site.read_page("404.html")
    tools.write_text("def shout(text):\n    return text + '？？'\n", encoding="utf-8")
    assert "404.html" in themed_site.run("build", "--json").document["changed_paths"]
    assert "栖江？？" in themed_site.read_page("404.html")
    assert_as_from_nothing(themed_site)


@pytest.mark.parametrize("library", ["jinja2", "zxing-cpp", "pypinyin"])
def test_another_version_of_a_library_that_writes_into_pages_renders_them_anew(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = code.digest_code(["aggregator.plugins.stories"])
    monkeypatch.setattr(code, "version", lambda name: "999" if name == library else version(name))
    assert code.digest_code(["aggregator.plugins.stories"]) != before


@pytest.mark.parametrize(
    "file", ["artifacts/paths.py", "dates/__init__.py", "images/qr.py", "model/story.py", "pinyin.py"]
)
def test_another_source_of_what_writes_into_pages_renders_them_anew(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = code.digest_code(["aggregator.plugins.stories"])
    read = Path.read_bytes
    changed = Path(aggregator.__file__).parent / file
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + (b"#" if path == changed else b""))
    assert code.digest_code(["aggregator.plugins.stories"]) != before


def test_a_changed_file_of_the_theme_gets_another_name_and_the_old_one_goes(themed_site: SmallSite) -> None:
    file = themed_site.root / "theme" / "static" / "tokens.css"
    file.write_text("/* leer */", encoding="utf-8")
    report = themed_site.build()
    assert [path for path in report.removed_paths if path.startswith("theme/tokens.")]
    (present,) = (themed_site.output / "theme").glob("tokens.*")
    assert present.name in themed_site.read_page("404.html")


# Links and what staff hid ---------------------------------------------------------------------------------------


ROAD = "跨江大桥引道施工期间单车道通行"
CORRECTION = Item(
    "hedong-2",
    f"更正：{ROAD}",
    (f"3月13日发布的《{ROAD}》中，限行时间有误，应为每天22时至次日6时，特此更正。", "其他内容不变，敬请谅解。"),
    NOW - timedelta(days=6),
)


def find_page(site: SmallSite, title: str) -> str:
    return str(site.stories()[title]["url"]).removeprefix(f"{BASE}/")


def test_a_story_is_rendered_with_what_it_is_linked_to(small_site: SmallSite) -> None:
    """When the link comes, when the other's headline changes, when the other is hidden or shown, when the link goes."""
    road = find_page(small_site, ROAD)

    def publish(title: str) -> None:
        _, report = small_site.publish()
        assert road in report.changed_paths
        page = small_site.read_page(road)
        assert ("这条消息有更正" in page) == bool(title)
        assert title in page
        assert small_site.build(full=True).changed_paths == ()

    small_site.set_feed("hedong", CORRECTION)
    publish(CORRECTION.title)
    later = replace(CORRECTION, title=f"{CORRECTION.title}（修订）")
    small_site.set_feed("hedong", later)
    publish(later.title)
    small_site.site.editorial.write_text('[[hide]]\npost = "hedong:hedong-2"\n', encoding="utf-8")
    publish("")
    small_site.site.editorial.write_text(
        f'[[hide]]\nstory = "{CORRECTION.link}"\nreason = "在核实"\n', encoding="utf-8"
    )
    small_site.publish()
    small_site.site.editorial.write_text("", encoding="utf-8")
    publish(later.title)
    small_site.set_feed("hedong", replace(CORRECTION, title="社区食堂午餐供应", text=NEW))
    publish("")


def test_a_page_of_what_staff_hid_tells_the_reason_that_holds(
    small_site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another reason for the one is nothing to the other."""
    road = find_page(small_site, ROAD)
    other = '[[hide]]\npost = "hedong:hedong-1"\nreason = "另一件"\n'
    for reason in ("正在核实", "内容有误"):
        ruling = f'[[hide]]\nstory = "{BASE}/{road}"\nreason = "{reason}"\n'
        small_site.site.editorial.write_text(ruling + other, encoding="utf-8")
        with count_work(monkeypatch) as work:
            small_site.publish()
        assert reason in small_site.read_page(road)
    document = f"api/v1/stories/{road[len('s/') : -len('.html')]}.json"
    assert sorted(work["rendered"]) == sorted([road, document, "api/v1/withdrawn.json"])


# Verification -----------------------------------------------------------------------------------------------


def test_verify_brings_back_what_is_lost_or_altered_and_removes_strangers(small_site: SmallSite) -> None:
    before = list_tree(small_site.output)
    page, lost = small_site.output / "index.html", small_site.output / "archive" / "2026-03.html"
    page.write_text("verändert", encoding="utf-8")
    lost.unlink()
    (small_site.output / "s" / "fremd.html").write_text("x", encoding="utf-8")
    idle = small_site.site.state / "site" / ("b" if small_site.output.resolve().name == "a" else "a")
    (idle / "404.html").unlink()
    report = small_site.build(verify=True)
    after = list_tree(small_site.output)
    assert {path: data for path, (data, _) in after.items()} == {path: data for path, (data, _) in before.items()}
    # What was lost in the other tree alone is no change of the site.
    assert set(report.changed_paths) == {"index.html", "archive/2026-03.html"}
    assert small_site.build(verify=True).changed_paths == ()
    # And the tree that was live is right again when its turn comes.
    small_site.set_draft("notices/xin.md", NEW, 标题="今天的新通知", 日期="2026-03-19 10:00")
    small_site.publish()
    assert not (small_site.output / "s" / "fremd.html").exists()
    assert small_site.build(verify=True).changed_paths == ()


def test_verify_finds_nothing_to_do_on_a_sound_site(small_site: SmallSite) -> None:
    before = list_tree(small_site.output)
    assert small_site.build(verify=True).rendered == 0
    assert list_tree(small_site.output) == before


def test_a_tree_of_another_time_is_made_equal_before_it_is_used(small_site: SmallSite, tmp_path: Path) -> None:
    """A store that was put back may know the one tree and not what a later run wrote into the other."""
    shutil.copy(small_site.site.store, tmp_path)
    small_site.set_draft("notices/xin.md", NEW, 标题="新通知", 日期="2026-03-19")
    small_site.publish()
    shutil.copy(tmp_path / small_site.site.store.name, small_site.site.store)
    assert small_site.build().changed_paths == ()
    assert small_site.build(verify=True).changed_paths == ()
    small_site.set_draft("news/zhongshu.md", NEW, 标题="泵站检修", 日期="2026-03-13", 编号="xw-zhongshu")
    (small_site.root / "content" / "notices" / "xin.md").unlink()
    small_site.publish()
    assert small_site.build(verify=True).changed_paths == ()
    assert "新通知" not in small_site.read_page("index.html")


# Store and trees that do not belong together ------------------------------------------------------------------


def test_a_store_of_another_time_is_not_believed(small_site: SmallSite, tmp_path: Path) -> None:
    """A restored backup knows files that the trees no longer have."""
    backup = tmp_path / "backup.zip"
    assert small_site.call("backup", str(backup)).status == 0
    for number in range(2):
        small_site.set_draft("notices/xin.md", NEW[: number + 1], 标题="新通知", 日期="2026-03-19")
        small_site.publish()
    assert small_site.call("restore", str(backup)).status == 0
    small_site.build()
    assert "新通知" not in small_site.read_page("index.html")
    assert small_site.build(verify=True).changed_paths == ()


@pytest.mark.parametrize("last", ["killed before it writes", "killed while it writes", "a purge", "a verification"])
@pytest.mark.parametrize("between", [0, 1, 2])
def test_a_restored_store_takes_no_tree_for_what_it_was(
    small_site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, between: int, last: str
) -> None:
    """Whichever of the trees was live when the backup was made, and whatever touched one of them since."""
    backup = tmp_path / "backup.zip"
    small_site.set_draft("notices/xin.md", NEW[:1], 标题="新通知", 日期="2026-03-19")
    small_site.publish()
    assert small_site.call("backup", str(backup)).status == 0
    for number in range(between):
        small_site.set_draft("notices/xin.md", NEW, 标题=f"新通知{number}", 日期="2026-03-19")
        small_site.publish()
    if last == "a purge":
        purged = next(one for title, one in small_site.stories().items() if title.startswith("新通知"))
        small_site.purge(purged["id"])
    elif last == "a verification":
        small_site.build(verify=True)
    else:
        small_site.set_draft("notices/jinri.md", NEW, 标题="今天的通知", 日期="2026-03-19")
        with monkeypatch.context() as patch:
            put, done = TreeSink.put, []

            def put_one(self: TreeSink, page: Page, rendered: Rendered) -> Rendered:
                if done or last == "killed before it writes":
                    raise KeyboardInterrupt
                done.append(page)
                return put(self, page, rendered)

            patch.setattr(TreeSink, "put", put_one)
            with pytest.raises(KeyboardInterrupt):
                small_site.publish()
    assert small_site.call("restore", str(backup)).status == 0
    (small_site.site.content / "notices" / "jinri.md").unlink(missing_ok=True)
    small_site.build()
    for _ in range(2):
        assert small_site.build(verify=True).changed_paths == ()
        assert "今天的通知" not in small_site.read_page("index.html")
        small_site.set_draft("news/zhongshu.md", NEW, 标题="泵站检修", 日期="2026-03-13", 编号="xw-zhongshu")
        small_site.publish()


def test_a_switch_that_a_killed_run_did_not_come_to_is_finished(small_site: SmallSite) -> None:
    """The store is written first: between that and the link, visitors see the last whole site."""
    link = small_site.output.readlink()
    small_site.set_draft("notices/xin.md", NEW, 标题="今天的新通知", 日期="2026-03-19 10:00")
    small_site.publish()
    small_site.output.unlink()
    small_site.output.symlink_to(link)
    assert "今天的新通知" not in small_site.read_page("index.html")
    assert small_site.build().rendered == 0
    assert "今天的新通知" in small_site.read_page("index.html")


# What others rely on ------------------------------------------------------------------------------------------


def test_no_column_that_a_page_may_show_is_forgotten_by_the_triggers(small_site: SmallSite) -> None:
    """A column added to posts is to be named by the trigger, or here."""
    (trigger,) = re.findall(r"UPDATE OF\s+([\w\s,]+?)\s*ON posts BEGIN\s+INSERT INTO dirty", "".join(MIGRATIONS))
    watched = {name.strip() for name in trigger.split(",")}
    with closing(sqlite3.connect(small_site.site.store)) as store:
        columns = {row[1] for row in store.execute("PRAGMA table_info (posts)")}
    assert columns - watched == NOT_SHOWN


def test_no_link_is_forgotten_by_the_triggers() -> None:
    """A relation that leads from story to story is to be named wherever they tell links from copies."""
    lists = re.findall(r"relation IN \(([^)]*)\)", "".join(MIGRATIONS))
    assert lists
    assert {frozenset(re.findall(r"'([\w-]+)'", one)) for one in lists} == {LINKS}


def test_signals_of_pelican_are_sent_for_what_is_rendered(small_site: SmallSite) -> None:
    heard: dict[str, list[str]] = {}

    def listen(name: str) -> object:
        def hear(sender: object, **told: object) -> None:
            article = told.get("content") or sender
            title = article.title if isinstance(article, StoryArticle) else str(sender)
            heard.setdefault(name, []).append(title)

        getattr(signals, name).connect(hear, weak=False)
        return hear

    names = (
        "article_generator_init", "article_generator_pretaxonomy", "article_generator_finalized",
        "article_generator_write_article", "article_writer_finalized", "content_object_init", "content_written",
        "all_generators_finalized", "feed_generated", "feed_written", "initialized", "finalized",
    )  # fmt: skip
    hearing = {name: listen(name) for name in names}
    try:
        small_site.set_draft("notices/xin.md", NEW, 标题="今天的新通知", 日期="2026-03-19 10:00")
        small_site.publish()
    finally:
        for name, hear in hearing.items():
            getattr(signals, name).disconnect(hear)
    assert sorted(heard) == sorted(names)
    assert "今天的新通知" in heard["article_generator_write_article"]
    assert len(heard["article_generator_write_article"]) < 4
    assert [path for path in heard["content_written"] if path.endswith("/index.html")]
    assert len(heard["feed_written"]) > 2
