"""The examples of CommonMark and of GitHub's Markdown, before cleaning; where ours differs, it is listed with why."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from aggregator.render import build_parser

_EXAMPLE = re.compile(r"^`{32} example[^\n]*\n(.*?)^\.\n(.*?)^`{32}$", re.MULTILINE | re.DOTALL)

BLANKS = "an empty quotation has no line end in it"
ALIGNED = "cells are aligned by a style, which cleaning makes a class"
TICKED = "boxes have a class, which cleaning takes away"
STRUCK = "struck-out text is <s>"
ONE_TILDE = "a single ~ stands between numbers (8~12时) and strikes nothing out"
BARE = "an address becomes a link only in <…>: in Chinese nothing parts it from the words behind it"
COMMENT = "comments are as in CommonMark 0.31, which is later"
TAGS = "what may stand on a page is decided in cleaning"
NOTES = "notes have numbers, and no way back, as cleaning keeps no ids"
NO_ANSWER = "the example has no answer: it must only not fail"

OTHERWISE: dict[str, dict[int, str]] = {
    "gfm-spec.txt": {
        **dict.fromkeys((187, 217, 218), BLANKS),
        199: ALIGNED,
        **dict.fromkeys((279, 280), TICKED),
        491: STRUCK,
        **dict.fromkeys(range(621, 632), BARE),
        **dict.fromkeys((645, 646), COMMENT),
        653: TAGS,
    },
    "gfm-extensions.txt": {
        6: ALIGNED,
        **dict.fromkeys((17, 18), ONE_TILDE),
        19: BARE,
        20: NO_ANSWER,
        22: TAGS,
        **dict.fromkeys(range(23, 28), NOTES),
        **dict.fromkeys(range(28, 31), TICKED),
    },
    "gfm-regression.txt": {
        8: STRUCK,
        **dict.fromkeys((10, 11), ONE_TILDE),
        **dict.fromkeys((13, 20, 21, 22, 23), NOTES),
        24: BARE,
    },
}
"""File -> number of the example -> why ours renders it otherwise."""

EXAMPLES = {"gfm-spec.txt": 673, "gfm-extensions.txt": 30, "gfm-regression.txt": 25}


@pytest.fixture(scope="module")
def parser() -> MarkdownIt:
    """Our parser without the rule that puts headings below the page's own."""
    parser = build_parser()
    parser.core.ruler.disable("outline")
    return parser


def test_commonmark_examples_render_as_specified(parser: MarkdownIt, shared_data: Path) -> None:
    """All of CommonMark 0.31, but for three with blanks in an empty quotation."""
    examples = json.loads((shared_data / "markdown" / "commonmark-0.31.json").read_text(encoding="utf-8"))
    assert len(examples) == 652
    wrong = [one["example"] for one in examples if parser.render(one["markdown"]) != one["html"]]
    assert wrong == [218, 239, 240]


@pytest.mark.parametrize("name", OTHERWISE)
def test_githubs_examples_render_as_specified(parser: MarkdownIt, shared_data: Path, name: str) -> None:
    """All but those above, and those differ indeed."""
    text = (shared_data / "markdown" / name).read_text(encoding="utf-8").replace("→", "\t")
    examples = _EXAMPLE.findall(text)
    assert len(examples) == EXAMPLES[name]
    wrong = {number for number, (source, html) in enumerate(examples, 1) if parser.render(source) != html}
    assert wrong == {*OTHERWISE[name]}


def test_few_examples_render_otherwise() -> None:
    assert {name: len(numbers) for name, numbers in OTHERWISE.items()} == {
        "gfm-spec.txt": 21,
        "gfm-extensions.txt": 14,
        "gfm-regression.txt": 9,
    }
