"""What WeChat's editor makes of HTML that is pasted into it and saved: a model, to hold our own HTML against.

The editor's rules are published nowhere. What is known, and where from:

- "此处会去除 JS … 外部图片 url 将被过滤": developers.weixin.qq.com, 草稿箱/新增草稿, parameter `content`.
- `style` elements, ids and classes, `position`, `transform` go; styles of elements stay; `div` is not to be relied on:
  the guides of md2wechat, wenyan, wechat-article-formatter; doocs/md (which inlines with juice for that reason).
- `width` and `height` of pictures count only as style: doocs/md, `solveWeChatImage`.
- "嵌套多级的 ul/ol … 会变成最多只有两级的结构": ufologist/wechat-mp-article issue 2; a nested list stands beside
  its item and not in it: doocs/md issue 296, wenyan-core pull 25.
- The first inline piece of an item stays, what follows becomes a section, and a line end within a text a break:
  Mars-Editor-APP pull 3. An item with one section stays as it is.
- Check boxes go: siyuan pull 15138. Blanks in code shrink: several of these tools write them as U+00A0.

Where sources disagree, the model takes away: what stays here stays there.
"""

from __future__ import annotations

import re

from aggregator.wechat.tree import (
    BLOCKS,
    Element,
    even_out_blanks,
    find_parent,
    make_element,
    parse_fragment,
    remove,
    unwrap,
    wrap_content,
    write_fragment,
)

DROPPED = frozenset(
    {"script", "style", "link", "meta", "base", "title", "head", "template", "noscript", "iframe", "frame", "object"}
    | {"embed", "applet", "form", "input", "button", "select", "textarea", "video", "audio", "source", "canvas", "map"}
    | {"svg", "math", "progress", "meter", "dialog"}
)
"""Elements that go with all that they hold."""

KEPT = BLOCKS | {"span", "strong", "b", "em", "i", "u", "sup", "sub", "code", "br", "a", "img"}
"""Elements that stay; all others go and leave what they hold."""

_ATTRIBUTES = {"a": ("href",), "img": ("src", "alt"), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan")}
"""What stays besides `style`."""

_LINK = re.compile(r"https?://mp\.weixin\.qq\.com/\S*", re.IGNORECASE)
_PICTURE = re.compile(r"https?://(?:mmbiz|mmecoa)\.(?:qpic|qlogo)\.cn/\S+", re.IGNORECASE)

_SIDES = ("top", "right", "bottom", "left")
PROPERTIES = frozenset(
    {"color", "background-color", "font-size", "font-weight", "font-style", "font-family", "line-height"}
    | {"letter-spacing", "text-align", "text-decoration", "text-indent", "vertical-align", "word-break"}
    | {"width", "height", "max-width", "min-width", "max-height", "display", "box-sizing"}
    | {"border", "border-width", "border-style", "border-color", "border-radius", "border-collapse"}
    | {f"border-{side}" for side in _SIDES}
    | {"margin", "padding", *(f"{name}-{side}" for name in ("margin", "padding") for side in _SIDES)}
    | {"list-style-type"}
)
_VALUE = re.compile(r"[\w #%.,()\"'+-]+")
"""What a plain value is made of: no address, no comment, nothing escaped."""
_FORBIDDEN = re.compile(r"\b(?:var|url|calc|env|attr|expression|image|element)\s*\(|gradient|!", re.IGNORECASE)
_DISPLAYS = frozenset({"block", "inline-block", "inline"})


def filter_html(html: str) -> str:
    """What is left of some HTML. What it returns stays as it is."""
    # What stood in an element that went may not stand in the one around it: then it is read another way.
    while (left := _filter_once(html)) != html:
        html = left
    return html


def _filter_once(html: str) -> str:
    root = parse_fragment(html)
    for element in list(root.iter()):
        if element is not root and element.tag in DROPPED:
            remove(element)
    for element in list(root.iter()):
        if element is not root and not is_kept(element):
            unwrap(element)
    for element in root.iter():
        _filter_attributes(element)
        _break_lines(element)
    _lift_lists(root)
    for item in list(root.iter("li")):
        if needs_section(item):
            wrap_content(item, make_element("section"))
    even_out_blanks(root)
    return write_fragment(root)


def is_kept(element: Element) -> bool:
    """Whether the element itself stays; a link only within WeChat, a picture only on its servers."""
    match element.tag:
        case "a":
            return is_wechat_link(element.get("href", ""))
        case "img":
            return is_wechat_picture(element.get("src", ""))
    return element.tag in KEPT


def is_wechat_link(address: str) -> bool:
    return _LINK.fullmatch(address) is not None


def is_wechat_picture(address: str) -> bool:
    return _PICTURE.fullmatch(address) is not None


def needs_section(item: Element) -> bool:
    """Whether the editor would divide an item of a list, as it is not one section."""
    sole = item[0] if len(item) == 1 else None
    return sole is None or sole.tag != "section" or bool((item.text or "").strip() or (sole.tail or "").strip())


def filter_style(style: str) -> dict[str, str]:
    """The declarations of a `style` that stay, property -> value, in their order."""
    kept: dict[str, str] = {}
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), " ".join(value.split())
        if name not in PROPERTIES or not _VALUE.fullmatch(value) or _FORBIDDEN.search(value):
            continue
        if name == "display" and value not in _DISPLAYS:
            continue
        kept.pop(name, None)
        kept[name] = value
    return kept


def write_style(declarations: dict[str, str]) -> str:
    """As browsers write it."""
    return " ".join(f"{name}: {value};" for name, value in declarations.items())


def _filter_attributes(element: Element) -> None:
    names = _ATTRIBUTES.get(str(element.tag), ())
    style = write_style(filter_style(element.get("style", "")))
    kept = {name: value for name, value in element.attrib.items() if name in names}
    element.attrib.clear()
    element.attrib.update(kept)
    if style:
        element.set("style", style)


def _break_lines(element: Element) -> None:
    """A line end between words is a break."""
    pieces = _divide(element.text)
    if len(pieces) > 1:
        element.text = pieces[0]
        _put_breaks(element, 0, pieces[1:])
    for child in list(element):
        pieces = _divide(child.tail)
        if len(pieces) > 1:
            child.tail = pieces[0]
            _put_breaks(element, element.index(child) + 1, pieces[1:])


def _divide(text: str | None) -> list[str]:
    # Between blocks a line end says nothing.
    return re.split(r"\s*\n\s*", text) if text and text.strip() else []


def _put_breaks(parent: Element, place: int, texts: list[str]) -> None:
    for offset, text in enumerate(texts):
        made = make_element("br")
        made.tail = text
        parent.insert(place + offset, made)


def _lift_lists(root: Element) -> None:
    """A list stands beside the item that it was in; at most two levels are left."""
    lists = list(root.iter("ul", "ol"))
    for one in lists:
        item = next(one.iterancestors("li"), None)
        if item is None:
            continue
        parent = item.getparent()
        if parent is None or parent.tag not in ("ul", "ol"):
            continue
        tail, one.tail = one.tail, None
        place = parent.index(item) + 1
        before = one.getprevious()
        holder = find_parent(one)
        if tail:
            if before is None:
                holder.text = (holder.text or "") + tail
            else:
                before.tail = (before.tail or "") + tail
        parent.insert(place, one)
    for one in lists:
        if sum(1 for _ in one.iterancestors("ul", "ol")) > 1:
            unwrap(one)
