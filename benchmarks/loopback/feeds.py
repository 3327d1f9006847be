"""Made feeds in the two forms that a city's accounts have: a website's light one, and a WeChat bridge's heavy one.

Sizes and the number of posts are those of docs/benchmarks.md; the text is drawn from a list of words, and differs
from post to post and from feed to feed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

POSTS = 20
LIGHT_BYTES = 74_000
WECHAT_BYTES = 552_000

_START = datetime(2026, 11, 20, 8, tzinfo=UTC)
_WORDS = (
    *("居民", "社区", "街道", "医保", "社保", "缴费", "申请", "办理", "窗口", "材料", "审核", "补贴", "标准", "公示"),
    *("通知", "公告", "道路", "施工", "绕行", "公交", "线路", "站点", "学校", "报名", "疫苗", "接种", "医院", "门诊"),
    *("老人", "食堂", "小区", "改造", "电梯", "供水", "检修", "管网", "气象", "预警", "降温", "公园", "步道", "开放"),
    *("展览", "图书", "讲座", "招聘", "岗位", "企业", "培训", "技能", "创业", "就业", "登记", "户籍", "养老", "护理"),
    *("救助", "低保", "住房", "租赁", "摇号", "税费", "减免", "监管", "食品", "检查", "消防", "演练", "防汛", "巡查"),
    *("志愿", "服务", "生态", "河道", "治理", "绿化", "垃圾", "分类", "宣传", "法律", "调解", "预算", "监督", "举报"),
)


def make_light_feed(number: int) -> bytes:
    """RSS of a website: paragraphs, a link and a picture now and then, some words in bold."""
    return _make_feed(number, LIGHT_BYTES, _write_light_body)


def make_wechat_feed(number: int) -> bytes:
    """RSS of a WeChat bridge: every line within sections and spans that carry the editor's styles."""
    return _make_feed(number, WECHAT_BYTES, _write_wechat_body)


def _make_feed(number: int, size: int, write_body: Callable[[random.Random, int, str], str]) -> bytes:
    random_ = random.Random(number)  # noqa: S311  data, not secrets
    site = f"https://unit{number}.example"
    items = [_make_item(random_, site, post, size // POSTS - 500, write_body) for post in range(POSTS)]
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>单位{number}</title><link>{site}/</link><description>示例</description>{''.join(items)}</channel></rss>"
    ).encode()


def _make_item(
    random_: random.Random, site: str, post: int, size: int, write_body: Callable[[random.Random, int, str], str]
) -> str:
    address = f"{site}/art/2026/11/{post}.html"
    title = "".join(random_.choices(_WORDS, k=8))
    date = f"{_START - timedelta(hours=7 * post):%a, %d %b %Y %H:%M:%S} +0000"
    body = write_body(random_, size, site)
    return (
        f"<item><title>{escape(title)}</title><link>{address}</link><guid>{address}</guid><pubDate>{date}</pubDate>"
        f"<author>办公室</author><category>要闻</category><description>{title}</description>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded></item>"
    )


def _write_sentence(random_: random.Random) -> str:
    parts = ["".join(random_.choices(_WORDS, k=random_.randint(4, 8))) for _ in range(3)]
    return "，".join(parts) + f"，共{random_.randint(2, 990)}项，{random_.randint(1, 12)}月完成。"


def _fill(size: int, write_part: Callable[[int], str]) -> str:
    """Parts until there are so many bytes."""
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(write_part(len(parts)))
        length += len(parts[-1].encode())
    return "".join(parts)


def _write_light_body(random_: random.Random, size: int, site: str) -> str:
    def write_part(number: int) -> str:
        words = _write_sentence(random_) + _write_sentence(random_)
        if number % 6 == 3:
            name = random_.randrange(10**9)
            return f'<p style="text-align:center"><img src="{site}/pic/{name}.jpg" alt="现场" width="640"/></p>'
        if number % 6 == 4:
            return f'<p><strong>{words[:6]}</strong>{words[6:]}<a href="{site}/more">详情</a></p>\n'
        return f"<p>　　{words}</p>\n"

    return _fill(size, write_part)


_STYLE = "box-sizing: border-box;"
_OPENING = (
    f'<section data-tools="135编辑器" data-id="{{number}}" style="{_STYLE}">'
    f'<section style="margin: 10px 0px;{_STYLE}"><section style="{_STYLE}"><section style="padding: 0px 8px;{_STYLE}">'
    f'<p style="white-space: normal;{_STYLE}"><span style="font-size: 16px;{_STYLE}">'
)
_CLOSING = "</span></p></section></section></section></section>"
_PICTURE = (
    '<section style="text-align: center;margin-bottom: 16px;" nodeleaf=""><img data-backh="385" data-backw="578" '
    'class="rich_pages wxw-img js_insertlocalimg" data-galleryid="" data-imgfileid="{number}" data-ratio="0.6667" '
    'data-s="300,640" data-src="https://mmbiz.qpic.cn/mmbiz_jpg/{number}/640?wx_fmt=jpeg&amp;from=appmsg" '
    'data-type="jpeg" data-w="1080" style="width: 100%;height: auto !important;" type="block" '
    'src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></section>'
)


def _write_wechat_body(random_: random.Random, size: int, site: str) -> str:  # noqa: ARG001  as the other writer
    def write_part(number: int) -> str:
        words = _write_sentence(random_)
        if number % 6 == 3:
            return _PICTURE.format(number=random_.randrange(10**12))
        mark = f'<strong style="box-sizing: border-box;">{words[:5]}</strong>' if number % 6 == 4 else ""
        return f"{_OPENING.format(number=random_.randrange(85_000, 85_040))}{mark}{words}{_CLOSING}"

    opening = '<div class="rich_media_content" id="js_content" style="visibility: hidden;opacity: 0;">'
    return f"{opening}{_fill(size - 200, write_part)}</div>"
