"""What search engines and assistants are told of a page: JSON-LD in schema.org's words.

The home page is a WebSite of a GovernmentOrganization; a guide a GovernmentService, a policy Legislation, a page of
the site itself a WebPage, all else a NewsArticle: about a service where its card says who, how much and when.
An element of type application/ld+json is data: no browser runs it, and no Content-Security-Policy stops it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from markupsafe import Markup

from aggregator.urls import is_web_url

GIST = "一句话"
"""Key of a draft's header: what it says in one sentence."""

SEARCH = "search.html"
"""The page that finds `?q=`."""

_FORCE = {"有效": "InForce", "已修改": "PartiallyInForce", "失效": "NotInForce", "废止": "NotInForce"}
"""有效性 -> schema.org's LegalForceStatus; what is not in force yet has none there."""

_BARE = frozenset({"@type", "description", "provider"})
"""What alone makes no service."""

# Within a script element only these end or begin something: https://html.spec.whatwg.org/#script-data-state
_MARKS = re.compile("[<>&\u2028\u2029]")

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Node = dict[str, Any]


class Column(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...


class Described(Protocol):
    """What of an article is told."""

    title: str
    date: datetime
    updated: datetime | None
    genre: str
    header: Mapping[str, str]
    cover: str
    source_url: str

    @property
    def url(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def publisher(self) -> str: ...
    @property
    def column(self) -> Column | None: ...


def structure_article(article: Described, site_url: str) -> Markup:
    """The JSON-LD of an article's page, safe within a script element: the article, then the crumbs above its title."""
    base = f"{site_url.rstrip('/')}/" if site_url else ""
    describe = {"service": _describe_guide, "policy": _describe_policy, "page": _describe_page}
    document = describe.get(article.genre, _describe_news)(article, base)
    column = article.column
    # A crumb without an address tells a machine nothing.
    crumbs = _describe_crumbs((("首页", base), (column.name, base + column.url))) if column and base else None
    return _write_graph(document, crumbs)


def structure_home(
    site_url: str, name: str, description: str, organizer: str, city: str = "", contact: str = ""
) -> Markup:
    """The JSON-LD of the home page: the site with its search, and who answers for it."""
    base = f"{site_url.rstrip('/')}/" if site_url else ""
    publisher = {"@id": f"{base}#organization"}
    target = {"@type": "EntryPoint", "urlTemplate": f"{base}{SEARCH}?q={{search_term_string}}"}
    search = {"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"}
    site = {
        "@type": "WebSite",
        "name": name,
        "url": base,
        "description": description,
        "inLanguage": "zh-CN",
        "publisher": publisher,
        "potentialAction": search if base else None,
    }
    organization = {
        "@type": "GovernmentOrganization",
        **publisher,
        "name": organizer or name,
        "url": base,
        "areaServed": _describe("AdministrativeArea", "name", city),
        "contactPoint": _describe("ContactPoint", "telephone", contact),
    }
    return _write_graph(site, organization)


def _describe_news(article: Described, base: str) -> Node:
    organization = _name_organization(article)
    about = _drop_empty(_describe_service(article.header, organization))
    return {
        **_describe_work("NewsArticle", article, base),
        "headline": article.title,
        "author": organization,
        "about": {**about, "name": article.title} if not about.keys() <= _BARE else None,
    }


def _describe_policy(article: Described, base: str) -> Node:
    header = article.header
    issued = _read_date(header.get("成文日期", ""), article.date)
    force = _FORCE.get(header.get("有效性", ""))
    issuer = {"@type": "GovernmentOrganization", "name": header.get("发文机关") or article.publisher}
    return {
        **_describe_work("Legislation", article, base),
        "name": article.title,
        "legislationIdentifier": header.get("文号", ""),
        "keywords": header.get("主题词") or header.get("主题分类", ""),
        "legislationDate": issued,
        "legislationPassedBy": issuer,
        "legislationLegalForce": f"https://schema.org/{force}" if force else "",
    }


def _read_date(written: str, now: datetime) -> str:
    """As ISO writes it; "" for none."""
    if not written:
        return ""
    # Here, as its patterns take a tenth of the start of a build, and most builds have no policy.
    from aggregator.dates import parse_date

    found = parse_date(written, now=now)
    return found.date().isoformat() if found else ""


def _describe_page(article: Described, base: str) -> Node:
    return {**_describe_work("WebPage", article, base), "name": article.title}


def _describe_work(kind: str, article: Described, base: str) -> Node:
    """What each text of ours has. A reprint names what it is one of (I5: a reprint links to the original)."""
    address = base + article.url if base else ""
    cover = article.cover
    return {
        "@type": kind,
        "url": address,
        "mainEntityOfPage": address,
        "abstract": article.header.get(GIST, ""),
        "description": article.summary,
        "datePublished": article.date.isoformat(),
        "dateModified": (article.updated or article.date).isoformat(),
        "inLanguage": "zh-CN",
        "publisher": _name_organization(article),
        "image": cover if "://" in cover or not cover else base and base + cover,
        "isBasedOn": article.source_url if is_web_url(article.source_url) else "",
    }


def _describe_guide(article: Described, base: str) -> Node:
    organization = _name_organization(article)
    header = article.header
    return {
        **_describe_service(header, organization),
        "name": article.title,
        "url": base + article.url if base else "",
        "description": header.get(GIST) or article.summary,
        "serviceType": "办事服务",
        "image": article.cover if "://" in article.cover else "",
    }


def _describe_service(header: Mapping[str, str], organization: Node) -> Node:
    phone = header.get("电话") or header.get("联系电话", "")
    online = header.get("在线办理", "")
    channel = _drop_empty(
        {
            "@type": "ServiceChannel",
            "description": header.get("怎么办", ""),
            "serviceUrl": online if is_web_url(online) else "",
            "servicePhone": _describe("ContactPoint", "telephone", phone),
            "serviceLocation": _describe("Place", "name", header.get("办理地点")),
        }
    )
    return {
        "@type": "GovernmentService",
        "description": header.get(GIST, ""),
        "provider": organization,
        "audience": _describe("Audience", "audienceType", header.get("谁能办") or header.get("申请条件")),
        "offers": _describe("Offer", "description", header.get("办多少") or header.get("收费标准")),
        "hoursAvailable": _describe(
            "OpeningHoursSpecification", "description", header.get("何时办") or header.get("办理时间")
        ),
        "availableChannel": channel if len(channel) > 1 else None,
    }


def _describe_crumbs(crumbs: Iterable[tuple[str, str]]) -> Node:
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(crumbs, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _name_organization(article: Described) -> Node:
    return {"@type": "GovernmentOrganization", "name": article.publisher}


def _describe(kind: str, name: str, value: str | None) -> Node | None:
    return {"@type": kind, name: value} if value else None


def _write_graph(*nodes: Node | None) -> Markup:
    graph = [_drop_empty(node) for node in nodes if node]
    text = _write({"@context": "https://schema.org", "@graph": graph})
    safe = _MARKS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return Markup(safe)  # noqa: S704 - what could end the element is escaped


def _drop_empty(document: Mapping[str, Any]) -> Node:
    return {key: value for key, value in document.items() if value}
