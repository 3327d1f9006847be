"""How an article looks in WeChat: a style sheet of literal values, written into each element.

Values are spelled as browsers write them (`0px`, `rgb(…)`), so that an editor that reads and writes them changes
nothing. What a rule for a class sets of an element, the rule for the element sets as well, if to another value: an
article that is made ready a second time, when it has no classes any more, then stays as it is.
"""

from __future__ import annotations

from css_inline import CSSInliner

from aggregator.wechat.filters import filter_style, write_style
from aggregator.wechat.tree import Element, parse_fragment

COLUMN = 677
"""Pixels: width of the column in which WeChat shows an article on a computer."""

_INK = "rgb(34, 34, 34)"
_QUIET = "rgb(89, 89, 89)"
_LINE = "rgb(217, 217, 217)"
_SOFT = "rgb(247, 247, 247)"
_BLUE = "rgb(23, 84, 155)"
_BLUE_SOFT = "rgb(238, 244, 251)"
_BLUE_LINE = "rgb(197, 217, 239)"
_RED = "rgb(179, 38, 30)"
_RED_SOFT = "rgb(253, 241, 240)"
_AMBER_SOFT = "rgb(255, 247, 230)"

SHEET = f"""
p {{ color: {_INK}; font-size: 16px; line-height: 1.75; margin: 0px 0px 16px; }}
h2 {{ border-left: 4px solid {_BLUE}; color: {_BLUE}; font-size: 18px; font-weight: bold; line-height: 1.5;
  margin: 32px 0px 16px; padding: 0px 0px 0px 10px; }}
h3 {{ color: {_INK}; font-size: 17px; font-weight: bold; line-height: 1.6; margin: 24px 0px 12px; }}
h4 {{ color: {_INK}; font-size: 16px; font-weight: bold; line-height: 1.6; margin: 20px 0px 8px; }}
ul {{ color: {_INK}; font-size: 16px; line-height: 1.75; margin: 0px 0px 16px; padding: 0px 0px 0px 24px; }}
ol {{ color: {_INK}; font-size: 16px; line-height: 1.75; margin: 0px 0px 16px; padding: 0px 0px 0px 28px; }}
ul ul, ol ul, ul ol, ol ol {{ margin: 0px; }}
li {{ margin: 0px 0px 6px; }}
li.continued {{ list-style-type: none; }}
blockquote {{ background-color: {_SOFT}; border-left: 3px solid {_LINE}; color: {_QUIET}; margin: 0px 0px 16px;
  padding: 12px 16px; }}
blockquote p {{ color: {_QUIET}; margin: 0px 0px 8px; }}
table {{ border-collapse: collapse; margin: 0px 0px 16px; width: 100%; }}
td, th {{ border: 1px solid {_LINE}; color: {_INK}; font-size: 15px; line-height: 1.6; padding: 6px 8px;
  vertical-align: top; word-break: break-word; }}
th {{ background-color: {_BLUE_SOFT}; font-weight: bold; text-align: left; }}
hr {{ border-color: {_LINE}; border-style: solid; border-width: 1px 0px 0px; margin: 24px 0px; }}
strong {{ font-weight: bold; }}
u {{ text-decoration: underline; }}
sup, sub {{ font-size: 12px; line-height: 1; }}
code {{ background-color: {_SOFT}; font-family: Consolas, Menlo, monospace; font-size: 14px; padding: 2px 4px; }}
a {{ color: {_BLUE}; text-decoration: none; }}
img {{ height: auto; max-width: 100%; vertical-align: middle; }}
.align-center {{ text-align: center; }}
.align-right {{ text-align: right; }}
.tip, .important, .faq, .question, .card {{ border-radius: 4px; margin: 0px 0px 16px; padding: 12px 16px 4px; }}
.tip, .faq, .question, .card {{ background-color: {_BLUE_SOFT}; border: 1px solid {_BLUE_LINE}; }}
.important {{ background-color: {_RED_SOFT}; border: 1px solid {_RED}; }}
.tip p, .important p, .faq p, .question p, .card p {{ margin: 0px 0px 8px; }}
p.box-title {{ color: {_BLUE}; font-weight: bold; }}
.important p.box-title {{ color: {_RED}; }}
.row-name {{ color: {_QUIET}; font-weight: bold; }}
p.caption {{ color: {_QUIET}; font-size: 14px; text-align: center; }}
p.term {{ font-weight: bold; margin: 0px 0px 4px; }}
.definition {{ color: {_INK}; font-size: 16px; line-height: 1.75; margin: 0px 0px 12px; padding: 0px 0px 0px 32px; }}
.spelled {{ color: {_INK}; font-size: 16px; line-height: 1.75; margin: 4px 0px 0px; padding: 0px 0px 0px 16px; }}
.numbered {{ color: {_INK}; font-size: 16px; line-height: 1.75; margin: 0px 0px 6px; padding: 0px 0px 0px 16px; }}
.code {{ background-color: {_SOFT}; border: 1px solid {_LINE}; color: {_INK};
  font-family: Consolas, Menlo, monospace; font-size: 14px; line-height: 1.6; margin: 0px 0px 16px;
  padding: 12px 16px; word-break: break-all; }}
.struck {{ text-decoration: line-through; }}
.marked {{ background-color: {_AMBER_SOFT}; }}
.small {{ font-size: 14px; }}
.place {{ background-color: {_AMBER_SOFT}; border: 1px dashed rgb(138, 75, 0); color: rgb(138, 75, 0);
  font-size: 15px; padding: 4px 8px; }}
p.alone {{ text-align: center; }}
p.notes-title {{ color: {_QUIET}; font-size: 14px; font-weight: bold; margin: 24px 0px 8px; }}
p.note {{ color: {_QUIET}; font-size: 14px; line-height: 1.6; margin: 0px 0px 4px; word-break: break-all; }}
p.guard {{ font-size: 0px; line-height: 0; margin: 0px; }}
"""

_INLINER = CSSInliner(load_remote_stylesheets=False)


def write_styles(html: str) -> Element:
    """The fragment with the style of each element in it, and without classes and all else that the editor drops."""
    root = parse_fragment(_INLINER.inline_fragment(html, SHEET))
    for element in root.iter():
        for name in ("class", "data-line"):
            element.attrib.pop(name, None)
        if style := filter_style(element.attrib.pop("style", "")):
            # In the order of their names, shorthands come before what they stand for.
            element.set("style", write_style(dict(sorted(style.items()))))
    return root
