"""What the preview shows of drafts and posts that wait, and that nothing of it is stored."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from preview_fixtures import FakeDesk, run_preview, run_server, show
from site_fixtures import NOW, SWIMMING, Item, SmallSite, list_tree

from aggregator import pipeline
from aggregator.build import Press, load_settings
from aggregator.errors import ConfigError
from aggregator.model import DraftShelf, Editorial, Proof
from aggregator.preview.hub import Hub, watch_folder
from aggregator.registry import load_registry
from aggregator.store import Store

GOOD = {"标题": "滨江路停水通知", "日期": "2026-03-18"}
TEXT = ("滨江路因管道检修停水，请提前储水。",)


def make_proof(site: SmallSite, path: str) -> Proof:
    """As a preview that was just started."""
    proof = start(site).make(path, Editorial(), load_registry(site.site.registry), NOW)
    assert proof is not None
    return proof


def start(site: SmallSite) -> pipeline.Proofs:
    settings = load_settings(site.site)
    return pipeline.Proofs(site.site, Press(site.site, settings), "fabu.linjiang.example", "/beside/")


def list_drafts(site: SmallSite, query: str = "") -> DraftShelf:
    with Store.open(site.site.store) as store:
        return pipeline.DraftList(site.site).list(query, Editorial(), store, NOW)


def states_of(site: SmallSite) -> dict[str, str]:
    return {card.path: card.state for card in list_drafts(site).cards}


def test_a_published_draft_has_the_bytes_of_its_page(small_site: SmallSite) -> None:
    """Whatever stands on it: neighbours, tags, units, the account's card, other posts of its story."""
    named = {"编号": "xw-zhongshu", "部门": "临江市 ranqi 局，临江市档案馆", "标签": "植树、绿化"}
    small_site.set_draft("news/zhongshu.md", TEXT, 标题="北山植树节种下新林", 日期="2026-03-13", **named)
    small_site.publish()
    pages = {story["title"]: story["url"] for story in small_site.stories().values()}
    for path, title in (
        ("notices/youyong.md", "游泳馆恢复开放的公告"), ("services/jiehun.md", "结婚登记"),
        ("news/zhongshu.md", "北山植树节种下新林"), ("pages/about.md", "关于我们"),
    ):  # fmt: skip
        proof = make_proof(small_site, path)
        published = next((small_site.output / "s").glob(f"{pages[title].rpartition('/')[2]}"))
        assert (proof.state, proof.page) == ("published", published.read_bytes()), path


def test_a_draft_that_was_never_published_is_the_page_that_it_becomes(small_site: SmallSite) -> None:
    small_site.set_draft("notices/tingshui.md", TEXT, **GOOD)
    before = make_proof(small_site, "notices/tingshui.md")
    assert before.state == "new"
    small_site.publish()
    after = make_proof(small_site, "notices/tingshui.md")
    assert after.state == "published"
    story = small_site.stories()["滨江路停水通知"]["id"]
    # Its address is found, and its neighbours are set, only by placing it.
    assert "本文网址" not in before.page.decode()
    assert "本文网址" in after.page.decode()
    body = before.page.decode().partition('<div class="body">')[2].partition("</div>")[0]
    assert body in after.page.decode()
    assert f"s/{story}.html" in after.page.decode()


def test_looking_changes_neither_store_nor_site(small_site: SmallSite) -> None:
    small_site.set_draft("notices/tingshui.md", TEXT, **GOOD)
    store, tree = small_site.site.store.read_bytes(), list_tree(small_site.output)
    make_proof(small_site, "notices/tingshui.md")
    list_drafts(small_site)
    assert small_site.site.store.read_bytes() == store
    assert list_tree(small_site.output) == tree


def test_before_the_first_publish_there_is_a_page_too(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    site.set_account("ranqi")
    site.set_draft("notices/tingshui.md", TEXT, **GOOD)
    proof = make_proof(site, "notices/tingshui.md")
    assert (proof.state, proof.title) == ("new", "滨江路停水通知")
    assert not site.site.store.exists()


def test_a_store_of_another_version_is_not_taken_for_an_empty_one(small_site: SmallSite) -> None:
    with closing(sqlite3.connect(small_site.site.store)) as store:
        store.execute("PRAGMA user_version = 1")
    with pytest.raises(ConfigError, match="格式"):
        make_proof(small_site, "notices/youyong.md")


def test_a_folder_that_cannot_be_watched_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on some network drives."""
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    hub, file = Hub(), tmp_path / "a.md"

    async def wait() -> int:
        watcher = asyncio.create_task(watch_folder(tmp_path, hub))
        with hub.join() as saved:
            for number in range(60):
                file.write_text("字" * number, encoding="utf-8")
                with suppress(TimeoutError):
                    await asyncio.wait_for(saved.wait(), 1)
                if saved.is_set():
                    break
        hub.close()
        await watcher
        return hub.version

    assert asyncio.run(wait()) > 0


def test_each_draft_of_the_list_says_what_becomes_of_it(small_site: SmallSite) -> None:
    small_site.set_draft("notices/tingshui.md", TEXT, **GOOD)
    small_site.set_draft("notices/dingshi.md", TEXT, **GOOD, 定时="2027-01-01 08:00")
    small_site.set_draft("notices/guoqi.md", TEXT, **GOOD, 下线="2026-03-19")
    small_site.set_draft("notices/chehui.md", TEXT, **GOOD, 撤回="是")
    small_site.set_draft("notices/_caogao.md", TEXT, **GOOD)
    small_site.set_draft("notices/shenfen.md", ("王某某，身份证号 11010519491231002X。",), **GOOD)
    (small_site.root / "content" / "notices" / "kong.md").write_bytes(b"")
    small_site.set_draft("notices/youyong.md", (*SWIMMING, "又改了一段。"), 标题="游泳馆恢复开放的公告")
    expected = {
        "notices/tingshui.md": "new", "notices/dingshi.md": "scheduled", "notices/guoqi.md": "expired",
        "notices/chehui.md": "withdrawn", "notices/_caogao.md": "aside", "notices/shenfen.md": "held",
        "notices/kong.md": "held", "notices/youyong.md": "changed", "services/jiehun.md": "published",
        "news/zhongshu.md": "published", "pages/about.md": "published",
    }  # fmt: skip
    assert states_of(small_site) == expected
    # A page says the same as the list.
    assert {path: make_proof(small_site, path).state for path in expected} == expected


def test_after_a_publish_the_list_says_what_the_store_knows(small_site: SmallSite) -> None:
    small_site.set_draft("notices/dingshi.md", TEXT, **GOOD, 定时="2027-01-01 08:00")
    small_site.set_draft("notices/guoqi.md", SWIMMING[:2], 标题="过期的通知", 日期="2026-03-01", 下线="2026-03-19")
    small_site.set_draft("notices/chehui.md", SWIMMING[1:], 标题="撤回的通知", 日期="2026-03-01", 撤回="是")
    small_site.publish()
    assert states_of(small_site) | {
        "notices/dingshi.md": "scheduled", "notices/guoqi.md": "expired", "notices/chehui.md": "withdrawn",
    } == states_of(small_site)  # fmt: skip
    assert "2027-01-01 08:00" in next(one.note for one in list_drafts(small_site).cards if "dingshi" in one.path)


def test_three_thousand_drafts_are_listed_and_searched(small_site: SmallSite) -> None:
    folder = small_site.root / "content" / "news" / "2026"
    folder.mkdir(parents=True)
    for number in range(3000):
        (folder / f"{number}.md").write_text(f"标题: 第 {number} 次植树\n\n种了 {number} 棵。\n", encoding="utf-8")
    shelf = list_drafts(small_site)
    assert (shelf.total, len(shelf.cards)) == (3004, 100)
    assert [card.path for card in list_drafts(small_site, "2718 植树").cards] == ["news/2026/2718.md"]
    assert list_drafts(small_site, "没有这样的").total == 0


def test_posts_that_wait_are_shown_as_pages_with_their_reasons(small_site: SmallSite) -> None:
    text = ("办理人王某某，身份证号 11010519491231002X，请携带材料到窗口领取结果。",)
    small_site.set_feed("hedong", Item("hedong-2", "结果领取名单", text, NOW - timedelta(days=1)))
    small_site.update()
    with run_preview(small_site.root) as preview:
        start_page = preview.ask("/").text
        assert "结果领取名单" in start_page
        assert "待处理" in start_page
        (code,) = (one["code"] for one in small_site.call("inbox", "--json").document["posts"])
        beside = preview.ask(f"/waiting?code={code}").text
        assert "身份证" in beside
        page = preview.ask(f"/site/s/preview.html?code={code}").text
        assert preview.ask("/waiting?code=aaaaaa").status == 404
    assert 'class="matrix-preview waiting"' in page
    assert "请携带材料到窗口领取结果" in page


def test_files_of_the_live_site_are_served_as_they_are(small_site: SmallSite) -> None:
    with run_preview(small_site.root) as preview:
        for path in ("index.html", "feeds/channel.atom", "archive/index.html"):
            assert preview.ask(f"/site/{path}").body == (small_site.output / path).read_bytes()
        assert preview.ask("/site/").body == (small_site.output / "index.html").read_bytes()
        assert preview.ask("/site/nothing.html").status == 404


def test_a_second_preview_of_the_site_says_where_the_first_one_is(small_site: SmallSite) -> None:
    with run_preview(small_site.root) as preview:
        told = small_site.run("preview", "--no-open")
        assert (told.status, preview.address in told.out) == (0, True)
    assert preview.process is not None
    assert preview.process.returncode == 0


def test_a_port_that_is_taken_is_passed_over_and_said(small_site: SmallSite, tmp_path: Path) -> None:
    other = small_site.copy_to(tmp_path / "other")
    with run_preview(small_site.root) as first, run_preview(other.root, "--port", str(first.port)) as second:
        assert first.port < second.port <= first.port + 20


def test_a_draft_that_makes_the_program_fail_leaves_the_others_alone() -> None:
    def fail() -> Proof:
        raise RuntimeError("a surprise")

    with run_server(FakeDesk({"notices/bad.md": fail, "notices/good.md": lambda: show("好的")})) as (preview, _, _):
        page = preview.ask("/draft?path=notices/bad.md")
        assert page.status == 200
        assert "RuntimeError" in page.text
        assert "这一行看不懂" in page.text
        assert preview.ask("/site/s/preview.html?path=notices/bad.md").status == 500
        assert preview.ask("/site/s/preview.html?path=notices/good.md").status == 200


def test_a_save_while_a_page_is_made_is_shown_by_the_next_one() -> None:
    """The page that was under way is not kept for the one that the save asks for."""
    texts, desk = ["旧的"], FakeDesk()
    with run_server(desk) as (preview, _, hub):

        def make() -> Proof:
            proof = show(texts[-1])
            if len(texts) == 1:
                texts.append("新的")
                hub.version += 1
            return proof

        desk.drafts["notices/a.md"] = make
        assert "旧的" in preview.ask("/site/s/preview.html?path=notices/a.md").text
        assert "新的" in preview.ask("/site/s/preview.html?path=notices/a.md").text


@pytest.mark.parametrize(
    "path", ["", "notices", "notices/none.md", "registry/accounts.toml", "notices/../notices/youyong.md"]
)
def test_what_is_no_draft_has_no_page(small_site: SmallSite, path: str) -> None:
    assert start(small_site).make(path, Editorial(), load_registry(small_site.site.registry), NOW) is None
