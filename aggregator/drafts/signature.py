"""The day under which a document is signed: 落款 at its end, 「栖江市水务局 二〇二六年十一月二十日」."""

from __future__ import annotations

import re
from datetime import datetime

from aggregator.dates import parse_date

_LAST_LINES = 8
"""Below the signature stand contacts, attachments and to whom copies go."""

_LONGEST = 40
"""Characters of a line of a signature."""

_DAY = re.compile(
    r"[(（]?\s*((?:\d\s*){4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[〇零○O一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月"
    r"[一二三四五六七八九十廿卅]{1,3}日|\d{4}[-./]\d{1,2}[-./]\d{1,2})\s*[)）]?$"
)
# Who signs ends like this; 「报名时间为」 and 「截至」 do not.
_SIGNER = re.compile(r"(?:^|[局委会府室处心办司院校站队部厅所区道镇乡村组团馆园社行联场厂店网])$")
_PRINTED = re.compile(r"\s*(?:印发|发布|公布)$")


def find_signed_day(text: str, *, now: datetime) -> datetime | None:
    """The day of the signature in the last lines of a plain `text`, None without one or for one still to come."""
    for line in reversed(text.rstrip().split("\n")[-_LAST_LINES:]):
        line = _PRINTED.sub("", line.strip())
        if len(line) > _LONGEST or (day := _DAY.search(line)) is None:
            continue
        if _SIGNER.search(line[: day.start()].strip()) is None:
            continue
        date = parse_date(re.sub(r"\s", "", day[1]), now=now)
        return date if date and date <= now else None
    return None
