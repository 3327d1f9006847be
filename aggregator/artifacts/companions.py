"""What is made for other programs beside pages: documents of the API, parts of the sitemap, pages to be embedded.

Each goes with a page that shows the same, so that whatever makes the page stale makes it stale, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from aggregator.artifacts.paths import CHANNEL, OPML, SITEMAP, Artifact, read_kind, read_path, write_path

PART = 45_000
"""Addresses in one file of a sitemap; sitemaps.org allows 50,000, and 50 MB."""

API_INDEX = write_path(Artifact("api", "index"))
ACCOUNTS = write_path(Artifact("api", "accounts"))
LISTS_PART = write_path(Artifact("sitemap", "pages"))

NAMING = (OPML, LISTS_PART, ACCOUNTS)
"""What names all columns and accounts."""

EMBEDDED = ("column", "account")
"""Kinds of lists, besides the channel, that others may embed."""

_OF_HOME = (SITEMAP, API_INDEX, write_path(Artifact("embed", CHANNEL)))

_OF_STORIES = {
    "policy": write_path(Artifact("api", "policies")),
    "service": write_path(Artifact("api", "services")),
    "gone": write_path(Artifact("api", "withdrawn")),
}


def derive_companions(paths: Iterable[str]) -> Iterator[str]:
    """What goes with these pages, whether the site has it or not."""
    for path in paths:
        artifact = read_path(path)
        if artifact.kind == "home":
            yield from _OF_HOME
        elif artifact.kind == "story":
            yield write_path(Artifact("api", f"stories/{artifact.name}"))
        elif artifact.kind == "front" and read_kind(artifact.name) in EMBEDDED:
            yield write_path(Artifact("embed", artifact.name))
        elif artifact.kind == "map":
            yield from NAMING[:2]
        elif artifact.kind == "period" and artifact.name == CHANNEL:
            yield write_path(Artifact("api", CHANNEL, artifact.period))
            if len(artifact.period) == len("2026-03"):
                yield write_path(Artifact("sitemap", "", artifact.period))


def derive_gatherings(kinds: Iterable[str]) -> Iterator[str]:
    """The documents that have all stories of a kind: `policy`, `service`, `gone`; others have none."""
    return (_OF_STORIES[kind] for kind in kinds if kind in _OF_STORIES)


def list_parts(month: str, count: int) -> tuple[str, ...]:
    """The parts of the sitemap for a month of so many articles."""
    numbers = range(2, 2 + max(0, count - 1) // PART)
    return tuple(write_path(Artifact("sitemap", name, month)) for name in ("", *map(str, numbers)))


def derive_parts(before: Mapping[tuple[str, str], int], after: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """The parts of the sitemap of months that changed; the counts are the articles of (list, period)."""
    for listing, period in before:
        if listing == CHANNEL and len(period) == len("2026-03"):
            yield from list_parts(period, max(before[listing, period], after[listing, period]))
