"""Lists besides channel, columns and accounts: which there are, and in which of them a story is filed. Pure.

A department and a region are named by the registry, or the one by a draft alone; a tag by whoever uses it; a topic by
the site's settings.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from aggregator.artifacts.feeds import Feeds
from aggregator.artifacts.paths import ListKind, name_listing
from aggregator.model import Account, Kind

TAGS = 8
"""Tags taken of one post: some feeds put all words of a text there, and each is a list with pages."""

TAG_LENGTH = 20
"""Characters from which on a tag is a sentence."""

_HASH = 6
"""Bytes: two of ten thousand tags have one address once in five million sites."""

_LOCAL_KINDS: frozenset[Kind] = frozenset({"county", "town"})

_BESIDE_HAN = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_EDGES = "#《》“”\"'·,，、。;； "


@dataclass(frozen=True, slots=True)
class Topic:
    """专题: what bears one of its tags."""

    slug: str
    name: str
    intro: str
    tags: frozenset[str]
    """As `normalize_name` has them."""


@dataclass(frozen=True, slots=True)
class Filing:
    """The lists that a site has by its settings."""

    kinds: frozenset[ListKind] = frozenset()
    topics: tuple[Topic, ...] = ()
    sitemap: bool = False
    """Whether there is the page 网站地图."""
    no_tags: frozenset[str] = frozenset()
    """What is no tag: names of columns, 未分类."""
    feeds: Feeds = field(default_factory=Feeds)
    portals: frozenset[str] = frozenset()
    """What there is for other programs: `api`, `embed`, `opml`, `sitemap`."""

    def file_tags(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """(list, its name) of a story's tags, and of the topics that they belong to."""
        tags = dict.fromkeys(normalize_name(name) for name in names)
        chosen = tuple(islice((one for one in tags if self._is_tag(one)), TAGS))
        if "tag" in self.kinds:
            yield from ((name_listing("tag", hash_name(tag)), tag) for tag in chosen)
        if "topic" in self.kinds:
            for topic in self.topics:
                if not topic.tags.isdisjoint(tags):
                    yield name_listing("topic", topic.slug), topic.name

    def _is_tag(self, name: str) -> bool:
        return 1 < len(name) <= TAG_LENGTH and name.lower() not in self.no_tags


@dataclass(frozen=True, slots=True)
class Affiliations:
    """What the registry says of departments and regions."""

    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """List -> its accounts, in the registry's order."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """List -> what it is called."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Normalised name of a unit, or of an account of it -> the unit's list."""

    def find_unit(self, name: str) -> str:
        """The list of a unit by its name; one that the registry doesn't know has one, too."""
        return self.units.get(normalize_name(name)) or name_listing("department", hash_name(normalize_name(name)))


def affiliate_accounts(accounts: Sequence[Account], kinds: frozenset[ListKind]) -> Affiliations:
    """Departments by organization, regions where an account of a county or a town is; each goes by the id of its first
    account.
    """
    found: dict[tuple[ListKind, str], list[Account]] = {}
    local = {normalize_name(account.region) for account in accounts if account.kind in _LOCAL_KINDS}
    for account in accounts:
        if "department" in kinds and (unit := normalize_name(account.organization)):
            found.setdefault(("department", unit), []).append(account)
        if "region" in kinds and (region := normalize_name(account.region)) in local - {""}:
            found.setdefault(("region", region), []).append(account)
    names = {key: name_listing(key[0], members[0].id) for key, members in found.items()}
    units = {unit: listing for (kind, unit), listing in names.items() if kind == "department"}
    for account in accounts if units else ():
        # Staff write the name of the account as often as that of the unit.
        units.setdefault(normalize_name(account.name), units[normalize_name(account.organization)])
    return Affiliations(
        {names[key]: tuple(one.id for one in members) for key, members in found.items()},
        {names[key]: key[1] for key in found},
        units,
    )


def normalize_name(name: str) -> str:
    """A name as it is compared and shown: no full-width letters, no marks around it, no spaces between characters."""
    folded = " ".join(unicodedata.normalize("NFKC", name).split())
    # An accent that stood alone may stand behind a letter now, and is one with it.
    return unicodedata.normalize("NFC", _BESIDE_HAN.sub("", folded)).strip(_EDGES)


def hash_name(name: str) -> str:
    """The slug of what has a name alone."""
    digest = hashlib.blake2b(name.encode(), digest_size=_HASH).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()


_STEPS = (1, 2, 5)


def round_count(count: int) -> int:
    """A count as an index of lists states it, 「200 篇以上」: exact below ten, so that few new articles change it."""
    if count < 10:
        return count
    power: int = 10 ** (len(str(count)) - 1)
    return max(step * power for step in _STEPS if step * power <= count)
