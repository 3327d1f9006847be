"""A hub is told of the feeds that changed; what becomes of that is no matter of the site's."""

from __future__ import annotations

import http.server
import re
import time
from collections.abc import Iterator
from types import ModuleType
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest
from http_server import Handler, Server, run_server
from site_fixtures import ATOM, BASE, SmallSite

import aggregator.build.site as site_module
from aggregator.errors import ConfigError
from aggregator.fetch import websub
from aggregator.pipeline import build_stage

NEW = "北岸泵站明天例行检修，下游三个小区的水压会低一些，用水请错开早上七点。"


class HubHandler(Handler):
    """A hub that notes what it is told, and answers what the route of its path says."""

    def do_POST(self) -> None:  # noqa: N802  as http.server calls it
        told = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        with self.server.lock:
            self.server.seen.append((self.path, {name: values[0] for name, values in told.items()}))
            self.server.open += 1
        self.server.routes.get(self.path, lambda one: one.answer(204))(self)


@pytest.fixture
def hub() -> Iterator[Server]:
    with run_server(HubHandler) as server:
        yield server


def use_hub(site: SmallSite, address: str) -> None:
    site.fetch = '[fetch]\nallow = ["127.0.0.0/8"]\n'
    site.write_registry()
    site.set_settings(WEBSUB_HUB=address)


def list_told(hub: Server) -> set[str]:
    with hub.lock:
        told = [form for _, form in hub.seen]
        hub.seen.clear()
    assert {form["hub.mode"] for form in told} <= {"publish"}
    assert len({form["hub.url"] for form in told}) == len(told)
    return {form["hub.url"].removeprefix(f"{BASE}/") for form in told}


def test_the_hub_is_told_of_each_feed_that_changed_and_of_no_other(small_site: SmallSite, hub: Server) -> None:
    use_hub(small_site, hub.url("/hub"))
    _, report = small_site.publish()
    # The feeds have another link now.
    assert {"feeds/channel.rss", "feeds/channel.atom"} <= list_told(hub)
    assert report.hub_failure == ""
    _, report = small_site.publish()
    assert list_told(hub) == set()
    assert report.feeds_announced == 0
    small_site.set_draft("notices/n.md", (NEW,), 标题="泵站检修", 日期="2026-03-19")
    _, report = small_site.publish()
    told = list_told(hub)
    assert "feeds/channel.atom" in told
    assert told <= set(report.changed_paths)
    assert report.feeds_announced == len(told)


def test_feeds_name_the_hub(small_site: SmallSite) -> None:
    use_hub(small_site, "https://hub.example/")
    small_site.build()
    for name in ("channel.rss", "channel.atom"):
        links = ElementTree.parse(small_site.output / "feeds" / name).iter(f"{ATOM}link")  # noqa: S314 - our own file
        assert [link.get("href") for link in links if link.get("rel") == "hub"] == ["https://hub.example/"]


def test_without_a_hub_feeds_name_none(small_site: SmallSite) -> None:
    assert 'rel="hub"' not in small_site.read_page("feeds/channel.atom")
    assert 'rel="hub"' not in small_site.read_page("feeds/channel.rss")


def test_a_dead_hub_is_told_and_changes_nothing(small_site: SmallSite) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
    use_hub(small_site, address)
    small_site.set_draft("notices/n.md", (NEW,), 标题="泵站检修", 日期="2026-03-19")
    result = small_site.call("publish")
    assert result.status == 0
    assert "网站已经上线，只是没有通知到推送服务器" in result.out
    assert "泵站检修" in small_site.read_page("feeds/channel.atom")


def test_a_hub_that_refuses_is_told(small_site: SmallSite, hub: Server) -> None:
    use_hub(small_site, hub.url("/full"))
    hub.routes["/full"] = lambda handler: handler.answer(503)
    _, report = small_site.publish()
    assert report.hub_failure == "对方没有接受（HTTP 503）。"
    assert report.feeds_announced == 0


def test_a_hub_is_told_later_what_it_could_not_be_told(small_site: SmallSite, hub: Server) -> None:
    use_hub(small_site, hub.url("/hub"))
    small_site.publish()
    all_feeds = list_told(hub)
    small_site.set_settings(WEBSUB_HUB=hub.url("/full"))
    hub.routes["/full"] = lambda handler: handler.answer(204 if len(hub.seen) <= 2 else 503)
    _, report = small_site.publish()
    assert report.feeds_announced == 2
    assert report.hub_failure == "对方没有接受（HTTP 503）。"
    told = {form["hub.url"].removeprefix(f"{BASE}/") for _, form in hub.seen[:2]}
    hub.seen.clear()
    hub.routes["/full"] = lambda handler: handler.answer(204)
    _, report = small_site.publish()
    assert report.changed_paths == ()
    assert list_told(hub) == all_feeds - told
    _, report = small_site.publish()
    assert list_told(hub) == set()


@pytest.mark.parametrize("killed", [(site_module, "_show"), (build_stage, "announce_feeds")], ids=lambda one: one[1])
def test_what_a_killed_run_did_not_tell_the_hub_is_told_by_the_next(
    small_site: SmallSite, hub: Server, monkeypatch: pytest.MonkeyPatch, killed: tuple[ModuleType, str]
) -> None:
    use_hub(small_site, hub.url("/hub"))
    small_site.publish()
    list_told(hub)
    small_site.set_draft("notices/n.md", (NEW,), 标题="泵站检修", 日期="2026-03-19")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*killed, die)
        assert small_site.call("publish").status == 130
    assert list_told(hub) == set()
    small_site.publish()
    assert "feeds/channel.atom" in list_told(hub)


def test_a_slow_hub_is_left_for_the_next_time(
    small_site: SmallSite, hub: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websub, "SECONDS", 0.5)
    use_hub(small_site, hub.url("/slow"))
    hub.routes["/slow"] = lambda handler: (len(hub.seen) > 1 and time.sleep(2), handler.answer(204))[1]
    _, report = small_site.publish()
    assert report.feeds_announced == 1
    assert re.fullmatch(r"0\.5 秒里通知了 1 个订阅源，还有 \d+ 个没有通知到。", report.hub_failure)


def test_a_hub_in_the_inner_network_is_not_connected_to(small_site: SmallSite, hub: Server) -> None:
    small_site.set_settings(WEBSUB_HUB=hub.url("/hub"))
    _, report = small_site.publish()
    assert "内网" in report.hub_failure
    assert list_told(hub) == set()


def test_a_withdrawal_is_told_to_the_hub_at_once(small_site: SmallSite, hub: Server) -> None:
    use_hub(small_site, hub.url("/hub"))
    small_site.publish()
    list_told(hub)
    url = small_site.stories()["游泳馆恢复开放的公告"]["url"]
    assert small_site.call("withdraw", url, "--reason", "时间有误").status == 0
    assert "feeds/channel.atom" in list_told(hub)


@pytest.mark.parametrize("address", ["hub.example", "ftp://hub.example/", 7])
def test_a_hub_without_a_proper_address_is_a_mistake_of_the_settings(small_site: SmallSite, address: object) -> None:
    small_site.set_settings(WEBSUB_HUB=address)
    with pytest.raises(ConfigError, match="WEBSUB_HUB"):
        small_site.publish()
