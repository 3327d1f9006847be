"""Which drawn picture stands for an article that has none of its own."""

from __future__ import annotations

import re

# Read in this order; names are files in themes/portal/static/motifs/.
_MOTIFS: tuple[tuple[str, str], ...] = (
    ("rain", r"雨|雪|低温|寒潮|冷空气|冰|大风|台风|雷|汛|气象|天气|霜|雾"),
    ("alert", r"预警|诈骗|反诈|防范|安全|消防|应急"),
    ("water", r"[停供用节排污饮]水|自来水|水[务费压质表管厂]"),
    ("health", r"医|疫苗|接种|健康|卫生|义诊|献血|体检"),
    ("work", r"招聘|就业|创业|社保|社会保险|养老保险|工伤|失业|人才|技能|欠薪|岗位"),
    ("bus", r"公交|地铁|[0-9]路|道路|大桥|交通|绕行|施工|高速|出行|驾驶|酒驾|网约车"),
    ("school", r"学校|入学|开学|学生|[小中大]学|高中|初中|教育|幼儿|考试|课后|招生"),
    ("home", r"住房|小区|改造|公租房|房|电梯|社区|食堂|老人|老年|养老|物业"),
    ("culture", r"文化|图书|展览|演出|戏|旅游|节|非遗|博物"),
    ("park", r"公园|绿道|步道|生态|湿地|园林|林业"),
    ("policy", r"办法|意见|规定|方案|政策|解读|条例|公示|公告"),
)

_SEARCHES = tuple((name, re.compile(words).search) for name, words in _MOTIFS)

_OF_COLUMN = {"policies": "policy", "explanations": "policy", "services": "work", "community": "home"}


def choose_motif(title: str, column: str) -> str:
    return next((name for name, search in _SEARCHES if search(title)), _OF_COLUMN.get(column, "river"))
