"""Whether the pictures, attachments and links of a draft lead somewhere."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import unquote, urlsplit

from aggregator.model import DraftSource

_STORY = re.compile(r"(?:^|/)s/([a-z0-9]{13})\.html$")
_ON_A_DISK = re.compile(r"file:|[a-z]:[\\/]", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BRACKETS = str.maketrans("（）［］【】　", "()[][] ")


class KnowsStory(Protocol):
    def __call__(self, story: str, host: str) -> bool:
        """Whether the site at `host` ("" for our own) has a page of this story; True where that is not ours."""
        ...


class Lookup:
    """The files of one `content/`, each folder listed once, and the stories of its site."""

    def __init__(self, content: Path, knows_story: KnowsStory) -> None:
        self._content = content
        self._knows_story = knows_story
        self._names: dict[PurePosixPath, Mapping[str, str]] = {}

    def find_lost(self, draft: DraftSource) -> Mapping[str, str]:
        """Targets of the draft that lead nowhere -> a name beside it that looks alike, "" without one."""
        folder = PurePosixPath(draft.path).parent
        lost: dict[str, str] = {}
        for target in dict.fromkeys(one.target for one in draft.references):
            if not target or target.startswith("#"):
                continue
            if _ON_A_DISK.match(target):
                name = unquote(target).replace("\\", "/").rpartition("/")[2]
                lost[target] = name if self._exists(folder / name) else ""
            elif _SCHEME.match(target) or target.startswith("//"):
                if not _is_foreign_or_known(target, self._knows_story):
                    lost[target] = ""
            elif story := _STORY.search(_clean(target)):
                if not self._knows_story(story[1], ""):
                    lost[target] = ""
            # What begins with a slash is a page of the site, which is made by a build.
            elif not target.startswith("/") and not self._leads_to_file(folder, target):
                lost[target] = self._suggest(folder, _clean(target))
        return lost

    def _leads_to_file(self, folder: PurePosixPath, target: str) -> bool:
        # A name may hold # and ?, too.
        return any(self._exists(folder / one) for one in (_clean(target), target.replace("\\", "/")))

    def _exists(self, path: PurePosixPath) -> bool:
        """Whether there is such a file within content/, whatever the case, width and form its name is typed in."""
        parts = _resolve(path)
        found = PurePosixPath()
        for part in parts:
            name = self._list_names(found).get(_fold(part))
            if name is None:
                return False
            found /= name
        return bool(parts)

    def _suggest(self, folder: PurePosixPath, target: str) -> str:
        path = PurePosixPath(target)
        names = self._list_names(PurePosixPath(*_resolve(folder / path.parent)))
        near = difflib.get_close_matches(_fold(path.name), names, n=1)
        return str(path.parent / names[near[0]]) if near else ""

    def _list_names(self, folder: PurePosixPath) -> Mapping[str, str]:
        """Folded name -> name of what lies in a folder."""
        if folder not in self._names:
            try:
                listed = sorted(file.name for file in (self._content / folder).iterdir())
            except OSError:
                listed = []
            self._names[folder] = {_fold(name): name for name in listed}
        return self._names[folder]


def _resolve(path: PurePosixPath) -> tuple[str, ...]:
    """The parts of a path within content/ without `.` and `..`; () for one that leads out of it."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and not parts:
            return ()
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return tuple(parts)


def _is_foreign_or_known(address: str, knows_story: KnowsStory) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    story = _STORY.search(parts.path)
    return story is None or parts.scheme not in ("http", "https") or knows_story(story[1], parts.netloc)


def _clean(target: str) -> str:
    """A relative target as the path it means: without query, percent-encoding and backslashes."""
    return unquote(target.partition("#")[0].partition("?")[0]).replace("\\", "/").strip()


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name).translate(_BRACKETS).casefold()
