"""What 国办发〔2017〕47号 (annex) demands of the META tags of each kind of page, and schema.org of structured data."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import lxml.html

SITE = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN = ("ColumnName", "ColumnType")
COLUMN_ALONE = ("ColumnDescription", "ColumnKeywords")
CONTENT = ("ArticleTitle", "PubDate", "ContentSource")
OPTIONAL = ("Keywords", "Author", "Description", "Image", "Url")

DEMANDED = {"home": SITE, "column": SITE + COLUMN + COLUMN_ALONE, "content": SITE + COLUMN + CONTENT, "other": SITE}
"""Kind of page -> tags that must be there; `other` are notices and forms, which the annex does not know."""

ALLOWED = {kind: (*tags, *(OPTIONAL if kind == "content" else ())) for kind, tags in DEMANDED.items()}

ID_CODE = re.compile(r"[0-9]{10}|bm[0-9]{8}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")

_THING = {"@id", "@type", "name", "url", "description", "image", "mainEntityOfPage"}
_WORK = _THING | {
    "about", "abstract", "author", "dateModified", "datePublished", "headline", "inLanguage", "isBasedOn", "keywords",
    "publisher",
}  # fmt: skip
LAWFUL = {
    "WebSite": _WORK | {"potentialAction"},
    "WebPage": _WORK,
    "NewsArticle": _WORK,
    "Legislation": _WORK | {
        "legislationIdentifier", "legislationDate", "legislationPassedBy", "legislationLegalForce",
    },
    "GovernmentService": _THING | {
        "provider", "audience", "offers", "hoursAvailable", "availableChannel", "serviceType",
    },
    "GovernmentOrganization": _THING | {"areaServed", "contactPoint"},
    "AdministrativeArea": _THING,
    "Place": _THING,
    "ContactPoint": _THING | {"telephone"},
    "Audience": _THING | {"audienceType"},
    "Offer": _THING,
    "OpeningHoursSpecification": _THING,
    "ServiceChannel": _THING | {"serviceUrl", "servicePhone", "serviceLocation"},
    "BreadcrumbList": _THING | {"itemListElement"},
    "ListItem": _THING | {"position", "item"},
    "SearchAction": _THING | {"target", "query-input"},
    "EntryPoint": _THING | {"urlTemplate"},
}  # fmt: skip
"""Type -> properties that https://schema.org defines for it or a type above it, of those that a site here has."""


def find_tag_faults(page: lxml.html.HtmlElement, kind: str) -> Iterator[str]:
    """What the tags of a page break; `kind` is one of DEMANDED."""
    tags = [(tag.get("name"), tag.get("content")) for tag in page.xpath("//head/meta[@name]")]
    counted = Counter(name.lower() for name, _ in tags if name != "theme-color")
    yield from (f"{name} stands {count} times" for name, count in counted.items() if count > 1)
    yield from (f"{name} is empty" for name, value in tags if not (value or "").strip() or value == "null")
    told = dict(tags)
    yield from (f"{name} is missing" for name in DEMANDED[kind] if name not in told)
    known = {name for names in (SITE, COLUMN, COLUMN_ALONE, CONTENT) for name in names}
    yield from (f"{name} has no place here" for name in told if name in known and name not in ALLOWED[kind])
    if not ID_CODE.fullmatch(told.get("SiteIDCode", "")):
        yield "SiteIDCode is none"
    if kind == "content":
        yield from _find_content_faults(page, told)


def _find_content_faults(page: lxml.html.HtmlElement, told: dict[str, str]) -> Iterator[str]:
    text = " ".join("".join(page.xpath("//main")[0].itertext()).split())
    (date,) = page.xpath("//main//header[h1]//time[1]")[:1]
    if told["ArticleTitle"] != page.findtext(".//h1"):
        yield "ArticleTitle is not the heading"
    if not DATE.fullmatch(told["PubDate"]) or told["PubDate"] != date.text:
        yield "PubDate is not the visible date"
    if f"来源：{told['ContentSource']}" not in text:
        yield "ContentSource is not the visible 来源"


def find_data_faults(page: lxml.html.HtmlElement) -> Iterator[str]:
    """Types and properties of a page's structured data that schema.org does not know, and crumbs that nobody sees."""
    for node in read_graph(page):
        yield from _find_node_faults(node)
    listed = [one["name"] for node in read_graph(page, "BreadcrumbList") for one in node["itemListElement"]]
    if listed and listed != page.xpath("//nav[@class='crumbs']//a/text()"):
        yield "the crumbs are not those that are seen"


def read_graph(page: lxml.html.HtmlElement, kind: str = "") -> list[dict[str, Any]]:
    """The nodes of a page's structured data, of one type where it is given."""
    nodes: list[dict[str, Any]] = []
    for element in page.xpath("//script[@type='application/ld+json']"):
        data = json.loads(element.text)
        assert data["@context"] == "https://schema.org"
        nodes += data["@graph"]
    return [node for node in nodes if kind in ("", node["@type"])]


def _find_node_faults(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _find_node_faults(one)
    if isinstance(node, dict):
        if node.keys() != {"@id"}:
            lawful = LAWFUL.get(node["@type"], set())
            yield from (f"{node['@type']} has no {name}" for name in node if name not in lawful)
        yield from (f"{name} is empty" for name, value in node.items() if value in ("", None, [], {}))
        for one in node.values():
            yield from _find_node_faults(one)
