"""Drafts that `matrix new` made and nobody has written yet: their page would be empty, or have the template's words."""

from __future__ import annotations

import re

from aggregator.drafts.header import Header
from aggregator.drafts.keys import BRIEF_KEYS
from aggregator.model import Finding

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINE_END = re.compile(r"[^\n]")

_EXPLAINING = re.compile(
    "从这里往下写正文，段落之间空一行|上面写不下的，从这里往下写|小标题前面写两个井号|编号列表：数字、点、空格"
    r"|\*\*重点\*\*前后各写两个星号|需要框起来的提醒，写在这两行冒号之间|落款写在最后：单位一行，日期一行"
    "|解读不是摘抄：请说明为什么制定|问答可以这样写，页面上点开问题就看到回答|公布以后 3 个工作日内要有解读：用 matrix"
)
"""What templates explain: no draft says it to its readers."""

_ELEMENTS = ("设定依据", "申请条件", "办理材料", "办理地点", "办理时间", "联系电话", "办理流程")
_SAYING = frozenset({"附件", *_ELEMENTS, *BRIEF_KEYS})
"""Keys of a header that is worth a page without a text below it."""


def find_untouched(path: str, header: Header) -> Finding | None:
    """What keeps a draft back that is a template still; None for all others."""
    body = header.body
    if "<!--" not in body and not _EXPLAINING.search(body):
        return None
    # Lines stay where they are.
    said = _COMMENT.sub(lambda comment: _LINE_END.sub("", comment.group()), body)
    if left := _EXPLAINING.search(said):
        line = header.first_line + said.count("\n", 0, left.start())
        message = f"正文里还留着模板的说明“{left.group()}”，这一篇没有发布。"
        return Finding(path, message, "请删掉模板里的说明和例子，只留下自己写的内容，再保存。", line)
    if said.strip() or any(header.value(key) for key in _SAYING):
        return None
    line = header.first_line + body.count("\n", 0, body.index("<!--"))
    remedy = "请在模板的说明（“<!--”和“-->”之间）下面写上正文，再保存；只有附件的，请在题头写“附件: 文件名”。"
    return Finding(path, "还没有写正文，这一篇没有发布。", remedy, line)
