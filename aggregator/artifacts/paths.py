"""The paths of the site: what each file shows, read from its path alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["home", "story", "front", "period", "archive", "accounts", "feed", "lost", "asset", "file", "search"]

CHANNEL = "channel"
"""The list of everything; its months are the archive."""

RSS = "feeds/channel.rss"
ATOM = "feeds/channel.atom"

SEARCH = "search.html"
SEARCH_INDEX = "search/index.json"
"""What the search is made of: its parts and their sizes."""

_FIXED: dict[str, Kind] = {
    "index.html": "home",
    "404.html": "lost",
    "archive/index.html": "archive",
    "accounts/index.html": "accounts",
    RSS: "feed",
    ATOM: "feed",
    SEARCH: "search",
}
_FOLDERS: dict[str, Kind] = {"theme": "asset", "files": "file", "search": "search"}
_ARCHIVE, _ACCOUNTS, _STORIES = "archive", "accounts/", "s/"
_COLUMN, _ACCOUNT = "column/", "account/"
_PAGE = ".html"
_SEARCHED = "search/s/"


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the site."""

    kind: Kind
    name: str = ""
    """A story's id; a list's name for its front page and its periods; else the path."""
    period: str = ""
    """`2026-03`, `2026-03-05` or `2026-03-05-14`, in the site's time zone."""


def name_column(slug: str) -> str:
    """The list of a column."""
    return _COLUMN + slug


def name_account(account: str) -> str:
    """The list of an account."""
    return _ACCOUNT + account


def name_list(listing: str) -> str:
    """The slug or id that a column's or an account's list is named after."""
    return listing.partition("/")[2]


def story_path(story: str) -> str:
    """Where a story lives, from its id alone: never from title, date or account."""
    return f"{_STORIES}{story}{_PAGE}"


def search_path(story: str) -> str:
    """The words of a story, for whoever searches."""
    return f"{_SEARCHED}{story}.json"


def write_path(artifact: Artifact) -> str:
    """POSIX, relative to the site."""
    if artifact.kind == "story":
        return story_path(artifact.name)
    if artifact.kind in {"front", "period"}:
        return f"{_name_folder(artifact.name)}/{artifact.period or 'index'}{_PAGE}"
    return artifact.name or next(path for path, kind in _FIXED.items() if kind == artifact.kind)


def read_path(path: str) -> Artifact:
    """What a path shows: `write_path` read backwards."""
    if kind := _FIXED.get(path):
        return Artifact(kind, path if kind in {"feed", "search"} else "")
    top, _, rest = path.partition("/")
    if kind := _FOLDERS.get(top):
        return Artifact(kind, path)
    if path.startswith(_STORIES):
        return Artifact("story", rest.removesuffix(_PAGE))
    folder, _, name = path.rpartition("/")
    listing = _read_folder(folder)
    period = name.removesuffix(_PAGE)
    return Artifact("front", listing) if period == "index" else Artifact("period", listing, period)


def _name_folder(listing: str) -> str:
    if listing == CHANNEL:
        return _ARCHIVE
    name = name_list(listing)
    return name if listing.startswith(_COLUMN) else _ACCOUNTS + name


def _read_folder(folder: str) -> str:
    if folder == _ARCHIVE:
        return CHANNEL
    if folder.startswith(_ACCOUNTS):
        return _ACCOUNT + folder.removeprefix(_ACCOUNTS)
    return _COLUMN + folder
