"""What a rule is given: one draft, what belongs to it, and what staff set."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType

from aggregator.dates import SHANGHAI
from aggregator.model import DEFAULT_CHECK, CheckSettings, DraftSource, Finding, HeaderLine, HoldSettings

_DEFAULT_HOLD = HoldSettings()

# Between two digits it masks a number.
_STRONG = re.compile(r"(?<!\d)(?:\*\*|__)|(?:\*\*|__)(?![\d*_])")
_MARKS = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]*|[-*+][ \t]+)+|`", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)")


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
    settings: CheckSettings = DEFAULT_CHECK
    hold: HoldSettings = _DEFAULT_HOLD
    relatives: Relatives | None = None
    """None where only the draft itself is looked at."""
    lost: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Targets of its pictures, links and attachments that lead nowhere -> what looks alike, or ""."""

    def tell(self, line: int | None, message: str, remedy: str) -> Finding:
        return Finding(self.draft.path, message, remedy, line)

    @property
    def plain(self) -> tuple[str, ...]:
        """The body's lines without marks of Markdown."""
        return strip_marks(self.draft.lines)

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
    def stated_text(self) -> str:
        """All that readers see, a line each of `stated`."""
        return "\n".join(line for _, line in self.stated)

    @cached_property
    def normalized_text(self) -> str:
        """`stated_text` with full-width digits and letters as people read them; its lines are the same."""
        return unicodedata.normalize("NFKC", self.stated_text)

    @property
    def normalized(self) -> Iterator[tuple[int | None, str]]:
        """The lines of `normalized_text` with their numbers in the file."""
        numbers = (number for number, _ in self.stated)
        return zip(numbers, self.normalized_text.split("\n"), strict=True)

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
    return "\n".join(strip_marks(draft.lines))


def find_header_line(draft: DraftSource, key: str) -> int | None:
    found: HeaderLine | None = draft.find(key)
    return found.line if found else None


@lru_cache(maxsize=64)  # a policy's are asked for by all that belongs to it
def strip_marks(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines without the marks of Markdown that stand between a reader and the words."""
    text = "\n".join(lines)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "**" in text or "__" in text:
        text = _STRONG.sub("", text)
    return tuple(_MARKS.sub("", text).split("\n"))
