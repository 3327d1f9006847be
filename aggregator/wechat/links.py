"""Links: what leads out of WeChat becomes a numbered note that prints the address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from aggregator.model import Drop, DropKind
from aggregator.urls import HANDED_BASE, is_web_url, resolve_url
from aggregator.wechat.filters import is_wechat_link
from aggregator.wechat.lines import read_line
from aggregator.wechat.tree import Element, is_empty, make_element, read_text, remove, unwrap

_NUMBER = re.compile(r"\[(\d{1,4})\]")
_MEDIA = re.compile(r"(视频|音频)：(.*)", re.DOTALL)
"""How `sanitize` shows what it cannot: a link with these words."""
_SCHEME = re.compile(r"(?:tel|mailto):", re.IGNORECASE)
_DIGITS = re.compile(r"\D+")


class Links:
    """The links of one body. `places` says where some addresses lead, `base_url` what relative ones mean."""

    def __init__(self, root: Element, places: Mapping[str, str], base_url: str, report: list[Drop]) -> None:
        self._root = root
        self._places = places
        self._base_url = base_url
        self._report = report
        self._notes: dict[str, tuple[int, str]] = {}
        # The draft's own notes keep their numbers.
        found = (_NUMBER.fullmatch(read_text(one)) for one in root.iter("sup"))
        self._taken = max((int(match[1]) for match in found if match), default=0)

    def rebuild(self) -> None:
        for link in list(self._root.iter("a")):
            self._rebuild_link(link)
        if self._notes:
            self._root.append(make_element("p", "文中链接", "notes-title"))
            self._root.extend(
                make_element("p", f"[{number}] {words}：{address}" if words else f"[{number}] {address}", "note")
                for address, (number, words) in self._notes.items()
            )

    def _rebuild_link(self, link: Element) -> None:
        written, words = link.get("href", "").strip(), read_text(link)
        address = self._resolve(written)
        if is_wechat_link(address):
            style = link.get("style")
            link.attrib.clear()
            link.set("href", address)
            if style:
                link.set("style", style)
            return
        if media := _MEDIA.fullmatch(words):
            self._place_medium(link, media[1], media[2], address)
        elif written.startswith(HANDED_BASE):
            self._say("attachment", f"正文里的附件链接“{words}”在微信里点不开，文字留着。", link)
        elif _SCHEME.match(written):
            self._spell_out(link, written, words)
        elif not is_web_url(address):
            if written and not written.startswith("#"):
                self._say("link", f"链接“{words}”没有可用的网址，只留了文字。", link)
        elif "".join(words.split()) in (address, written, address.partition("://")[2]):
            self._say("link", f"链接 {address} 在微信里点不开，网址留在文字里。", link)
        elif words or not is_empty(link):
            self._note(link, address, words)
        unwrap(link)

    def _resolve(self, address: str) -> str:
        if address in self._places:
            return self._places[address]
        return resolve_url(self._base_url, address) if not address.startswith("#") else ""

    def _note(self, link: Element, address: str, words: str) -> None:
        if address not in self._notes:
            # A picture's place says nothing in a list of addresses.
            shown = words if link.find(".//span[@class='place']") is None else ""
            self._notes[address] = (self._taken + len(self._notes) + 1, shown)
        number = self._notes[address][0]
        self._say("link", f"链接 {address} 在微信里点不开，已改成脚注 [{number}]。", link)
        link.append(make_element("sup", f"[{number}]"))

    def _spell_out(self, link: Element, written: str, words: str) -> None:
        """Numbers and addresses to be tapped: what is not in the words already stands behind them."""
        told = unquote(_SCHEME.sub("", written)).partition("?")[0]
        if told and (_DIGITS.sub("", told) or told) not in (_DIGITS.sub("", words), words) and told not in words:
            suffix = make_element("span", f"（{told}）")
            link.append(suffix)
            unwrap(suffix)
        self._say("link", f"“{words or told}”在微信里点了没有反应，文字留着。", link)

    def _place_medium(self, link: Element, kind: str, title: str, address: str) -> None:
        for child in list(link):
            remove(child)
        link.text = None
        link.append(make_element("span", f"【此处放{kind}：{title}】", "place"))
        where = f"（{address}）" if address else ""
        self._say("media", f"{kind}“{title}”{where}带不进微信，位置已留出，请在微信里另外插入。", link)

    def _say(self, kind: DropKind, message: str, element: Element) -> None:
        self._report.append(Drop(kind, message, read_line(element)))
