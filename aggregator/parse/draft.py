"""What has been read of an entry so far, while the tree of its feed is walked."""

from __future__ import annotations

from dataclasses import dataclass, field

from aggregator.parse.entries import Enclosure, Entry, Markup
from aggregator.parse.markup import choose_link, is_readable, join_authors, order_contents


@dataclass(slots=True)
class Draft:
    """What has been read of an entry, or of the feed itself, so far."""

    is_entry: bool
    texts: dict[str, str] = field(default_factory=dict)
    markups: dict[str, Markup] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    link: str | None = None
    contents: list[tuple[Markup, str]] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    author: str = ""
    tags: list[list[str]] = field(default_factory=list)
    thumbnails: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    cover: str = ""
    enclosures: list[Enclosure] = field(default_factory=list)
    withdrawn: bool = False

    def takes(self, name: str, depth: int) -> bool:
        """Whether a value from this depth replaces the one there is."""
        if self.is_entry and depth > self.depths.get(name, depth):
            return False
        self.depths[name] = depth
        return True


def finish_entry(draft: Draft) -> Entry:
    guid, link = draft.texts.get("guid", ""), (draft.link or "").strip()
    return Entry(
        guid=guid,
        link=choose_link(guid, link),
        title=draft.markups.get("title", Markup("")),
        contents=order_contents(markup for markup, media_type in draft.contents if is_readable(media_type)),
        summary=draft.markups.get("summary", Markup("")),
        published=draft.texts.get("published") or draft.texts.get("created", ""),
        updated=draft.texts.get("updated", ""),
        author=join_authors(draft.authors, draft.author),
        categories=tuple(label.strip() or term.strip() for term, _, label in draft.tags),
        images=tuple(address for address in (*draft.thumbnails, *draft.media, draft.cover) if address),
        enclosures=tuple(draft.enclosures),
        withdrawn=draft.withdrawn,
    )
