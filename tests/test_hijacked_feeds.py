"""Held, not published: what a feed brings that was taken over. Real feeds, poll by poll, are let in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from http_server import Handler, Server, run_server
from inbox_fixtures import (
    CASINO,
    DAY,
    HOUR,
    change,
    find_outcome,
    list_titles,
    list_waiting,
    make_item,
    read_for_the_first_time,
    set_editorial,
)
from site_fixtures import NOW, Item, SmallSite, list_tree, write_feed

from aggregator.model import Account, FeedDocument, FeedMemory, HoldSettings, ParsedFeed, Registry
from aggregator.parse import parse_posts
from aggregator.pipeline.inbox import Gate
from aggregator.store import Store


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return read_for_the_first_time(SmallSite(tmp_path / "site"))


@pytest.fixture
def server() -> Iterator[Server]:
    with run_server() as running:
        yield running


@pytest.fixture
def remote(tmp_path: Path, server: Server) -> SmallSite:
    """The same over HTTP."""
    site = SmallSite(tmp_path / "remote").set_up()
    site.fetch = '[fetch]\nallow = ["127.0.0.0/8", "::1/128"]\n'
    site.set_account("rsj", feeds=[server.url("/feed.xml")])
    serve(server, *(make_item(number) for number in range(6)))
    site.publish(NOW - DAY)
    return site


def serve(server: Server, *items: Item, path: str = "/feed.xml") -> None:
    body = write_feed(*items).encode()
    server.routes[path] = lambda handler: handler.answer(body=body)


# hijacked feeds -----------------------------------------------------------------------------------------------


def test_a_hijacked_feed_changes_nothing_that_is_published(remote: SmallSite, server: Server) -> None:
    before = list_tree(remote.output)
    serve(server, *(change(make_item(number, domain="casino.test"), CASINO, "Best casino") for number in range(6)))
    updated, _ = remote.publish(NOW)
    outcome = find_outcome(updated)
    assert (outcome.outcome, outcome.posts_new, outcome.posts_changed, outcome.posts_held) == ("held", 0, 0, 6)
    assert dict(outcome.held_for) == {"language": 6, "domain": 6}
    assert list_tree(remote.output) == before
    # Once it is its own again, nothing is left to do.
    serve(server, *(make_item(number) for number in range(7)))
    outcome = find_outcome(remote.update(NOW + HOUR))
    assert (outcome.outcome, outcome.posts_new, outcome.posts_held) == ("updated", 1, 0)
    assert list_waiting(remote) == {}


def test_a_burst_waits_until_settings_let_it_in(remote: SmallSite, server: Server) -> None:
    items = [make_item(number, NOW) for number in range(6, 36)]
    serve(server, *(make_item(number) for number in range(6)), *items)
    outcome = find_outcome(remote.update(NOW))
    assert (outcome.outcome, outcome.posts_new, outcome.posts_held) == ("held", 30, 30)
    assert list_waiting(remote) == {item.key: ["burst"] for item in items}
    # A feed that then shows them a few at a time brings them in no sooner, and they are counted once.
    serve(server, *items[:3])
    outcome = find_outcome(remote.update(NOW + HOUR))
    assert (outcome.outcome, outcome.posts_new, outcome.posts_held) == ("held", 0, 30)
    set_editorial(remote, "burst = 200")
    report = remote.update(NOW + DAY)
    assert report.posts_released == 30
    assert (find_outcome(report).outcome, find_outcome(report).posts_held) == ("unchanged", 0)
    assert {item.title for item in items} <= list_titles(remote)


def test_a_burst_in_portions_is_one(remote: SmallSite, server: Server) -> None:
    serve(server, *(make_item(number, NOW) for number in range(6, 15)))
    assert find_outcome(remote.update(NOW)).posts_held == 0
    serve(server, *(make_item(number, NOW) for number in range(15, 20)))
    assert find_outcome(remote.update(NOW + HOUR)).posts_held == 5
    assert set(list_waiting(remote)) == {f"n{number}" for number in range(15, 20)}


def test_the_first_reading_of_a_feed_is_no_burst(site: SmallSite) -> None:
    site.set_feed("xin", *(make_item(number, domain="xin.test") for number in range(100, 160)))
    report = site.update(NOW)
    assert (find_outcome(report, "xin").outcome, find_outcome(report, "xin").posts_new) == ("updated", 60)


def test_a_few_posts_a_day_are_never_held(site: SmallSite) -> None:
    for day in range(12):
        site.set_feed("rsj", *(make_item(number, NOW + day * DAY) for number in range(6 + day, 12 + day)))
        assert find_outcome(site.update(NOW + day * DAY)).outcome == "updated"


def test_posts_that_lead_to_another_domain_wait_until_it_is_allowed(remote: SmallSite, server: Server) -> None:
    moved = [make_item(number, NOW, domain="casino.test") for number in (6, 7)]
    serve(server, make_item(0), *moved)
    outcome = find_outcome(remote.update(NOW))
    assert (outcome.outcome, outcome.posts_held) == ("held", 2)
    assert list_waiting(remote) == {"n6": ["domain"], "n7": ["domain"]}
    set_editorial(remote, 'domains = ["casino.test"]')
    remote.update(NOW + HOUR)
    assert list_waiting(remote) == {}
    assert {item.title for item in moved} <= list_titles(remote)


def test_a_feed_redirected_to_another_domain_waits(remote: SmallSite, server: Server) -> None:
    serve(server, *(make_item(number) for number in range(7)), path="/elsewhere.xml")

    def redirect(handler: Handler) -> None:
        handler.answer(302, Location=server.url("/elsewhere.xml", "localhost"))

    server.routes["/feed.xml"] = redirect
    outcome = find_outcome(remote.update(NOW))
    assert (outcome.outcome, outcome.posts_held) == ("held", 1)
    assert list_waiting(remote) == {"n6": ["domain"]}
    assert "localhost" in remote.call("inbox").out


def test_a_feed_that_was_always_redirected_is_trusted(tmp_path: Path, server: Server) -> None:
    server.routes["/feed.xml"] = lambda handler: handler.answer(302, Location=server.url("/real.xml", "localhost"))
    serve(server, *(make_item(number) for number in range(6)), path="/real.xml")
    site = SmallSite(tmp_path / "site").set_up()
    site.fetch = '[fetch]\nallow = ["127.0.0.0/8", "::1/128"]\n'
    site.set_account("rsj", feeds=[server.url("/feed.xml")])
    site.update(NOW - DAY)
    serve(server, *(make_item(number) for number in range(8)), path="/real.xml")
    outcome = find_outcome(site.update(NOW))
    assert (outcome.outcome, outcome.posts_new) == ("updated", 2)


def test_an_exempt_account_is_not_judged_as_a_whole(site: SmallSite) -> None:
    set_editorial(site, 'exempt = ["rsj"]')
    site.set_feed("rsj", *(change(make_item(n, NOW, domain="other.test"), CASINO, "News") for n in range(6, 40)))
    outcome = find_outcome(site.update(NOW))
    assert (outcome.outcome, outcome.posts_new, outcome.posts_held) == ("updated", 34, 0)


# real feeds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["jsonfeed-people-politics", "people-daily-rss", "rsshub-ifeng", "rsshub-jiemian", "translated-ssp"]
)
def test_nothing_that_a_real_feed_brought_at_its_polls_waits(shared_data: Path, tmp_path: Path, name: str) -> None:
    """Months of polls, at the moments at which they were made."""
    polls = sorted(path for path in (shared_data / "feeds" / "polls" / name).rglob("*") if path.is_file())
    assert len(polls) > 5
    url = f"https://feed.example/{name}"
    account = Account(name, name, name, "website", "department", "", feeds=(url,))
    with Store.open(tmp_path / "store.sqlite3") as store:
        for poll in polls:
            now = datetime.strptime(poll.name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            feed = parse_posts(FeedDocument(name, url, poll.read_bytes(), base_url=url), now=now)
            assert isinstance(feed, ParsedFeed)
            gate = Gate(Registry((account,)), HoldSettings(), store, now)
            screened = gate.screen(feed, account, "feed.example")
            assert [note.reasons for note in store.inbox.load_notes()] == []
            store.posts.save(name, screened.feed.posts, now, url)
            store.feeds.record(FeedMemory(name, url), "updated", now)


# what is no hijacking ----------------------------------------------------------------------------------------------


def test_an_archive_makes_the_posts_that_follow_no_strangers(site: SmallSite, tmp_path: Path) -> None:
    rows = (f"第{number}号旧文章,2015-05-{number % 28 + 1:02},第{number}处停水检修。\n" for number in range(40))
    table = tmp_path / "旧.csv"
    table.write_text("标题,日期,正文\n" + "".join(rows), encoding="utf-8")
    assert site.call("import", "rsj", str(table)).status == 0
    site.set_feed("rsj", *(make_item(number) for number in range(8)))
    site.update(NOW)
    assert list_waiting(site) == {}


def test_a_held_post_that_changes_among_good_ones_waits_on(site: SmallSite) -> None:
    spam = make_item(50, NOW, domain="casino.example")
    site.set_feed("rsj", spam)
    site.update(NOW)
    assert list_waiting(site) == {"n50": ["domain"]}
    good = (make_item(number, NOW) for number in (20, 21, 22))
    site.set_feed("rsj", *good, change(spam, (*spam.text, "阅读十二次。")))
    site.update(NOW + HOUR)
    assert list_waiting(site) == {"n50": ["domain"]}


def test_posts_on_a_new_domain_are_let_in_once_it_is_the_accounts_homepage(site: SmallSite) -> None:
    site.set_feed("rsj", *(make_item(number, NOW, domain="new.example") for number in (50, 51)))
    site.update(NOW)
    assert set(list_waiting(site)) == {"n50", "n51"}
    site.set_account("rsj", feeds=["feeds/rsj.xml"], homepage="https://www.new.example/")
    assert site.update(NOW + HOUR).posts_released == 2
    assert list_waiting(site) == {}
