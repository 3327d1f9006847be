"""Markdown to HTML, for staff's drafts. What comes out is not yet safe: the caller passes it to `sanitize`.

One parser serves the whole process: building it costs as much as rendering a short draft.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from aggregator.marks import drop_marks, make_mark

_CHAIN: tuple[tuple[str, Callable[[MarkdownIt], object]], ...] = (
    ("chinese emphasis", lambda md: use_chinese_inline(md)),
    ("commonmark, raw HTML included", lambda md: md.configure("commonmark")),
    ("tables", lambda md: md.enable("table")),
    ("strikethrough", lambda md: md.enable("strikethrough")),
    ("files embedded as wikis do", lambda md: md.inline.ruler.before("link", "embedded_file", embed_file)),
    ("names of files with spaces", lambda md: md.inline.ruler.before("link", "loose_file", link_file)),
    ("footnotes", footnote_plugin),
    # Sanitising keeps no ids, so that the arrow back from a note would lead nowhere.
    ("no way back from footnotes", lambda md: md.add_render_rule("footnote_anchor", render_nothing)),
    ("definition lists", deflist_plugin),
    ("task lists", tasklists_plugin),
    ("asides: 提示, 重要, 问答", lambda md: use_asides(md)),
    ("plain paragraphs, quickly", lambda md: md.block.ruler.before("table", "plain_paragraph", read_plain_paragraph)),
    ("no elements of Office", lambda md: md.core.ruler.after("normalize", "office", drop_office)),
    ("outline", lambda md: md.core.ruler.push("outline", outline_headings)),
    ("lines", lambda md: md.core.ruler.push("lines", mark_lines)),
)
"""What makes our Markdown, in the order in which it is put together."""

_ASIDES = {
    **dict.fromkeys(("提示", "说明", "tip", "note", "info"), ("tip", "提示")),
    **dict.fromkeys(("重要", "注意", "警告", "important", "warning"), ("important", "重要")),
    **dict.fromkeys(("问答", "问", "faq", "qa"), ("faq", "问答")),
}
"""What stands behind `:::` -> class of the quotation that it becomes, and what a reader sees above it."""

_COLONS = re.compile(r"^( {0,3})([:：]{3,})", re.MULTILINE)
_OFFICE = re.compile(r"</?(?:[ovw]|st1):[a-z]{1,20}(?:\s[^<>]{0,500})?/?>", re.IGNORECASE)
_LOWEST = 6
_CHINESE = re.compile("[⺀-〿㇀-鿿豈-﫿！-￯\U00020000-\U0003ffff]")
"""Han characters and the punctuation set among them."""
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Rendered:
    html: str
    """The body; its highest heading is an h2, for the page's h1 is the title."""
    title: str = ""
    """Plain text of the first heading, "" without one."""


def render_markdown(text: str, *, page_title: str | None = None, first_line: int | None = None) -> Rendered:
    """Render `text`, whose line ends are newlines.

    With `page_title`, a heading that opens the text and says the same is left out, as the page shows it above
    the body; "" means that the page takes its title from the first heading. None leaves every heading in.
    With `first_line`, the number of the text's first line in its file, what is rendered has marks of the lines on
    which texts, links and pictures stand (`aggregator.marks`).
    """
    env: dict[str, object] = {_PAGE_TITLE: page_title, _FIRST_LINE: first_line}
    html: str = _parser.render(text if first_line is None else drop_marks(text), env)
    return Rendered(html=html, title=str(env[_FIRST_HEADING]))


_PAGE_TITLE = "page_title"
_FIRST_HEADING = "first_heading"
_FIRST_LINE = "first_line"


def outline_headings(state: StateCore) -> None:
    """Core rule: find the title, drop it where the page repeats it, put the rest below an h1."""
    tokens = state.tokens
    opens = [index for index, token in enumerate(tokens) if token.type == "heading_open"]
    outer = [index for index in opens if tokens[index].level == 0]
    title = _plain_text(tokens[outer[0] + 1]) if outer else ""
    state.env[_FIRST_HEADING] = title
    page_title = state.env[_PAGE_TITLE]
    if outer[:1] == [0] and page_title is not None and _squeeze(page_title or title) == _squeeze(title):
        del tokens[:3]
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    # Only a body that has an h1 moves down: below a left-out title the sections are h2 already.
    shift = 1 if any(token.tag == "h1" for token in headings) else 0
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) + shift, _LOWEST)}"


def _plain_text(inline: Token) -> str:
    # An html_inline child is a tag, not text; an image's content is its alternative text.
    children = [child for child in inline.children or () if child.type != "html_inline"]
    words = (" " if child.type == "softbreak" else child.content for child in children)
    return _SPACES.sub(" ", "".join(words)).strip()


def _squeeze(title: str) -> str:
    return _SPACES.sub("", title)


def mark_lines(state: StateCore) -> None:
    """Core rule: say before each text, link and picture on which line it stands, where that was asked for."""
    first_line = state.env.get(_FIRST_LINE)
    if not isinstance(first_line, int):
        return
    for token in state.tokens:
        if token.map is None:
            continue
        line = first_line + token.map[0]
        if token.type == "inline":
            token.children = list(_mark_children(token.children or (), line))
        elif token.type == "html_block":
            token.content = "".join(
                _HTML_PLACE.sub(make_mark(number), row)
                for number, row in enumerate(token.content.splitlines(keepends=True), line)
            )


def _mark_children(children: Iterable[Token], line: int) -> Iterator[Token]:
    yield Token("text", "", 0, content=make_mark(line))
    for child in children:
        if child.type in ("link_open", "image", "html_inline"):
            yield Token("text", "", 0, content=make_mark(line))
        yield child
        if child.type in ("softbreak", "hardbreak"):
            line += 1


_HTML_PLACE = re.compile(r"(?<=<summary>)|(?=<(?:img|a|video|audio|iframe|table|ul|ol)\b)", re.IGNORECASE)
"""Where a mark may stand in HTML: before most elements, but nothing stands before a question's words."""

_EMBEDDED = re.compile(r"!\[\[([^\[\]|\n]+\.[A-Za-z0-9]{1,5})\s*(?:\|([^\[\]\n]*))?\]\]")
_SIZE = re.compile(r"(\d{1,5})(?:x\d{1,5})?")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|avif|tiff?|heic|svg)$", re.IGNORECASE)
_LOOSE = re.compile(
    r"""([!！]?)\[((?:!\[[^\[\]\n]{0,200}\]\([^()\n]{0,200}\)|[^\[\]\n]){0,500})\]([(（])[ \t]*"""
    r"""<?((?:[^\n<>()（）]|\([^\n()]*\)|（[^\n（）]*）){0,300}?\.[A-Za-z0-9]{1,5}(?:#[^\s()<>]{0,100})?)>?"""
    r"""(?:[ \t]+["“][^"“”\n]{0,200}["”])?[ \t]*[)）]"""
)
_ODD = re.compile(r"[\s\\]|^file:", re.IGNORECASE)
"""What a destination of CommonMark cannot have, or loses: spaces, the backslashes of Windows, places on a disk."""


def embed_file(state: StateInline, silent: bool) -> bool:
    """Inline rule: `![[图.jpg]]`, `![[图.jpg|说明]]`, `![[图.jpg|300]]` of Obsidian."""
    match = _EMBEDDED.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    name, words = match[1].strip(), (match[2] or "").strip()
    size = _SIZE.fullmatch(words)
    if not silent and _PICTURE.search(name):
        _push_picture(state, name, "" if size else words, size[1] if size else "")
    elif not silent:
        _push_link(state, name, match.start(1), match.end(1))
    state.pos = match.end()
    return True


def link_file(state: StateInline, silent: bool) -> bool:
    """Inline rule: `![说明](图 1.jpg)`, `[表](附件\\表.xlsx)`, `![说明]（图1.jpg）`, which staff write and CommonMark
    does not read. What it reads is left to it.
    """
    match = _LOOSE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    mark, name = match[1] or state.src[max(state.pos - 1, 0) : state.pos], match[4].strip()
    wide = mark == "！" and _PICTURE.search(name) is not None
    if not (wide or match[3] == "（" or _ODD.search(name)):
        return False
    if not silent and (match[1] or wide):
        if not match[1]:
            state.pending = state.pending.removesuffix(mark)
        _push_picture(state, name, match[2], "")
    elif not silent:
        _push_link(state, name, match.start(2), match.end(2))
    state.pos = match.end()
    return True


def _push_picture(state: StateInline, name: str, words: str, width: str) -> None:
    children: list[Token] = []
    state.md.inline.parse(words, state.md, state.env, children)
    token = state.push("image", "img", 0)
    token.attrs = {"src": name, "alt": "", **({"width": width} if width else {})}
    token.children = children
    token.content = words


def _push_link(state: StateInline, name: str, start: int, end: int) -> None:
    state.push("link_open", "a", 1).attrs = {"href": name}
    limit, state.pos, state.posMax = state.posMax, start, end
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.posMax = limit
    state.push("link_close", "a", -1)


class _ChineseState(StateInline):
    """Emphasis that also opens and closes beside a Han character or the punctuation set among them.

    CommonMark tells opening from closing marks by the spaces around them, which Chinese does not write:
    `**“通知”**的说明` stays unrendered there. After the amendment at github.com/tats-u/markdown-cjk-friendly.
    """

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 - the base class's names
        scanned = super().scanDelims(start, canSplitWord)
        if not canSplitWord:
            return scanned
        end = start + scanned.length
        before = self.src[start - 1 : start]
        after = self.src[end : min(end + 1, self.posMax)]
        # On either side: `**电话：**12345` ends with Chinese punctuation before a number.
        is_chinese = _CHINESE.match(before) is not None or _CHINESE.match(after) is not None
        return Scanned(
            can_open=scanned.can_open or (is_chinese and after.strip() != ""),
            can_close=scanned.can_close or (is_chinese and before.strip() != ""),
            length=scanned.length,
        )


class _ChineseInline(ParserInline):
    """`ParserInline.parse`, with our state."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        if src and not self.terminator_re.search(src):
            # Most paragraphs of a notice have nothing that a rule could begin at.
            tokens.append(Token("text", "", 0, content=src))
            return tokens
        state = _ChineseState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def read_plain_paragraph(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Block rule: a paragraph whose lines all begin with what is not ASCII, before all other rules are asked.

    Nothing else in CommonMark begins so, nor in our extensions; most lines of a notice do.
    """
    if state.is_code_block(start_line):
        return False
    line = start_line
    while line < state.lineMax and not state.isEmpty(line):
        if _first_character(state, line).isascii():
            return False
        line += 1
    # A definition may stand below an empty line.
    if line == start_line + 1 and line + 1 < state.lineMax and _first_character(state, line + 1) in (":", "~"):
        return False
    return paragraph(state, start_line, end_line, silent)


def _first_character(state: StateBlock, line: int) -> str:
    start = state.bMarks[line] + state.tShift[line]
    return state.src[start : start + 1]


def use_asides(md: MarkdownIt) -> None:
    """Read `::: 提示 标题` … `:::`: quotations of a class, and questions that open where the question is given."""
    container_plugin(md, "aside", validate=lambda info, _: read_aside(info) is not None)
    md.core.ruler.after("normalize", "colons", lambda state: narrow_colons(state))
    md.core.ruler.after("block", "asides", lambda state: form_asides(state))


def read_aside(info: str) -> tuple[str, str, str] | None:
    """Class, label and title of an aside that begins with `::: info`; None for what is none."""
    name, *title = info.split(maxsplit=1)[:2] if info.strip() else ("",)
    aside = _ASIDES.get(name.lower())
    return (*aside, title[0].strip() if title else "") if aside else None


def narrow_colons(state: StateCore) -> None:
    """Core rule: `：：：` at a line's start is `:::`, for Chinese keyboards write full-width colons."""
    if "：：" in state.src or ":：" in state.src:
        state.src = _COLONS.sub(lambda match: match[1] + ":" * len(match[2]), state.src)


def drop_office(state: StateCore) -> None:
    """Core rule: leave out `<o:p>` and its like, of text pasted from Word: to Markdown such a name is no tag's."""
    if ":" in state.src and "<" in state.src:
        state.src = _OFFICE.sub("", state.src)


def form_asides(state: StateCore) -> None:
    """Core rule: make of each container the elements that our pages know."""
    tokens: list[Token] = []
    open_tags: list[str] = []
    for token in state.tokens:
        tokens.append(token)
        if token.type == "container_aside_open" and (aside := read_aside(token.info)):
            name, label, title = aside
            is_question = name == "faq" and title != ""
            token.tag = "details" if is_question else "blockquote"
            open_tags.append(token.tag)
            if not is_question:
                token.attrSet("class", name)
            # The label is text, for a colour says nothing in a feed or to who cannot see it.
            heading = escapeHtml(f"{label}：{title}" if title and not is_question else title or label)
            markup = f"<summary>{heading}</summary>" if is_question else f"<p><strong>{heading}</strong></p>"
            tokens.append(Token("html_block", "", 0, content=f"{markup}\n", map=token.map, level=token.level + 1))
        elif token.type == "container_aside_close":
            token.tag = open_tags.pop()
        else:
            continue
        token.type = f"aside_{'open' if token.nesting == 1 else 'close'}"
    state.tokens = tokens


def render_nothing(*_: object) -> str:
    """Render rule: leave the token out."""
    return ""


def use_chinese_inline(md: MarkdownIt) -> None:
    """Put our inline parser in; `configure` then selects its rules."""
    md.inline = _ChineseInline()


def build_parser() -> MarkdownIt:
    """A parser with the whole chain."""
    md = MarkdownIt()
    for _name, add in _CHAIN:
        add(md)
    return md


_parser = build_parser()
