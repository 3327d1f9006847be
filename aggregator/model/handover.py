"""What a department without a feed hands over: a folder or an archive of pages, texts and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from aggregator.model.feed import NO_HINTS, CacheHints, Validators

IMPORTED = "import:"
"""How the name under which imported posts are stored as a feed's begins."""


class UnreadableFileError(Exception):
    """One file that cannot be read; the others can. `reason` is a Chinese sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class HandedEntry:
    """One file that may hold posts."""

    name: str
    """POSIX path within the folder."""
    tag: str
    """Changes when the file is written anew; nothing is read to know it."""


class HandedSource(Protocol):
    """An open folder or archive."""

    @property
    def entries(self) -> tuple[HandedEntry, ...]:
        """The files that may hold posts, sorted by name."""
        ...

    @property
    def others(self) -> frozenset[str]:
        """Names of all other files: pictures and attachments."""
        ...

    @property
    def problems(self) -> tuple[str, ...]:
        """What was found and cannot be read, in Chinese."""
        ...

    def read(self, name: str, limit: int) -> bytes:
        """Raises UnreadableFileError, also for what is longer than `limit` bytes."""
        ...


@dataclass(frozen=True, slots=True)
class FolderDocument:
    """A folder that changed since it was last read through; its files are read one by one."""

    account: str
    url: str
    source: HandedSource
    place: str
    """POSIX path of the folder within the site's."""
    validators: Validators
    base_url: str = ""
    """As that of a feed's document; a folder has none."""
    hints: CacheHints = NO_HINTS


@dataclass(frozen=True, slots=True)
class HandedFile:
    """The bytes of one file, for the parser."""

    account: str
    url: str
    """Of the feed or import that it belongs to."""
    name: str
    body: bytes
    start: int = 0
    """Rows of a table to pass over: a long one is read in several parts."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What reading an archive into an account did, or would do."""

    account: str
    files: int
    """Files with posts that were read."""
    posts_new: int = 0
    posts_changed: int = 0
    posts_known: int = 0
    """Posts that were there already, and as they are."""
    posts_held: int = 0
    """Posts that wait for staff."""
    undated: int = 0
    """Posts left out for want of a date."""
    undated_titles: tuple[str, ...] = ()
    """Theirs."""
    problems: tuple[str, ...] = ()
    earliest: str = ""
    """ISO day of the oldest post; "" without any."""
    latest: str = ""
