"""What an official site states of itself: settings as pages use them, and what of them is wrong.

A wrong one is left out of the pages and told to staff: an invented number is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from aggregator.plugins.stories.assets import find_mark
from aggregator.plugins.stories.outward import LEAVINGS
from aggregator.urls import is_web_url

_ID_CODE = re.compile(r"[0-9]{10}|bm[0-9]{8}")
_DIGITS = re.compile(r"[0-9]{13,14}")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")

_POLICE = "https://beian.mps.gov.cn/#/query/webSearch?code="


def state_site(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What every page states at its head and foot; "" for what is missing or wrong."""
    code = str(settings["SITE_ID_CODE"])
    police = _DIGITS.search(str(settings["POLICE_RECORD"]))
    mark = settings["SITE_MARK"]
    return {
        "SITE_ID_CODE": code if _ID_CODE.fullmatch(code) else "",
        "SITE_MARK": mark if is_web_url(mark) and find_mark(settings) else "",
        "police_url": f"{_POLICE}{police[0]}" if police else "",
        "LEAVING": settings["LEAVING"] if settings["LEAVING"] in LEAVINGS else LEAVINGS[0],
    }


def find_rule_oddities(settings: Mapping[str, Any]) -> Iterator[str]:
    """What of these settings is wrong, in sentences for staff."""
    code, mark = str(settings["SITE_ID_CODE"]), settings["SITE_MARK"]
    if code and not _ID_CODE.fullmatch(code):
        yield f"SITE_ID_CODE 写的“{code}”不是网站标识码，页面上先不显示。应是十位数字，部委网站是 bm 加八位数字。"
    if settings["POLICE_RECORD"] and not _DIGITS.search(str(settings["POLICE_RECORD"])):
        yield "POLICE_RECORD 里没有十四位的备案编号，页面上没有链接。照备案页面填写，如“浙公网安备33010602000000号”。"
    if mark and not is_web_url(mark):
        yield f"SITE_MARK 写的“{mark}”不是网址，党政机关网站标识先不显示。照核发标识时给的代码，填写其中的查验网址。"
    elif mark and not find_mark(settings):
        yield (
            f"SITE_MARK_PICTURE 写的图片“{settings['SITE_MARK_PICTURE']}”在 content 文件夹里找不到，"
            "党政机关网站标识先不显示。把核发的标识图片放进 content 文件夹，填写文件名。"
        )
    if settings["LEAVING"] not in LEAVINGS:
        yield f"LEAVING 写的“{settings['LEAVING']}”不认得，按 mark 处理。写 mark（标出链接）或 page（先打开提示页）。"
    for name in settings["TRUSTED_HOSTS"]:
        if not _DOMAIN.fullmatch(name):
            yield f"TRUSTED_HOSTS 里的“{name}”不是域名，不起作用。只写域名，如 gov.cn，不写 https:// 和斜线。"
