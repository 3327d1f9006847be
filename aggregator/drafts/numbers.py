"""Two drafts with one 编号, from a header copied along, would be one post: the first one keeps it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from aggregator.drafts.keys import KEYS
from aggregator.model import Finding

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

_HEAD = 4096
"""Bytes at the top of a file in which a header lies."""
_ENCODINGS = ("utf-8", "gb18030")


def _write(*texts: str) -> bytes:
    return b"|".join(sorted({text.encode(encoding) for text in texts for encoding in _ENCODINGS}))


# Dressed or not, as `lines.split_line` reads it; and with what else stands on its line.
_NUMBER_LINE = re.compile(
    rb"(?:%b)\s*(?:%b)+[ \t]*([^\r\n]+)" % (_write("编号", *KEYS["编号"]), _write(":", "：", "】", r"\*\*")),
    re.IGNORECASE,
)
_KEYS = tuple(key.lower() for key in _write("编号", *KEYS["编号"]).split(b"|"))
_PARTED = re.compile(rb"%b" % _write(" ", "\t", "\u3000", "；", ";", r"\|", "｜"))


def excerpt_numbers(data: bytes) -> tuple[bytes, ...]:
    """What looks like a 编号 at the top of a draft, from the key to the end of the line."""
    head = data[:_HEAD]
    if head.startswith(UTF16_MARKS):
        head = head.decode("utf-16", "replace").encode()
    lowered = head.lower()
    # Most have none, and looking for the keys takes a tenth of the pattern's time.
    if not any(key in lowered for key in _KEYS):
        return ()
    return tuple(match[0] for match in _NUMBER_LINE.finditer(head))


class Numbers:
    """The 编号 of one run's drafts.

    An unchanged draft is not decoded: what looks like its 编号 is noted in bytes, and the file is read once
    more in the rare case that a changed draft bears the same.
    """

    def __init__(self) -> None:
        self._excerpts: list[tuple[str, bytes]] = []
        self._unchanged: dict[bytes, list[str]] = {}
        self._changed: list[tuple[bool, str, str, int | None]] = []

    def note_unchanged(self, path: str, excerpt: bytes) -> None:
        """Note what an unchanged draft says, by what `excerpt_numbers` found in it."""
        self._excerpts.append((path, excerpt))

    def note_number(self, path: str, number: str) -> None:
        """Note the 编号, "" for none, of an unchanged draft that is no text: it is remembered."""
        if number:
            self._unchanged.setdefault(number.encode(), []).append(path)

    def note_changed(self, path: str, number: str, line: int | None, *, is_known: bool) -> None:
        """Note what a draft that was read says; `number` is "" where it has none."""
        if number:
            self._changed.append((not is_known, path, number, line))

    def find_duplicates(self, read_number: Callable[[str], str]) -> Iterator[Finding]:
        """Yield a finding for each changed draft that bears another's 编号; known ones go first.

        `read_number` reads the 编号 of an unchanged draft from its file.
        """
        owners: dict[str, str] = {}
        self._search_excerpts({number.encode(encoding) for _, _, number, _ in self._changed for encoding in _ENCODINGS})
        for _, path, number, line in sorted(self._changed):
            spelt = {number.encode(encoding) for encoding in _ENCODINGS}
            candidates = sorted({other for key in spelt for other in self._unchanged.get(key, ())})
            unchanged = (other for other in candidates if read_number(other) == number)
            owner = owners.get(number) or next(unchanged, None)
            if owner is None:
                owners[number] = path
            else:
                yield _duplicate(path, number, line, owner)

    def _search_excerpts(self, wanted: set[bytes]) -> None:
        """Note which of the unchanged drafts may bear one of these: of thousands, hardly any."""
        for path, excerpt in self._excerpts if wanted else ():
            if any(number in excerpt for number in wanted):
                for match in _NUMBER_LINE.finditer(excerpt):
                    for number in (match[1], _PARTED.split(match[1], maxsplit=1)[0]):
                        self._unchanged.setdefault(number.strip(b" \t\"'"), []).append(path)


def _duplicate(path: str, number: str, line: int | None, owner: str) -> Finding:
    return Finding(
        path,
        f"编号“{number}”和“{owner}”的相同，这一篇没有发布。",
        "编号是每篇稿件独有的：如果这一篇是复制来的新稿，请删掉“编号”这一行；如果是同一篇，请只留一个文件。",
        line,
    )
