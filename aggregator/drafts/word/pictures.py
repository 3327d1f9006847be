"""The pictures within a Word file, as files that come with its draft."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from aggregator.drafts.places import is_draft
from aggregator.drafts.word.failures import WordError
from aggregator.drafts.word.package import read_member
from aggregator.model import HandedEntry, UnreadableFileError


def read_word_picture(content: Path, name: str, limit: int) -> bytes:
    """The picture that `WordPictures` names so, of the Word draft in which it is. Raises UnreadableFileError."""
    end = name.lower().find(".docx/") + len(".docx")
    if not is_draft(content, name[:end]):
        raise UnreadableFileError("没有这篇 Word 稿件。")
    return WordPictures(content, name[:end], frozenset({name})).read(name, limit)


@dataclass(frozen=True, slots=True)
class WordPictures:
    """A `HandedSource`: each is named by the draft's path, a slash and its name within the file."""

    content: Path
    path: str
    others: frozenset[str]
    entries: tuple[HandedEntry, ...] = ()
    problems: tuple[str, ...] = ()

    def read(self, name: str, limit: int) -> bytes:
        """Raises UnreadableFileError."""
        try:
            with zipfile.ZipFile(self.content / self.path) as archive:
                return read_member(archive, name.removeprefix(f"{self.path}/"), limit)
        except WordError:
            raise UnreadableFileError("图片太大，或者 Word 文件里的图片已损坏，没有显示。") from None
        except (OSError, zipfile.BadZipFile):
            raise UnreadableFileError("Word 文件打不开了，图片没有显示。") from None
