"""The case files of other feed readers, unpacked, and what they expect, read without running any of it."""

from __future__ import annotations

import ast
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADER = re.compile(rb"<!--(.*?)-->", re.DOTALL)
_EXPECT = re.compile(r"^\s*Expect:\s*(.*?)\s*$", re.MULTILINE)
_CONTENT_TYPE = re.compile(r"^\s*Header:\s*Content-type:\s*(.*?)\s*$", re.MULTILINE | re.IGNORECASE)
# As in: not bozo and entries[0]['title_detail']['value'] == 'Example'. Foreign text is matched, never run.
_CLAIM = re.compile(
    r"(?:not bozo and |bozo and )?(?:(?P<feed>feed)|entries\[(?P<entry>\d+)\])\['(?P<name>\w+)'\]"
    r"(?:\[(?P<index>\d+)\])?(?:\['(?P<part>\w+)'\])? == (?P<value>.+)",
    re.DOTALL,
)


def unpack(shared_data: Path, name: str, folder: Path) -> tuple[Path, ...]:
    """The files of one set, unpacked once into `folder`."""
    target = folder / name
    if not target.exists():
        with tarfile.open(shared_data / "conformance" / f"{name}.tar.xz") as archive:
            archive.extractall(target, filter="data")
    return tuple(sorted(path for path in target.rglob("*") if path.is_file()))


@dataclass(frozen=True, slots=True)
class Claim:
    """What a case says that one field of a feed or entry is."""

    entry: int | None
    """Index; None for the feed itself."""
    name: str
    part: str
    index: int
    value: object


def read_claim(body: bytes) -> Claim | None:
    """The claim of one of feedparser's cases; None where it has none, or none of this simple form."""
    header = _HEADER.search(body)
    expect = _EXPECT.search(header.group(1).decode("utf-8", "replace")) if header else None
    match = _CLAIM.fullmatch(expect.group(1)) if expect else None
    if match is None:
        return None
    try:
        value = ast.literal_eval(match["value"])
    except (ValueError, SyntaxError):
        return None
    entry = None if match["feed"] else int(match["entry"])
    return Claim(entry, match["name"], match["part"] or "", int(match["index"] or 0), value)


def read_content_type(body: bytes) -> str:
    header = _HEADER.search(body)
    match = _CONTENT_TYPE.search(header.group(1).decode("utf-8", "replace")) if header else None
    return match.group(1) if match else ""


def is_feed_file(path: Path) -> bool:
    return path.suffix not in (".py", ".tgz", ".gz", ".md", ".html", ".txt", "") or len(path.name) == 16


def feed_files(paths: tuple[Path, ...]) -> Iterator[tuple[Path, bytes]]:
    for path in paths:
        if is_feed_file(path):
            yield path, path.read_bytes()
