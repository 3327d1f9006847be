"""What search engines and assistants are told of an article that has a card 一分钟看懂: JSON-LD in schema.org's words.

A guide is a GovernmentService; any other article is an Article, about one where its card says who, how much, when and
how. An element of type application/ld+json is data: no browser runs it, and no Content-Security-Policy stops it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from markupsafe import Markup

GIST = "一句话"
CARD = (GIST, "谁能办", "办多少", "何时办", "怎么办", "电话")
"""Keys of a draft's header that make the card, in its order."""

_BARE = frozenset({"@type", "description", "provider"})
"""What alone makes no service."""

# Within a script element only these end or begin something: https://html.spec.whatwg.org/#script-data-state
_ESCAPES = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


class Described(Protocol):
    """What of an article is told."""

    title: str
    date: datetime
    genre: str
    header: Mapping[str, str]

    @property
    def url(self) -> str: ...
    @property
    def publisher(self) -> str: ...


def structure_article(article: Described, site_url: str) -> Markup:
    """The JSON-LD of an article, safe within a script element; "" where its header has nothing of the card."""
    if not any(article.header.get(key) for key in CARD):
        return Markup("")
    organization = {"@type": "GovernmentOrganization", "name": article.publisher}
    address = f"{site_url.rstrip('/')}/{article.url}" if site_url else ""
    if article.genre == "service":
        document: dict[str, Any] = {
            **_describe_service(article.header, organization),
            "name": article.title,
            "url": address,
        }
    else:
        about = _drop_empty(_describe_service(article.header, organization))
        document = {
            "@type": "Article",
            "headline": article.title,
            "abstract": article.header.get(GIST, ""),
            "datePublished": article.date.isoformat(),
            "publisher": organization,
            "url": address,
            "about": {**about, "name": article.title} if not about.keys() <= _BARE else None,
        }
    text = json.dumps(_drop_empty({"@context": "https://schema.org", **document}), ensure_ascii=False)
    return Markup(text.translate(_ESCAPES))  # noqa: S704 - what could end the element is escaped


def _describe_service(header: Mapping[str, str], organization: Mapping[str, str]) -> dict[str, Any]:
    phone = header.get("电话") or header.get("联系电话", "")
    online = header.get("在线办理", "")
    channel = _drop_empty(
        {
            "@type": "ServiceChannel",
            "description": header.get("怎么办", ""),
            "serviceUrl": online if online.startswith(("https://", "http://")) else "",
            "servicePhone": {"@type": "ContactPoint", "telephone": phone} if phone else None,
        }
    )
    return {
        "@type": "GovernmentService",
        "description": header.get(GIST, ""),
        "provider": organization,
        "audience": _describe("Audience", "audienceType", header.get("谁能办")),
        "offers": _describe("Offer", "description", header.get("办多少")),
        "hoursAvailable": _describe("OpeningHoursSpecification", "description", header.get("何时办")),
        "availableChannel": channel if len(channel) > 1 else None,
    }


def _describe(kind: str, name: str, value: str | None) -> dict[str, str] | None:
    return {"@type": kind, name: value} if value else None


def _drop_empty(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if value}
