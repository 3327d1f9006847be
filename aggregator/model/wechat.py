"""An article on its way into WeChat's editor, where people paste it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

DropKind = Literal[
    "link", "picture", "media", "attachment", "table", "list", "fold", "title", "digest", "length", "source", "cover"
]


@dataclass(frozen=True, slots=True)
class Drop:
    """One thing that WeChat leaves out, or that was changed because it would."""

    kind: DropKind
    message: str
    """Chinese: what becomes of it, and what is to be done by hand."""
    line: int | None = None
    """In the draft's file; None where that is not known."""


@dataclass(frozen=True, slots=True)
class WeChatAttachment:
    title: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class WeChatSource:
    """What is to be made ready."""

    title: str
    html: str
    """Cleaned body, as `sanitize` writes it; may have marks of lines (`aggregator.marks`)."""
    key: str = ""
    """A draft's 编号, else the story's id: by it people find the result again."""
    genre: str = ""
    """Which motif a cover has that is drawn."""
    author: str = ""
    digest: str = ""
    source_url: str = ""
    """Of the page that 阅读原文 opens; "" where there is none yet."""
    base_url: str = ""
    """By which relative addresses in the body are resolved; "" where they lead nowhere."""
    card: tuple[tuple[str, str], ...] = ()
    """Rows of 一分钟看懂: name, value."""
    facts: tuple[tuple[str, str], ...] = ()
    """What the page states beside the body: hours, place and phone of a service, a document's number."""
    attachments: tuple[WeChatAttachment, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    """Address in the body -> where it leads; "" for nowhere."""
    title_line: int | None = None
    digest_line: int | None = None


@dataclass(frozen=True, slots=True)
class WeChatPicture:
    """A picture of the body that must be uploaded by hand."""

    number: int
    """By first appearance, from 1."""
    address: str
    name: str
    """Of its file, for people to read."""
    line: int | None = None
    file: Path | None = None
    """Where it lies on this machine, if it does."""


@dataclass(frozen=True, slots=True)
class WeChatArticle:
    """Ready to be pasted."""

    key: str
    title: str
    """At most 64 characters."""
    digest: str
    """At most 120 characters."""
    author: str
    source_url: str
    html: str
    text: str
    """The body as plain text, one block a line."""
    report: tuple[Drop, ...] = ()
    """By line; what has none comes last."""
    pictures: tuple[WeChatPicture, ...] = ()
    genre: str = ""
    cover: Path | None = None
    """The picture that the article itself has for its cover."""
