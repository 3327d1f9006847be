"""The paths of the site: what each file shows, read from its path alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal[
    "home", "story", "front", "period", "archive", "accounts", "index", "map", "feed", "lost", "asset", "file",
    "api", "embed", "opml", "robots", "sitemap",
]  # fmt: skip

ListKind = Literal["column", "account", "department", "region", "tag", "topic"]

CHANNEL = "channel"
"""The list of everything; its months are the archive."""

RSS = "feeds/channel.rss"
ATOM = "feeds/channel.atom"
OPML = "feeds/channel.opml"
ROBOTS = "robots.txt"
SITEMAP = "sitemap.xml"

_FIXED: dict[str, Kind] = {
    "index.html": "home",
    "404.html": "lost",
    "archive/index.html": "archive",
    "accounts/index.html": "accounts",
    "sitemap.html": "map",
    RSS: "feed",
    ATOM: "feed",
    OPML: "opml",
    ROBOTS: "robots",
    SITEMAP: "sitemap",
}
_FOLDERS: dict[str, Kind] = {"theme": "asset", "files": "file"}
_ARCHIVE, _STORIES = "archive", "s/"
_API, _JSON = "api/v1/", ".json"
_EMBED, _EMBEDDED_CHANNEL = "embed/", "index"
_PART, _XML = "sitemap-", ".xml"
_PAGE = ".html"

_LISTS: dict[str, ListKind] = {
    "accounts": "account", "departments": "department", "regions": "region", "tags": "tag", "topics": "topic",
}  # fmt: skip
"""Folder of each kind of list; a column's own name is its folder."""

_LIST_FOLDERS = {kind: folder for folder, kind in _LISTS.items()}

DATED = (CHANNEL, "changes")
"""Documents of the API that there are by calendar: articles by month, changes by day."""

INDEXED: tuple[ListKind, ...] = ("department", "region", "topic", "tag")
"""Kinds of lists that have a page which names all of them."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the site."""

    kind: Kind
    name: str = ""
    """A story's id; a list's name for its front page, its periods and what others embed; of an index the kind of
    lists; of a document of the API its path there; of a part of the sitemap what it has beside a month; else the path.
    """
    period: str = ""
    """`2026-03`, `2026-03-05` or `2026-03-05-14`, in the site's time zone."""


def name_listing(kind: ListKind, slug: str) -> str:
    """The list of a column, an account, a department…"""
    return f"{kind}/{slug}"


def name_column(slug: str) -> str:
    return name_listing("column", slug)


def name_account(account: str) -> str:
    return name_listing("account", account)


def name_list(listing: str) -> str:
    """The slug or id that a list is named after."""
    return listing.partition("/")[2]


def read_kind(listing: str) -> str:
    """The kind of a list; of the channel its own name."""
    return listing.partition("/")[0]


def story_path(story: str) -> str:
    """Where a story lives, from its id alone: never from title, date or account."""
    return f"{_STORIES}{story}{_PAGE}"


def write_path(artifact: Artifact) -> str:
    """POSIX, relative to the site."""
    if artifact.kind == "story":
        return story_path(artifact.name)
    if artifact.kind in {"front", "period"}:
        return f"{_name_folder(artifact.name)}/{artifact.period or 'index'}{_PAGE}"
    if artifact.kind == "index":
        return f"{_LIST_FOLDERS[cast('ListKind', artifact.name)]}/index{_PAGE}"
    if artifact.kind == "api":
        return f"{_API}{artifact.name}{'/' if artifact.period else ''}{artifact.period}{_JSON}"
    if artifact.kind == "embed":
        return f"{_EMBED}{_EMBEDDED_CHANNEL if artifact.name == CHANNEL else _name_folder(artifact.name)}{_PAGE}"
    if artifact.kind == "sitemap" and (artifact.name or artifact.period):
        return f"{_PART}{'.'.join(filter(None, (artifact.period, artifact.name)))}{_XML}"
    return artifact.name or next(path for path, kind in _FIXED.items() if kind == artifact.kind)


def read_path(path: str) -> Artifact:
    """What a path shows: `write_path` read backwards."""
    if kind := _FIXED.get(path):
        return Artifact(kind, path if kind == "feed" else "")
    top, _, rest = path.partition("/")
    if kind := _FOLDERS.get(top):
        return Artifact(kind, path)
    if path.startswith(_STORIES):
        return Artifact("story", rest.removesuffix(_PAGE))
    if path.startswith(_API):
        return _read_document(path.removeprefix(_API).removesuffix(_JSON))
    if path.startswith(_EMBED):
        name = rest.removesuffix(_PAGE)
        return Artifact("embed", CHANNEL if name == _EMBEDDED_CHANNEL else _read_folder(name))
    if path.startswith(_PART):
        period, _, name = path.removeprefix(_PART).removesuffix(_XML).partition(".")
        return Artifact("sitemap", name, period) if period[:1].isdecimal() else Artifact("sitemap", period)
    folder, _, name = path.rpartition("/")
    if folder in _LISTS:
        return Artifact("index", _LISTS[folder])
    listing = _read_folder(folder)
    period = name.removesuffix(_PAGE)
    return Artifact("front", listing) if period == "index" else Artifact("period", listing, period)


def _read_document(name: str) -> Artifact:
    folder, _, period = name.rpartition("/")
    return Artifact("api", folder, period) if folder in DATED else Artifact("api", name)


def _name_folder(listing: str) -> str:
    if listing == CHANNEL:
        return _ARCHIVE
    kind, name = read_kind(listing), name_list(listing)
    return name if kind == "column" else f"{_LIST_FOLDERS[cast('ListKind', kind)]}/{name}"


def _read_folder(folder: str) -> str:
    if folder == _ARCHIVE:
        return CHANNEL
    top, _, name = folder.partition("/")
    return name_listing(_LISTS[top], name) if name and top in _LISTS else name_column(folder)
