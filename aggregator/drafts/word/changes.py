"""Tracked changes are taken as accepted; comments and hidden text are nobody's business outside."""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.drafts.word.elements import Element, is_on, remove, unwrap, w

Note = tuple[str, str]
"""What staff should know of a file that was read, and what to do about it; in Chinese."""

_INSERTED = (w("ins"), w("moveTo"))
_DELETED = (w("del"), w("moveFrom"))
_COMMENTS = (w("commentRangeStart"), w("commentRangeEnd"), w("commentReference"))


def resolve_changes(root: Element) -> Iterator[Note]:
    """Leave of a part what is there once all changes are accepted; yield what was changed."""
    inserted, deleted = _count(root, _INSERTED), _count(root, _DELETED)
    _accept(root)
    if inserted or deleted:
        yield (
            f"稿件里还有没处理的修订（插入 {inserted} 处、删除 {deleted} 处），发布的是接受全部修订以后的文字。",
            "请在 Word 的“审阅”里核对，点“接受所有修订”，再保存。",
        )
    comments = list(root.iter(_COMMENTS[-1]))
    for one in list(root.iter(*_COMMENTS)):
        remove(one)
    if comments:
        yield f"稿件里有 {len(comments)} 条批注，没有发布。", "请确认批注说的都处理了，再在“审阅”里把它们删掉。"
    hidden = [run for run in root.iter(w("r")) if is_on(run, "rPr/vanish")]
    for run in hidden:
        remove(run)
    if hidden:
        yield "稿件里有隐藏的文字，没有发布。", "要发布的，请选中它，在“字体”里去掉“隐藏”；不要的请删掉。"


def _count(root: Element, names: tuple[str, ...]) -> int:
    """Changes of text; one of a paragraph's end alone, which lies in its properties, is none that readers see."""
    return sum(len(one) > 0 and not _is_next_to_another(one) for one in root.iter(*names))


def _is_next_to_another(change: Element) -> bool:
    """LibreOffice writes one change as several, where the script changes."""
    before = change.getprevious()
    return before is not None and before.tag == change.tag


def _accept(root: Element) -> None:
    gone = [one.getparent() for one in root.iter(w("cellDel")) if one.getparent() is not None]
    cells = [one.getparent() for one in gone if one is not None]
    rows = [row for row in root.iter(w("tr")) if row.find(f"{w('trPr')}/{w('del')}") is not None]
    for element in (*cells, *rows):
        if element is not None:
            remove(element)
    for paragraph in list(root.iter(w("p"))):
        if paragraph.find(f"{w('pPr')}/{w('rPr')}/{w('del')}") is not None:
            _join_next(paragraph)
    for one in list(root.iter(*_DELETED)):
        remove(one)
    for one in list(root.iter(*_INSERTED)):
        unwrap(one)


def _join_next(paragraph: Element) -> None:
    """The end of this paragraph is deleted: what it says stands before what the next one says."""
    following = paragraph.getnext()
    if following is None or following.tag != w("p"):
        return
    place = 1 if following.find(w("pPr")) is not None else 0
    following[place:place] = [child for child in paragraph if child.tag != w("pPr")]
    remove(paragraph)
