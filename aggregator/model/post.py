"""Posts, from what a feed or a draft says to what the store holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from aggregator.model.beside import FileUse

if TYPE_CHECKING:
    # It imports the feed's types, and they these.
    from aggregator.model.handover import HandedSource

BODY_MISSING = "正文没有抓取到"
"""How the warning begins on a post whose body a bridge could not get: it is read again until the body is there."""

DATE_INFERRED = "已按收取的时间推算"
"""What the warning says on a post whose date leans on the moment of reading: it is another at each reading."""

Genre = Literal["post", "notice", "policy", "explanation", "service", "news", "page"]


@dataclass(frozen=True, slots=True)
class Attachment:
    url: str
    title: str = ""
    media_type: str = ""
    size: int | None = None
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Post:
    """A normalised entry of one account: cleaned, with absolute addresses, ready to be stored."""

    account: str
    key: str
    """Unique within the account: guid, else canonical URL, else a hash of title and text; a draft's 编号 or path."""
    title: str
    url: str = ""
    """Address of the original, "" when it has none."""
    canonical_url: str = ""
    aliases: tuple[str, ...] = ()
    """Every identifier the post is known by, `key` included."""
    html: str = ""
    """Cleaned body."""
    text: str = ""
    """The body as plain text, one block a line."""
    summary: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    author: str = ""
    categories: tuple[str, ...] = ()
    image: str = ""
    attachments: tuple[Attachment, ...] = ()
    genre: Genre = "post"
    """What a draft's folder makes it; posts of feeds are "post" and the channel decides."""
    header: tuple[tuple[str, str], ...] = ()
    """A draft's header: canonical Chinese key, value; in the file's order."""
    warnings: tuple[str, ...] = ()
    """What had to be repaired while reading, in Chinese."""

    @property
    def lacks_body(self) -> bool:
        return not self.html and any(warning.startswith(BODY_MISSING) for warning in self.warnings)

    @property
    def is_date_inferred(self) -> bool:
        return any(DATE_INFERRED in warning for warning in self.warnings)


Level = Literal["error", "warning", "note"]
"""What must be repaired, what had better be, and what is only said."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something staff should know about one file or one page."""

    file: str
    message: str
    remedy: str = ""
    line: int | None = None
    """From 1; of a Word file, the paragraph: empty ones do not count, a row of a table is one."""
    level: Level = "error"
    rule: str = ""
    """Id of the rule of `inspection` that found it; "" for what was found while reading the file."""
    waived: str = ""
    """Why staff let it stand, "" where they don't."""

    @property
    def place(self) -> str:
        """「第 3 行」, of a Word file 「第 3 段」; "" where it is about the whole file."""
        unit = "段" if self.counts_paragraphs else "行"
        return f"第 {self.line} {unit}" if self.line else ""

    @property
    def counts_paragraphs(self) -> bool:
        return self.file.lower().endswith(".docx")


@dataclass(frozen=True, slots=True)
class WordMemory:
    """What must be known of a Word draft while it is not read again."""

    number: str = ""
    """Its 编号."""
    names: tuple[str, ...] = ()
    """Files that it names as attachments."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One file of staff."""

    path: str
    """POSIX, relative to `content/`."""
    content_hash: str
    """Over the file's bytes and the version of the rendering."""
    post: Post
    findings: tuple[Finding, ...] = ()
    uses: tuple[FileUse, ...] = ()
    """What it names of the files beside it."""
    source: HandedSource | None = None
    """Files that the draft itself contains: `post` names them below HANDED_BASE by the names they have there."""
    memory: WordMemory | None = None
    """Of a Word file that was read in this run."""
    digest: str = ""
    """Of the file's bytes, whatever is made of them; "" where they were not read, and for a PDF, which is named by its
    copy's address."""
    review: str = ""
    """Hash of what is reviewed: the file, its title, and the files it shows."""


class Glance(NamedTuple):
    """A draft's file as it was when it was last opened; a tuple, as thousands are loaded for one that changed."""

    stamp: str
    """Times, size and number of the file, and the version of what is made of it."""
    content_hash: str
    excerpt: bytes
    """What the reading of other drafts asks of its bytes."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no draft could be made of a Word file."""

    content_hash: str
    message: str
    remedy: str
    tried_at: datetime


@dataclass(frozen=True, slots=True)
class DraftBatch:
    """All of `content/`, as one reading found it."""

    drafts: tuple[Draft, ...]
    """Those that were read: new ones, and those that changed."""
    unchanged: tuple[str, ...] = ()
    """Paths of the drafts that are as they were when last read. Of thousands hardly one changes, hence no more than
    that."""
    findings: tuple[Finding, ...] = ()
    """About files that gave no draft. Those at level "error" keep their last good state."""
    glances: tuple[tuple[str, Glance], ...] = ()
    """(path, what to remember) of the files that were opened."""
    waiting: tuple[Draft, ...] = ()
    """Drafts that wait for review: what is published of them stays as it is."""
    still_waiting: tuple[str, ...] = ()
    """Paths of those that waited before, and are as they were."""
    refusals: tuple[tuple[str, Refusal], ...] = ()
    """(path, why) of all Word files of which no draft could be made."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Of all drafts but those that wait, whether they changed or not."""
        return (*self.unchanged, *(draft.path for draft in self.drafts))


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post as the store holds it, at its current revision."""

    id: int
    post: Post
    first_seen: datetime
    revision: int
    content_hash: str
    withdrawn_at: datetime | None = None

    @property
    def date(self) -> datetime:
        """The source's date, else when we first saw the post. Never the time of a build."""
        return self.post.published or self.first_seen


@dataclass(frozen=True, slots=True)
class SavedPosts:
    """What saving one batch of posts did; ids of the store."""

    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()
