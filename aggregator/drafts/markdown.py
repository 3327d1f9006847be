"""Cleaned article HTML -> the Markdown of a draft, which `render` turns into the same words again. Only user of
markdownify."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from markdownify import ATX, BACKSLASH, MarkdownConverter

if TYPE_CHECKING:
    from bs4 import Tag

_UNEVEN = re.compile(r"\b(?:colspan|rowspan)=|<(?:p|ul|ol|h\d|table|blockquote|br|caption)\b")
"""What a table of Markdown has no place for."""

_OPENS = re.compile(r"^([ \t]*)([:：])(?=[:：]{2}|(?<=:) )", re.MULTILINE)
"""What our own Markdown would take for an aside or a definition."""

_ADJOINING = re.compile(r"</(strong|em|s|del)>(\s*)<\1>")
"""Two marks beside one another are one: `**甲****乙**` would be none."""

_BLANK_LINES = re.compile(r"\n{3,}")


class _Writer(MarkdownConverter):
    """With HTML where Markdown has no word for it."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        super().__init__(
            heading_style=ATX, bullets="-", newline_style=BACKSLASH, escape_misc=True, table_infer_header=True,
            autolinks=False,
        )  # fmt: skip
        self._pictures = pictures

    def convert_img(self, el: Tag, _text: str, **_: set[str]) -> str:
        address = str(el.get("src") or "")
        words = re.sub(r"([\[\]\\])", r"\\\1", " ".join(str(el.get("alt") or "").split()))
        return f"![{words}]({_quote(self._pictures.get(address, address))})" if address else ""

    def convert_table(self, el: Tag, text: str, **_: set[str]) -> str:
        if _UNEVEN.search(el.decode_contents()):
            return self.convert_details(el, text)
        return f"\n\n{text.strip()}\n\n"

    def convert_details(self, el: Tag, _text: str, **_: set[str]) -> str:
        """As it is."""
        for picture in el.find_all("img"):
            picture["src"] = self._pictures.get(str(picture.get("src")), str(picture.get("src")))
        # An empty line would end the block.
        return "\n\n" + re.sub(r"\n\s*\n", "\n", str(el)) + "\n\n"

    convert_dl = convert_details

    def convert_figcaption(self, _el: Tag, text: str, **_: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_u(self, el: Tag, text: str, **_: set[str]) -> str:
        """Marks that Markdown has not stay HTML, which drafts may have."""
        return f"<{el.name}>{text}</{el.name}>" if text.strip() else ""

    convert_small = convert_mark = convert_sub = convert_sup = convert_q = convert_cite = convert_ins = convert_u
    convert_kbd = convert_ruby = convert_rt = convert_rp = convert_u


def write_markdown(html: str, pictures: Mapping[str, str]) -> str:
    """The body as Markdown; `pictures`: address -> what to write in its place."""
    text: str = _Writer(pictures).convert(_ADJOINING.sub(r"\2", html))
    # Only ASCII can be escaped.
    text = _OPENS.sub(lambda match: f"{match[1]}&#{ord(match[2])};", text)
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip() + "\n"


def _quote(address: str) -> str:
    return f"<{address}>" if re.search(r"[\s()]", address) else address
