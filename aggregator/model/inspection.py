"""Drafts as rules look at them, and what staff said about the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from aggregator.model.beside import FileUse
from aggregator.model.post import Finding, Genre, Post


@dataclass(frozen=True, slots=True)
class HeaderLine:
    key: str
    """Canonical; an unknown one as written."""
    value: str
    line: int | None = None
    """In the file, from 1; None where a file has no lines."""


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    """1 to 6."""
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture or a link of the text, or a file that the header names; as written."""

    kind: Literal["picture", "link", "attachment", "cover"]
    target: str
    """Without title and angle brackets."""
    text: str = ""
    """Of a picture, what stands in for it; of a link, its words."""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class DraftSource:
    """One file of staff, as written: what rules look at."""

    path: str
    """POSIX, relative to `content/`."""
    genre: Genre
    title: str
    """As the page has it."""
    header: tuple[HeaderLine, ...] = ()
    lines: tuple[str, ...] = ()
    """Of the body, with its marks of Markdown; of a Word file, the paragraphs."""
    first_line: int | None = 1
    """Number of the body's first line in the file; None where a file has no lines."""
    headings: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    published: datetime | None = None

    @property
    def number(self) -> str:
        """Its 编号, "" without one."""
        return self.value("编号")

    def value(self, key: str) -> str:
        """The value of the first `key`, "" without one."""
        return next((one.value for one in self.header if one.key == key), "")

    def find(self, key: str) -> HeaderLine | None:
        return next((one for one in self.header if one.key == key), None)

    @property
    def is_markdown(self) -> bool:
        """Whether staff typed marks of Markdown; a Word file's lines are its paragraphs."""
        return not self.path.lower().endswith(".docx")

    def locate(self, index: int) -> int | None:
        """The number in the file of the body's line at `index`."""
        return None if self.first_line is None else self.first_line + index


@dataclass(frozen=True, slots=True)
class MarkedDraft:
    """One file of staff, read by itself."""

    post: Post
    html: str
    """The post's body with marks of the lines on which its parts stand (`aggregator.marks`)."""
    source: DraftSource
    uses: tuple[FileUse, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """The tables `[check]` and `[terms]` of `editorial.toml`."""

    explanation_days: int = 3
    """Working days after a policy by which its explanation must be there."""
    publish_days: int = 20
    """Working days after its date of issue by which a policy must be published."""
    excerpt: float = 0.7
    """Share of an explanation that stands in its policy word for word from which it is an excerpt; 0: not checked."""
    shipped_terms: bool = True
    """Whether words are looked for that come with the program."""
    term_exceptions: tuple[str, ...] = ()
    """Phrases in which a wrong term may stand."""
    holidays: tuple[date, ...] = ()
    """Days off beside those that are known."""
    workdays: tuple[date, ...] = ()
    """Days of work that would be off."""
    terms: tuple[tuple[str, str], ...] = ()
    """(wrong term, right one or "" where it has none)."""


DEFAULT_CHECK = CheckSettings()


@dataclass(frozen=True, slots=True)
class Waiver:
    """One `[[waive]]` of `editorial.toml`: what one rule finds in one file may stand until a day."""

    rule: str
    file: str
    """POSIX, relative to `content/`."""
    reason: str
    until: date
    """The last day on which it holds."""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class CheckReport:
    files: int
    """Drafts that were looked at."""
    findings: tuple[Finding, ...]
    """By file and line; waived ones included."""
