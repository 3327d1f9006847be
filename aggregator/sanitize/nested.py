"""The same article as `article` makes, from HTML that is strictly nested, and without a tree.

Editors write whole elements, all their attributes quoted; such HTML means to any parser what it says, and nine tenths
of it are a few start tags again and again. So it is read as an automaton reads: where a document stands and the run of
tags that follows say what is written and where it stands then, and the writer is asked that but once. What is unclosed,
misplaced or of a rarer kind is left to the tree: where this reader answers, it answers as `rewrite_article` does.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.entities import html5
from typing import Final, NamedTuple

from aggregator.sanitize.media import describe_picture, resolve_link
from aggregator.sanitize.roles import Ending, Kind, end_role, find_role, start_role
from aggregator.sanitize.tag import Tag
from aggregator.sanitize.writer import START, ArticleWriter, Frozen, escape, even_out

_MAX_DEPTH = 100
"""Elements within elements; the tree has a limit of its own."""

_MOST_STEPS = 500
"""Tags without words or a picture between them."""

_MOST_NEWS = 1000
"""Moves that a document may need and none has made before: to find one takes as long as many tags in a tree."""

_MOST_MOVES = 5000
_LONGEST_RUN = 4000
"""Characters. With the moves that are remembered: some 20 MB at most."""

_LONGEST_TAG = 2000
"""Characters; longer ones are looked at more closely before a parser gets them."""

_VOID = frozenset({"br", "img", "hr"})
_UNDERSTOOD = _VOID | {
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

_PLAIN_NAME = re.compile(r"\s+([a-z][a-z0-9-]*)=", re.ASCII)

_HOLE = re.compile(
    r">(?:([^<>]+)(?=<)(?:<((?:img|a)\s[^<>]*)(?=>|\Z))?|<((?:img|a)\s[^<>]*)(?=>|\Z))",
)
"""Words, a picture or a link, or words and one of these: what differs each time, between runs of tags that come again
and again. Alternatives that begin alike, as they are found several times as fast."""

_SPACES = " \t\n\r\f"
_COMMENT = re.compile(r"!--(?:[^>-][^>]*)?--")
_REFERENCE = re.compile(r"&(#?[A-Za-z0-9]{2,32});")
_REFERENCES = {name[:-1] for name in html5 if name.endswith(";")} | {
    # Not those that stand for controls, for surrogates or for nothing.
    *(f"#{code}" for code in (*range(32, 127), *range(160, 10_000))),
    *("#x27", "#x2F", "#x2f", "#xa0", "#xA0"),
}


class _Step:
    """What one tag between "<" and ">" means, wherever it stands."""

    __slots__ = ("closes", "element", "is_end", "is_silent", "is_void", "name", "role")

    def __init__(self, name: str, element: Tag, *, is_end: bool = False, is_silent: bool = False) -> None:
        self.name = name
        self.element = element
        self.role = find_role(element)
        self.closes = CLOSES.get(name, frozenset())
        self.is_end = is_end
        self.is_void = name in _VOID
        self.is_silent = is_silent
        """A comment, or the end of an element that has none: to a parser it is not there."""


class _Hole:
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


_MARK = "\x01"
"""Stands for words and pictures where it is found out what surrounds them."""
_HREF = "\x02"
"""Stands for the attribute of the link that is open; there is but one at a time."""

_INDENT = "\u3000"
"""Stays where the words continue a block, and goes where they begin one."""
_SAMPLES = (*(f"{before}{_INDENT}{_MARK}{behind}" for before in ("", " ") for behind in ("", " ")), " ")
_Key = tuple[tuple[str, ...], tuple[int, ...], int, Frozen]


class _State:
    """Where a document stands: all that its past means to what may follow."""

    __slots__ = ("key", "moves")

    def __init__(self, key: _Key) -> None:
        self.key = key
        """Names of the open elements; what is due at their ends; how many are open around and with the one that is
        left out (0 outside of such); the writer."""
        self.moves: dict[tuple[str, int], _Move] = {}
        """Run and hole -> what they do."""


class _Move(NamedTuple):
    """What is written for a run and the hole behind it."""

    markup: str
    state: _State
    shows: bool
    """Whether the words or the picture are written."""
    is_indented: bool
    """Whether the words begin a block, which strips them of more than of plain spaces."""
    is_linked: bool
    """Whether the markup names the link."""
    takes_link: bool


class _Machine:
    """All that documents have done so far: found out by the writer once, and looked up ever after."""

    def __init__(self) -> None:
        self._states: dict[_Key, _State] = {}
        self._found = 0

    def start(self) -> _State:
        return self._state(((), (), 0, START))

    def find_move(self, state: _State, run: str, hole: int) -> _Move | None:
        """None for what takes a tree to tell."""
        names, endings, dropped_at, frozen = state.key
        search = _Search(list(names), list(endings), dropped_at, ArticleWriter(frozen))
        steps = _read_steps(run)
        if steps is None or not search.take(steps):
            return None
        takes_link = search.fill(hole)
        if takes_link is None:
            return None
        before, shown, _ = search.writer.take_pieces().partition(_MARK)
        markup = before.removesuffix(_INDENT)
        following = self._state((tuple(search.names), tuple(search.endings), search.dropped_at, search.writer.freeze()))
        move = _Move(markup, following, bool(shown), markup == before, _HREF in before, takes_link)
        if len(run) <= _LONGEST_RUN:
            self._found += 1
            state.moves[run, hole] = move
        if self._found > _MOST_MOVES:
            self._states.clear()
            self._found = 0
        return move

    def _state(self, key: _Key) -> _State:
        return self._states.setdefault(key, _State(key))


_MACHINE = _Machine()


class _Search:
    """A run on its way to the writer."""

    def __init__(self, names: list[str], endings: list[int], dropped_at: int, writer: ArticleWriter) -> None:
        self.names = names
        self.endings = endings
        self.dropped_at = dropped_at
        self.writer = writer

    def take(self, steps: tuple[_Step, ...]) -> bool:
        """Whether all of them are understood."""
        names = self.names
        for step in steps:
            if step.is_silent:
                continue
            if len(names) > _MAX_DEPTH or (step.element and step.name in ("a", "img")):
                # Such a link or picture would have been a hole, if it were written in the usual way.
                return False
            if step.is_end:
                if not names or names.pop() != step.name:
                    return False
                ending = self.endings.pop()
                if not self.dropped_at:
                    end_role(self.writer, ending)
                elif len(names) < self.dropped_at:
                    self.dropped_at = 0
            elif names and names[-1] in step.closes:
                return False
            elif step.is_void:
                if not self.dropped_at and step.role.kind == Kind.ATOM and step.name != "img":
                    (self.writer.add_break if step.name == "br" else self.writer.add_rule)()
            else:
                names.append(step.name)
                self._start(step)
        return True

    def fill(self, hole: int) -> bool | None:
        """Whether a link begins that is written; None where one may not stand."""
        writer = self.writer
        if hole in (_Hole.LINK, _Hole.NO_LINK, _Hole.DROPPED_LINK):
            if self.names and self.names[-1] in CLOSES["a"]:
                return None
            self.names.append("a")
            is_taken = not self.dropped_at and hole == _Hole.LINK and writer.start_mark("a", _HREF)
            self.endings.append(Ending.MARK if is_taken else Ending.NOTHING)
            if hole == _Hole.DROPPED_LINK and not self.dropped_at:
                self.dropped_at = len(self.names)
            return is_taken
        if hole == _Hole.END:
            if self.names:
                return None
            writer.part()
        elif not self.dropped_at:
            if hole == _Hole.PICTURE:
                writer.add_picture(_MARK)
            elif hole <= _Hole.SPACE:
                writer.add_text(_SAMPLES[hole])
        return False

    def _start(self, step: _Step) -> None:
        if self.dropped_at:
            self.endings.append(Ending.NOTHING)
            return
        self.endings.append(start_role(self.writer, step.role, step.element, ""))
        if step.role.kind == Kind.DROPPED:
            self.dropped_at = len(self.names)


class _Walk:
    """A document on its way."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._state = _MACHINE.start()
        self._written: list[str] = []
        self._size = 0
        self._news = 0
        self._link = ""

    def take(self, run: str, hole: int, shown: str = "", href: str = "") -> bool:
        """Whether the run and the hole are understood. `shown` are the words or the picture."""
        move = self._state.moves.get((run, hole))
        if move is None:
            self._news += 1
            move = _MACHINE.find_move(self._state, run, hole) if hole >= 0 and self._news < _MOST_NEWS else None
            if move is None:
                return False
        markup, self._state, shows, is_indented, is_linked, takes_link = move
        if is_linked:
            markup = markup.replace(_HREF, self._link)
        self._written.append(markup)
        if shows:
            self._written.append(shown.rstrip(" ").lstrip() if is_indented else shown.strip(" "))
        if takes_link:
            self._link = href
        self._size += len(markup)
        return self._size <= self._limit

    def finish(self) -> str | None:
        article = "".join(self._written)
        return article if len(article) <= self._limit else None


def rewrite_nested(text: str, base_url: str, *, limit: int) -> str | None:
    """The article in some HTML; None where it takes a tree to tell, or where it is longer than `limit` characters."""
    stripped = text.strip(" \t\n")
    if not (stripped.startswith("<") and stripped.endswith(">")) or not _has_plain_references(text):
        return None
    # Runs without their last ">", each with what stands behind it.
    pieces = iter(_HOLE.split(f">{stripped[:-1]}"))
    walk = _Walk(limit)
    for run in pieces:
        words, tag, lone = next(pieces, None), next(pieces, None), next(pieces, None)
        if words and not walk.take(run, *_read_words(words)):
            return None
        if tag and not walk.take("", *_read_tag(tag, base_url)):
            return None
        if lone and not walk.take(run, *_read_tag(lone, base_url)):
            return None
        if not words and not lone and not walk.take(run, _Hole.END):
            return None
    return walk.finish()


def _has_plain_references(text: str) -> bool:
    """Whether each "&" begins a reference that HTML and Python read alike."""
    if "&" not in text:
        return True
    names = _REFERENCE.findall(text)
    return len(names) == text.count("&") and _REFERENCES.issuperset(names)


def _read_words(words: str) -> tuple[int, str, str]:
    """The hole that they fill, and how they are written, but for the space around them."""
    if words.isspace():
        return _Hole.SPACE, "", ""
    if "&" in words:
        words = html.unescape(words)
        shown = escape(even_out(words))
    elif words.lstrip(_INDENT).isprintable() and "  " not in words:
        # As nearly all; of the characters that are evened out, only spaces are printable.
        shown = words
    else:
        shown = even_out(words)
    if not shown or shown.isspace():
        return _Hole.SPACE if shown else _Hole.UNSEEN, "", ""
    return _Hole.WORDS + 2 * (shown[0] in _SPACES) + (words[-1] in _SPACES), shown, ""


@lru_cache(maxsize=256)
def _read_tag(tag: str, base_url: str) -> tuple[int, str, str]:
    """The hole that a picture or a link fills, the picture's tag and the link's attribute; -1 for what is neither."""
    element = _read_element(tag)
    if element is None:
        return -1, "", ""
    role = find_role(element)
    if element.tag == "img":
        picture = describe_picture(element, base_url) if role.kind == Kind.ATOM else ""
        return _Hole.PICTURE if picture else _Hole.NO_PICTURE, picture, ""
    if role.kind == Kind.DROPPED:
        return _Hole.DROPPED_LINK, "", ""
    address = resolve_link(base_url, element.get("href", ""))
    return (_Hole.LINK, "", f' href="{html.escape(address)}"') if address else (_Hole.NO_LINK, "", "")


def _read_element(tag: str) -> Tag | None:
    """The `img` or `a` between "<" and ">"."""
    name = "img" if tag.startswith("img") else "a"
    *pieces, rest = tag[len(name) :].split('"')
    names = [_read_name(piece) for piece in pieces[::2]]
    if len(tag) > _LONGEST_TAG or len(pieces) % 2 or None in names or rest.strip() not in ("", "/" * (name in _VOID)):
        step = _read_step(tag)
        return None if step is None else step.element
    attributes = Tag(name, {})
    for key, value in zip(names, pieces[1::2], strict=True):
        # Of two attributes of one name the first counts.
        if key is not None and key not in attributes:
            attributes[key] = html.unescape(value) if "&" in value else value
    return attributes


@lru_cache(maxsize=256)
def _read_name(text: str) -> str | None:
    """The name in what stands before an attribute's value; None where it is unusual."""
    match = _PLAIN_NAME.fullmatch(text)
    return match[1] if match else None


def _read_steps(markup: str) -> tuple[_Step, ...] | None:
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
def _read_step(tag: str) -> _Step | None:
    """What stands between "<" and ">"; None for what is not understood here."""
    if len(tag) > _LONGEST_TAG:
        return None
    if _COMMENT.fullmatch(tag):
        return _Step("", Tag("", {}), is_silent=True)
    match = _NAME.match(tag)
    if match is None:
        return None
    name = match.group(1).lower()
    # Elements of WeChat's editor have no meaning in HTML, to which they are nothing but names.
    if name not in _UNDERSTOOD and not name.startswith("mp-"):
        return None
    if tag.startswith("/"):
        return None if tag[match.end() :].strip() else _Step(name, Tag(name, {}), is_end=True, is_silent=name in _VOID)
    attributes: dict[str, str] = {}
    for key, double, single, bare, slash, rest in _ATTRIBUTE.findall(tag, match.end()):
        if rest or (slash and name not in _VOID):
            return None
        if key:
            # Of two attributes of one name the first counts.
            value = double or single or bare
            attributes.setdefault(key.lower(), html.unescape(value) if "&" in value else value)
    return _Step(name, Tag(name, attributes))
