"""What a paragraph or run looks like: its own properties, else those of its style and of what that is based on."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.drafts.word.elements import Element, find_value, is_on, w

_MAX_CHAIN = 12
_DEFAULT_SIZE = 10.0
"""Points, where nothing is said (ISO/IEC 29500-1, 17.3.2.38)."""


@dataclass(frozen=True, slots=True)
class Look:
    """Of some text."""

    font: str
    """Of its Chinese characters; "" for one that the document leaves to its theme."""
    size: float
    """Points."""
    bold: bool


class Styles:
    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._values: dict[tuple[str, str, str], str] = {}
        self._looks: dict[tuple[str, str], Look] = {}
        self._default = ""
        self._defaults: tuple[Element | None, Element | None] = (None, None)
        if root is None:
            return
        for style in root.iter(w("style")):
            identifier = style.get(w("styleId"), "")
            self._styles.setdefault(identifier, style)
            if style.get(w("type")) == "paragraph" and style.get(w("default")) in ("1", "true"):
                self._default = identifier
        defaults = root.find(w("docDefaults"))
        if defaults is not None:
            self._defaults = (
                defaults.find(f"{w('pPrDefault')}/{w('pPr')}"),
                defaults.find(f"{w('rPrDefault')}/{w('rPr')}"),
            )

    def name(self, paragraph: Element) -> str:
        """The name of the paragraph's style, in lower case: "heading 1", "toc 2", "title"."""
        return find_value(self._styles.get(find_value(paragraph, "pPr/pStyle")), "name").lower()

    def paragraph_value(self, paragraph: Element, path: str, attribute: str = "val") -> str:
        """The first of the paragraph, its styles and the document that says it; "" if none does."""
        if own := find_value(paragraph.find(w("pPr")), path, attribute):
            return own
        asked = (find_value(paragraph, "pPr/pStyle") or self._default, path, attribute)
        if asked not in self._values:
            properties = [*(one.find(w("pPr")) for one in self._chain(asked[0])), self._defaults[0]]
            said = (find_value(one, path, attribute) for one in properties)
            self._values[asked] = next((value for value in said if value), "")
        return self._values[asked]

    def find_numbering(self, paragraph: Element) -> tuple[str, int]:
        """Id and level of the list that the paragraph is in; "" for none."""
        number = self.paragraph_value(paragraph, "numPr/numId")
        level = self.paragraph_value(paragraph, "numPr/ilvl")
        return ("", 0) if number in ("", "0") else (number, int(level) if level.isdigit() else 0)

    def find_list(self, style: str) -> str:
        """The id of the list that a style of lists stands for; "" for none."""
        return find_value(self._styles.get(style), "pPr/numPr/numId")

    def look(self, run: Element, paragraph: Element) -> Look:
        own = run.find(w("rPr"))
        styled = self._look_styled(find_value(own, "rStyle"), find_value(paragraph, "pPr/pStyle") or self._default)
        font, size, bold = _find_font(own), find_value(own, "sz"), is_on(own, "b")
        return Look(
            styled.font if font is None else font,
            int(size) / 2 if size.isdigit() else styled.size,
            styled.bold if bold is None else bold,
        )

    def _look_styled(self, character: str, paragraph: str) -> Look:
        """Of text of these two styles that says nothing itself."""
        if (character, paragraph) not in self._looks:
            chain = [one.find(w("rPr")) for one in (*self._chain(character), *self._chain(paragraph))]
            chain.append(self._defaults[1])
            font = next((font for one in chain if (font := _find_font(one)) is not None), "")
            size = next((size for one in chain if (size := find_value(one, "sz")).isdigit()), "")
            bold = next((bold for one in chain if (bold := is_on(one, "b")) is not None), False)
            self._looks[character, paragraph] = Look(font, int(size) / 2 if size else _DEFAULT_SIZE, bold)
        return self._looks[character, paragraph]

    def _chain(self, identifier: str) -> list[Element]:
        """The style and those it is based on; a circle ends somewhere."""
        chain: list[Element] = []
        while (style := self._styles.get(identifier)) is not None and len(chain) < _MAX_CHAIN:
            chain.append(style)
            identifier = find_value(style, "basedOn")
        return chain


def _find_font(properties: Element | None) -> str | None:
    """None where nothing is said."""
    fonts = None if properties is None else properties.find(w("rFonts"))
    if fonts is None:
        return None
    if named := fonts.get(w("eastAsia")):
        return named
    if fonts.get(w("eastAsiaTheme")):
        return ""
    # Programs that know no Chinese name one font for all.
    return fonts.get(w("ascii")) or None
