"""Every kind of page of the theme, as the build would render it for the small city of theme_fixtures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path

import jinja2
import lxml.html
from theme_fixtures import (
    ARTICLE,
    BRIEF,
    BRIEF_SERVICE,
    CHAPTERS,
    CHOICES,
    COLUMNS,
    DAYS,
    DEPARTMENTS,
    EXPLANATION,
    FILM,
    FRONT_PAGER,
    FULL_PAGER,
    FULL_POLICY,
    GROUPS,
    LABOUR,
    LATEST,
    MERGED,
    MONTH_PAGER,
    MONTHS,
    NOTICES,
    OLD_POLICY,
    OTHERS,
    PAGE,
    POLICY,
    SERVICE,
    SERVICES_ALL,
    TABS,
    TAG,
    TOPICS,
    VOID_POLICY,
    YEARS,
    Month,
    Pager,
)

from aggregator.plugins.stories.filters import TESTS, draw_qr, find_feed_type
from aggregator.plugins.stories.outward import link_feedback, make_outside
from aggregator.plugins.stories.structured import structure_article, structure_home
from aggregator.plugins.stories.syndication.catalog import FeedGroup

THEME = Path(__file__).parent.parent / "themes" / "portal"
WEEKDAYS = "一二三四五六日"

OF_CHANNEL = (("RSS 订阅", "feeds/channel.rss"), ("Atom 订阅", "feeds/channel.atom"))
SITE = {
    "SITENAME": "栖江发布",
    "SITEURL": "https://fabu.qijiang.example",
    "CITY": "栖江市",
    "DESCRIPTION": "全市政务账号的消息汇成一处，同一件事只看一遍。",
    "ORGANIZER": "栖江市人民政府办公室",
    "UNDERTAKER": "栖江市融媒体中心",
    "SITE_ID_CODE": "3300000000",
    "ICP": "示例ICP备00000000号",
    "POLICE_RECORD": "示例公网安备 00000000000000号",
    "HOTLINE": "12345",
    "CONTACT": "0599-8000000",
    "SITEDOMAIN": "fabu.qijiang.example",
    "columns": COLUMNS,
    "menu": (
        ("看政策", (("通知公告", "notices/index.html"), ("政策文件", "policies/index.html"),
                    ("政策解读", "explanations/index.html"))),
        ("办事情", (("便民服务", "services/index.html"), ("政务服务网", "https://zwfw.qijiang.example/"))),
        ("找部门", (("部门账号", "accounts/index.html"), ("往期消息", "archive/index.html"))),
    ),
    "footer": (
        ("关于我们", "about.html"),
        ("网站地图", "archive/index.html"),
    ),
    "indexes": (("部门", DEPARTMENTS.url), ("专题", TOPICS.url)),
    "feedback": "feedback.html",
    "FEEDBACK_MAIL": "fabu@qijiang.example",
    "ADDRESS": "栖江市市府路1号",
    "LEAVING": "mark",
    "leaving_url": "leaving.html",
    "trusted_hosts": "gov.cn fabu.qijiang.example",
    "police_url": "https://beian.mps.gov.cn/#/query/webSearch?code=00000000000000",
    "SITE_MARK": "",
    "home_url": "index.html",
    "accounts_url": "accounts/index.html",
    "archive_url": "archive/index.html",
    "search_url": "search.html",
    "channel_feeds": OF_CHANNEL,
    "feeds_url": "feeds/index.html",
    "brand": "",
    "HOTLINES": (("12345 政务服务热线", "12345"), ("医保咨询", "12393")),
}  # fmt: skip

FEEDS = (("通知公告 RSS", "feeds/notices.rss"), ("通知公告 Atom", "feeds/notices.atom"))
COLUMN_LIST = {
    "heading": "通知公告", "intro": "市政府和各部门的通知、公告、公示。", "days": DAYS, "pager": FRONT_PAGER,
    "listing": "column", "column": NOTICES, "feeds": FEEDS, "accounts": (), "index": None,
}  # fmt: skip

OF_ACCOUNT = {"month": None, "tabs": (), "feeds": ()}
DIRECTORY = {
    "part": None, "stopped": (), "pages": (), "spelled": {}, "table_url": "", "total": 21, "stopped_total": 1,
    "choices": CHOICES,
}  # fmt: skip

PAGES: dict[str, tuple[str, str, str, dict[str, object]]] = {
    # name: template, path of the page, root, what the template gets besides
    "home": ("home.html", "index.html", "", {
        "days": DAYS, "services": SERVICES_ALL, "pager": Pager(months=MONTHS[:6]), "accounts_total": 21,
        "kinds": (("市级部门", 11), ("县区", 2), ("街道乡镇", 3), ("公共服务", 2))}),
    "list": ("list.html", "notices/index.html", "../", {**COLUMN_LIST, "month": None}),
    "month": ("list.html", MONTHS[1].url, "../", {**COLUMN_LIST, "pager": MONTH_PAGER, "month": MONTHS[1]}),
    "full-month": ("list.html", MONTHS[1].url, "../", {
        **COLUMN_LIST, "days": (), "pager": FULL_PAGER, "month": MONTHS[1]}),
    "channel-month": ("list.html", "archive/2026-11.html", "../", {
        **COLUMN_LIST, "heading": "全部消息", "listing": "channel", "column": None, "pager": MONTH_PAGER,
        "month": MONTHS[0], "feeds": ()}),
    "archive": ("archive.html", "archive/index.html", "../", {"months": MONTHS}),
    "department": ("list.html", "departments/rsj/index.html", "../../", {
        **COLUMN_LIST, "heading": LABOUR.organization, "listing": "department", "column": None, "feeds": (),
        "month": None, "accounts": (LABOUR, MERGED), "index": Month("全部部门", DEPARTMENTS.url, 0)}),
    "departments": ("index.html", DEPARTMENTS.url, "../", {"index": DEPARTMENTS}),
    "topics": ("index.html", TOPICS.url, "../", {"index": TOPICS}),
    "sitemap": ("sitemap.html", "sitemap.html", "", {
        "lists": (DEPARTMENTS, TOPICS), "years": YEARS, "pages": (PAGE,)}),
    "article-filed": ("article.html", ARTICLE.url, "../", {
        "article": replace(
            ARTICLE, offices=tuple((card.name, card.url) for card in DEPARTMENTS.cards),
            filed=(*TOPICS.cards, TAG))}),
    "policies": ("policies.html", "policies/index.html", "../", {
        "articles": (POLICY, OLD_POLICY), "month": None, "parts": (), "total": 2, "rest": 0, "column": COLUMNS[1],
        "years": (Month("2026年", "policies/2026.html", 2),), "departments": (LABOUR.organization,), "feeds": FEEDS}),
    "services": ("services.html", "services/index.html", "../", {
        "groups": (("看病就医", SERVICES_ALL[:2]), ("就业入学", SERVICES_ALL[2:])), "pager": Pager(), "feeds": ()}),
    "account": ("account.html", LABOUR.url, "../../", {
        **OF_ACCOUNT, "account": LATEST, "days": DAYS[:2], "pager": FRONT_PAGER, "tabs": TABS}),
    "account-tab": ("account.html", TABS[1].url, "../../", {
        **OF_ACCOUNT, "account": LATEST, "days": DAYS[:1], "pager": FRONT_PAGER, "tabs": TABS}),
    "account-month": ("account.html", "accounts/rsj/2026-10.html", "../../", {
        **OF_ACCOUNT, "account": LATEST, "days": DAYS[:2], "pager": MONTH_PAGER, "month": MONTHS[1]}),
    "account-merged": ("account.html", MERGED.url, "../../", {
        **OF_ACCOUNT, "account": MERGED, "days": (), "pager": Pager()}),
    "accounts": ("accounts.html", "accounts/index.html", "../", {
        **DIRECTORY, "groups": GROUPS, "stopped": (MERGED,), "spelled": {LABOUR.id: "qijiangrenshe qjrs"}}),
    "accounts-many": ("accounts.html", "accounts/index.html", "../", {
        **DIRECTORY, "groups": CHAPTERS, "table_url": "accounts/directory.json"}),
    "accounts-part": ("accounts.html", "accounts/kind-department-2.html", "../", {
        **DIRECTORY, "part": {"name": "市级部门", "number": 2}, "groups": GROUPS[:1], "choices": (),
        "pages": ("accounts/kind-department.html", "accounts/kind-department-2.html")}),
    "feeds": ("feeds.html", "feeds/index.html", "../", {
        "feed_groups": (FeedGroup("全部消息", (("全部消息", OF_CHANNEL),)),)}),
    "article": ("article.html", ARTICLE.url, "../", {"article": ARTICLE}),
    "brief": ("article.html", BRIEF.url, "../", {"article": BRIEF}),
    "service-brief": ("service.html", BRIEF_SERVICE.url, "../", {"article": BRIEF_SERVICE}),
    "article-bare": ("article.html", OTHERS[3].url, "../", {"article": OTHERS[3]}),
    "policy": ("policy.html", POLICY.url, "../", {"article": POLICY}),
    "policy-full": ("policy.html", POLICY.url, "../", {"article": FULL_POLICY}),
    "explanation": ("explanation.html", FILM.url, "../", {"article": FILM}),
    "policy-void": ("policy.html", OLD_POLICY.url, "../", {"article": VOID_POLICY}),
    "service": ("service.html", SERVICE.url, "../", {"article": SERVICE}),
    "page": ("page.html", "about.html", "", {"article": PAGE}),
    "withdrawn": ("withdrawn.html", ARTICLE.url, "../", {
        "article": ARTICLE, "withdrawn_on": date(2026, 11, 21), "reason": "内容有误。", "replacement": EXPLANATION,
        "purged": False}),
    "redirect": ("redirect.html", "s/old.html", "../", {"target": EXPLANATION.url}),
    "404": ("404.html", "404.html", "/", {}),
    "feedback": ("feedback.html", "feedback.html", "", {}),
    "leaving": ("leaving.html", "leaving.html", "", {}),
    "search": ("search.html", "search.html", "", {
        "columns_searched": COLUMNS,
        "departments": tuple((group.name, group.accounts) for group in GROUPS),
        "years": ("2026", "2025"), "validities": ("有效", "失效")}),
}  # fmt: skip
"""Every kind of page, some of them in two states."""


def hash_asset(name: str) -> str:
    """`portal.css` -> `theme/portal.1a2b3c4d.css`; a missing file is an error, as in the build."""
    name = "logo.svg" if name == "emblem" else name
    path = THEME / "static" / name
    digest = blake2b(path.read_bytes(), digest_size=4).hexdigest()
    return str(Path("theme") / Path(name).with_suffix(f".{digest}{path.suffix}"))


def make_environment() -> jinja2.Environment:
    """The build's environment: autoescape, undefined names are errors, block lines leave no blank ones."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(THEME / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests |= TESTS
    environment.filters |= {
        "qr": draw_qr,
        "day_cn": lambda day: f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}",
        "date_cn": lambda day: f"{day.year}年{day.month}月{day.day}日",
        "datetime_cn": lambda moment: f"{moment:%Y-%m-%d %H:%M}",
        "iso": lambda moment: (
            moment.astimezone(UTC).isoformat() if isinstance(moment, datetime) else moment.isoformat()
        ),
        "size_cn": lambda size: f"{size // 1024} KB",
        "outside": make_outside(("gov.cn", "qijiang.example")),
        "feedback": link_feedback,
        "feed_type": find_feed_type,
        "json_ld": structure_article,
        "home_json_ld": structure_home,
    }
    return environment


def render_page(environment: jinja2.Environment, name: str, **changes: object) -> str:
    """The HTML of one of PAGES; `changes` replace parts of its context."""
    template, here, root, extra = PAGES[name]
    context = {**SITE, "here": here, "root": root, "asset": hash_asset, **extra, **changes}
    return environment.get_template(template).render(context)


def render_pages() -> dict[str, str]:
    environment = make_environment()
    return {name: render_page(environment, name) for name in PAGES}


def list_metas(page: lxml.html.HtmlElement) -> dict[str, str]:
    return {tag.get("name"): tag.get("content") for tag in page.xpath("//head/meta[@name]")}


def read_text(page: lxml.html.HtmlElement, xpath: str = "//main") -> str:
    return " ".join("".join(page.xpath(xpath)[0].itertext()).split())


def list_links(page: lxml.html.HtmlElement) -> list[str]:
    return [anchor.get("href") for anchor in page.xpath("//a")]
