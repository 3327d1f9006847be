"""Articles to be printed for the notice board."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aggregator.dates import SHANGHAI
from aggregator.model import Article

WATER = Article(
    title="11月25日夜间江北片区停水通知",
    text="因主管改造接驳，需要停水施工。请关好水龙头，以免来水时漏水。\n施工如遇暴雨顺延，另行通知。",
    headings=(),
    department="栖江市自来水有限公司",
    published=datetime(2026, 11, 21, 10, tzinfo=SHANGHAI),
    url="https://fabu.linjiang.example/s/3flucjna4fhiq.html",
    genre="notice",
    gist="江北大道以东停水8小时，请提前储水。",
    card=(
        ("谁能办", "江北大道以东约1.2万户"),
        ("办多少", "停水 8 小时"),
        ("何时办", "11月25日22:00至26日6:00"),
        ("怎么办", "提前储水；恢复后先放水 3 分钟"),
        ("电话", "0599-96116"),
    ),
)
SENTENCE = "各街道、镇和村（社区）要上门走访独居老人、留守儿童和困难家庭，落实取暖措施2026年不低于95%。"
LONG = "\n".join(SENTENCE * 3 for _ in range(30))
LIMITS = replace(
    WATER,
    title="关于进一步做好城乡居民基本医疗保险参保缴费工作有关事项的补充通知" * 5,
    gist="这是很长的一句话" * 40,
    card=tuple((name, "这是很长的一行说明文字，" * 30) for name, _ in WATER.card),
    department="栖江市医疗保障局、栖江市民政局、栖江市卫生健康委员会、国家税务总局栖江市税务局",
    text=LONG,
    url=f"https://fabu.linjiang.example/{'folder/' * 12}s/3flucjna4fhiq.html",
)
SERVICE = replace(
    WATER, title="高龄津贴申领", genre="service", gist="", card=(), text="带身份证原件。\n办理流程\n取号、填表。",
    headings=("办理流程",),
    details=(("申请条件", "年满80周岁"), ("办理地点", "便民服务站"), ("联系电话", "0599-8288216")),
)  # fmt: skip
LATIN = replace(WATER, title="WeChat Pay " * 9, text=("https://example.org/a-very-long-address/" * 9 + "\n") * 40)
SHEETS = {
    "short": WATER,
    "long": replace(WATER, text=LONG),
    "to the limit": LIMITS,
    "service": SERVICE,
    "Latin": LATIN,
    "nothing but a title": replace(WATER, text="", gist="", card=(), published=None, department=""),
    "markup": replace(WATER, title="<b>甲</b> & “乙”", text="<script>alert(1)</script>", gist="{{ 1 }}"),
    **{
        f"{count} paragraphs": replace(WATER, card=(), gist="", text=(SENTENCE * 2 + "\n") * count)
        for count in (4, 8, 9, 10)
    },
}  # fmt: skip
