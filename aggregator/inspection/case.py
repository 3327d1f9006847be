"""What a rule is given: one draft, what belongs to it, and what staff set."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType

from aggregator.dates import SHANGHAI
from aggregator.model import CheckSettings, DraftSource, Finding, HeaderLine, HoldSettings

# Between two digits it masks a number.
_STRONG = re.compile(r"(?<!\d)(?:\*\*|__)|(?:\*\*|__)(?![\d*_])")
_MARKS = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[-*+]\s+)+|`")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")


@dataclass(frozen=True, slots=True)
class Relatives:
    """The drafts that one draft names, or that name it, by 编号."""

    policies: tuple[DraftSource, ...] = ()
    """Those that its 关联政策 names."""
    explanations: tuple[DraftSource, ...] = ()
    """Those whose 关联政策 names it."""
    unknown: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """编号 that it names and no draft bears -> one that looks alike, or ""."""


@dataclass(frozen=True)
class Case:
    """One draft on one day. Not slotted, for what is worked out once and asked for by several rules."""

    draft: DraftSource
    today: date
    settings: CheckSettings = CheckSettings()
    hold: HoldSettings = HoldSettings()
    relatives: Relatives | None = None
    """None where only the draft itself is looked at."""
    lost: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Targets of its pictures, links and attachments that lead nowhere -> what looks alike, or ""."""

    def tell(self, line: int | None, message: str, remedy: str) -> Finding:
        return Finding(self.draft.path, message, remedy, line)

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The body's lines without marks of Markdown."""
        return tuple(map(_strip_marks, self.draft.lines))

    @cached_property
    def text(self) -> str:
        return "\n".join(self.plain)

    @cached_property
    def stated(self) -> tuple[tuple[int | None, str], ...]:
        """(line, text) of all that readers see: the header's values, the body, a title that is the file's name."""
        named = any(one.key == "标题" for one in self.draft.header) or self.draft.headings
        return (
            *(() if named else ((None, self.draft.title),)),
            *((one.line, f"{one.key}：{one.value}") for one in self.draft.header),
            *((self.draft.locate(index), line) for index, line in enumerate(self.plain)),
        )

    @cached_property
    def normalized(self) -> tuple[tuple[int | None, str], ...]:
        """`stated` with full-width digits and letters as people read them."""
        return tuple((number, unicodedata.normalize("NFKC", line)) for number, line in self.stated)

    @cached_property
    def published(self) -> date | None:
        """The day in Beijing."""
        return find_day(self.draft)

    def lines_with(self, pattern: re.Pattern[str]) -> Iterator[tuple[int | None, re.Match[str]]]:
        """The first match in each line of the body."""
        for index, line in enumerate(self.plain):
            if match := pattern.search(line):
                yield self.draft.locate(index), match


def find_day(draft: DraftSource) -> date | None:
    """The day in Beijing on which a draft says that it was published."""
    return draft.published.astimezone(SHANGHAI).date() if draft.published else None


def read_text(draft: DraftSource) -> str:
    """The body of another draft, without marks of Markdown."""
    return "\n".join(map(_strip_marks, draft.lines))


def find_header_line(draft: DraftSource, key: str) -> int | None:
    found: HeaderLine | None = draft.find(key)
    return found.line if found else None


def _strip_marks(line: str) -> str:
    if "](" in line:
        line = _LINK.sub(r"\1", line)
    if "**" in line or "__" in line:
        line = _STRONG.sub("", line)
    return _MARKS.sub("", line)
