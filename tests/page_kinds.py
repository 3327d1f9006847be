"""A page of every kind there is, of a published city: what the browser looks at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import lxml.html
from site_fixtures import CITY_NOW, ROOT, SmallSite

TEMPLATES = ROOT / "themes" / "portal" / "templates"

FIXED: Mapping[str, str] = {
    "home": "index.html",
    "list": "notices/index.html",
    "archive": "archive/index.html",
    "index": "departments/index.html",
    "sitemap": "sitemap.html",
    "search": "search.html",
    "feeds": "feeds/index.html",
    "feedback": "feedback.html",
    "leaving": "leaving.html",
    "policies": "policies/index.html",
    "services": "services/index.html",
    "accounts": "accounts/index.html",
    "account": "accounts/rsj/index.html",
    "404": "404.html",
}
"""Template -> path of a page of it."""

TITLED: Mapping[str, str] = {
    "article": "关于做好低温雨雪冰冻天气防范应对工作的通告",
    "policy": "关于印发《栖江市高校毕业生租房补贴实施办法》的通知",
    "explanation": "老楼加装电梯，新办法带来哪些便利",
    "service": "公共租赁住房申请（实物配租）",
    "page": "联系我们与投诉建议",
}
"""Template -> title of a story whose page is made of it."""

WITHDRAWN = "关于组织2026年防空警报试鸣的公告"
MERGED = ("栖江启动今冬明春安全生产百日整治", "沿江绿道江南段贯通")
"""Beginnings of the titles of two stories that staff take for one, so that the second page leads to the first."""

KINDS = (*FIXED, *TITLED, "withdrawn", "redirect")

BASE = "/fabu"
"""Where the site lies on its server: below a portal's path, as a street's does (国办发〔2018〕123号)."""

_BASES = {"base", "list_base", "embed"}
"""Not pages by themselves: the last is shown within others'."""


def list_templates() -> set[str]:
    """Templates of which pages are made."""
    return {file.stem for file in TEMPLATES.glob("*.html")} - _BASES


def make_city(city: SmallSite) -> Mapping[str, str]:
    """Publish a city anew with the pages that it lacks. Kind -> path of its page, posix, relative to the site."""
    document = city.call("stories", "--all", "--json").document
    stories = {story["title"]: story["id"] for story in document["stories"]}
    withdrawn, kept, merged = (_find_story(stories, title) for title in (WITHDRAWN, *MERGED))
    decisions = city.root / "content" / "editorial.toml"
    decided = (
        f'[[withdraw]]\nstory = "{withdrawn}"\nreason = "时间有误"\ndate = 2026-11-20\n\n'
        f'[[merge]]\nstories = ["{kept}", "{merged}"]\nreason = "同一件事"\n'
    )
    decisions.write_text(f"{decisions.read_text(encoding='utf-8')}\n{decided}", encoding="utf-8")
    city.set_settings(SITEURL=f"https://www.qijiang.example{BASE}")
    city.publish(CITY_NOW)
    titled = {kind: f"s/{_find_story(stories, title)}.html" for kind, title in TITLED.items()}
    turned = next(one for one in (kept, merged) if "http-equiv" in city.read_page(f"s/{one}.html"))
    return {**FIXED, **titled, "withdrawn": f"s/{withdrawn}.html", "redirect": f"s/{turned}.html"}


def _find_story(stories: Mapping[str, str], beginning: str) -> str:
    return next(story for title, story in stories.items() if title.startswith(beginning))


def read_tree(root: Path) -> Mapping[str, lxml.html.HtmlElement]:
    """Path -> page, of every page of the site."""
    return {
        file.relative_to(root).as_posix(): lxml.html.document_fromstring(file.read_bytes(), parser=PARSER)
        for file in sorted(root.rglob("*.html"))
    }


PARSER = lxml.html.HTMLParser(encoding="utf-8")
