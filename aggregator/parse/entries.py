"""What the readers of all formats hand on: a feed's entries as they stand in it, nothing decided yet."""

from __future__ import annotations

from dataclasses import dataclass

MOST_TAGS = 200
"""Of one entry; real ones have a dozen at most."""


class UnreadableError(Exception):
    """The document is no feed; stays within this package, where it becomes a `FeedError`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        """A Chinese sentence that staff can act on."""


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of text as the feed has it."""

    value: str
    is_html: bool = True
    """False where the feed says that "<" is a character and no tag."""
    base: str = ""
    """xml:base in force, "" without one."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    url: str
    media_type: str = ""
    title: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item or entry. All strings are raw; "" is what the feed doesn't say."""

    guid: str = ""
    link: str = ""
    title: Markup = Markup("")
    contents: tuple[Markup, ...] = ()
    """Bodies, the best first."""
    summary: Markup = Markup("")
    published: str = ""
    updated: str = ""
    author: str = ""
    categories: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    """Pictures that the feed names for the entry, the best first."""
    enclosures: tuple[Enclosure, ...] = ()
    withdrawn: bool = False
    """The source marks it as taken back."""
    aliases: tuple[str, ...] = ()
    """What else it is known by, of a row of a table."""


@dataclass(frozen=True, slots=True)
class RawFeed:
    entries: tuple[Entry, ...]
    title: str = ""
    home: str = ""
    """Address of the site that the feed is of."""
    warnings: tuple[str, ...] = ()
    ttl: str = ""
    """Minutes for which the feed asks to be left alone, as it has them."""
    deleted: tuple[str, ...] = ()
    """Identifiers of entries that the feed declares deleted (RFC 6721)."""
