"""Feed readers subscribe to the published site over loopback: each story once, as it is, and as it becomes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import feedparser
import pytest
from http_server import Server
from mirror_fixtures import PDF, make_mirroring_site, paint
from site_fixtures import BRIDGE, LIBRARY, NOW, SUBSIDY, SmallSite, list_tree

from aggregator.artifacts import MEDIA_TYPES
from aggregator.plugins.stories.syndication import make_entry_id
from aggregator.store import Store

DAY = timedelta(days=1)
TITLES = ("停水通知", "跨江大桥单车道通行", "少儿图书馆焕新")
TEXTS = (SUBSIDY, BRIDGE, LIBRARY)


@dataclass(frozen=True)
class Seen:
    """A story as a reader has it."""

    title: str
    published: datetime
    author: str
    """"" of readers that keep none."""
    source: str
    text: bool
    """Whether the whole text is there."""
    pictures: int
    """Addresses of pictures of ours in it, and of files that lie beside it."""


Look = Callable[[], dict[str, Seen]]
"""Polls, and gives what the reader then has, by id."""


class Channel:
    """A site whose tree a server serves, with its own address in it."""

    def __init__(self, site: SmallSite, server: Server) -> None:
        self.site, self.server = site, server
        self.texts = list(TEXTS)
        self.titles = list(TITLES)
        picture, document = server.serve("/source/a.jpg", paint()), server.serve("/source/b.pdf", PDF)
        self.beside = f'<p><img src="{picture}"></p><p><a href="{document}">附件</a></p>'
        self.enclosure = f'<enclosure url="{document}" type="application/pdf" length="1"/>'
        site.set_settings(SITEURL=server.url(""))

    def publish(self, now: datetime) -> None:
        items = []
        for number, (title, text) in enumerate(zip(self.titles, self.texts, strict=True)):
            body = "".join(f"<p>{one}</p>" for one in text) + (self.beside if number == 0 else "")
            items.append(
                f"<item><title>{title}</title><link>https://rsj.linjiang.example/{number}.html</link>"
                f'<guid isPermaLink="false">n{number}</guid>'
                f"<pubDate>{NOW - (number + 1) * DAY:%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
                f"<description><![CDATA[{body}]]></description>{self.enclosure if number == 0 else ''}</item>"
            )
        self.site.set_body("rsj", f'<rss version="2.0"><channel><title>账号</title>{"".join(items)}</channel></rss>')
        self.site.publish(now)
        for path, (data, _) in list_tree(self.site.output).items():
            kind = MEDIA_TYPES.get(path.rpartition(".")[2], "application/octet-stream")  # type: ignore[call-overload]
            self.server.serve(f"/{path}", data, Content_Type=kind)

    def find_ids(self) -> dict[str, str]:
        return {title: make_entry_id(story["id"]) for title, story in self.site.stories().items()}


@pytest.fixture
def channel(tmp_path: Path, server: Server) -> Channel:
    site = make_mirroring_site(tmp_path / "city")
    made = Channel(site, server)
    made.publish(NOW)
    return made


def count_pictures(base: str, body: str) -> int:
    return body.count(f' src="{base}/files/') + body.count(f'href="{base}/files/')


def look_with_ours(address: str, root: Path) -> Look:
    """This program, as another city's."""
    portal = SmallSite(root, fetch='[fetch]\nallow = ["127.0.0.0/8"]\n').set_up()
    portal.set_account("city", feeds=[address], mirror=False)
    moments = iter(NOW + hours * timedelta(hours=1) for hours in range(100, 200, 2))

    def look() -> dict[str, Seen]:
        portal.update(next(moments))
        base = address.partition("/feeds")[0]
        with Store.open(portal.site.store) as store:
            posts = list(store.posts.load(range(1, 20)))
        return {
            one.post.key: Seen(
                one.post.title, one.post.published or NOW, one.post.author, "", "</p><p>" in one.post.html,
                count_pictures(base, one.post.html),
            )
            for one in posts
            if one.withdrawn_at is None
        }  # fmt: skip

    return look


def look_with_feedparser(address: str, _root: Path) -> Look:
    def look() -> dict[str, Seen]:
        with urlopen(address) as response:  # noqa: S310 - loopback
            parsed = feedparser.parse(
                response.read(), response_headers={name.lower(): value for name, value in response.headers.items()}
            )
        assert not parsed.bozo, parsed.bozo_exception
        base = address.partition("/feeds")[0]
        return {
            entry.id: Seen(
                entry.title, datetime(*entry.published_parsed[:6], tzinfo=UTC), entry.author, entry.source.title,
                "</p><p>" in entry.content[0].value, count_pictures(base, entry.content[0].value),
            )
            for entry in parsed.entries
        }  # fmt: skip

    return look


def look_with_fastfeedparser(address: str, _root: Path) -> Look:
    fastfeedparser = pytest.importorskip("fastfeedparser", reason="fastfeedparser is not installed")

    def look() -> dict[str, Seen]:
        with urlopen(address) as response:  # noqa: S310 - loopback
            parsed = fastfeedparser.parse(response.read())
        base = address.partition("/feeds")[0]
        return {
            entry["id"]: Seen(
                entry["title"], datetime.fromisoformat(entry["published"]), entry.get("author", ""), "",
                "</p><p>" in entry["content"][0]["value"], count_pictures(base, entry["content"][0]["value"]),
            )
            for entry in parsed["entries"]
        }  # fmt: skip

    return look


def look_with_reader(address: str, root: Path) -> Look:
    os.environ["READER_NO_VENDORED_FEEDPARSER"] = "1"
    reader = pytest.importorskip("reader", reason="lemon24/reader is not installed")
    peer = reader.make_reader(str(root))
    peer.add_feed(address)

    def look() -> dict[str, Seen]:
        peer.update_feed(address)
        base = address.partition("/feeds")[0]
        return {
            entry.id: Seen(
                entry.title, entry.published, entry.authors_str, (entry.source.title if entry.source else "") or "",
                "</p><p>" in entry.content[0].value, count_pictures(base, entry.content[0].value),
            )
            for entry in peer.get_entries()
        }  # fmt: skip

    return look


READERS = {
    "ours": look_with_ours, "feedparser": look_with_feedparser, "fastfeedparser": look_with_fastfeedparser,
    "reader": look_with_reader,
}  # fmt: skip
# feedparser reads no JSON Feed.
CASES = [
    pytest.param(look, form, id=f"{name}-{form}")
    for name, look in READERS.items()
    for form in ("rss", "atom", "json")
    if (name, form) != ("feedparser", "json")
]


@pytest.mark.parametrize(("subscribe", "form"), CASES)
def test_a_reader_sees_each_story_once_as_it_is_and_as_it_becomes(
    channel: Channel, tmp_path: Path, subscribe: Callable[[str, Path], Look], form: str
) -> None:
    look = subscribe(channel.server.url(f"/feeds/channel.{form}"), tmp_path / "portal")
    ids = channel.find_ids()
    keeps = subscribe is look_with_reader or (subscribe is look_with_ours and form == "rss")
    seen = look()
    expected = {
        ids[title]: Seen(title, NOW - (number + 1) * DAY, "临江市rsj局", "临江rsj", True, 2 if number == 0 else 0)
        for number, title in enumerate(TITLES)
    }
    assert {key: drop_unkept(one, seen.get(key)) for key, one in expected.items()} == seen

    channel.titles[1] = "跨江大桥恢复通行"
    channel.publish(NOW + DAY)
    assert {key: one.title for key, one in look().items()} == {
        ids[title]: now for title, now in zip(TITLES, channel.titles, strict=True)
    }

    hide = f'[[hide]]\nstory = "{find_story(channel, TITLES[2])}"\nreason = "有误"\n'
    channel.site.site.editorial.write_text(hide, encoding="utf-8")
    channel.publish(NOW + 2 * DAY)
    assert look().keys() == ({*ids.values()} if keeps else {ids[TITLES[0]], ids[TITLES[1]]})

    pair = [find_story(channel, channel.titles[number]) for number in (0, 1)]
    merge = f'[[merge]]\nstories = ["{pair[0]}", "{pair[1]}"]\nreason = "同"\n'
    channel.site.site.editorial.write_text(hide + merge, encoding="utf-8")
    channel.publish(NOW + 3 * DAY)
    (kept,) = (story["id"] for story in channel.site.stories().values() if len(story["members"]) == 2)
    assert look().keys() == ({*ids.values()} if keeps else {make_entry_id(kept)})


def find_story(channel: Channel, title: str) -> str:
    return str(channel.site.stories()[title]["id"])


def drop_unkept(expected: Seen, seen: Seen | None) -> Seen:
    """Without what the reader keeps nothing of."""
    if seen is None:
        return expected
    return replace(
        expected, author=expected.author if seen.author else "", source=expected.source if seen.source else ""
    )
