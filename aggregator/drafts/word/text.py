"""The order in which a Word file is read; runs in a worker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from aggregator.drafts.header import Header
from aggregator.drafts.word.boxes import drop_broken, lift_boxes
from aggregator.drafts.word.changes import Note, resolve_changes
from aggregator.drafts.word.elements import Element, read_text, remove, w
from aggregator.drafts.word.failures import DAMAGED, TOO_DEEP, WordError, WordFailure, make_error
from aggregator.drafts.word.header import Paragraphs, remove_text, take_header
from aggregator.drafts.word.html import write_html
from aggregator.drafts.word.layout import Layout, find_layout
from aggregator.drafts.word.lines import list_blocks, read_line
from aggregator.drafts.word.marks import drop_unused, mark_line, mark_text
from aggregator.drafts.word.numbering import read_numbering
from aggregator.drafts.word.package import Package
from aggregator.drafts.word.styles import Styles
from aggregator.drafts.word.tables import is_in_head, mark_heads

_NOTES = ("footnotes", "endnotes")
_REFERENCES = {"footnotes": ("footnoteReference", "footnote"), "endnotes": ("endnoteReference", "endnote")}
_OPENING = 400
"""Characters of the text that a summary is taken from."""

_PAGE_NUMBER = re.compile(r"(?:第|共|页|Page|of|\s|[-—－–·.\d/])*", re.IGNORECASE)
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class WordText:
    """What a Word file says."""

    header: Header
    """What stands at its top as header, without a body; the lines are numbers of paragraphs."""
    html: str
    """Of the rest, not yet cleaned; pictures at HANDED_BASE."""
    heading: str
    """The document's title, else its first heading."""
    paragraphs: tuple[str, ...]
    """What it says below the header, a line each as people count them, the title among them; footnotes last."""
    opening: str
    """How its text begins, below title and recipients."""
    layout: Layout
    pictures: tuple[str, ...]
    """Members of the file that are shown in `html`."""
    notes: tuple[Note, ...]

    @property
    def searched(self) -> bytes:
        """All that it says, in which names of other files are looked for."""
        values = (value for _, value in self.header.pairs)
        return "\n".join((unquote(unescape(self.html)), *values)).encode()


def read_word(data: bytes, path: str) -> WordText | WordFailure:
    """`path` is the draft's, for the addresses of pictures."""
    try:
        return _read(Package(data), path)
    except WordError as error:
        return WordFailure(error.message, error.remedy)
    except RecursionError:
        return TOO_DEEP
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - mammoth raises whatever a damaged file makes of it
        return DAMAGED


def _read(package: Package, path: str) -> WordText:
    root = package.read(package.main)
    body = None if root is None else root.find(w("body"))
    if root is None or body is None:
        raise make_error(DAMAGED)
    styles = Styles(package.read(package.find_part("styles")))
    notes = [*resolve_changes(root)]
    drop_broken(body, package.list_whole(package.relations))
    notes += lift_boxes(body, styles)
    footnotes = [text for kind in _NOTES for text in _prepare_notes(package, kind, body, styles)]
    numbering = read_numbering(package.read(package.find_part("numbering")), styles)
    numbering.label_paragraphs(list_blocks(body), styles)
    counted = Paragraphs(body)
    header = take_header(body, path, counted)
    for table in body.iter(w("tbl")):
        for cell in table.iter(w("tc")):
            numbering.label_paragraphs(list_blocks(cell), styles)
        mark_heads(table, styles)
        for paragraph in table.iter(w("p")):
            mark_text(paragraph, styles, plain=is_in_head(paragraph))
    paragraphs = (*counted.read_from(header.first_line), *footnotes)
    said = [one for one in list_blocks(body) if one.tag == w("p") and read_text(one).strip()]
    lines = [read_line(one, styles) for one in said]
    layout = find_layout(lines)
    if layout.secret:
        raise WordError(
            f"文件上标着“{layout.secret}”，没有发布。", "涉密文件不能公开。已经解密的，请删去密级标志，再保存。"
        )
    heading = layout.title or next(
        (line.text for line, role in zip(lines, layout.roles, strict=True) if role == "heading"), ""
    )
    title = header.value("标题")
    all_bold = sum(len(line.text) * line.strong for line in lines) > sum(len(line.text) for line in lines) / 2
    for paragraph, line, role, level in zip(said, lines, layout.roles, layout.levels, strict=True):
        if role == "title" and _squeeze(title or heading) == _squeeze(heading):
            # The page shows it above the text.
            remove_text(paragraph)
        else:
            mark_line(paragraph, role, level, line.alignment, styles, all_bold=all_bold)
    drop_unused(body)
    html, pictures, unseen = write_html(package, path)
    notes += _count_unseen(unseen)
    notes += _read_margins(package)
    text = "\n".join(line.text for line, role in zip(lines, layout.roles, strict=True) if role in ("text", "heading"))
    return WordText(header, html, heading, paragraphs, text[:_OPENING], layout, pictures, tuple(notes))


def _prepare_notes(package: Package, kind: str, body: Element, styles: Styles) -> list[str]:
    """Make the notes of a kind ready for mammoth; what they say."""
    part = package.find_part(kind)
    root = package.read(part) if part else None
    reference, note = _REFERENCES[kind]
    known: set[str] = set()
    if root is not None:
        for _ in resolve_changes(root):
            pass
        drop_broken(root, package.list_whole(package.read_relations(part)))
        known = {one.get(w("id"), "") for one in root.iter(w(note))}
        for paragraph in root.iter(w("p")):
            mark_text(paragraph, styles)
    for one in list(body.iter(w(reference))):
        if one.get(w("id"), "") not in known:
            remove(one)
    paragraphs = () if root is None else root.iter(w("p"))
    return [" ".join(text.split()) for one in paragraphs if (text := read_text(one)).strip()]


def _count_unseen(unseen: int) -> Iterator[Note]:
    if unseen:
        yield (
            f"{unseen} 张图片是浏览器不显示的格式（EMF、WMF、TIFF 等），没有显示。",
            "请在 Word 里复制图片，用“选择性粘贴”粘贴成 PNG，再保存。",
        )


def _read_margins(package: Package) -> Iterator[Note]:
    """What stands at the top and bottom of the printed pages, page numbers apart."""
    said: dict[str, None] = {}
    for one in package.relations.values():
        root = package.read(one.target) if one.kind in ("header", "footer") and not one.external else None
        for paragraph in () if root is None else root.iter(w("p")):
            text = " ".join(read_text(paragraph).split())
            if not _PAGE_NUMBER.fullmatch(text):
                said[text] = None
    if said:
        shown = "；".join(said)
        shown = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
        yield f"页眉、页脚里的文字没有发布：“{shown}”。", "需要发布的，请写进正文。"


def _squeeze(title: str) -> str:
    return re.sub(r"\s", "", title)
