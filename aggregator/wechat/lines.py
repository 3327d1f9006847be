"""On which lines of the draft the parts of a body stand: told by the marks in its text, kept while it is rebuilt."""

from __future__ import annotations

from lxml import etree

from aggregator.marks import drop_marks, read_marks
from aggregator.wechat.tree import Element

_LINE = "data-line"
_WITHIN = frozenset({"table", "ul", "ol", "details"})
"""Elements whose line is that of the first text in them; of others, that of the last text before them, and of these
where there is none in them."""


def settle_lines(root: Element) -> None:
    """Note on each element the line it stands on, as far as marks tell, and take the marks out of the text."""
    current = 0
    waiting: list[Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            element.attrib.pop(_LINE, None)
            if current:
                element.set(_LINE, str(current))
            if element.tag in _WITHIN:
                waiting.append(element)
        elif element in waiting:
            waiting.remove(element)
        text = element.text if event == "start" else element.tail
        if not text or not (lines := read_marks(text)):
            continue
        current = lines[-1]
        for one in waiting:
            one.set(_LINE, str(lines[0]))
        waiting.clear()
        if event == "start":
            element.text = drop_marks(text) or None
        else:
            element.tail = drop_marks(text) or None


def read_line(element: Element) -> int | None:
    line = element.get(_LINE)
    return int(line) if line else None
