"""What a Word file says -> a Post of the account "local"."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aggregator.dates import parse_date
from aggregator.drafts.header import Header
from aggregator.drafts.nearby import NearbyFiles
from aggregator.drafts.post import DATES_AHEAD, build_post, shorten_text
from aggregator.drafts.reproaches import WORDLESS
from aggregator.drafts.word.text import WordText
from aggregator.model import FileUse, Finding, Post
from aggregator.render import Rendered


def build_word_post(
    path: str, word: WordText, *, now: datetime, files: NearbyFiles
) -> tuple[Post, tuple[Finding, ...], tuple[FileUse, ...]]:
    """As `build_post`, of the Word file at `path`; its paragraphs are counted in place of lines."""
    header = complete_header(path, word, now=now)
    post, found, uses = build_post(path, header, now=now, files=files, rendered=Rendered(word.html, word.heading))
    findings = (
        *(
            _tell_wordless(path) if finding.rule == WORDLESS else replace(finding, line=finding.line or None)
            for finding in found
        ),
        *(Finding(path, message, remedy, level="warning") for message, remedy in word.notes),
    )
    summary = header.value("摘要") or shorten_text(word.opening) or post.summary
    post = replace(post, summary=summary, warnings=tuple(finding.message for finding in findings))
    return post, findings, tuple(replace(use, line=use.line or None) for use in uses)


def _tell_wordless(path: str) -> Finding:
    remedy = "请在 Word 里右键图片，点“编辑替代文字”，写一句图上是什么，看不见图的人靠它了解内容。"
    return Finding(path, "有图片没有说明文字。", remedy, level="warning", rule=WORDLESS)


def complete_header(path: str, word: WordText, *, now: datetime) -> Header:
    """The header with what the document says in its own places: its number, who signs it and on which day."""
    header, layout = word.header, word.layout
    day = layout.issued if layout.issued and parse_date(layout.issued, now=now + DATES_AHEAD) else ""
    said = (
        ("文号", layout.number),
        ("部门", layout.issuer),
        ("日期", header.value("成文日期") or day),
        ("成文日期", day if path.startswith("policies/") else ""),
    )
    new = tuple((key, value) for key, value in said if value and not header.value(key))
    return replace(
        header, pairs=(*header.pairs, *new), lines=(*header.lines, *(_find_line(word, one) for _, one in new))
    )


def _find_line(word: WordText, value: str) -> int:
    """The paragraph that says it; 0 where it is put together from several."""
    found = (n for n, line in enumerate(word.paragraphs, word.header.first_line) if value in line)
    return next(found, 0)
