"""One changed draft's bytes -> what there is to store and to say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from aggregator.drafts.contents import UnreadableError, decode_text
from aggregator.drafts.digest import digest_bytes
from aggregator.drafts.header import read_header
from aggregator.drafts.nearby import NearbyFiles
from aggregator.drafts.post import build_post
from aggregator.drafts.reproaches import WORDLESS
from aggregator.drafts.source import make_source
from aggregator.model import DraftSource, FileUse, Finding, Post

FEW = 1000
"""For so many, processes are not worth starting: on two cores that takes as long as is gained."""

Inspect = Callable[[DraftSource], tuple[Finding, ...]]
"""What is to be said about a draft beyond what is found while reading it. It goes to other processes, too."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that is to be read."""

    path: str
    content_hash: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it."""

    path: str
    content_hash: str
    post: Post | None = None
    """None where the draft is held back: `findings` then say why."""
    findings: tuple[Finding, ...] = ()
    uses: tuple[FileUse, ...] | None = None
    """None where not even the text could be read."""
    number: str = ""
    number_line: int | None = None
    digest: str = ""
    """Of the file's bytes."""


def make_drafts(
    changed: Iterable[Changed], files: NearbyFiles, inspect: Inspect | None, now: datetime, few: int = FEW
) -> Iterator[Made]:
    """As `make_draft`, of each in turn; in other processes where there are more than `few`."""
    rest = iter(changed)
    first = tuple(islice(rest, few + 1))
    if len(first) <= few:
        yield from (make_draft(one, files, inspect, now) for one in first)
        return
    # Only here: most runs make few, and need not wait for the pool to be imported.
    from aggregator.drafts.workers import make_many

    yield from make_many(chain(first, rest), files, inspect, now)


def make_draft(changed: Changed, files: NearbyFiles, inspect: Inspect | None, now: datetime) -> Made:
    """Decode, render and clean a draft, and hold it against the rules. `now` is the day from which dates are judged."""
    path, content_hash = changed.path, changed.content_hash
    try:
        text = decode_text(changed.data)
    except UnreadableError as error:
        return Made(path, content_hash, None, (Finding(path, error.message, error.remedy),))
    header = read_header(text, file=path)
    post, found, uses = build_post(path, header, now=now, files=files, first_line=header.first_line)
    held = tuple(finding for finding in found if finding.level == "error")
    if held:
        return Made(path, content_hash, None, held, uses)
    if inspect is not None:
        found = (*found, *inspect_source(make_source(path, header, now=now), inspect))
    digest = digest_bytes(changed.data)
    return Made(path, content_hash, post, found, uses, header.value("编号"), header.line("编号"), digest)


def inspect_source(source: DraftSource, inspect: Inspect) -> tuple[Finding, ...]:
    # Reading has told of pictures without words, as they are rendered.
    return tuple(one for one in inspect(source) if one.rule != WORDLESS)
