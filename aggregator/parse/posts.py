"""Raw entries -> posts: the only place that decides title, body, dates, cover and attachments."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import datetime

from aggregator.dates import infer_date, parse_date
from aggregator.model import DATE_INFERRED, Attachment, FeedDocument, Post
from aggregator.parse.entries import MOST_TAGS, Enclosure, Entry, Markup, RawFeed
from aggregator.parse.failures import is_failure_text
from aggregator.parse.identity import Candidate, assign_identities
from aggregator.sanitize import clean_html, html_to_text, text_to_html
from aggregator.text import drop_controls
from aggregator.urls import basename, canonical_url, is_home_page, is_web_url, resolve_url

TITLE_LENGTH = 40
"""Characters of a title that is taken from the text."""
LONGEST_TITLE = 300
LONGEST_SUMMARY = 500

UNTITLED = "（无标题）"

_SENTENCE_END = re.compile(r"(?<=[。！？!?；;])|\n")
_TAG = re.compile(r"<[a-z!/]", re.IGNORECASE)
_ESCAPED_TAG = re.compile(r"&lt;(?:/(?:p|div|section|span|strong|a|table|h\d)&gt;|(?:br|img)\b)", re.IGNORECASE)
_FIRST_PICTURE = re.compile(r'<img src="([^"]+)"')
_NOWHERE = "about:invalid"
"""What the addresses are relative to of a feed that says of no page where it is: none of them can be had."""

_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)$", re.IGNORECASE)


def make_posts(feed: RawFeed, document: FeedDocument, *, now: datetime) -> tuple[tuple[Post, ...], tuple[str, ...]]:
    """The feed's posts, in its order, each once; and every identifier of those that it says are withdrawn.

    Entries with neither title nor text, link or attachment are left out.
    """
    home = resolve_url(document.base_url or document.url, feed.home)
    base = document.base_url or (document.url if is_web_url(document.url) else home)
    candidates = [
        Candidate(post, entry.guid, entry.aliases)
        for entry in feed.entries
        if not entry.withdrawn and (post := _make_post(entry, document.account, base, now)) is not None
    ]
    posts = assign_identities(candidates, home)
    return posts, _find_withdrawn(feed, base, {alias for post in posts for alias in post.aliases})


def _find_withdrawn(feed: RawFeed, base: str, present: set[str]) -> tuple[str, ...]:
    """Under every name that a withdrawn post may be known by, except those of posts that the feed still has."""
    named = [*feed.deleted]
    for entry in feed.entries:
        if entry.withdrawn:
            named += (entry.guid, *entry.aliases, "" if is_home_page(entry.link) else resolve_url(base, entry.link))
    cleaned = (" ".join(name.split()) for name in named)
    aliases = (alias for name in cleaned for alias in (name, "" if is_home_page(name) else canonical_url(name)))
    return _unique(alias for alias in aliases if alias not in present)


def _make_post(entry: Entry, account: str, base: str, now: datetime) -> Post | None:
    url = resolve_url(base, entry.link) or (entry.guid if is_web_url(entry.guid) else "")
    body, text, warnings = _read_body(entry, base or url)
    attachments = _read_attachments(entry.enclosures, base)
    title = _read_title(entry.title) or take_first_sentence(text) or next((item.title for item in attachments), "")
    if not (title or text or url or body or attachments):
        return None
    published, published_warning = _read_date(entry.published, now)
    updated, updated_warning = _read_date(entry.updated, now)
    warnings += [warning for warning in (published_warning, updated_warning) if warning]
    return Post(
        account=account,
        key="",
        title=title or UNTITLED,
        url=url,
        canonical_url=canonical_url(url),
        html=body,
        text=text,
        summary=_read_summary(entry, base or url, text),
        # Atom demands only "updated"; Dublin Core's date is read as that, too. It is the source's own date.
        published=published or updated,
        updated=updated,
        author=_flatten(entry.author),
        categories=_unique(_flatten(name) for name in entry.categories)[:MOST_TAGS],
        image=_choose_image(entry, base, body),
        attachments=attachments,
        warnings=tuple(warnings),
    )


def take_first_sentence(text: str) -> str:
    """A title for what has none: the text's first sentence, cut where it is long."""
    sentence = next((part.strip() for part in _SENTENCE_END.split(text) if part.strip()), "")
    return sentence if len(sentence) <= TITLE_LENGTH else sentence[: TITLE_LENGTH - 1] + "…"


def _read_title(title: Markup) -> str:
    text = html_to_text(title.value) if title.is_html else title.value
    flat = _flatten(text)
    return flat if len(flat) <= LONGEST_TITLE else flat[: LONGEST_TITLE - 1] + "…"


def _read_body(entry: Entry, base: str) -> tuple[str, str, list[str]]:
    """Cleaned HTML, its text, and warnings. The first of the bodies that shows anything counts."""
    for markup in (*entry.contents, entry.summary):
        body = _clean(markup, base)
        text = html_to_text(body)
        if is_failure_text(text):
            # The summary is no substitute: the post is fetched again until the body is there.
            return "", "", [f"正文没有抓取到（“{_flatten(text)[:30]}”），下次更新会再试。"]
        if body:
            return body, text, []
    return "", "", []


def _clean(markup: Markup, base: str) -> str:
    value = markup.value
    if not value:
        return ""
    if not markup.is_html:
        return text_to_html(value)
    if not _TAG.search(value):
        # No tag at all: text whose lines are meant, or HTML that was escaped once too often.
        plain = html.unescape(value)
        if not _ESCAPED_TAG.search(value):
            return text_to_html(plain)
        value = plain
    return clean_html(value, resolve_url(base, markup.base) or base or _NOWHERE)


def _read_summary(entry: Entry, base: str, text: str) -> str:
    """The summary on one line; "" where it is or only repeats the body."""
    # Many feeds, and feedparser itself, give the body again as summary: that needn't be cleaned to be seen.
    value = entry.summary.value
    if value in {"", *(markup.value for markup in entry.contents)} or not entry.contents:
        return ""
    # Words alone come through cleaning as they are.
    is_plain = value.isprintable() and "<" not in value and "&" not in value
    flat = " ".join(value.split()) if is_plain else _flatten(html_to_text(_clean(entry.summary, base)))
    if is_failure_text(flat) or (flat[:1] == text[:1] and _squeeze(flat) == _squeeze(text)):
        return ""
    return flat if len(flat) <= LONGEST_SUMMARY else flat[: LONGEST_SUMMARY - 1] + "…"


def _read_date(text: str, now: datetime) -> tuple[datetime | None, str]:
    if not text:
        return None, ""
    # On one line: a grammar that allows blanks in many places shares out a row of them in many ways.
    flat = _flatten(text)
    date = parse_date(flat, now=now)
    if date is None and (date := infer_date(flat, now=now)) is not None:
        return date, f"日期“{flat[:40]}”不完整，{DATE_INFERRED}；请发布方写明年月日。"
    if date is None:
        return None, f"日期“{flat[:40]}”读不懂或不可能，已当作没有日期；请发布方改正。"
    return date, ""


def _choose_image(entry: Entry, base: str, body: str) -> str:
    declared = (*(item.url for item in entry.enclosures if _is_picture(item)), *entry.images)
    for address in declared:
        if image := resolve_url(base, address):
            return image
    first = _FIRST_PICTURE.search(body)
    return html.unescape(first.group(1)) if first else ""


def _is_picture(item: Enclosure) -> bool:
    return item.media_type.startswith("image/") or (
        not item.media_type and _PICTURE_NAME.search(basename(item.url)) is not None
    )


def _read_attachments(enclosures: Iterable[Enclosure], base: str) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for item in enclosures:
        url = resolve_url(base, item.url)
        if url and not _is_picture(item):
            # A size of 0 is what programs write that don't know it.
            size = int(item.size) if item.size.isdecimal() and len(item.size) < 16 else 0
            found.setdefault(url, Attachment(url, _flatten(item.title) or basename(url), item.media_type, size or None))
    return tuple(found.values())


def _flatten(text: str) -> str:
    return " ".join(drop_controls(text).split())


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
