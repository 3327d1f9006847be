"""Lists as WeChat keeps them: two levels, the second beside the item it belongs to, each item one section."""

from __future__ import annotations

from aggregator.model import Drop
from aggregator.wechat.filters import needs_section
from aggregator.wechat.lines import read_line
from aggregator.wechat.tree import Element, find_parent, is_empty, make_element, rename, unwrap, wrap_content

LEVELS = 2
_LISTS = ("ul", "ol")
_BOXES = ("☑", "☐")
"""How `sanitize` writes check boxes: a bullet beside them says nothing."""


def rebuild_lists(root: Element, report: list[Drop]) -> None:
    """All lists below `root`."""
    lists = list(root.iter(*_LISTS))
    deep = [one for one in lists if _count_above(one) >= LEVELS]
    # Told once for each third level, whatever lies below it.
    report += [
        Drop(
            "list",
            f"列表超过 {LEVELS} 层，微信只认 {LEVELS} 层，更深的已改成文字，前面加了短横或序号。",
            read_line(one),
        )
        for one in deep
        if _count_above(one) == LEVELS
    ]
    # The innermost first: where it goes depends on lists that are still in their place.
    for one in reversed(lists):
        above = _count_above(one)
        parent = one.getparent()
        start = one.attrib.pop("start", "")
        if parent is None or (above and parent.tag not in ("li", *_LISTS)) or above >= LEVELS:
            _spell_out(one, start, "spelled")
        elif above and parent.tag == "li":
            _lift(one, parent)
            if start:
                _number(one, start)
        elif start:
            _spell_out(one, start, "numbered")
    for item in root.iter("li"):
        if (item.text or "").lstrip()[:1] in _BOXES:
            item.set("class", "continued")
        if needs_section(item):
            wrap_content(item, make_element("section"))


def _count_above(one: Element) -> int:
    return sum(1 for _ in one.iterancestors(*_LISTS))


def _lift(one: Element, item: Element) -> None:
    """Let the list stand behind its item; what followed it in the item goes on in one without a bullet."""
    parent = find_parent(item)
    rest = make_element("li", kind="continued")
    rest.text, one.tail = one.tail, None
    following = one.getnext()
    while following is not None:
        rest.append(following)
        following = one.getnext()
    place = parent.index(item) + 1
    rest.tail, item.tail = item.tail, None
    parent.insert(place, one)
    if not is_empty(rest) or len(rest):
        parent.insert(place + 1, rest)
    if is_empty(item):
        parent.remove(item)


def _number(one: Element, start: str) -> None:
    """Items that begin with another number than 1 say theirs: the editor counts anew."""
    one.tag = "ul"
    for number, item in enumerate(one.iterchildren("li"), int(start) if start.isdecimal() else 1):
        item.text = f"{number}. {(item.text or '').lstrip()}"
        item.set("class", "continued")


def _spell_out(one: Element, start: str, kind: str) -> None:
    """Each item a section, its bullet or number text."""
    first = int(start) if start.isdecimal() else 1
    for number, item in enumerate(list(one.iterchildren("li")), first):
        mark = f"{number}. " if one.tag == "ol" else "– "
        item.text = mark + (item.text or "").lstrip()
        rename(item, "section", kind)
    unwrap(one)
