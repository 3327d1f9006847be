"""Writes an article out of blocks, inline marks and text, and keeps its structure sound.

What is opened is written only once something stands in it, so empty paragraphs, lists and marks never appear; a
mark that spans blocks is closed and opened again within each; text that stands where only blocks may stand gets a
paragraph, a list item or a cell.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

_FLOW = frozenset({"", "blockquote", "details"})
"""Blocks whose text stands in paragraphs; "" is the article itself."""

_ROWS = {"ul": "li", "ol": "li", "dl": "dd", "table": "tr", "thead": "tr", "tbody": "tr", "tfoot": "tr", "tr": "td"}
"""Blocks that hold nothing but certain blocks -> the one that stray content gets."""

_PARENTS = {
    "li": ("ul", "ol"),
    "dt": ("dl",),
    "dd": ("dl",),
    "caption": ("table",),
    "thead": ("table",),
    "tbody": ("table",),
    "tfoot": ("table",),
    "tr": ("table", "thead", "tbody", "tfoot"),
    "td": ("tr",),
    "th": ("tr",),
    "figcaption": ("figure",),
    "summary": ("details",),
}
_TEXT_ONLY = frozenset({"h2", "h3", "h4", "caption", "summary", "dt"})
_ALIGNABLE = frozenset({"h2", "h3", "h4"})
"""Blocks besides paragraphs and cells that show how they are aligned."""

_CELLS = frozenset({"td", "th"})
"""Never dropped: an empty one keeps its column. Aligned as what first stands in it: Word puts that on paragraphs."""

MAX_DEPTH = 60
"""Blocks within blocks; deeper ones lose their marks and keep their text."""

_SPACES = re.compile(r"[ \t\n\r\f]+")
_UNSEEN = re.compile("[\u200b\ufeff]")
_UNEVEN = re.compile("[\t\n\r\f\u200b\ufeff]|  ")
"""What one of the two above would change."""


class _Block:
    __slots__ = ("filled", "implied", "start", "tag", "written")

    def __init__(self, tag: str, start: str, implied: bool, written: bool = False, filled: bool = False) -> None:
        self.tag = tag
        self.start = start
        self.implied = implied
        self.written = written
        self.filled = filled
        """Whether text or a picture stands in it since its last inner block."""


class Frozen(NamedTuple):
    """Where a writer stands, as something that can be a key."""

    blocks: tuple[tuple[str, str, bool, bool, bool], ...] = (("", "", False, True, False),)
    marks: tuple[tuple[str, str], ...] = ()
    alignments: tuple[str, ...] = ()
    rest: tuple[int, int, int, bool, bool] = (0, 0, 0, False, False)


START = Frozen()


class ArticleWriter:
    """Collects an article; `start_…` answers whether a matching `end_…` is due."""

    def __init__(self, frozen: Frozen = START) -> None:
        self._pieces: list[str] = []
        self._blocks = [_Block(*block) for block in frozen.blocks]
        self._marks = list(frozen.marks)
        self._alignments = list(frozen.alignments)
        self.size, self._marks_written, self._breaks, self._space, self._new_line = frozen.rest

    def freeze(self) -> Frozen:
        """Where it stands: what two writers share that will write the same from here on."""
        # Two breaks are as good as more, one character as good as a text.
        rest = (min(self.size, 1), self._marks_written, min(self._breaks, 2), self._space, self._new_line)
        blocks = tuple((one.tag, one.start, one.implied, one.written, one.filled) for one in self._blocks)
        return Frozen(blocks, tuple(self._marks), tuple(self._alignments), rest)

    def take_pieces(self) -> str:
        """What has been written since it stood where it was frozen."""
        return "".join(self._pieces)

    def to_html(self) -> str:
        self.part()
        return "".join(self._pieces)

    def start_alignment(self, alignment: str | None) -> bool:
        """What follows, paragraphs, headings and cells, stands "right", in the "center" or, with "", as usual."""
        if alignment is None:
            return False
        self._alignments.append(alignment)
        return True

    def end_alignment(self) -> None:
        self._alignments.pop()

    def start_block(self, tag: str, attributes: str = "") -> bool:
        self.part()
        top = self._blocks[-1]
        parents = _PARENTS.get(tag)
        if top.tag in _TEXT_ONLY or len(self._blocks) > MAX_DEPTH or (parents and top.tag not in parents):
            return False
        if top.tag in _CELLS:
            self._write_blocks()
        if not parents:
            self._imply_rows()
        if tag in _ALIGNABLE:
            attributes = self._describe_alignment() + attributes
        self._push(tag, f"<{tag}{attributes}>", implied=False)
        return True

    def end_block(self) -> None:
        self.part()
        self._pop()

    def part(self) -> None:
        """What follows is another paragraph."""
        if self._marks_written:
            self._close_marks()
        blocks = self._blocks
        while blocks[-1].implied:
            self._pop()
        self._space = False
        self._breaks = 0
        # Items, cells and captions hold no paragraphs here: their parts stand on lines of their own.
        self._new_line = blocks[-1].filled

    def start_mark(self, tag: str, attributes: str = "") -> bool:
        # A mark within itself says nothing more, and without it a tower of marks stays as low as their kinds.
        if any(tag == other for other, _ in self._marks):
            return False
        self._marks.append((tag, f"<{tag}{attributes}>"))
        return True

    def end_mark(self) -> None:
        tag, _ = self._marks.pop()
        if self._marks_written > len(self._marks):
            self._marks_written -= 1
            self._put(f"</{tag}>")

    def add_text(self, text: str) -> None:
        words = even_out(text) if _UNEVEN.search(text) else text
        if not words or words.isspace():
            self._space = self._space or bool(words)
            return
        self._space = self._space or words[0] == " "
        self._prepare()
        top = self._blocks[-1]
        # Chinese paragraphs are indented with spaces, which is the style sheet's business.
        words = words.strip(" ") if top.filled else words.rstrip(" ").lstrip()
        top.filled = True
        self._put(escape(words))
        self._space = text[-1] in " \t\n\r\f"

    def add_picture(self, tag: str) -> None:
        """`tag` is "" for a picture that is not shown."""
        if not tag:
            return
        self._prepare()
        self._blocks[-1].filled = True
        self._put(tag)

    def add_break(self) -> None:
        self._breaks += 1
        self._space = False

    def add_rule(self) -> None:
        self.part()
        if self._blocks[-1].tag in _FLOW and self.size:
            self._write_blocks()
            self._put("<hr>")

    def add_code(self, text: str) -> None:
        self.part()
        if not text.strip():
            return
        if self._blocks[-1].tag in _TEXT_ONLY:
            self.add_text(text)
            return
        self._imply_rows()
        self._write_blocks()
        self._put(f"<pre><code>{html.escape(text, quote=False)}</code></pre>")
        self._blocks[-1].filled = self._new_line = False

    def _prepare(self) -> None:
        """Make the place where text or a picture may be put."""
        top = self._blocks[-1]
        if top.tag in _ROWS:
            top = self._imply_rows()
        if top.tag in _FLOW:
            top = self._push("p", f"<p{self._describe_alignment()}>", implied=True)
        if top.filled and (self._breaks or self._new_line):
            # Two breaks are how editors without paragraphs part them.
            if top.tag == "p" and self._breaks > 1:
                self._close_marks()
                self._pop()
                top = self._push("p", f"<p{self._describe_alignment()}>", implied=True)
            else:
                self._put("<br>")
            self._space = False
        if not top.written:
            self._write_blocks()
        if self._space and top.filled:
            self._put(" ")
        self._breaks = 0
        self._space = self._new_line = False
        if self._marks_written < len(self._marks):
            for _, start in self._marks[self._marks_written :]:
                self._put(start)
            self._marks_written = len(self._marks)

    def _describe_alignment(self) -> str:
        alignment = self._alignments[-1] if self._alignments else ""
        return f' class="align-{alignment}"' if alignment else ""

    def _imply_rows(self) -> _Block:
        top = self._blocks[-1]
        while child := _ROWS.get(top.tag):
            top = self._push(child, f"<{child}>", implied=True)
        return top

    def _push(self, tag: str, start: str, *, implied: bool) -> _Block:
        block = _Block(tag, start, implied)
        self._blocks.append(block)
        self._new_line = False
        return block

    def _pop(self) -> None:
        if self._blocks[-1].tag in _CELLS and not self._blocks[-1].implied:
            self._write_blocks()
        block = self._blocks.pop()
        if block.written:
            self._put(f"</{block.tag}>")
            self._blocks[-1].filled = self._new_line = False

    def _write_blocks(self) -> None:
        for block in self._blocks:
            if not block.written:
                block.written = True
                if block.tag in _CELLS:
                    block.start = f"<{block.tag}{self._describe_alignment()}{block.start[len('<td') :]}"
                self._put(block.start)

    def _close_marks(self) -> None:
        for tag, _ in reversed(self._marks[: self._marks_written]):
            self._put(f"</{tag}>")
        self._marks_written = 0

    def _put(self, piece: str) -> None:
        self._pieces.append(piece)
        self.size += len(piece)


def even_out(text: str) -> str:
    """Without characters that have no width, and with one space for several."""
    return _SPACES.sub(" ", _UNSEEN.sub("", text))


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
