"""The published site: whole at any moment, the same bytes for the same input, and as it was if a build fails."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import pelican.plugins
import pytest
from site_fixtures import (
    BASE,
    CITY_NOW,
    NOW,
    ROOT,
    SUBSIDY,
    Item,
    Result,
    SmallSite,
    environment,
    find_broken_links,
    list_tree,
    make_site,
    run_python,
)

from aggregator.plugins.stories.code import digest_code

LATER = NOW + timedelta(hours=1)
CITY = "https://fabu.qijiang.example"
POSTS = 155
"""Of the sample city, about."""
SETTLED = 10
"""Seconds in which a build of a small site has certainly written its files."""


@pytest.fixture
def themed_site(small_site: SmallSite) -> SmallSite:
    """A site with a theme of its own that may be broken."""
    shutil.copytree(ROOT / "themes" / "portal", small_site.root / "theme")
    small_site.set_settings(THEME=str(small_site.root / "theme"))
    return small_site


def assert_whole(site: SmallSite) -> None:
    """The link does not dangle, and every link of the site leads to a file."""
    assert site.output.is_symlink()
    assert (site.output / "index.html").is_file()
    assert find_broken_links(site.output.resolve(), BASE) == []


# The same input -----------------------------------------------------------------------------------------------


def test_a_second_publish_changes_no_byte_and_no_time(small_site: SmallSite) -> None:
    before = list_tree(small_site.output)
    _, built = small_site.publish(LATER)
    assert (built.rendered, built.removed, built.changed_paths, built.removed_paths) == (0, 0, (), ())
    assert list_tree(small_site.output) == before
    assert built.kept == len(before)


def test_the_same_input_gives_the_same_bytes_on_another_machine(published_site: SmallSite, tmp_path: Path) -> None:
    other = make_site(tmp_path / "elsewhere" / "site")
    other.publish()
    ours, theirs = list_tree(published_site.output), list_tree(other.output)
    assert {path: data for path, (data, _) in theirs.items()} == {path: data for path, (data, _) in ours.items()}


def test_the_order_in_which_feeds_answer_shows_nowhere(published_site: SmallSite, tmp_path: Path) -> None:
    """Three copies with equal scores, read one by one in two orders: the same story with the same list of copies."""
    read = []
    for order in (("chengguan", "minzheng", "yuanlin"), ("yuanlin", "minzheng", "chengguan")):
        site = published_site.copy_to(tmp_path / order[0])
        for account in order:
            site.set_account(account, rank=10)
            site.set_feed(account, Item(f"{account}-1", "取暖补贴怎么申请", SUBSIDY, NOW - timedelta(days=3)))
            site.update(LATER)
        read.append(site.stories())
    assert read[0] == read[1]
    assert [one["account"] for one in read[0]["关于发放春季燃气取暖补贴的通知"]["members"]] == [
        "ranqi", "chengguan", "fabu", "minzheng", "yuanlin",
    ]  # fmt: skip


def test_a_change_touches_only_the_files_whose_bytes_it_changes(small_site: SmallSite) -> None:
    """What `build --json` lists is what differs on disk: the withdrawn service takes its whole column along."""
    small_site.call("build", "--json")
    before = list_tree(small_site.output)
    (small_site.root / "content" / "services" / "jiehun.md").unlink()
    small_site.update(LATER)
    result = small_site.call("build", "--json")
    after, report = list_tree(small_site.output), result.document
    assert result.status == 0
    assert report["changed_paths"] == sorted(path for path in after if after[path][0] != before.get(path, (b"", 0))[0])
    assert report["removed_paths"] == sorted(before.keys() - after.keys())
    assert "services/index.html" in report["removed_paths"]
    assert report["rendered"] == len(report["changed_paths"])
    assert report["removed"] == len(report["removed_paths"])
    assert report["kept"] == len(after) - report["rendered"]
    assert all(after[path] == before[path] for path in after.keys() - set(report["changed_paths"]))
    assert set(report["seconds"]) == {"render", "switch"}
    assert_whole(small_site)


def test_pelican_alone_gives_the_same_bytes(small_site: SmallSite, tmp_path: Path) -> None:
    target = tmp_path / "fresh"
    result = run_python(
        "-m", "pelican", "content", "-s", "pelicanconf.py", "-o", str(target), "--fatal", "errors", cwd=small_site.root
    )
    assert result.status == 0, result.out + result.err
    ours = {path: data for path, (data, _) in list_tree(small_site.output).items()}
    assert {path: data for path, (data, _) in list_tree(target).items()} == ours


# Where it goes ------------------------------------------------------------------------------------------------


def test_output_is_a_relative_link_that_the_site_can_be_moved_with(small_site: SmallSite, tmp_path: Path) -> None:
    assert not small_site.output.readlink().is_absolute()
    small_site.root.rename(tmp_path / "moved")
    moved = SmallSite(tmp_path / "moved", small_site.accounts)
    assert_whole(moved)
    _, built = moved.publish(LATER)
    assert built.rendered == 0


def test_a_real_folder_called_output_is_moved_aside(small_site: SmallSite) -> None:
    small_site.output.unlink()
    small_site.output.mkdir()
    (small_site.output / "mine.txt").write_text("不要删", encoding="utf-8")
    small_site.publish(LATER)
    assert_whole(small_site)
    assert (small_site.root / "output.old1" / "mine.txt").read_text(encoding="utf-8") == "不要删"


def test_an_empty_folder_called_output_is_no_obstacle(small_site: SmallSite) -> None:
    small_site.output.unlink()
    small_site.output.mkdir()
    small_site.publish(LATER)
    assert_whole(small_site)
    assert not (small_site.root / "output.old1").exists()


def test_lost_trees_are_made_anew(small_site: SmallSite) -> None:
    before = list_tree(small_site.output)
    shutil.rmtree(small_site.site.state / "site")
    small_site.publish(LATER)
    assert {path: data for path, (data, _) in list_tree(small_site.output).items()} == {
        path: data for path, (data, _) in before.items()
    }


# Failures -----------------------------------------------------------------------------------------------------


def fail_build(site: SmallSite, expected: str) -> None:
    """`build` must end with 3, say so in Chinese with a remedy, and leave the site as it is."""
    before, link = list_tree(site.output), site.output.readlink()
    result = site.call("build", "--json")
    assert result.status == 3, result.err
    assert set(result.document["error"]) == {"message", "remedy"}
    assert expected in result.document["error"]["message"]
    assert result.document["error"]["remedy"]
    assert result.err.startswith("错误：")
    assert "办法：" in result.err
    assert "Traceback" not in result.err
    assert (list_tree(site.output), site.output.readlink()) == (before, link)


@pytest.mark.parametrize(
    "fault",
    [
        "{% if %}",
        "{% block main %}{% endblock %}",
        "{{ article.no_such_thing }}",
        "{{ 1 / 0 }}",
        "{{ article.title + 1 }}",
        "{% include 'no-such.html' %}",
        "{% include article.title %}",
    ],
)
def test_a_template_error_names_its_line_and_leaves_the_site_as_it_is(themed_site: SmallSite, fault: str) -> None:
    template = themed_site.root / "theme" / "templates" / "article.html"
    whole = template.read_text(encoding="utf-8")
    template.write_text(whole.replace("{% block main %}", "{% block main %}" + fault), encoding="utf-8")
    line = next(number for number, text in enumerate(template.read_text("utf-8").splitlines(), 1) if fault in text)
    fail_build(themed_site, f"article.html 第 {line} 行）")
    template.write_text(whole, encoding="utf-8")
    themed_site.publish(LATER)
    assert_whole(themed_site)


def test_a_template_that_cannot_be_read_is_named(themed_site: SmallSite) -> None:
    template = themed_site.root / "theme" / "templates" / "article.html"
    whole = template.read_text(encoding="utf-8")
    template.write_bytes(whole.replace("{% block main %}", "{% block main %}正文").encode("gbk"))
    fail_build(themed_site, "模板 article.html 不是 UTF-8 编码")
    template.write_text(whole, encoding="utf-8")
    (template.parent / "account.html").unlink()
    fail_build(themed_site, "主题里缺少模板")


@pytest.mark.parametrize(
    "plugin", ['raise RuntimeError("坏了")\n', 'def register():\n    raise RuntimeError("坏了")\n', "", None]
)
def test_a_plugin_that_does_not_register_leaves_the_site_as_it_is(
    small_site: SmallSite, plugin: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails when read, fails when called, has nothing to call, is not there: Pelican alone would go on without."""
    if plugin is not None:
        (small_site.root / "cityplugin.py").write_text(plugin, encoding="utf-8")
    monkeypatch.syspath_prepend(str(small_site.root))
    monkeypatch.delitem(sys.modules, "cityplugin", raising=False)
    small_site.set_settings(
        PLUGINS=["aggregator.plugins.markdown", "aggregator.plugins.stories", "cityplugin"],
        PLUGIN_PATHS=[str(small_site.root)],
    )
    fail_build(small_site, "")


@pytest.mark.parametrize(
    "named", ["'cityplugin'", "__import__('cityplugin')", "__import__('cityplugin').Part", "'short'"]
)
def test_plugins_are_named_as_pelican_has_it(
    small_site: SmallSite, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By module, by a short name where they are within pelican.plugins, as objects; another source renders all anew."""
    source = "HEARD = []\ndef register():\n    HEARD.append(1)\nclass Part:\n    register = staticmethod(register)\n"
    plugin = small_site.root / "cityplugin.py"
    within = small_site.root / "within"
    (within / "short").mkdir(parents=True)
    for file in (plugin, within / "short" / "__init__.py"):
        file.write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(str(small_site.root))
    monkeypatch.setattr(pelican.plugins, "__path__", [*pelican.plugins.__path__, str(within)])
    for name in ("cityplugin", "pelican.plugins.short"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with small_site.site.config.open("a", encoding="utf-8") as config:
        config.write(f"PLUGINS = ['aggregator.plugins.markdown', 'aggregator.plugins.stories', {named}]\n")
    first = small_site.call("build", "--json")
    assert first.status == 0, first.err
    name = "pelican.plugins.short" if named == "'short'" else "cityplugin"
    assert sys.modules[name].HEARD
    before = digest_code([name])
    for file in (plugin, within / "short" / "__init__.py"):
        file.write_text(f"{source}#", encoding="utf-8")
    assert digest_code([name]) != before


def test_an_asked_plugin_that_is_not_there_is_named(small_site: SmallSite) -> None:
    small_site.set_settings(PLUGINS=["aggregator.plugins.markdown", "aggregator.plugins.stories", "no_such"])
    fail_build(small_site, "插件没有装上：no_such")


def test_no_setting_empties_a_tree(small_site: SmallSite) -> None:
    """Pelican would delete what it does not write, and an increment writes little."""
    small_site.set_settings(DELETE_OUTPUT_DIRECTORY=True)
    small_site.publish()
    before = list_tree(small_site.output).keys()
    for hour in (1, 2):
        small_site.set_draft("news/xin.md", (f"今天{hour}点开门。",), 标题="图书馆今天开门", 日期="2026-03-20")
        small_site.publish(LATER)
        assert before < list_tree(small_site.output).keys()
        assert_whole(small_site)


@pytest.mark.parametrize("folder", ["output", ".matrix/site/a", ".matrix/site/b"])
def test_pelican_alone_does_not_write_into_the_site_that_visitors_see(small_site: SmallSite, folder: str) -> None:
    before = list_tree(small_site.output)
    small_site.set_settings(SITENAME="临江市发布")
    result = run_python("-m", "pelican", "content", "-d", "-s", "pelicanconf.py", "-o", folder, cwd=small_site.root)
    assert result.status == 1
    told = re.sub(r"\s", "", result.out + result.err)
    assert "只能由matrixbuild更新" in told
    assert list_tree(small_site.output) == before


def test_pelican_alone_does_not_empty_the_folder_of_the_store(small_site: SmallSite) -> None:
    result = run_python("-m", "pelican", "content", "-d", "-s", "pelicanconf.py", "-o", ".matrix", cwd=small_site.root)
    assert result.status == 1
    assert "不能清空" in re.sub(r"\s", "", result.out + result.err)
    assert small_site.site.store.is_file()


def test_pelican_alone_removes_what_is_gone_when_it_is_asked_to(small_site: SmallSite, tmp_path: Path) -> None:
    write = ("-m", "pelican", "content", "-s", "pelicanconf.py", "-o", str(tmp_path / "copy"))
    assert run_python(*write, cwd=small_site.root).status == 0
    (small_site.site.content / "notices" / "youyong.md").unlink()
    small_site.publish(LATER)
    assert run_python(*write, "-d", cwd=small_site.root).status == 0
    assert list_tree(tmp_path / "copy").keys() == list_tree(small_site.output).keys()


def test_a_folder_that_cannot_be_written_leaves_the_site_as_it_is(small_site: SmallSite) -> None:
    """A file stands where the next tree should be; permissions would not stop an administrator."""
    small_site.set_settings(SITENAME="临江市发布")
    idle = small_site.site.state / "site" / "b"
    shutil.rmtree(idle, ignore_errors=True)
    idle.write_text("这里不是文件夹", encoding="utf-8")
    fail_build(small_site, "网站文件写不进去")


def run_limited(site: SmallSite, kilobytes: int, command: str) -> Result:
    """`matrix` on a disk that has no room for a file of more than so much."""
    line = f'ulimit -f {kilobytes}; exec "{sys.executable}" -m aggregator -C "{site.root}" {command} --json'
    # What measures the tests would have no room for its own file either, and say so.
    unmeasured = {name: value for name, value in environment().items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, env=unmeasured, capture_output=True, text=True, check=False)
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def full_site(small_site: SmallSite) -> SmallSite:
    """A site with a draft for which there is no room."""
    header = {"标题": "城市总体规划全文", "日期": "2026-03-15"}
    small_site.set_draft("policies/guihua.md", ("划定永久基本农田、生态保护红线和城镇开发边界。" * 20,) * 600, **header)
    return small_site


def test_a_store_without_room_stays_as_it_is(full_site: SmallSite) -> None:
    site, stories = list_tree(full_site.output), full_site.stories()
    result = run_limited(full_site, 300, "publish")
    assert result.status == 3
    assert "存储打不开或写不进去" in result.document["error"]["message"]
    assert "磁盘空间" in result.document["error"]["remedy"]
    assert "Traceback" not in result.err
    assert (list_tree(full_site.output), full_site.stories()) == (site, stories)
    full_site.publish(LATER)
    assert "城市总体规划全文" in full_site.read_page("policies/index.html")


def test_a_log_without_room_says_nothing(full_site: SmallSite) -> None:
    log = full_site.site.state / "logs" / "matrix.log"
    log.parent.mkdir(exist_ok=True)
    log.write_bytes(b"x" * 400_000)
    result = run_limited(full_site, 300, "build")
    assert (result.status, result.err) == (0, "")
    assert log.stat().st_size == 400_000


def test_a_folder_that_cannot_be_made_is_told_with_a_remedy(small_site: SmallSite) -> None:
    shutil.rmtree(small_site.site.state / "logs", ignore_errors=True)
    (small_site.site.state / "logs").write_bytes(b"")
    result = small_site.call("update", "--json")
    assert result.status == 3
    assert "文件读写不了" in result.document["error"]["message"]
    assert "磁盘空间" in result.document["error"]["remedy"]


def test_a_tree_without_room_is_never_shown(full_site: SmallSite) -> None:
    site = list_tree(full_site.output)
    full_site.update(LATER)
    result = run_limited(full_site, 300, "build")
    assert result.status == 3
    assert "网站文件写不进去" in result.document["error"]["message"]
    assert "Traceback" not in result.err
    assert list_tree(full_site.output) == site
    full_site.publish(LATER)
    assert_whole(full_site)


@pytest.mark.parametrize("files", [1, 35])
def test_a_killed_build_leaves_a_whole_site_and_the_next_one_mends(small_site: SmallSite, files: int) -> None:
    """Killed when so many files of the next tree are new; the new name of the site is in each page."""
    small_site.set_settings(SITENAME="临江市发布")
    before, idle = list_tree(small_site.output), small_site.site.state / "site" / "b"
    build = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "-C", str(small_site.root), "build"],
        cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + SETTLED
    while (
        sum("临江市发布" in page.read_text(encoding="utf-8") for page in idle.rglob("*.html")) < files
        and time.monotonic() < deadline
    ):
        if build.poll() is not None:
            break
    build.kill()
    assert build.wait() == -signal.SIGKILL or files > 1
    assert_whole(small_site)
    if "临江市发布" not in small_site.read_page("index.html"):
        assert list_tree(small_site.output) == before
    small_site.publish(LATER)
    assert_whole(small_site)
    assert "临江市发布" in small_site.read_page("index.html")
    assert len(list_tree(small_site.output)) == len(before)


def test_a_publish_killed_while_it_reads_is_taken_up_by_the_next(published_city: SmallSite, tmp_path: Path) -> None:
    """Killed when half of the posts are stored; in the end there are the same stories at the same addresses."""
    city = SmallSite(tmp_path / "site")
    shutil.copytree(published_city.site.content, city.site.content)
    shutil.copy(published_city.site.config, city.site.config)
    publish = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "-C", str(city.root), "publish"],
        cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while count_posts(city) < POSTS / 2 and publish.poll() is None:
        time.sleep(0.002)
    publish.kill()
    assert publish.wait() == -signal.SIGKILL
    assert not city.output.exists()
    city.publish(CITY_NOW)
    assert city.call("stories", "--json").document == published_city.call("stories", "--json").document
    assert city.addresses() == published_city.addresses()
    assert find_broken_links(city.output.resolve(), CITY) == []


def count_posts(site: SmallSite) -> int:
    """Posts in the store so far; 0 before there is one."""
    if not site.site.store.is_file():
        return 0
    store = sqlite3.connect(f"file:{site.site.store}?mode=ro", uri=True)
    try:
        return int(store.execute("SELECT count(*) FROM posts").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        store.close()


# Pages --------------------------------------------------------------------------------------------------------


def test_every_link_within_the_city_leads_to_a_file(published_city: SmallSite) -> None:
    assert len(list(published_city.output.rglob("*.html"))) > 200
    assert find_broken_links(published_city.output.resolve(), CITY) == []


def test_every_page_is_utf8_and_chinese(published_city: SmallSite) -> None:
    for page in published_city.output.rglob("*.html"):
        source = page.read_bytes().decode("utf-8")
        assert '<html lang="zh-CN">' in source, page
        assert source.index('<meta charset="utf-8">') < 200, page
        assert "\ufffd" not in source, page


def test_no_page_loads_anything_from_elsewhere(published_city: SmallSite) -> None:
    loading = (
        "//script/@src | //link[not(@rel='canonical') and not(@rel='alternate')]/@href | //img/@src | //iframe/@src"
    )
    loading += " | //source/@src | //img/@srcset | //form/@action"
    for page in published_city.output.rglob("*.html"):
        loaded = lxml.html.document_fromstring(page.read_bytes()).xpath(loading)
        assert [link for link in loaded if urlsplit(link).netloc] == [], page
    for sheet in published_city.output.rglob("*.css"):
        assert re.findall(r"@import|url\(['\"]?(?:https?:)?//", sheet.read_text(encoding="utf-8")) == [], sheet


def test_every_page_but_404_works_in_any_folder_of_a_server(published_city: SmallSite) -> None:
    """Links are relative; 404 alone cannot know where it is shown."""
    for page in published_city.output.rglob("*.html"):
        links = [link for *_, link, _ in lxml.html.document_fromstring(page.read_bytes()).iterlinks()]
        absolute = [link for link in links if link.startswith("/")]
        assert absolute == [] or page.name == "404.html", page


def test_404_leads_into_the_folder_that_siteurl_names(small_site: SmallSite) -> None:
    small_site.set_settings(SITEURL=f"{BASE}/fabu")
    small_site.publish(LATER)
    links = [link for *_, link, _ in lxml.html.document_fromstring(small_site.read_page("404.html")).iterlinks()]
    rooted = [link for link in links if link.startswith("/")]
    assert rooted
    assert all(link.startswith("/fabu/") for link in rooted)


def test_every_story_has_a_canonical_address_of_its_own(published_city: SmallSite) -> None:
    pages = {
        page.name: lxml.html.document_fromstring(page.read_bytes()).xpath("//link[@rel='canonical']/@href")
        for page in (published_city.output / "s").iterdir()
    }
    assert pages == {name: [f"{CITY}/s/{name}"] for name in pages}
