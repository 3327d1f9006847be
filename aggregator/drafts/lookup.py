"""Whether the pictures, attachments and links of a draft lead somewhere: as a publish would find them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Protocol
from urllib.parse import unquote, urlsplit

from aggregator.drafts.nearby import NearbyFiles, list_readings
from aggregator.drafts.places import Places
from aggregator.drafts.references import is_bare_domain, is_elsewhere
from aggregator.model import DraftSource, Reference

_STORY = re.compile(r"(?:^|/)s/([a-z0-9]{13})\.html$")


class KnowsStory(Protocol):
    def __call__(self, story: str, host: str) -> bool:
        """Whether the site at `host` ("" for our own) has a page of this story; True where that is not ours."""
        ...


class Lookup:
    """The files of one `content/`, listed when they are asked for, and the stories of its site."""

    def __init__(self, list_places: Callable[[], Places], knows_story: KnowsStory) -> None:
        self._list_places = list_places
        self._knows_story = knows_story

    @cached_property
    def files(self) -> NearbyFiles:
        places = self._list_places()
        return NearbyFiles(places.others, places.drafts, places.closed)

    def find_lost(self, draft: DraftSource) -> Mapping[str, str]:
        """Targets of the draft that lead nowhere -> what looks alike and could be written instead, "" without one."""
        lost: dict[str, str] = {}
        for one in draft.references:
            target = one.target
            if not target or target.startswith("#") or target in lost:
                continue
            if is_elsewhere(target):
                if not self._is_foreign_or_known(target):
                    lost[target] = ""
            elif story := _STORY.search(_clean(target)):
                if not self._knows_story(story[1], ""):
                    lost[target] = ""
            elif not self._leads_to_file(draft.path, one):
                lost[target] = self._suggest(draft.path, one)
        return lost

    def _leads_to_file(self, path: str, reference: Reference) -> bool:
        # A link that begins with a slash may lead to a page of the site, which is made by a build.
        if reference.kind == "link" and reference.target.startswith("/"):
            return True
        return any(self.files.find(path, reading) for reading in list_readings(reference.target))

    def _suggest(self, path: str, reference: Reference) -> str:
        if reference.kind == "link" and is_bare_domain(reference.target):
            return f"https://{reference.target}"
        return next(iter(self.files.suggest(path, reference.target)), "")

    def _is_foreign_or_known(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
        except ValueError:
            return True
        story = _STORY.search(parts.path)
        return story is None or parts.scheme not in ("http", "https") or self._knows_story(story[1], parts.netloc)


def _clean(target: str) -> str:
    """A relative target as the path it means: without query, percent-encoding and backslashes."""
    return unquote(target.partition("#")[0].partition("?")[0]).replace("\\", "/").strip()
