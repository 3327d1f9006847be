"""What tags, words, pictures and links of strictly nested HTML mean, wherever they stand."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.entities import html5
from typing import Final

from aggregator.sanitize.media import PICTURE_ATTRIBUTES, describe_picture, resolve_link
from aggregator.sanitize.roles import Kind, find_role
from aggregator.sanitize.tag import Tag
from aggregator.sanitize.writer import escape, even_out

_MOST_STEPS = 500
"""Tags without words or a picture between them."""

_LONGEST_TAG = 2000
"""Characters; longer ones are looked at more closely before a parser gets them."""

VOID = frozenset({"br", "img", "hr"})
UNDERSTOOD = VOID | {
    *("section", "div", "article", "p", "span", "strong", "b", "em", "i", "u", "s", "del", "small", "sup", "sub", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure", "figcaption", "ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tr", "td", "th", "code", "font", "center", "mark"),
}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CELLS = ("td", "th")
# As htmlStartClose in libxml2's HTMLparser.c has it, turned round.
CLOSES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("div", "blockquote", "ul", "ol", "hr", "caption", *_HEADINGS), frozenset({"p"})),
    "p": frozenset({"p", "b", "i", "u", "s", "small", *_HEADINGS}),
    "center": frozenset({"p", "b", "i", "font"}),
    "a": frozenset({"a"}),
    "li": frozenset({"p", "li", "dl", *_HEADINGS}),
    "dl": frozenset({"p", "dt"}),
    "dt": frozenset({"p", "dd"}),
    "dd": frozenset({"p", "dt"}),
    "table": frozenset({"p", "a", *_HEADINGS}),
    "thead": frozenset({"caption"}),
    "tbody": frozenset({"p", "caption", "thead", "tbody", "tr", *_CELLS}),
    "tr": frozenset({"p", "caption", "tr", *_CELLS}),
    **dict.fromkeys(_CELLS, frozenset({"p", "span", "b", "i", "u", "a", "font", *_CELLS})),
}
"""New element -> open ones that end before it."""

_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9-]*)", re.ASCII)
_ATTRIBUTE = re.compile(
    r"\s+(?:([A-Za-z_][\w.-]*)(?:=(?:\"([^\"]*)\"|'([^']*)'|([\w%#.-]+)))?(?=[\s/]|\Z))?|(/\Z)|(.)",
    re.ASCII | re.DOTALL,
)
"""An attribute with its value in one of three forms; the slash at the end; whatever is neither."""

ASKED = frozenset({"class", "href", "id", "style", *PICTURE_ATTRIBUTES})
"""Attributes of links and pictures that some rule of cleaning asks for."""

_PLAIN_NAME = re.compile(r"\s+([a-z][a-z0-9-]*)=", re.ASCII)

_SPACES = " \t\n\r\f"
_COMMENT = re.compile(r"!--(?:[^>-][^>]*)?--")
_REFERENCE = re.compile(r"&(#?[A-Za-z0-9]{2,32});")
REFERENCES = {name[:-1] for name in html5 if name.endswith(";")} | {
    # Not those that stand for controls, for surrogates or for nothing.
    *(f"#{code}" for code in (*range(32, 127), *range(160, 10_000))),
    *("#x27", "#x2F", "#x2f", "#xa0", "#xA0"),
}

INDENT = "\u3000"
"""Stays where the words continue a block, and goes where they begin one."""


class Step:
    """What one tag between "<" and ">" means, wherever it stands."""

    __slots__ = ("closes", "element", "is_end", "is_silent", "is_void", "name", "role")

    def __init__(self, name: str, element: Tag, *, is_end: bool = False, is_silent: bool = False) -> None:
        self.name = name
        self.element = element
        self.role = find_role(element)
        self.closes = CLOSES.get(name, frozenset())
        self.is_end = is_end
        self.is_void = name in VOID
        self.is_silent = is_silent
        """A comment, or the end of an element that has none: to a parser it is not there."""


class Hole:
    """What stands between two runs, as far as it matters to what follows."""

    WORDS: Final = 0
    """The first of four: + 1 with a space behind them, + 2 with one before."""
    SPACE: Final = 4
    UNSEEN: Final = 5
    """Words of characters without width; the last kind of words."""
    PICTURE: Final = 6
    NO_PICTURE: Final = 7
    LINK: Final = 8
    NO_LINK: Final = 9
    """It leads nowhere: its content counts."""
    DROPPED_LINK: Final = 10
    END: Final = 11
    """Of the article."""


def has_plain_references(text: str) -> bool:
    """Whether each "&" begins a reference that HTML and Python read alike."""
    # Nearly always there is none but in addresses.
    if text.count("&") == text.count("&amp;"):
        return True
    names = _REFERENCE.findall(text)
    return len(names) == text.count("&") and REFERENCES.issuperset(names)


def read_words(words: str) -> tuple[int, str, str]:
    """The hole that they fill, and how they are written, but for the space around them."""
    if words.isspace():
        return Hole.SPACE, "", ""
    if "&" in words:
        words = html.unescape(words)
        shown = escape(even_out(words))
    elif words.lstrip(INDENT).isprintable() and "  " not in words:
        # As nearly all; of the characters that are evened out, only spaces are printable.
        return Hole.WORDS + 2 * (words[0] == " ") + (words[-1] == " "), words, ""
    else:
        shown = even_out(words)
    if not shown or shown.isspace():
        return Hole.SPACE if shown else Hole.UNSEEN, "", ""
    return Hole.WORDS + 2 * (shown[0] in _SPACES) + (words[-1] in _SPACES), shown, ""


@lru_cache(maxsize=256)
def read_tag(tag: str, base_url: str) -> tuple[int, str, str]:
    """The hole that a picture or a link fills, the picture's tag and the link's attribute; -1 for what is neither."""
    element = _read_element(tag)
    if element is None:
        return -1, "", ""
    role = find_role(element)
    if element.tag == "img":
        picture = describe_picture(element, base_url) if role.kind == Kind.ATOM else ""
        return Hole.PICTURE if picture else Hole.NO_PICTURE, picture, ""
    if role.kind == Kind.DROPPED:
        return Hole.DROPPED_LINK, "", ""
    address = resolve_link(base_url, element.get("href", ""))
    return (Hole.LINK, "", f' href="{html.escape(address)}"') if address else (Hole.NO_LINK, "", "")


def _read_element(tag: str) -> Tag | None:
    """The `img` or `a` between "<" and ">", with the attributes that are asked of such."""
    name = "img" if tag.startswith("img") else "a"
    pieces = tag[len(name) :].split('"')
    places = _find_places(tuple(pieces[::2]), name) if len(pieces) % 2 and len(tag) <= _LONGEST_TAG else None
    if places is None:
        step = _read_step(tag)
        return None if step is None else step.element
    return Tag(name, {key: _unescape(value) if "&" in (value := pieces[place]) else value for key, place in places})


@lru_cache(maxsize=256)
def _find_places(texts: tuple[str, ...], name: str) -> tuple[tuple[str, int], ...] | None:
    """Of the values between a tag's quotes those that are asked for, as (attribute, number of the piece); `texts` are
    what stands outside of the quotes. None where the tag is written in an unusual way.
    """
    *texts_before, rest = texts
    names = [match[1] for text in texts_before if (match := _PLAIN_NAME.fullmatch(text))]
    if len(names) < len(texts_before) or rest.strip() not in ("", "/" * (name in VOID)):
        return None
    places = {key: 2 * number + 1 for number, key in reversed([*enumerate(names)])}
    # Of two attributes of one name the first counts.
    return tuple((key, place) for key, place in places.items() if key in ASKED)


def _unescape(value: str) -> str:
    # In addresses there is no other reference.
    return value.replace("&amp;", "&") if value.count("&") == value.count("&amp;") else html.unescape(value)


def read_steps(markup: str) -> tuple[Step, ...] | None:
    """The tags of a run; None where one is not understood."""
    if not markup:
        return ()
    tags = markup.removeprefix(">")
    if not tags.startswith("<") or tags.count("<") > _MOST_STEPS:
        return None
    steps = tuple(_read_step(tag) for tag in tags[1:].split("><"))
    known = tuple(step for step in steps if step is not None)
    # What only silent ones part in two is one text to a parser.
    return known if len(known) == len(steps) and not all(step.is_silent for step in known) else None


@lru_cache(maxsize=256)
def _read_step(tag: str) -> Step | None:
    """What stands between "<" and ">"; None for what is not understood here."""
    if len(tag) > _LONGEST_TAG:
        return None
    if _COMMENT.fullmatch(tag):
        return Step("", Tag("", {}), is_silent=True)
    match = _NAME.match(tag)
    if match is None:
        return None
    name = match.group(1).lower()
    # Elements of WeChat's editor have no meaning in HTML, to which they are nothing but names.
    if name not in UNDERSTOOD and not name.startswith("mp-"):
        return None
    if tag.startswith("/"):
        return None if tag[match.end() :].strip() else Step(name, Tag(name, {}), is_end=True, is_silent=name in VOID)
    attributes: dict[str, str] = {}
    for key, double, single, bare, slash, rest in _ATTRIBUTE.findall(tag, match.end()):
        if rest or (slash and name not in VOID):
            return None
        if key:
            # Of two attributes of one name the first counts.
            value = double or single or bare
            attributes.setdefault(key.lower(), html.unescape(value) if "&" in value else value)
    return Step(name, Tag(name, attributes))
