"""Pictures: what must be uploaded by hand leaves a note in its place."""

from __future__ import annotations

import re
from urllib.parse import unquote

from aggregator.model import Drop, WeChatPicture
from aggregator.urls import basename
from aggregator.wechat.filters import is_wechat_picture
from aggregator.wechat.lines import read_line
from aggregator.wechat.styles import COLUMN
from aggregator.wechat.tree import Element, find_parent, make_element, read_text, remove, replace_element

_SIZE = re.compile(r"\d{1,4}")


def place_pictures(root: Element, report: list[Drop]) -> tuple[WeChatPicture, ...]:
    """Leave a note in the place of each picture that is not on WeChat's servers."""
    pictures: dict[str, WeChatPicture] = {}
    for element in list(root.iter("img")):
        address, alt = element.get("src", ""), " ".join(element.get("alt", "").split())
        if is_wechat_picture(address):
            _keep_picture(element, address, alt)
            continue
        if not address or address.startswith("data:"):
            report.append(Drop("picture", "有一张贴在文字里的图片带不进微信，请另外上传。", read_line(element)))
            remove(element)
            continue
        picture = pictures.get(address)
        if picture is None:
            number = len(pictures) + 1
            name = basename(address) or unquote(address.rpartition("/")[2]) or "未命名"
            picture = pictures[address] = WeChatPicture(number, address, name, read_line(element))
            report.append(
                Drop("picture", f"图片 {name} 要在微信里重新上传，位置已留出（图 {number}）。", read_line(element))
            )
        words = f"（{alt}）" if alt and alt not in picture.name else ""
        _leave_place(element, f"【此处放图 {picture.number}：{picture.name}{words}】")
    return tuple(pictures.values())


def _leave_place(element: Element, note: str) -> None:
    place = make_element("span", note, "place")
    replace_element(element, place)
    parent = find_parent(place)
    if parent.tag == "section":
        # A note that stands in no paragraph gets one.
        paragraph = make_element("p", kind="alone")
        paragraph.tail, place.tail = place.tail, None
        parent.replace(place, paragraph)
        paragraph.append(place)
    elif parent.tag == "p" and read_text(parent) == note:
        parent.set("class", "alone")


def _keep_picture(element: Element, address: str, alt: str) -> None:
    """Its width, which counts as style only."""
    width, style = element.get("width", ""), element.get("style", "")
    element.attrib.clear()
    element.set("src", address)
    element.set("alt", alt)
    if _SIZE.fullmatch(width) and 0 < int(width) < COLUMN:
        style = f"{style.rstrip('; ')}; width: {width}px" if style else f"width: {width}px"
    if style:
        element.set("style", style)
