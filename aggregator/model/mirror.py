"""Pictures and attachments of posts that lie on other servers, and our copies of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

FileKind = Literal["picture", "attachment"]
"""A picture is served in forms of our making, an attachment as it came; a photograph without where it was taken."""

AskedKind = FileKind | Literal["draft"]
"""What a page may depend on besides its story: foreign files, and where the page of a draft is that it links to."""


@dataclass(frozen=True, slots=True)
class FileRequest:
    """One file, by its address and by what it is to us."""

    url: str
    kind: FileKind
    title: str = field(default="", compare=False)
    """What the post calls an attachment."""


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """The bytes of one file as they arrived."""

    request: FileRequest
    body: bytes
    media_type: str = ""
    """As the server states it, without parameters."""
    name: str = ""
    """What the server calls it, else the last part of its address; as somebody wrote it, hence not to be trusted."""


@dataclass(frozen=True, slots=True)
class FileFailure:
    """An expected failure of one file: a value, never raised."""

    request: FileRequest
    reason: str
    """A Chinese sentence."""
    status: int | None = None
    """HTTP status, where there was an answer."""
    asked: bool = True
    """False where its host had been given up before this file's turn came."""


@dataclass(frozen=True, slots=True)
class FileForm:
    """Bytes to be kept and served."""

    data: bytes
    extension: str
    """Lower case, without the dot; by it a web server tells browsers the type."""
    width: int = 0
    """Pixels; 0 for what is no picture."""
    height: int = 0


@dataclass(frozen=True, slots=True)
class StoredForm:
    """A form as it lies in the store."""

    file: str
    """`<hash>.<extension>`."""
    size: int
    """Bytes."""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class MirroredFile:
    """Our copy of one address."""

    request: FileRequest
    form: StoredForm
    small: StoredForm | None = None
    """A picture's narrower form, where it has one."""
    name: str = ""
    """An attachment's cleaned name, extension included."""


@dataclass(frozen=True, slots=True)
class MirrorReport:
    """What one update did about foreign files."""

    pictures: int = 0
    attachments: int = 0
    """Stored in this run."""
    failed: int = 0
    waiting: int = 0
    """To be tried in later runs, those that failed included."""
    bytes: int = 0
    """Received, without what failed on the way."""
