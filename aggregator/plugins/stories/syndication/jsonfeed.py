"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from typing import Any

from aggregator.plugins.stories.syndication.document import LANGUAGE, Document
from aggregator.plugins.stories.syndication.entries import Entry

_dump = json.JSONEncoder(ensure_ascii=False).encode


def frame_json(document: Document) -> tuple[str, str]:
    """What stands before a document's entries, each as `write_json_item` gives it, with commas between them, and what
    behind them.
    """
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.title,
        "home_page_url": document.page,
        "feed_url": document.url,
        "description": document.description,
        "language": LANGUAGE,
        "authors": [{"name": document.publisher}],
        **({"hubs": [{"type": "WebSub", "url": document.hub}]} if document.hub else {}),
        "_withdrawn": {
            "items": [{"id": one.id, "url": one.url, "date_withdrawn": one.at.isoformat()} for one in document.removed]
        },
    }
    return f'{_dump(head)[:-1]}, "items": [\n', "\n]}\n"


def write_json_item(entry: Entry, content: str) -> str:
    """`content` is the entry's own HTML; "" for none."""
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "external_url": entry.original,
        "title": entry.title,
        "content_html": content,
        "summary": entry.summary,
        "image": entry.pictures[0].url if entry.pictures else "",
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": entry.publisher}],
        "tags": list(entry.categories),
        "language": LANGUAGE,
        "attachments": [
            _drop_empty({"url": one.url, "mime_type": one.media_type, "title": one.title, "size_in_bytes": one.size})
            for one in entry.enclosed
        ],
        "_source": {"name": entry.source.name, "url": entry.source.page, "feed_url": entry.source.feed},
        "_corrects": _name_items(entry.corrects),
        "_corrected_by": _name_items(entry.corrected_by),
    }
    if not content:
        # One of the two there must be.
        item["content_text"] = entry.summary or entry.title or entry.url
    return _dump(_drop_empty(item))


def _name_items(named: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    return {"items": [{"id": identifier, "url": address} for identifier, address in named]} if named else {}


def _drop_empty(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value}
