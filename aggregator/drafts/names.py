"""What the name of a file says of the draft in it: 「2026-11-20 关于停水的通知（终稿）(2).md」 a title and a day."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from aggregator.dates import parse_date

_SUFFIX = re.compile(r"\.(?:md|markdown|txt|docx?|wps|pdf)$", re.IGNORECASE)
_DAY = (
    r"(?:(?:19|20)\d{2}[-._/ ]\d{1,2}[-._/ ]\d{1,2}"
    r"|(?:19|20)\d{2}年\d{1,2}月\d{1,2}日"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
)
_FIRST_DAY = re.compile(rf"[(（【\[]?({_DAY})[)）】\]]?(?!\d)")
_LAST_DAY = re.compile(rf"(?<!\d)[(（【\[]?({_DAY})[)）】\]]?$")
# Official titles speak of a day themselves: 「2026年11月20日停水通知」 without its day would be another title.
_SPOKEN = re.compile(r"(?:19|20)\d{2}年")

_ATTACHED = "终稿|定稿|最终稿|修改稿|送审稿|审定稿|最终版|最新版|修改版|副本"
_STATE = f"(?:{_ATTACHED}|发布稿|网站稿|上网稿|终版|定版|发布版|复件|最终|已审|已改|改)"
# Words that a title may end with count only where something parts them from it.
_MARKS = re.compile(
    r"(?:"
    rf"[\s_—–-]*[(（【\[]\s*(?:{_STATE}\d{{0,2}}|\d{{1,2}}|v\d[\d.]*|copy)\s*[)）】\]]"
    rf"|[\s_—–-]+(?:{_STATE}\d{{0,2}}|v\d[\d.]*|copy)"
    rf"|(?:{_ATTACHED})\d{{0,2}}"
    r"|(?<![a-z0-9])v\d[\d.]*"
    r")$",
    re.IGNORECASE,
)
_COPY = re.compile(r"^(?:复件|副本)\s*(?:[(（]\d+[)）])?\s*[-_ ]*")
_ORDINAL = re.compile(r"^\d{1,2}\s*[.、_]\s*(?=\D)")
_EDGES = " \t\u3000_-—–·.,，、"
_UNNAMED = re.compile(r"新建\s*(?:文本文档|文档|Markdown.*)?|未命名.*|无标题.*|untitled.*|\d+", re.IGNORECASE)


def clean_name(name: str) -> str:
    """A title out of a file's `name`, which may have its suffix; "" where it has none to give.

    Days at its ends, 终稿, 修改稿, 副本, v3, (2) and what else tells the states of a file apart are no part of it.
    """
    title = _strip_suffixes(name)
    former = ""
    while title != former:
        former = title
        title = _COPY.sub("", _MARKS.sub("", title)).strip(_EDGES)
        for day in (_FIRST_DAY.match(title), _LAST_DAY.search(title)):
            if day and not _SPOKEN.match(day[1]):
                title = (title[: day.start()] + title[day.end() :]).strip(_EDGES)
                break
    title = _ORDINAL.sub("", title)
    return "" if _UNNAMED.fullmatch(title) else title


def find_day(name: str, *, now: datetime) -> datetime | None:
    """The day that stands at an end of a file's `name`; None without one, for one to come, and for one of a title."""
    former, title = "", _strip_suffixes(name)
    while title != former:
        former, title = title, _COPY.sub("", _MARKS.sub("", title)).strip(_EDGES)
    day = _FIRST_DAY.match(title) or _LAST_DAY.search(title)
    if day is None or _SPOKEN.match(day[1]):
        return None
    date = parse_date(re.sub(r"[._ ]", "-", day[1]), now=now)
    return date if date and date <= now else None


def _strip_suffixes(name: str) -> str:
    title, former = unicodedata.normalize("NFC", name).strip(), ""
    # Windows hides suffixes: 停水.docx.md, 停水.md.txt.
    while title != former:
        former, title = title, _SUFFIX.sub("", title)
    return title
