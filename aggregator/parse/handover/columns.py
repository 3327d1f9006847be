"""The names under which tables and headers give a post's parts, and what a file's name says."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from pathlib import PurePosixPath

from aggregator.dates import parse_date

_NAMES = {
    "title": "标题 题目 名称 题名 文章标题 信息标题 文章名称 title headline subject",
    "date": "日期 时间 发布日期 发布时间 发表日期 发表时间 发稿时间 发文时间 创建时间 上传时间 "
    "date pubdate published publishedat publishdate publishtime datepublished created createdat time",
    "body": "正文 内容 全文 文章内容 正文内容 信息内容 详情 content body text html contenthtml fulltext",
    "link": "链接 网址 地址 原文链接 原文地址 文章链接 文章地址 url link href permalink",
    "category": "栏目 分类 类别 频道 标签 栏目名称 所属栏目 column category categories channel section tags",
    "source": "来源 稿源 信息来源 文章来源 稿件来源 source",
    "author": "作者 撰稿 发布人 author creator",
    "summary": "摘要 简介 导读 导语 概要 summary abstract excerpt description",
    "id": "编号 文章编号 信息编号 稿件编号 id guid key articleid",
    "image": "封面 封面图 题图 缩略图 image cover thumbnail",
    "attachment": "附件 附件地址 附件链接 attachment attachments enclosure",
    "withdrawn": "撤回 撤下 已撤回 已撤下 withdrawn",
}
_COLUMNS = {word: column for column, words in _NAMES.items() for word in words.split()}

_REMARK = re.compile(r"[(\[【].*")
_UNSPOKEN = re.compile(r"[\s_*\-'\"“”:]+")

_SERIAL = re.compile(r"\d{1,4}|[-/—]+|无|null|none|nan|n/a", re.IGNORECASE)
"""A number of the row, as every table has them, or what a database writes for nothing: no identifier."""

# 2026-07-01, 2026年7月1日, 2026_7_1, t20260701_123, art/2026/7/1: with its day, or it is no date.
_DATE_IN_NAME = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?:(?P<gap>[-_./年])(?P<month>\d{1,2})[-_./月](?P<day>\d{1,2})日?"
    r"|(?P<month2>\d{2})(?P<day2>\d{2}))(?!\d)"
)
_HAN = re.compile("[\u4e00-\u9fff]")
_FEWEST_HAN = 4
"""Han characters from which a file's name is a headline, and not `1.html` or `通知.md`."""


def find_column(name: str) -> str:
    """Which part of a post a column or header of this name gives; "" for none: `发布日期(必填)` is "date"."""
    folded = unicodedata.normalize("NFKC", name).strip("\ufeff ").lower()
    return _COLUMNS.get(_UNSPOKEN.sub("", _REMARK.sub("", folded)), "")


def is_serial(identifier: str) -> bool:
    return _SERIAL.fullmatch(identifier) is not None


def read_name_date(name: str, now: datetime) -> str:
    """The day that a file's path states, as a date can be read; "" if it states none."""
    for match in _DATE_IN_NAME.finditer(name):
        day = f"{match['year']}-{match['month'] or match['month2']}-{match['day'] or match['day2']}"
        if parse_date(day, now=now):
            return day
    return ""


def read_name_title(name: str) -> str:
    """The headline that a file's name is; "" if it is none."""
    stem = _DATE_IN_NAME.sub("", PurePosixPath(name).stem).strip(" -_.·")
    return stem if len(_HAN.findall(stem)) >= _FEWEST_HAN else ""
