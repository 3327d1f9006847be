"""What stands beside the flow of a document's text: brought into it where that can be done, else told."""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.drafts.word.changes import Note
from aggregator.drafts.word.elements import DRAWING, MARKUP, MATH, RELATION, VML, Element, remove, unwrap, w
from aggregator.drafts.word.styles import Styles

_WRAPPERS = tuple(map(w, ("fldSimple", "dir", "bdo", "smartTag", "customXml")))
_CHARTS = ("chart", "diagram", "chartex")


def lift_boxes(body: Element, styles: Styles) -> Iterator[Note]:
    """Make `body` one flow of paragraphs and tables; yield what is not in it, or stands elsewhere now."""
    for one in list(body.iter(f"{MARKUP}AlternateContent")):
        _choose(one)
    for wrapper in list(body.iter(*_WRAPPERS)):
        unwrap(wrapper)
    for ruby in list(body.iter(w("ruby"))):
        base = ruby.find(w("rubyBase"))
        run = ruby.getparent()
        if base is not None and run is not None:
            run.addnext(base)
            unwrap(base)
        remove(ruby)
    yield from _drop_contents(body, styles)
    yield from _lift_text(body)
    yield from _count_lost(body)


def drop_broken(root: Element, known: frozenset[str]) -> None:
    """Take out what names a relation or note that the document has not: mammoth gives up on these."""
    for name in ("id", "embed", "link"):
        for one in list(root.iter()):
            if one.get(RELATION + name, None) not in (None, *known):
                del one.attrib[RELATION + name]


def _choose(alternative: Element) -> None:
    """Of two forms of one thing, for newer and older programs, the one that has something for us."""
    choice, fallback = alternative.find(f"{MARKUP}Choice"), alternative.find(f"{MARKUP}Fallback")
    forms = [form for form in (choice, fallback) if form is not None]
    wanted = (w("txbxContent"), f"{DRAWING}blip", f"{VML}imagedata", w("t"))
    chosen = next((form for form in forms if next(form.iter(*wanted), None) is not None), None)
    for form in forms:
        if form is chosen:
            unwrap(form)
        else:
            remove(form)
    unwrap(alternative)


def _drop_contents(body: Element, styles: Styles) -> Iterator[Note]:
    """A table of contents has the numbers of pages that a web page has not."""
    lines = [one for one in body.iter(w("p")) if styles.name(one).startswith("toc ")]
    for one in lines:
        remove(one)
    if lines:
        yield "目录没有发布：网页没有页码。", "不用处理；正文里的小标题都在。"


def _lift_text(body: Element) -> Iterator[Note]:
    """Put what stands in text boxes behind the paragraph that they hang on."""
    lifted = 0
    # From the innermost: a box may stand in a box.
    for box in reversed(list(body.iter(w("txbxContent")))):
        host = next((one for one in box.iterancestors(w("p"))), None)
        if host is None:
            continue
        lifted += any((text.text or "").strip() for text in box.iter(w("t")))
        for child in reversed(list(box)):
            host.addnext(child)
        remove(box)
    if lifted:
        message = f"{lifted} 个文本框里的文字，放在了它所在段落的后面。"
        yield message, "请看一看页面上的位置对不对；不对的，请把文字从文本框里移到正文中。"


def _count_lost(body: Element) -> Iterator[Note]:
    formulas = sum(1 for _ in body.iter(f"{MATH}oMath"))
    if formulas:
        yield f"{formulas} 个公式没有显示。", "请把公式截成图片，放在原处。"
    kinds = [one.get("uri", "").rpartition("/")[2] for one in body.iter(f"{DRAWING}graphicData")]
    if charts := sum(kind in _CHARTS for kind in kinds):
        yield f"{charts} 个图表没有显示。", "请在 Word 里复制图表，用“选择性粘贴”粘贴成图片。"
    linked = [one for one in body.iter(f"{DRAWING}blip") if one.get(f"{RELATION}embed") is None]
    for one in linked:
        remove(one)
    if linked:
        yield f"{len(linked)} 张图片不在文件里，没有显示。", "请在 Word 里把图片重新插入（不要“链接到文件”），再保存。"
