"""The paths of the site: what each file shows, read from its path alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, cast

Kind = Literal[
    "home", "story", "front", "period", "tab", "archive", "accounts", "index", "map", "feeds", "feed", "lost",
    "feedback", "leaving", "search", "asset", "file", "packed", "api", "embed", "opml", "robots", "sitemap",
]  # fmt: skip

FeedForm = Literal["rss", "atom", "json"]

ListKind = Literal["column", "account", "department", "region", "tag", "topic"]

CHANNEL = "channel"
"""The list of everything; its months are the archive."""

OPML = "feeds/channel.opml"
ROBOTS = "robots.txt"
SITEMAP = "sitemap.xml"

SEARCH = "search.html"
SEARCH_INDEX = "search/index.json"
"""What the search is made of: its parts and their sizes."""

PACKED: Final = "packed"
"""Kind of what is the compressed form of another file."""

_PACKINGS = (".gz", ".br")
_TEXTS = (".html", ".css", ".js", ".svg", ".json", ".xml", ".rss", ".atom", ".opml", ".txt")
"""How names of files end that compress well."""

_FIXED: dict[str, Kind] = {
    "index.html": "home",
    "404.html": "lost",
    "feedback.html": "feedback",
    "leaving.html": "leaving",
    "archive/index.html": "archive",
    "accounts/index.html": "accounts",
    "sitemap.html": "map",
    "feeds/index.html": "feeds",
    SEARCH: "search",
    OPML: "opml",
    ROBOTS: "robots",
    SITEMAP: "sitemap",
}
_FOLDERS: dict[str, Kind] = {"theme": "asset", "files": "file", "search": "search"}
_ARCHIVE, _STORIES = "archive", "s/"
_API, _JSON = "api/v1/", ".json"
_EMBED, _EMBEDDED_CHANNEL = "embed/", "index"
_PART, _XML = "sitemap-", ".xml"
_PAGE = ".html"
_SEARCHED = "search/s/"
_CHANNEL_FEED, _FEED = "feeds/channel", "feed"
_FORMS: dict[str, FeedForm] = {"rss": "rss", "atom": "atom", "json": "json"}

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
    """A story's id; a list's name for its front page, tabs, periods, feeds and what others embed; of an index the kind
    of lists; of a document of the API its path there; of a part of the sitemap what it has beside a month; else the
    path.
    """
    period: str = ""
    """`2026` (of policies), `2026-03`, `2026-03-05` or `2026-03-05-14`, in the site's time zone; of a tab, the slug of
    its column; of a feed, the period of an archive document."""
    form: FeedForm | Literal[""] = ""
    """Of a feed."""


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


def search_path(story: str) -> str:
    """The words of a story, for whoever searches."""
    return f"{_SEARCHED}{story}.json"


def write_path(artifact: Artifact) -> str:
    """POSIX, relative to the site."""
    if artifact.kind == "story":
        return story_path(artifact.name)
    if artifact.kind in {"front", "period", "tab"}:
        return f"{_name_folder(artifact.name)}/{artifact.period or 'index'}{_PAGE}"
    if artifact.kind == "feed":
        folder = f"{_name_folder(artifact.name)}/{artifact.period or _FEED}"
        return f"{folder if artifact.period or artifact.name != CHANNEL else _CHANNEL_FEED}.{artifact.form}"
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
        return Artifact(kind, path if kind == "search" else "")
    top, _, rest = path.partition("/")
    kind = _FOLDERS.get(top)
    if kind != "file" and path.endswith(_PACKINGS) and path.rpartition(".")[0].endswith(_TEXTS):
        return Artifact(PACKED, path)
    if kind:
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
    if listed := _LISTS.get(folder):
        return Artifact("accounts", path) if listed == "account" else Artifact("index", listed)
    stem, _, suffix = name.rpartition(".")
    if form := _FORMS.get(suffix):
        listing = CHANNEL if f"{folder}/{stem}" == _CHANNEL_FEED else _read_folder(folder)
        return Artifact("feed", listing, "" if stem in {_FEED, name_list(_CHANNEL_FEED)} else stem, form)
    listing = _read_folder(folder)
    period = name.removesuffix(_PAGE)
    if period == "index":
        return Artifact("front", listing)
    return Artifact("period" if period[:1].isdigit() else "tab", listing, period)


def list_packed(path: str) -> tuple[str, ...]:
    """Paths of the compressed forms of a file; none of copies, which are pictures and documents of others."""
    packable = path.endswith(_TEXTS) and read_path(path).kind != "file"
    return tuple(path + ending for ending in _PACKINGS) if packable else ()


def find_whole(path: str) -> str:
    """The file that a compressed form is one of; any other path as it is."""
    return path.rpartition(".")[0] if read_path(path).kind == PACKED else path


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
