"""Names of WordprocessingML (ISO/IEC 29500-1, chapter 17), and how its trees are looked at and changed."""

from __future__ import annotations

from lxml import etree

Element = etree._Element

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
VML = "{urn:schemas-microsoft-com:vml}"

_OFF = ("0", "false", "off", "none")


def w(name: str) -> str:
    """The full name of an element or attribute of the main namespace."""
    return _WORD + name


def find_value(element: Element | None, path: str, attribute: str = "val") -> str:
    """An attribute of the element at `path` (names of the main namespace, slashes between); "" without it."""
    for name in path.split("/"):
        element = None if element is None else element.find(w(name))
    return "" if element is None else element.get(w(attribute), "")


def is_on(element: Element | None, path: str) -> bool | None:
    """Whether a property that is on or off is on; None where it isn't stated."""
    for name in path.split("/"):
        element = None if element is None else element.find(w(name))
    return None if element is None else element.get(w("val"), "1") not in _OFF


def unwrap(element: Element) -> None:
    """Put the element's children in its place."""
    parent = element.getparent()
    if parent is not None:
        place = parent.index(element)
        parent[place : place + 1] = list(element)


def remove(element: Element) -> None:
    """Take the element out, unless something around it was."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def make_run(text: str) -> Element:
    run = etree.Element(w("r"))
    etree.SubElement(run, w("t")).text = text
    return run


def read_text(element: Element) -> str:
    """The text of a paragraph or run, with tabs and the ends of lines."""
    pieces: list[str] = []
    for one in element.iter(w("t"), w("tab"), w("br"), w("cr"), w("noBreakHyphen")):
        match str(one.tag).removeprefix(_WORD):
            case "t":
                pieces.append(one.text or "")
            case "tab":
                # A tab stop of the paragraph's properties has the same name.
                parent = one.getparent()
                pieces.append("\t" if parent is not None and parent.tag == w("r") else "")
            case "noBreakHyphen":
                pieces.append("-")
            case _:
                pieces.append("\n")
    return "".join(pieces)
