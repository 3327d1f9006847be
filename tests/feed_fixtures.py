"""The feeds of a published site, as another portal reads them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from jsonschema import Draft202012Validator
from site_fixtures import ATOM, BASE, SmallSite

from aggregator.artifacts import read_path

DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
MODIFIED = "{http://purl.org/dc/terms/}modified"
MEDIA = "{http://search.yahoo.com/mrss/}content"
FORMS = ("rss", "atom", "json")


def is_feed(path: str) -> bool:
    return read_path(path).kind == "feed"


def read_xml(site: SmallSite, path: str) -> Element:
    """The root of a feed, for RSS its channel."""
    root = ElementTree.parse(site.output / path).getroot()  # noqa: S314 - our own file
    return root if root.tag != "rss" else next(iter(root))


def read_json(site: SmallSite, path: str) -> Any:
    """A JSON Feed, held against the schema."""
    document = json.loads((site.output / path).read_text(encoding="utf-8"))
    check_json(document)
    return document


def check_json(document: object) -> None:
    assert [error.message for error in _load_schema().iter_errors(document)] == []


@lru_cache
def _load_schema() -> Draft202012Validator:
    file = Path(__file__).parent / "data" / "jsonfeed.schema.json"
    return Draft202012Validator(json.loads(file.read_text(encoding="utf-8")))


def list_ids(site: SmallSite, path: str) -> list[str]:
    """Ids of a feed's entries."""
    if path.endswith("json"):
        return [item["id"] for item in read_json(site, path)["items"]]
    root = read_xml(site, path)
    if root.tag == "channel":
        return [item.findtext("guid", "") for item in root.iter("item")]
    return [entry.findtext(f"{ATOM}id", "") for entry in root.iter(f"{ATOM}entry")]


def find_entry(site: SmallSite, title: str, path: str = "feeds/channel.atom") -> Element:
    (entry,) = (one for one in read_xml(site, path).iter(f"{ATOM}entry") if one.findtext(f"{ATOM}title") == title)
    return entry


def find_item(site: SmallSite, title: str, path: str = "feeds/channel.json") -> Any:
    (item,) = (one for one in read_json(site, path)["items"] if one["title"] == title)
    return item


def read_links(element: Element) -> dict[str, str]:
    """Relation -> path in the site, of an Atom element's own links; the last of each."""
    links = element.findall(f"{ATOM}link")
    return {link.get("rel", ""): link.get("href", "").removeprefix(f"{BASE}/") for link in links}


def list_removed(site: SmallSite, path: str) -> list[str]:
    """Ids of a feed's tombstones."""
    if path.endswith("json"):
        return [one["id"] for one in read_json(site, path)["_withdrawn"]["items"]]
    return [one.get("ref", "") for one in read_xml(site, path).iter(DELETED)]


def list_chain(site: SmallSite, path: str) -> list[str]:
    """Paths of the archive documents behind a feed, the newest first."""
    chain = []
    while path := read_links(read_xml(site, path)).get("prev-archive", ""):
        chain.append(path)
    return chain
