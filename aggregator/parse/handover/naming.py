"""What the rows of a table are known by: a name that holds while rows are corrected, moved and added around them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.parse.handover.columns import is_serial
from aggregator.urls import canonical_url, is_web_url

_SAID = ("title", "date", "body", "summary", "link", "attachment")
"""Parts that make two rows different: an article that stands in two columns of a site is handed over twice, and is one.
"""


@dataclass(frozen=True, slots=True)
class Name:
    guid: str = ""
    aliases: tuple[str, ...] = ()
    first: int = 0
    """The line of the first row that would have the same name and says something else; 0 if this is it."""
    is_shared: bool = False


NAMELESS = Name()


def name_rows(rows: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[Name]:
    """The names of one table's rows, given as line and cells.

    Rows that would have one name and say different things are named by what they say, and known by their place among
    them, too. That place counts only while they are as many: a row that is corrected stays what it was, and one that
    comes before another does not take its name.
    """
    contents = [_hash(*(cells.get(part, "") for part in _SAID), size=8) for _, cells in rows]
    addresses = [_find_address(cells) for _, cells in rows]
    ambiguous = _find_shared(addresses, contents)
    names = [
        find_number(cells) or ("" if address and address not in ambiguous else _hash_day(cells))
        for (_, cells), address in zip(rows, addresses, strict=True)
    ]
    shared = _find_shared(names, contents)
    places: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for (line, _), name, content in zip(rows, names, contents, strict=True):
        if name in shared:
            places[name].setdefault(content, (len(places[name]) + 1, line))
    for name, content in zip(names, contents, strict=True):
        if name in shared:
            _, first = next(iter(places[name].values()))
            place, line = places[name][content]
            alias = f"{name} {place}/{len(places[name])}"
            yield Name(f"{name} {content}", (alias,), first if line != first else 0, is_shared=True)
        else:
            yield Name(name, (f"{name} {content}",)) if name else NAMELESS


def _find_shared(names: Iterable[str], contents: Iterable[str]) -> set[str]:
    """The names of rows that say different things."""
    first: dict[str, str] = {}
    return {name for name, said in zip(names, contents, strict=True) if name and first.setdefault(name, said) != said}


def _hash_day(cells: Mapping[str, str]) -> str:
    title, day = cells.get("title", ""), cells.get("date", "")
    return f"row:{_hash(title, day, size=16)}" if title and day else ""


def find_number(cells: Mapping[str, str]) -> str:
    """The row's own identifier."""
    number = " ".join(cells.get("id", "").split())
    return "" if is_serial(number) else number


def _find_address(cells: Mapping[str, str]) -> str:
    link = cells.get("link", "")
    return canonical_url(link) if is_web_url(link) else ""


def _hash(*parts: str, size: int) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=size).hexdigest()
