"""The door: bounds before, our own rewriting, nh3 last."""

from __future__ import annotations

import re

import nh3

from aggregator.sanitize.article import rewrite_article
from aggregator.sanitize.nested import rewrite_nested
from aggregator.sanitize.plain import html_to_text, text_to_html
from aggregator.text import drop_controls

MAX_LENGTH = 2_000_000
"""Characters of one body, pictures within the text not counted; beyond this it is no article."""

MAX_TAGS = 50_000
"""Tags of one body, about half a second of work. The most in 1,841 real bodies were 2,526."""

MAX_GROWTH = 4
"""Cleaned HTML may be this many times as long as it came: `<p><b id=N>` 3,000 times makes 560 times as much."""

_SLACK = 20_000
"""Short bodies may grow more: every picture gains four attributes."""

_LONG_TAG = re.compile(r"<[a-z][^<>]{2000,}", re.IGNORECASE)
INLINE_DATA = re.compile(r"data:[\w/+.-]{3,40};base64,[A-Za-z0-9+/=\s]*")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MAX_BARE = 2000
"""Characters of one tag outside quotes. libxml2 compares every attribute of a tag with every other: 50,000 of them
take 16 s."""

_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "blockquote", "pre", "code", "figure", "figcaption", "details", "summary"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "img", "a"),
    *("strong", "em", "u", "s", "del", "ins", "mark", "small", "sup", "sub", "kbd", "q", "cite", "ruby", "rt", "rp"),
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={
        "a": {"href"},
        # Not set_tag_attribute_values: it writes them in another order in every process.
        "img": {"src", "alt", "width", "height", "loading", "referrerpolicy"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
        "ol": {"start"},
    },
    allowed_classes={tag: {"align-right", "align-center"} for tag in ("p", "h2", "h3", "h4", "td", "th")}
    | {"blockquote": {"tip", "important", "faq"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="nofollow noopener",
)


def clean_html(html: str, base_url: str) -> str:
    """Somebody's HTML as safe, plain article HTML: paragraphs, headings, lists, tables, pictures, links.

    Addresses become absolute against `base_url`; with "" they stay relative to the page they will stand in.
    Takes about a second at most, whatever comes: what is beyond all bounds is shown as paragraphs of plain text.
    """
    if not html.strip():
        return ""
    body = drop_inline_data(html) if "base64," in html else html
    article = _rewrite(body, base_url, MAX_GROWTH * len(body) + _SLACK)
    return text_to_html(html_to_text(body[:MAX_LENGTH])) if article is None else drop_controls(_CLEANER.clean(article))


def drop_inline_data(text: str) -> str:
    """Without pictures that stand in the text itself: `INLINE_DATA.sub("", text)`, but that finds them several times
    as slowly in the midst of attributes that begin with "data" as well."""
    parts, end = [], 0
    place = text.find("data:")
    while place >= 0:
        match = INLINE_DATA.match(text, place)
        if match:
            parts.append(text[end:place])
            end = match.end()
        place = text.find("data:", match.end() if match else place + 1)
    return "".join((*parts, text[end:]))


def _rewrite(body: str, base_url: str, limit: int) -> str | None:
    if len(body) > MAX_LENGTH or body.count("<") > MAX_TAGS:
        return None
    article = rewrite_nested(body, base_url, limit=limit)
    if article is None and all(len(_QUOTED.sub("", tag.group())) <= _MAX_BARE for tag in _LONG_TAG.finditer(body)):
        article = rewrite_article(body, base_url, limit=limit)
    return article
