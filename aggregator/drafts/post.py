"""A draft's header and body -> a Post of the account "local"."""

from __future__ import annotations

import calendar
import mimetypes
import re
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from aggregator.dates import parse_date
from aggregator.drafts.header import Header
from aggregator.drafts.keys import DATE_KEYS, LASTING, NAMING
from aggregator.drafts.names import clean_name, find_day
from aggregator.drafts.nearby import NOTHING_NEARBY, NearbyFiles
from aggregator.drafts.places import find_genre
from aggregator.drafts.references import References
from aggregator.drafts.signature import find_signed_day
from aggregator.drafts.terms import check_terms
from aggregator.drafts.untouched import find_untouched
from aggregator.model import LOCAL_ACCOUNT, Attachment, FileUse, Finding, Post
from aggregator.urls import canonical_url, is_web_url

if TYPE_CHECKING:
    from aggregator.render import Rendered

SUMMARY_LENGTH = 80
"""Characters of the text that stand in for a summary: two lines on a phone, as WeChat shows."""

DATES_AHEAD = timedelta(days=100 * 365)
"""How far ahead of today a draft's dates may lie: staff write 有效期至, and the day a draft is to appear."""

_DAY = re.compile(r"\s*((?:19|20)\d{2})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})(?!\d)")
_SEPARATORS = re.compile(r"\s*[；;，,、]\s*")
_LINK = re.compile(r"\[([^\]]*)\][(（]\s*<?([^>]+?)>?\s*[)）]$")
_FILE = re.compile(r".+\.\w{2,5}$")


def build_post(
    path: str, header: Header, *, now: datetime, files: NearbyFiles = NOTHING_NEARBY, first_line: int | None = None,
    rendered: Rendered | None = None,
) -> tuple[Post, tuple[Finding, ...], tuple[FileUse, ...]]:  # fmt: skip
    """The post that the draft at `path` (posix, relative to content/) makes, what to mend in it, and which of the
    `files` it names. Its text begins in the file's line `first_line`. `rendered` is the body of what is no Markdown.
    """
    # Only here: who checks drafts renders none, and need not wait for Markdown and the cleaners to be imported.
    from aggregator.render import render_markdown
    from aggregator.sanitize import clean_html, html_to_text

    references = References(path, files, header.body, first_line)
    rendered = rendered or render_markdown(header.body, page_title=header.value("标题"))
    image = _place_cover(header, references)
    attachments = _place_attachments(header, references)
    html = clean_html(references.rewrite(rendered.html), base_url="")
    text = html_to_text(html)
    findings = list_mistakes(path, header, text, heading=rendered.title, is_empty=not html.strip(), now=now)
    findings = tuple(sorted((*findings, *references.findings), key=lambda finding: finding.line or 0))
    number = header.value("编号")
    link = header.value("原文链接")
    post = Post(
        account=LOCAL_ACCOUNT,
        key=number or path,
        title=choose_title(header, rendered.title, path),
        url=link if is_web_url(link) else "",
        canonical_url=canonical_url(link),
        aliases=(number or path, f"path:{path}"),
        html=html,
        text=text,
        summary=header.value("摘要") or shorten_text(text),
        published=choose_date(header, text, path, now=now),
        author=header.value("部门"),
        categories=tuple(name for name in _SEPARATORS.split(header.value("栏目")) if name),
        image=image,
        attachments=attachments,
        genre=find_genre(path),
        header=_list_fields(header),
        warnings=tuple(finding.message for finding in findings),
    )
    return post, findings, references.uses


def list_mistakes(
    path: str, header: Header, text: str, *, heading: str, is_empty: bool, now: datetime
) -> tuple[Finding, ...]:
    """What is to be mended in a draft, as far as its header, its `text` and its first heading tell; by line."""
    horizon = now + DATES_AHEAD
    findings = [
        *header.findings, *_check_dates(path, header, horizon), *_check_link(path, header),
        *check_terms(path, header, now=now, horizon=horizon),
    ]  # fmt: skip
    if lost := text.count("\ufffd"):
        message = f"正文里有 {lost} 个字读不出来，显示成了“\ufffd”。"
        findings.append(Finding(path, message, "请找到这几处，重新输入。", level="warning"))
    if not (header.value("标题") or heading or clean_name(PurePosixPath(path).name)):
        message = f"这篇稿件没有标题，页面上用的是文件名“{PurePosixPath(path).stem}”。"
        findings.append(Finding(path, message, "请在第一行写上“标题: ……”，下面空一行再写正文。", level="warning"))
    if untouched := find_untouched(path, header):
        findings.append(untouched)
    elif is_empty and find_genre(path) != "service":  # a service may consist of its header
        findings.append(Finding(path, "这篇稿件没有正文。", "请在题头下面空一行，写上正文。", level="warning"))
    return tuple(sorted(findings, key=lambda finding: finding.line or 0))


def _place_cover(header: Header, references: References) -> str:
    cover = header.value("封面")
    return cover if not cover or is_web_url(cover) else references.place_picture(cover, header.line("封面"))


def _place_attachments(header: Header, references: References) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    for (key, value), line in zip(header.pairs, header.lines, strict=True):
        if key == "附件":
            named = (_read_attachment(value),) if references.is_there(value) else split_attachments(value)
            found += references.place_attachments(named, line)
    return tuple(found)


def choose_title(header: Header, heading: str, path: str) -> str:
    """The header's title, else the text's first heading, else the name of the file without its dates and versions."""
    name = PurePosixPath(path).name
    return header.value("标题") or heading or clean_name(name) or PurePosixPath(name).stem.strip()


def choose_date(header: Header, text: str, path: str, *, now: datetime) -> datetime | None:
    """The header's date, or that from which it is public; else that under which the text is signed, or in its name.

    None where none says: then the draft is dated by when it was first seen. What is not in the header is no promise:
    a day to come is passed over there.
    """
    if value := header.value("日期") or header.value("定时"):
        return parse_date(value, now=now + DATES_AHEAD)
    return find_signed_day(text, now=now) or find_day(PurePosixPath(path).name, now=now)


def _list_fields(header: Header) -> tuple[tuple[str, str], ...]:
    """The header as pages and other stages see it: what it names on several lines is one field."""
    fields: dict[object, tuple[str, str]] = {}
    for number, (key, value) in enumerate(header.pairs):
        if key in NAMING and key in fields:
            fields[key] = (key, f"{fields[key][1]}、{value}")
        else:
            fields[key if key in NAMING else number] = (key, value)
    return tuple(fields.values())


def shorten_text(text: str) -> str:
    """The first `SUMMARY_LENGTH` characters of `text` on one line, an ellipsis where something is cut off."""
    line = " ".join(text.split())
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1].rstrip() + "…"


def split_attachments(value: str) -> tuple[Attachment, ...]:
    """The files that one 附件 line names: `表.xlsx`, `表.xlsx；名单.pdf` or `[申请表](表.xlsx)`.

    Names contain commas, too: a line is divided only if each part then is a file's name.
    """
    parts = [part for part in _SEPARATORS.split(value) if part]
    if not all(_LINK.match(part) or _FILE.match(part) for part in parts):
        parts = [value]
    return tuple(_read_attachment(part) for part in parts)


def _read_attachment(part: str) -> Attachment:
    link = _LINK.match(part)
    url = link[2] if link else part
    title = link[1].strip() if link else ""
    return Attachment(url, title or PurePosixPath(url).stem, mimetypes.guess_type(url)[0] or "")


def _check_dates(path: str, header: Header, horizon: datetime) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            path,
            f"“{key}”写的“{value}”不是能认出的日期。",
            _suggest_date(key, value),
            line,
            "warning",
        )
        for (key, value), line in zip(header.pairs, header.lines, strict=True)
        if key in DATE_KEYS and not (key == "有效期至" and value in LASTING) and parse_date(value, now=horizon) is None
    )


def _suggest_date(key: str, value: str) -> str:
    """What to write: the nearest day that there is (2026-13-1 for 2026-12-01), or how dates are written."""
    if (match := _DAY.match(value)) is None:
        return f"请写成“{key}: 2026-11-20”或“{key}: 2026年11月20日 9:00”。"
    year, month = int(match[1]), min(max(int(match[2]), 1), 12)
    day = min(max(int(match[3]), 1), calendar.monthrange(year, month)[1])
    return f"请改成“{key}: {date(year, month, day)}”，并核对是不是这一天。"


def _check_link(path: str, header: Header) -> tuple[Finding, ...]:
    link = header.value("原文链接")
    if not link or is_web_url(link):
        return ()
    message = f"“原文链接”写的“{link}”不是网址，没有用上。"
    line = header.line("原文链接")
    return (Finding(path, message, "请写完整的网址，以“https://”开头。", line, "warning"),)
