"""Bridges of other platforms (RSSHub, wewe-rss, we-mp-rss) in the inner network: their addresses as they are, allowed
by the registry, asked seldom and gently."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from handover_fixtures import make_picture
from http_server import Handler, Server, run_server
from site_fixtures import LIBRARY, NOW, Item, SmallSite, write_feed

from aggregator.fetch import read_refresh
from aggregator.model import AccountOutcome
from aggregator.registry import export_csv, import_accounts, load_registry

ALLOW = '[fetch]\nallow = ["127.0.0.0/8"]\n'
REAL = {
    "/feeds/MP_WXS_3086991234.rss?limit=20&mode=fulltext": "snapshot/wechat-liuguyue/caoz的梦呓.xml",
    "/feeds/all.atom": "snapshot/wechat-liuguyue/liuxiaopai.xml",
    "/feed/MP_WXS_3086991234.xml?ext=1": "snapshot/wechat-liuguyue/shengcai.xml",
    "/wechat/mp/msgalbum/MzA3MDM3NjE5NQ==/1375870284640911361": "snapshot/wechat-liuguyue/danmiao.xml",
    "/weibo/user/1195230310/readable=1&showAuthorInTitle=0?limit=20": "polls/rsshub-ifeng/20260620T042137Z.xml",
    "/bilibili/user/dynamic/2267573?key=a%2Bb%3D&filter_title=%E9%80%9A%E7%9F%A5": "snapshot/zhouqun/bilibili.xml",
}
"""Address at the bridge, in the spellings of their manuals -> a real feed of that kind."""


@pytest.fixture
def bridge() -> Iterator[Server]:
    with run_server() as running:
        yield running


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    site = SmallSite(tmp_path / "site", fetch=ALLOW).set_up()
    site.set_draft("news/a.md", LIBRARY, 标题="绘本区焕新", 日期="2026-03-01")
    return site


def serve(bridge: Server, path: str, body: bytes, seconds: float = 0.0) -> None:
    def route(handler: Handler) -> None:
        time.sleep(seconds)
        handler.answer(body=body, Content_Type="application/xml; charset=utf-8")

    bridge.routes[path.partition("?")[0]] = route


def update(site: SmallSite, now=NOW) -> dict[str, AccountOutcome]:
    return {one.id: one for one in site.update(now).accounts}


def test_addresses_of_bridges_work_as_they_are(site: SmallSite, bridge: Server, shared_data: Path) -> None:
    for number, (path, file) in enumerate(REAL.items()):
        serve(bridge, path, (shared_data / "feeds" / file).read_bytes())
        site.set_account(f"a{number}", feeds=[bridge.url(path)])
    outcomes = update(site, NOW + timedelta(days=300))
    assert sorted(bridge.asked()) == sorted(REAL)
    assert all(outcomes[f"a{number}"].posts_new + outcomes[f"a{number}"].posts_held > 0 for number in range(len(REAL)))
    assert not any(one.error for one in outcomes.values())


def test_an_inner_bridge_is_refused_until_the_registry_allows_it(site: SmallSite, bridge: Server) -> None:
    serve(bridge, "/feeds/all.atom", write_feed(Item("a", "绘本区焕新", LIBRARY)).encode())
    site.fetch = ""
    site.set_account("rsj", feeds=[bridge.url("/feeds/all.atom")])
    refused = update(site)["rsj"]
    assert refused.outcome == "failed"
    assert "allow" in refused.error
    assert not bridge.asked()
    site.fetch = ALLOW
    site.write_registry()
    assert update(site, NOW + timedelta(hours=1))["rsj"].posts_new == 1


def test_many_accounts_of_one_bridge_never_ask_more_than_two_at_a_time(site: SmallSite, bridge: Server) -> None:
    for number in range(10):
        path = f"/feeds/MP_WXS_{number}.rss?limit=20"
        serve(
            bridge,
            path,
            write_feed(Item(f"a{number}", f"第{number}号通知", (LIBRARY[0] + str(number),))).encode(),
            0.05,
        )
        site.set_account(f"a{number}", feeds=[bridge.url(path)])
    assert sum(one.posts_new for key, one in update(site).items() if key != "local") == 10
    assert bridge.most_open <= 2


def test_pictures_that_the_bridge_itself_serves_are_mirrored(site: SmallSite, bridge: Server) -> None:
    item = Item("a", "绘本区焕新", (*LIBRARY, "见图。"))
    picture = f'&lt;img src="{bridge.url("/static/res/logo/a.png?x=1")}"&gt;'
    serve(bridge, "/feed/a.rss", write_feed(item).replace("见图。", picture).encode())
    bridge.routes["/static/res/logo/a.png"] = lambda handler: handler.answer(
        body=make_picture(), Content_Type="image/png"
    )
    site.set_account("rsj", feeds=[bridge.url("/feed/a.rss")])
    assert site.update().mirror.pictures == 1


class TestRefresh:
    @pytest.fixture
    def slow(self, site: SmallSite, bridge: Server) -> SmallSite:
        serve(bridge, "/feeds/a.rss", write_feed(Item("a", "绘本区焕新", LIBRARY)).encode())
        site.set_account("rsj", feeds=[bridge.url("/feeds/a.rss?limit=5")], refresh="6h")
        return site

    def test_a_bridge_is_left_alone_for_as_long_as_its_account_says(self, slow: SmallSite, bridge: Server) -> None:
        asked = []
        for hours in (0, 1, 5.9, 6, 7, 12):
            update(slow, NOW + timedelta(hours=hours))
            asked.append(len(bridge.asked()))
        assert asked == [1, 0, 0, 1, 0, 1]

    def test_whoever_names_the_account_need_not_wait(self, slow: SmallSite, bridge: Server) -> None:
        update(slow)
        bridge.asked()
        assert slow.call("update", "--account", "rsj").status == 0
        assert len(bridge.asked()) == 1

    def test_a_feed_that_failed_is_not_kept_waiting_for_so_long(self, slow: SmallSite, bridge: Server) -> None:
        good = bridge.routes["/feeds/a.rss"]
        bridge.routes["/feeds/a.rss"] = lambda handler: handler.answer(status=502)
        assert update(slow)["rsj"].outcome == "failed"
        bridge.routes["/feeds/a.rss"] = good
        assert update(slow, NOW + timedelta(hours=1))["rsj"].posts_new == 1

    def test_a_server_that_asks_for_more_gets_more(self, slow: SmallSite, bridge: Server) -> None:
        body = write_feed(Item("a", "绘本区焕新", LIBRARY)).encode()
        bridge.routes["/feeds/a.rss"] = lambda handler: handler.answer(body=body, Cache_Control="max-age=36000")
        for hours in (0, 7, 10):
            update(slow, NOW + timedelta(hours=hours))
        assert len(bridge.asked()) == 2

    @pytest.mark.parametrize(
        ("text", "span"),
        [
            ("", timedelta()),
            ("30m", timedelta(minutes=30)),
            ("6h", timedelta(hours=6)),
            ("1d", timedelta(days=1)),
        ],
    )
    def test_spans_are_minutes_hours_or_a_day(self, text: str, span: timedelta) -> None:
        assert read_refresh(text) == span

    @pytest.mark.parametrize("text", ["6", "6 h", "0h", "25h", "2d", "6小时", "-1h", "h"])
    def test_any_other_is_a_mistake_with_its_remedy(self, site: SmallSite, text: str) -> None:
        site.set_account("rsj", refresh=text)
        result = site.call("update")
        assert result.status == 2
        assert "refresh" in result.err
        assert "6h" in result.err

    def test_it_travels_in_spreadsheets(self, slow: SmallSite) -> None:
        registry = load_registry(slow.site.registry)
        sheet = export_csv(registry)
        assert "收取间隔" in sheet
        (account,) = (one for one in import_accounts(sheet.encode(), "csv", ()) if one.id == "rsj")
        assert account.refresh == "6h"
