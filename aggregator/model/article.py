"""One article as it leaves the site by another way: printed, or with a picture of its title."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aggregator.model.post import Genre


@dataclass(frozen=True, slots=True)
class Article:
    """A draft as its file now is, or a story of the site as its page shows it."""

    title: str
    text: str
    """The body as plain text, one block a line."""
    headings: tuple[str, ...]
    """Those of its blocks that are headings."""
    department: str
    """The unit that answers for it."""
    published: datetime | None
    """In the site's time zone; None for a draft that names no day."""
    url: str
    """Of its page; of a draft that is not published yet, where that will be."""
    genre: Genre
    gist: str = ""
    """一句话 of the card 一分钟看懂."""
    card: tuple[tuple[str, str], ...] = ()
    """The other rows of it: name, value."""
    details: tuple[tuple[str, str], ...] = ()
    """Elements of a service, as its page shows them above the text."""
    has_picture: bool = False
    """It has one of its own, as cover or in the text."""
    on_site: bool = True
    """Whether the site has its page now."""
    path: str = ""
    """Of a draft: POSIX, relative to content/."""
