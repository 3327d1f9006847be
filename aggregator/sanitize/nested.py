"""The same article as `article` makes, from HTML that is strictly nested, and without a tree.

Editors write whole elements, all their attributes quoted; such HTML means to any parser what it says, and nine tenths
of it are a few start tags again and again, which are understood once. What is unclosed, misplaced or of a rarer kind
is left to the tree: where this reader answers, it answers as `rewrite_article` does.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.entities import html5
from itertools import pairwise

from aggregator.sanitize.media import describe_picture
from aggregator.sanitize.roles import Ending, Kind, end_role, find_role, start_role
from aggregator.sanitize.tag import Tag
from aggregator.sanitize.writer import ArticleWriter

_MAX_DEPTH = 500
"""Elements within elements; the tree has a limit of its own."""

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

_BETWEEN = re.compile(r">(?:([^<>]+)|<(img\s[^<>]*)>)<")
"""A text or a picture between two runs of other tags, which are the same again and again, as pictures never are."""

_COMMENT = re.compile(r"!--(?:[^>-][^>]*)?--")
_REFERENCE = re.compile(r"&(#?[A-Za-z0-9]{2,32});")
_REFERENCES = {name[:-1] for name in html5 if name.endswith(";")} | {
    # Not those that stand for controls, for surrogates or for nothing.
    *(f"#{code}" for code in (*range(32, 127), *range(160, 10_000))),
    *("#x27", "#x2F", "#x2f", "#xa0", "#xA0"),
}


class _Step:
    """What one tag between "<" and ">" means, wherever it stands."""

    __slots__ = ("closes", "element", "ending", "is_end", "is_silent", "is_void", "name", "role")

    def __init__(self, name: str, element: Tag, *, is_end: bool = False, is_silent: bool = False) -> None:
        self.name = name
        self.element = element
        self.role = find_role(element)
        self.closes = CLOSES.get(name, frozenset())
        self.is_end = is_end
        self.is_void = name in _VOID
        self.is_silent = is_silent
        """A comment, or the end of an element that has none: to a parser it is not there."""
        self.ending: int | None = None
        """Of a start tag that does no more than part paragraphs, with an alignment for them or without."""
        if not is_end and not self.is_void and not is_silent:
            if self.role.kind == Kind.NOTHING:
                self.ending = Ending.NOTHING
            elif self.role.kind == Kind.PART:
                self.ending = Ending.PART if self.role.alignment is None else Ending.ALIGNED_PART


class _Run:
    """Tags between two texts. The same runs come again and again: editors close and open all levels for each line."""

    __slots__ = ("alignments", "endings", "first_closes", "is_simple", "names", "parts", "pops", "steps")

    def __init__(self, steps: tuple[_Step, ...]) -> None:
        self.steps = steps
        ends = next((number for number, step in enumerate(steps) if not step.is_end), len(steps))
        starts = steps[ends:]
        self.pops = [step.name for step in reversed(steps[:ends])]
        """Names of the open elements that end, outermost first."""
        self.names = [step.name for step in starts]
        self.endings = [step.ending for step in starts if step.ending is not None]
        self.parts = any(ending != Ending.NOTHING for ending in self.endings)
        self.alignments = [step.role.alignment for step in starts if step.ending == Ending.ALIGNED_PART]
        self.first_closes = starts[0].closes if starts else frozenset[str]()
        closed = any(inner.closes and outer.name in inner.closes for outer, inner in pairwise(starts))
        self.is_simple = len(self.endings) == len(starts) and not closed
        """Elements end, then others begin, and none of these does more than part paragraphs."""


def rewrite_nested(text: str, base_url: str, *, limit: int) -> str | None:
    """The article in some HTML; None where it takes a tree to tell, or where it is longer than `limit` characters."""
    opening, _, rest = text.partition("<")
    if not rest:
        return None
    markup, end, trailing = rest.rpartition(">")
    if not end or opening.strip(" \t\n") or trailing.strip(" \t\n") or not _has_plain_references(text):
        return None
    walk = _Walk(base_url, limit)
    # A run without its outermost "<" and ">", then a text or a picture, and so on.
    return walk.writer.to_html() if walk.take(_BETWEEN.split(markup)) else None


class _Walk:
    """One document on its way to the writer."""

    def __init__(self, base_url: str, limit: int) -> None:
        self.writer = ArticleWriter()
        self._base_url = base_url
        self._limit = limit
        self._names: list[str] = []
        """Of the elements that are open."""
        self._endings: list[int] = []
        self._words = ""
        """A text that has come; with what follows it is known whether it is a paragraph."""
        self._is_parted = False
        """Whether the writer has heard nothing since the last paragraph ended."""
        self._dropped_at = 0
        """How many elements are open around and with the one that is left out; 0 outside of such."""

    def take(self, pieces: list[str]) -> bool:
        """Whether all of it is understood. `pieces` are runs, each but the last with what stands after it."""
        for number in range(0, len(pieces), 3):
            run = _read_run(pieces[number])
            if run is None or not self._take_run(run):
                return False
            if number + 1 < len(pieces):
                words, picture = pieces[number + 1 : number + 3]
                if words:
                    self._words = words
                elif not self._take_steps(_read_steps(picture)):
                    return False
        return not self._names and self.writer.size <= self._limit

    def _take_run(self, run: _Run) -> bool:
        names, writer = self._names, self.writer
        count = len(run.pops)
        ended = self._endings[-count:] if count else []
        if not run.is_simple or self._dropped_at or (ended and max(ended) > Ending.ALIGNED_PART):
            self._flush_words()
            return self._take_steps(run.steps)
        if count:
            if names[-count:] != run.pops:
                return False
            del names[-count:], self._endings[-count:]
        if names and names[-1] in run.first_closes:
            return False
        if writer.size > self._limit or len(names) + len(run.names) > _MAX_DEPTH:
            return False
        if run.parts or any(ended):
            if self._words and self._is_parted:
                writer.add_paragraph(_resolve(self._words))
                self._words = ""
            else:
                self._flush_words()
                writer.part()
            self._is_parted = True
            for _ in range(ended.count(Ending.ALIGNED_PART)):
                writer.end_alignment()
            for alignment in run.alignments:
                writer.start_alignment(alignment)
        else:
            self._flush_words()
        names += run.names
        self._endings += run.endings
        return True

    def _flush_words(self) -> None:
        if self._words:
            if not self._dropped_at:
                self.writer.add_text(_resolve(self._words))
            self._words = ""
            self._is_parted = False

    def _take_steps(self, steps: tuple[_Step, ...] | None) -> bool:
        """One tag after another."""
        names = self._names
        self._is_parted = False
        if steps is None or self.writer.size > self._limit or len(names) + len(steps) > _MAX_DEPTH:
            return False
        for step in steps:
            if step.is_silent:
                continue
            if step.is_end:
                if not names or names.pop() != step.name:
                    return False
                ending = self._endings.pop()
                if not self._dropped_at:
                    end_role(self.writer, ending)
                elif len(names) < self._dropped_at:
                    self._dropped_at = 0
            elif names and names[-1] in step.closes:
                return False
            elif not step.is_void:
                names.append(step.name)
                self._start(step)
            elif not self._dropped_at and step.role.kind == Kind.ATOM:
                self._add_void(step)
        return True

    def _start(self, step: _Step) -> None:
        if self._dropped_at:
            self._endings.append(Ending.NOTHING)
            return
        self._endings.append(start_role(self.writer, step.role, step.element, self._base_url))
        if step.role.kind == Kind.DROPPED:
            self._dropped_at = len(self._names)

    def _add_void(self, step: _Step) -> None:
        if step.name == "br":
            self.writer.add_break()
        elif step.name == "hr":
            self.writer.add_rule()
        else:
            self.writer.add_picture(describe_picture(step.element, self._base_url))


def _has_plain_references(text: str) -> bool:
    """Whether each "&" begins a reference that HTML and Python read alike."""
    if "&" not in text:
        return True
    names = _REFERENCE.findall(text)
    return len(names) == text.count("&") and _REFERENCES.issuperset(names)


def _resolve(words: str) -> str:
    return html.unescape(words) if "&" in words else words


@lru_cache(maxsize=1024)
def _read_run(markup: str) -> _Run | None:
    """The tags in some markup, which is without its first "<" and its last ">"; None where one is not understood."""
    steps = _read_steps(markup)
    # A text that only silent ones part in two is one to a parser.
    return None if steps is None or all(step.is_silent for step in steps) else _Run(steps)


def _read_steps(markup: str) -> tuple[_Step, ...] | None:
    steps = tuple(_read_step(tag) for tag in markup.split("><"))
    known = tuple(step for step in steps if step is not None)
    return known if len(known) == len(steps) else None


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
