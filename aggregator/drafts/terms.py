"""What a header says of when a draft is public (定时, 下线, 撤回), checked for staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from aggregator.dates import SHANGHAI, parse_date
from aggregator.drafts.header import Header
from aggregator.model import Finding

_EXAMPLE = "2026-12-01 08:00"
_YES, _NO = {"是", "yes", "true", "1"}, {"否", "不", "无", "no", "false", "0"}


def check_terms(path: str, header: Header, *, now: datetime, horizon: datetime) -> Iterator[Finding]:
    """What is to be mended. Only a 定时 that nobody can read keeps a draft back: it must not appear too early."""
    timed, expires, dated = (parse_date(header.value(key), now=horizon) for key in ("定时", "下线", "日期"))
    if header.value("定时") and timed is None:
        yield Finding(
            path,
            f"“定时”写的“{header.value('定时')}”不是能认出的时间，这一版没有发布。",
            f"请写成“定时: {_EXAMPLE}”；不要定时的，删掉这一行。",
            header.line("定时"),
        )
    if dated and dated > now and not header.value("定时"):
        yield _warn(
            path,
            f"日期在将来，到 {_write(dated)} 才会发布。",
            "就是要那时发布的，不用改，也可以写成“定时”；要现在发布，请改“日期”。",
            header.line("日期"),
        )
    appears = timed or dated
    if expires and appears and expires <= appears:
        yield _warn(
            path,
            f"“下线”（{_write(expires)}）不晚于发布的时间（{_write(appears)}），这一篇不会出现在列表里。",
            "请核对这两个时间。",
            header.line("下线"),
        )
    yield from _check_withdrawal(path, header, horizon)


def _check_withdrawal(path: str, header: Header, horizon: datetime) -> Iterator[Finding]:
    value = header.value("撤回")
    if value.lower() in _NO or not value:
        for key in ("撤回原因", "替代"):
            if header.value(key):
                remedy = "要撤回的，加上一行“撤回: 是”；不撤回的，删掉这一行。"
                yield _warn(path, f"写了“{key}”，没有写“撤回”，这一篇没有撤回。", remedy, header.line(key))
        return
    if value.lower() not in _YES and parse_date(value, now=horizon) is None:
        message = f"“撤回”写的“{value}”看不懂，按“是”处理，已经撤回。"
        remedy = "请写“是”，或者撤回的日期，如“撤回: 2026-11-20”；不撤回的，删掉这一行。"
        yield _warn(path, message, remedy, header.line("撤回"))
    if not header.value("撤回原因"):
        remedy = "请加上一行，如“撤回原因: 时间有误”，居民在页面上看得到。"
        yield _warn(path, "撤回没有写原因。", remedy, header.line("撤回"))


def _write(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _warn(path: str, message: str, remedy: str, line: int | None) -> Finding:
    return Finding(path, message, remedy, line, "warning")
