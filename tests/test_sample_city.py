"""The sample city is worth measuring on: many kinds of accounts, real bodies, re-posts, and look-alikes.

It reads the feeds with the standard library alone, so that a fault of `parse` can't hide one of the sample.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from site_fixtures import SmallSite

REGISTRY = Path(__file__).parent.parent / "content" / "registry" / "accounts.toml"
STORIES = Path(__file__).parent / "data" / "city" / "stories.json"

ATOM = "{http://www.w3.org/2005/Atom}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
RSS1 = "{http://purl.org/rss/1.0/}"
DC_DATE = "{http://purl.org/dc/elements/1.1/}date"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"

FIRST_DAY, LAST_DAY = date(2026, 8, 1), date(2026, 11, 21)
MIN_IDEOGRAPHS = 150
MAX_SHARED = 0.30

PostId = tuple[str, str]
"""Account and key."""


@dataclass(frozen=True, slots=True)
class Entry:
    account: str
    key: str
    title: str
    url: str
    html: str
    published: datetime

    @property
    def id(self) -> PostId:
        return self.account, self.key


class TextCollector(HTMLParser):
    """Collects what a reader sees: everything but scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the base class calls with both
        self.hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(data)


def read_text(html: str) -> str:
    """The visible text without whitespace and punctuation."""
    collector = TextCollector()
    collector.feed(html)
    collector.close()
    return "".join(char for piece in collector.pieces for char in piece if char.isalnum())


def take_grams(text: str) -> frozenset[str]:
    return frozenset(text[start : start + 5] for start in range(len(text) - 4))


def read_json_feed(account: str, body: bytes) -> Iterator[Entry]:
    for item in json.loads(body)["items"]:
        published = datetime.fromisoformat(item["date_published"])
        yield Entry(account, item["id"], item["title"], item["url"], item["content_html"], published)


def read_atom(account: str, root: ElementTree.Element) -> Iterator[Entry]:
    for item in root.iter(f"{ATOM}entry"):
        link = item.find(f"{ATOM}link[@rel='alternate']")
        assert link is not None
        yield Entry(
            account,
            item.findtext(f"{ATOM}id", ""),
            item.findtext(f"{ATOM}title", ""),
            link.get("href", ""),
            item.findtext(f"{ATOM}content", ""),
            datetime.fromisoformat(item.findtext(f"{ATOM}published", "")),
        )


def read_rss(account: str, root: ElementTree.Element) -> Iterator[Entry]:
    """RSS 0.9x, 1.0 and 2.0; the key is the guid, else rdf:about, else the link."""
    for item in (*root.iter("item"), *root.iter(f"{RSS1}item")):
        space = RSS1 if item.tag.startswith(RSS1) else ""
        link = item.findtext(f"{space}link", "")
        rfc3339, rfc822 = item.findtext(DC_DATE), item.findtext("pubDate", "")
        yield Entry(
            account,
            item.findtext("guid") or item.get(f"{RDF}about") or link,
            item.findtext(f"{space}title", ""),
            link,
            item.findtext(ENCODED) or item.findtext(f"{space}description") or "",
            datetime.fromisoformat(rfc3339) if rfc3339 else parsedate_to_datetime(rfc822),
        )


def read_feed(account: str, path: Path) -> list[Entry]:
    body = path.read_bytes()
    if body.lstrip().startswith(b"{"):
        return list(read_json_feed(account, body))
    root = ElementTree.fromstring(body)  # noqa: S314 - our own files, no entity declarations
    return list(read_atom(account, root) if root.tag == f"{ATOM}feed" else read_rss(account, root))


def name_form(path: Path) -> str:
    """The feed's form, as its first element or key says."""
    body = path.read_bytes()
    if body.lstrip().startswith(b"{"):
        return "json" if json.loads(body)["version"] == "https://jsonfeed.org/version/1.1" else "?"
    root = ElementTree.fromstring(body)  # noqa: S314 - our own files, no entity declarations
    return {f"{ATOM}feed": "atom", f"{RDF}RDF": "rdf"}.get(root.tag, f"rss {root.get('version')}")


@pytest.fixture(scope="module")
def accounts() -> list[dict[str, Any]]:
    registered: list[dict[str, Any]] = tomllib.loads(REGISTRY.read_text(encoding="utf-8"))["account"]
    return registered


@pytest.fixture(scope="module")
def feeds(accounts: list[dict[str, Any]]) -> dict[Path, list[Entry]]:
    paths = [(account["id"], REGISTRY.parent / feed) for account in accounts for feed in account.get("feeds", [])]
    return {path: read_feed(account, path) for account, path in paths}


@pytest.fixture(scope="module")
def entries(feeds: dict[Path, list[Entry]]) -> dict[PostId, Entry]:
    """Every post once, also where an account offers two forms of one feed."""
    return {entry.id: entry for posts in feeds.values() for entry in posts}


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    stated: dict[str, Any] = json.loads(STORIES.read_text(encoding="utf-8"))
    return stated


def list_members(group: dict[str, Any]) -> list[PostId]:
    return [(account, key) for account, key in group["members"]]


def test_the_city_has_accounts_of_many_kinds_and_platforms(accounts: list[dict[str, Any]]) -> None:
    active = [account for account in accounts if account.get("status", "active") == "active"]
    assert len(active) >= 15
    assert len({account["kind"] for account in active}) >= 4
    assert len({account["platform"] for account in active}) >= 4


def test_accounts_that_stopped_say_when_and_where_it_was_announced(accounts: list[dict[str, Any]]) -> None:
    stopped = {account["id"]: account for account in accounts if account.get("status", "active") != "active"}
    assert sorted(account["status"] for account in stopped.values()) == ["closed", "merged"]
    assert all(account["closed_on"] and account["notice"] for account in stopped.values())
    assert stopped["guihua-fw"]["successor"] == "guihua"


def test_the_feeds_come_in_all_forms(feeds: dict[Path, list[Entry]]) -> None:
    forms = Counter(name_form(path) for path in feeds)
    assert forms == {"rss 2.0": 11, "rss 0.92": 1, "rdf": 1, "atom": 3, "json": 3}
    assert {path.name for path in feeds} == {path.name for path in (REGISTRY.parent / "feeds").iterdir()}


def test_two_forms_of_one_account_carry_the_same_posts(feeds: dict[Path, list[Entry]]) -> None:
    rss, atom = (feeds[REGISTRY.parent / "feeds" / name] for name in ("zjj.xml", "zjj.atom"))
    assert rss == atom


def test_there_are_at_least_a_hundred_posts(entries: dict[PostId, Entry]) -> None:
    assert len(entries) >= 100


def test_every_account_with_feeds_has_posts(accounts: list[dict[str, Any]], entries: dict[PostId, Entry]) -> None:
    posts = Counter(account for account, _ in entries)
    assert all(posts[account["id"]] >= 4 for account in accounts if account.get("feeds"))


def test_keys_are_unique_within_a_feed(feeds: dict[Path, list[Entry]]) -> None:
    for path, posts in feeds.items():
        assert max(Counter(entry.key for entry in posts).values()) == 1, path.name
        assert all(entry.key.strip() == entry.key != "" for entry in posts), path.name


def test_every_body_has_enough_to_say(entries: dict[PostId, Entry]) -> None:
    short = [
        entry.title for entry in entries.values() if len(re.findall("[一-鿿]", read_text(entry.html))) < MIN_IDEOGRAPHS
    ]
    assert short == []


def test_every_post_has_a_title_of_its_own_within_its_account(entries: dict[PostId, Entry]) -> None:
    assert all(entry.title for entry in entries.values())
    titles = Counter((entry.account, entry.title, entry.published.date()) for entry in entries.values())
    assert max(titles.values()) == 1


def test_dates_are_chinese_time_and_mostly_of_the_last_five_weeks(entries: dict[PostId, Entry]) -> None:
    dates = [entry.published for entry in entries.values()]
    assert all(when.utcoffset() == timedelta(hours=8) for when in dates)
    assert all(FIRST_DAY <= when.date() <= LAST_DAY for when in dates)
    recent = sum(when.date() > LAST_DAY - timedelta(weeks=5) for when in dates)
    assert recent / len(dates) > 0.6


def test_nothing_points_at_a_real_site_but_wechat(entries: dict[PostId, Entry]) -> None:
    """Addresses of the city are invented, and no body makes a reader's machine load anything."""
    hosts = {urlsplit(entry.url).hostname or "" for entry in entries.values()}
    assert all(host == "mp.weixin.qq.com" or host.endswith(".qijiang.example") for host in hosts)
    links = {urlsplit(link).hostname or "" for e in entries.values() for link in re.findall(r'href="([^"]+)', e.html)}
    assert all(host.endswith(".qijiang.example") for host in links)
    assert not [entry.title for entry in entries.values() if re.search(r"<img|\bsrc=|url\(", entry.html)]


def test_unrelated_posts_share_little_of_their_wording(entries: dict[PostId, Entry], truth: dict[str, Any]) -> None:
    """Only the stated stories, templates and corrections share 30 % of the shorter one's 5-grams."""
    groups = [list_members(group) for group in (*truth["stories"], *truth["templates"])]
    groups += [[(account, key) for account, key in pair] for pair in truth["corrections"]]
    allowed = {frozenset(pair) for group in groups for pair in combinations(group, 2)}
    grams = {post: take_grams(read_text(entry.html)) for post, entry in entries.items()}
    alike = [
        (entries[one].title, entries[other].title)
        for one, other in combinations(entries, 2)
        if frozenset((one, other)) not in allowed
        and len(grams[one] & grams[other]) >= MAX_SHARED * min(len(grams[one]), len(grams[other]))
    ]
    assert alike == []


def test_every_stated_post_exists(entries: dict[PostId, Entry], truth: dict[str, Any]) -> None:
    stated = {post for group in (*truth["stories"], *truth["templates"]) for post in list_members(group)}
    stated |= {(account, key) for pair in truth["corrections"] for account, key in pair}
    assert stated <= set(entries)


def test_stories_are_carried_by_two_to_five_accounts_and_are_disjoint(truth: dict[str, Any]) -> None:
    stories = [list_members(story) for story in truth["stories"]]
    assert len(stories) >= 14
    assert all(2 <= len({account for account, _ in story}) <= 5 for story in stories)
    assert all(len({account for account, _ in story}) == len(story) for story in stories)
    assert max(Counter(post for story in stories for post in story).values()) == 1


def test_template_notices_look_alike_and_are_different_stories(
    entries: dict[PostId, Entry], truth: dict[str, Any]
) -> None:
    """Were they told apart by their wording alone, they would prove nothing."""
    assert len(truth["templates"]) >= 5
    for group in truth["templates"]:
        grams = [take_grams(read_text(entries[post].html)) for post in list_members(group)]
        closest = [
            max(len(one & other) / min(len(one), len(other)) for other in grams if other is not one) for one in grams
        ]
        assert min(closest) > 0.5, group["name"]


def test_a_correction_is_a_later_post_of_its_own(entries: dict[PostId, Entry], truth: dict[str, Any]) -> None:
    members = [post for story in truth["stories"] for post in list_members(story)]
    assert truth["corrections"]
    for (account, key), (corrected_account, corrected_key) in truth["corrections"]:
        correction, corrected = entries[account, key], entries[corrected_account, corrected_key]
        assert correction.title.startswith("【更正】")
        assert correction.published > corrected.published
        assert correction.id not in members


# What the program makes of it ---------------------------------------------------------------------------------


DRAFT_AND_ITS_SOURCE = frozenset(
    {
        ("local", "notices/公租房摇号.md"),
        ("zjj", "https://zjj.qijiang.example/art/2026/11/11/art_1229659_58249.html"),
    }
)
"""The one story that a draft of the editors and a post of a department make."""


@pytest.fixture(scope="module")
def found(published_city: SmallSite) -> list[frozenset[PostId]]:
    """The stories of the published city, as `matrix stories --json` tells them."""
    stories = published_city.call("stories", "--json").document["stories"]
    members = [[(member["account"], member["key"]) for member in story["members"]] for story in stories]
    assert all(len(set(story)) == len(story) for story in members)
    return [frozenset(story) for story in members]


def test_every_stated_story_is_found_whole_and_nothing_else_with_it(
    found: list[frozenset[PostId]], truth: dict[str, Any]
) -> None:
    stated = {story["name"]: frozenset(list_members(story)) for story in truth["stories"]}
    assert {name: story in found for name, story in stated.items()} == dict.fromkeys(stated, True)


def test_no_other_posts_are_joined(found: list[frozenset[PostId]], truth: dict[str, Any]) -> None:
    """Neither notices of one template, nor corrections with what they correct, nor roundups with their parts."""
    stated = {frozenset(list_members(story)) for story in truth["stories"]}
    assert {story for story in found if len(story) > 1} == stated | {DRAFT_AND_ITS_SOURCE}


def test_notices_of_one_template_are_joined_only_where_a_story_says_so(
    found: list[frozenset[PostId]], truth: dict[str, Any]
) -> None:
    allowed = {frozenset(pair) for story in truth["stories"] for pair in combinations(list_members(story), 2)}
    for group in truth["templates"]:
        pairs = {frozenset(pair) for pair in combinations(list_members(group), 2)} - allowed
        assert not [pair for pair in pairs for story in found if pair <= story], group["name"]


def test_a_correction_stands_apart_from_what_it_corrects(found: list[frozenset[PostId]], truth: dict[str, Any]) -> None:
    for pair in truth["corrections"]:
        correction, corrected = ((account, key) for account, key in pair)
        assert frozenset({correction}) in found
        assert not [story for story in found if {correction, corrected} <= story]


def test_corrections_and_what_they_correct_link_to_one_another(
    published_city: SmallSite, truth: dict[str, Any]
) -> None:
    """In the data and on both pages; no other stories are linked as corrections."""
    stories = published_city.call("stories", "--json").document["stories"]
    named = {story["id"]: (story["lead"]["account"], story["lead"]["key"]) for story in stories}
    links = {
        (named[story["id"]], named[link["story"]], link["relation"])
        for story in stories
        for link in story["links"]
        if link["relation"] != "related"
    }
    pairs = [tuple((account, key) for account, key in pair) for pair in truth["corrections"]]
    assert links == {
        link for one, other in pairs for link in ((one, other, "correction"), (other, one, "corrected-by"))
    }
    address = {post: story for story, post in named.items()}
    for correction, corrected in pairs:
        pages = [published_city.read_page(f"s/{address[post]}.html") for post in (correction, corrected)]
        assert "本文更正的是：" in pages[0]
        assert "这条消息有更正，请以更正后的为准" in pages[1]
        assert f"{address[corrected]}.html" in pages[0]
        assert f"{address[correction]}.html" in pages[1]


def test_every_post_and_every_draft_is_in_exactly_one_story(
    found: list[frozenset[PostId]], entries: dict[PostId, Entry]
) -> None:
    posts = Counter(post for story in found for post in story)
    assert max(posts.values()) == 1
    assert {post for post in posts if post[0] != "local"} == set(entries)
    content = REGISTRY.parent.parent
    drafts = [path for path in content.rglob("*.md") if path.parent != content and path.parent != REGISTRY.parent]
    assert sum(account == "local" for account, _ in posts) == len(drafts)


def test_a_story_is_led_by_the_office_it_comes_from(published_city: SmallSite, truth: dict[str, Any]) -> None:
    """The first member stated is the source; each copy says why it is one."""
    stories = published_city.call("stories", "--json").document["stories"]
    leads = {(story["lead"]["account"], story["lead"]["key"]) for story in stories}
    assert [story["name"] for story in truth["stories"] if tuple(story["members"][0]) not in leads] == []
    for story in stories:
        lead, *copies = story["members"]
        assert lead["relation"] == "lead"
        assert story["lead"] == {name: lead[name] for name in ("account", "key", "url")}
        assert all(copy["reason"] and copy["relation"] != "lead" and 0 < copy["score"] <= 1 for copy in copies)
