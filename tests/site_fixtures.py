"""A small real site in a folder: registry, feeds as files, drafts, and the commands run on it."""

from __future__ import annotations

import atexit
import io
import json
import os
import posixpath
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import click
import lxml.html

from aggregator import cli, pipeline
from aggregator.build import load_settings
from aggregator.cli.group import matrix
from aggregator.model import BuildReport, Decided, Site, UpdateReport
from aggregator.pipeline.purge import Purged
from aggregator.registry import load_registry
from aggregator.store import Store

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
CITY_NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
"""The day after the sample city's last post."""
ROOT = Path(__file__).resolve().parent.parent
BASE = "https://fabu.linjiang.example"
ATOM = "{http://www.w3.org/2005/Atom}"

SETTINGS = f'''"""The settings of a small site."""

from aggregator import THEME as _THEME
from aggregator.plugins.stories import SitePelican as _SitePelican

SITENAME = "临江发布"
SITEURL = "{BASE}"
PATH = "content"
OUTPUT_PATH = "output"
THEME = _THEME
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh-cn"
PLUGINS = ["aggregator.plugins.markdown", "aggregator.plugins.stories"]
PELICAN_CLASS = _SitePelican
PAGE_PATHS = []
ARTICLE_PATHS = []
STATIC_PATHS = []
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
'''

# Texts that share nothing with one another, long enough to be told apart and found again.
SUBSIDY = (
    "符合条件的家庭可以申请春季燃气取暖补贴，城镇户每户每年三百六十元，农村户每户每年四百八十元。",
    "申请人带上身份证、户口簿和上一季度的缴费凭证，到户籍所在地便民服务中心填表，也可以在手机上办理。",
    "社区在七个工作日内上门核实，名单张榜公示，没有异议的于当月底打入社会保障卡，不收任何手续费。",
    "对审核结果不服的，可以在收到通知后向上一级主管单位提出复核，复核决定以书面形式送达本人。",
)
BRIDGE = (
    "跨江大桥东侧引道路面出现沉降，养护单位将对桥头搭板进行压浆加固，期间只保留一条车道双向通行。",
    "大型货车请从上游渡口绕行，公共汽车照常停靠，骑车人走西侧非机动车道，行人不受影响。",
    "现场安排交通协管员疏导，早晚高峰停止作业，遇到大风大雾提前收工，工期根据天气顺延。",
)
LIBRARY = (
    "少年儿童图书馆的绘本区换了新地毯，书架降低到孩子够得着的高度，还添了两张可以趴着看书的大垫子。",
    "志愿者每个周末讲故事，讲完带小朋友做手工，材料免费，名额有限，在服务台领号即可参加。",
    "借书证可以当场办理，押金全免，一次能借十本，看完放进门口的还书箱，机器自动登记归还。",
)
SWIMMING = (
    "全民健身中心游泳馆完成水处理设备更换，水质每两小时检测一次，结果在大厅屏幕上滚动显示。",
    "青少年和老年人凭证件享受半价，教练免费教漂浮和换气，深水区须持有合格证方可进入。",
    "更衣室增加了带锁的储物柜和吹风机，地面铺了防滑垫，提醒大家不要在池边追逐打闹。",
)


TEMPLATES = Path(mkdtemp("-templates"))
"""Templates compiled once a session: four fifths of the time of publishing a small site."""
atexit.register(shutil.rmtree, TEMPLATES)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed."""

    key: str
    title: str
    text: tuple[str, ...]
    date: datetime = NOW - timedelta(days=9)
    tags: tuple[str, ...] = ()

    @property
    def link(self) -> str:
        return f"https://{self.key}.linjiang.example/post.html"

    def write(self) -> str:
        body = escape("".join(f"<p>{paragraph}</p>" for paragraph in self.text))
        tags = "".join(f"<category>{escape(tag)}</category>" for tag in self.tags)
        return (
            f"<item><title>{escape(self.title)}</title><link>{self.link}</link>"
            f'<guid isPermaLink="false">{self.key}</guid>'
            f"<pubDate>{self.date:%a, %d %b %Y %H:%M:%S +0000}</pubDate>{tags}<description>{body}</description></item>"
        )


GARDEN = Item("yuanlin-1", "花朝节游园会招募志愿者", ("花朝节游园会招募引导、讲解和急救志愿者，提供午餐。" * 4,))


def write_feed(*items: Item) -> str:
    """An RSS 2.0 document."""
    listed = "".join(item.write() for item in items)
    head = "<title>账号</title><link>https://www.linjiang.example/</link><description>账号</description>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>{head}{listed}</channel></rss>\n'


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; json.loads refuses a second one."""
        return json.loads(self.out)


@dataclass
class SmallSite:
    """A site in `root`; what is set here is written to its files at once."""

    root: Path
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    fetch: str = ""

    @property
    def site(self) -> Site:
        return Site(self.root)

    @property
    def output(self) -> Path:
        return self.root / "output"

    def set_up(self) -> SmallSite:
        (self.root / "content" / "registry" / "feeds").mkdir(parents=True)
        self.site.store.parent.mkdir()
        (self.site.store.parent / "templates").symlink_to(TEMPLATES)
        (self.root / "pelicanconf.py").write_text(SETTINGS, encoding="utf-8")
        self.write_registry()
        return self

    def copy_to(self, root: Path) -> SmallSite:
        """The same site elsewhere, with its store and its published pages."""
        subprocess.run(["cp", "-a", str(self.root), str(root)], check=True)
        return SmallSite(root, {name: dict(values) for name, values in self.accounts.items()}, self.fetch)

    def set_account(self, account: str, **values: object) -> None:
        """Add or change an account; its feed is the file of its name."""
        defaults = {
            "id": account,
            "name": f"临江{account}",
            "organization": f"临江市{account}局",
            "platform": "wechat",
            "kind": "department",
            "region": "临江市",
            "feeds": [f"feeds/{account}.xml"],
        }
        self.accounts[account] = {**defaults, **self.accounts.get(account, {}), **values}
        self.write_registry()

    def write_registry(self) -> None:
        # A JSON string, number or list of strings is the same value in TOML.
        blocks = [
            "[[account]]\n"
            + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in account.items())
            for account in self.accounts.values()
        ]
        self.site.registry.write_text("\n".join([*blocks, self.fetch]), encoding="utf-8")

    def set_feed(self, account: str, *items: Item) -> None:
        if account not in self.accounts:
            self.set_account(account)
        self.set_body(account, write_feed(*items))

    def set_body(self, account: str, body: str) -> None:
        (self.root / "content" / "registry" / "feeds" / f"{account}.xml").write_text(body, encoding="utf-8")

    def set_draft(self, path: str, text: tuple[str, ...], **header: str) -> Path:
        file = self.root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{key}: {value}\n" for key, value in header.items())
        file.write_text(f"---\n{lines}---\n\n" + "\n\n".join(text) + "\n", encoding="utf-8")
        return file

    def set_settings(self, **values: object) -> None:
        """Settings behind those there are."""
        with self.site.config.open("a", encoding="utf-8") as config:
            config.writelines(f"{name} = {value!r}\n" for name, value in values.items())

    def update(self, now: datetime = NOW) -> UpdateReport:
        registry = load_registry(self.site.registry)
        with pipeline.hold_lock(self.site), Store.open(self.site.store) as store:
            return pipeline.update(self.site, registry, store, now, ignore_progress)

    def publish(self, now: datetime = NOW) -> tuple[UpdateReport, BuildReport]:
        settings, registry = load_settings(self.site), load_registry(self.site.registry)
        with pipeline.hold_lock(self.site), Store.open(self.site.store) as store:
            return pipeline.publish(self.site, settings, registry, store, now, ignore_progress)

    def build(self, now: datetime = NOW, *, full: bool = False, verify: bool = False) -> BuildReport:
        settings = load_settings(self.site)
        with pipeline.hold_lock(self.site), Store.open(self.site.store) as store:
            return pipeline.build(self.site, settings, store, now, ignore_progress, full=full, verify=verify)

    def purge(self, story: str, now: datetime = NOW) -> Purged:
        """Purge the story of this id."""
        settings = load_settings(self.site)
        with pipeline.hold_lock(self.site), Store.open(self.site.store) as store:
            (found,) = store.stories.load([story])
            return pipeline.purge_story(self.site, settings, store, now, ignore_progress, found, "含个人信息")

    def accept(self, *names: str, now: datetime = NOW) -> Decided:
        """Accept what waits under these names."""
        settings, registry = load_settings(self.site), load_registry(self.site.registry)
        with pipeline.hold_lock(self.site), Store.open(self.site.store) as store:
            return pipeline.accept_posts(self.site, settings, registry, store, now, ignore_progress, names, "李")

    def call(self, *arguments: str) -> Result:
        """`matrix -C root …` within this process."""
        return call_matrix("-C", str(self.root), *arguments)

    def run(self, *arguments: str) -> Result:
        """`matrix -C root …` as a process of its own."""
        return run_python("-m", "aggregator", "-C", str(self.root), *arguments)

    def read_page(self, path: str) -> str:
        return (self.output / path).read_text(encoding="utf-8")

    def stories(self) -> dict[str, Any]:
        """Title of the lead -> story, as `matrix stories --json` has it."""
        return {story["title"]: story for story in self.call("stories", "--json").document["stories"]}

    def addresses(self) -> dict[str, Any]:
        """All that was promised: the stories' pages, and the feeds' entry ids with what they lead to."""
        return {
            "pages": sorted(file.name for file in (self.output / "s").iterdir()),
            "rss": dict(self.read_rss()),
            "atom": dict(self.read_atom()),
        }

    def read_rss(self) -> Iterator[tuple[str, str]]:
        for item in ElementTree.parse(self.output / "feeds" / "channel.rss").iter("item"):  # noqa: S314 - our own file
            yield item.findtext("guid", ""), item.findtext("link", "")

    def read_atom(self) -> Iterator[tuple[str, str]]:
        for entry in ElementTree.parse(self.output / "feeds" / "channel.atom").iter(f"{ATOM}entry"):  # noqa: S314 - our own file
            link = entry.find(f"{ATOM}link")
            assert link is not None
            yield entry.findtext(f"{ATOM}id", ""), link.get("href", "")


def ignore_progress(_stage: str, _done: int, _total: int) -> None:
    """Progress of a run that nobody watches."""


def make_site(root: Path) -> SmallSite:
    """A site of three accounts and four drafts: one story of two posts, all others of one."""
    site = SmallSite(root).set_up()
    site.set_account("ranqi", rank=60)
    site.set_account("fabu", rank=40)
    site.set_account("hedong", kind="town", rank=20)
    site.set_feed("ranqi", Item("ranqi-1", "关于发放春季燃气取暖补贴的通知", SUBSIDY))
    site.set_feed(
        "fabu",
        Item("fabu-1", "燃气取暖补贴可以申请了", SUBSIDY, NOW - timedelta(days=8)),
        Item("fabu-2", "跨江大桥引道施工期间单车道通行", BRIDGE, NOW - timedelta(days=7)),
    )
    site.set_feed("hedong", Item("hedong-1", "少儿图书馆绘本区焕新", LIBRARY, NOW - timedelta(days=40)))
    site.set_draft("notices/youyong.md", SWIMMING, 标题="游泳馆恢复开放的公告", 日期="2026-03-12 09:00")
    site.set_draft(
        "services/jiehun.md",
        (
            "双方带上户口簿和身份证，到任何一个婚姻登记处当场办好。",
            "设定依据：婚姻登记条例。",
            "申请条件：双方自愿，男满二十二周岁，女满二十周岁。",
            "办理材料：户口簿、身份证。",
            "办理流程：取号、填表、宣誓、领证。",
        ),
        标题="结婚登记",
        编号="bs-jiehun",
        日期="2026-01-05",
        办理时间="工作日",
        办理地点="各区婚姻登记处",
        联系电话="0599-8211231",
    )
    site.set_draft(
        "news/zhongshu.md",
        ("两千多名市民在北山种下香樟、银杏和枫树，挂上写着家人名字的木牌，相约秋天再来看。",),
        标题="北山植树节种下新林",
        日期="2026-03-13",
        编号="xw-zhongshu",
    )
    site.set_draft(
        "pages/about.md",
        ("这里汇集全市各部门发布的信息，由市政府办公室主办。",),
        标题="关于我们",
        编号="about",
    )
    return site


def call_matrix(*arguments: str) -> Result:
    """`matrix …` within this process: a process of its own spends a second on starting."""
    out, err, former = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["matrix", *arguments]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            cli.main()
    except SystemExit as end:
        return Result(int(end.code or 0), out.getvalue(), err.getvalue())
    finally:
        sys.argv = former
    raise AssertionError("main ends the process")


def list_commands(group: click.Group = matrix, within: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by the words it is called with; a group's own commands in its place."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from list_commands(command, f"{within}{name} ")
        else:
            yield f"{within}{name}", command


def run_python(*arguments: str, cwd: Path = ROOT, python: str = sys.executable) -> Result:
    done = subprocess.run([python, *arguments], cwd=cwd, capture_output=True, text=True, check=False, env=environment())
    return Result(done.returncode, done.stdout, done.stderr)


def environment() -> Mapping[str, str]:
    """As a scheduler has it, with the program found from any folder."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def list_tree(tree: Path) -> dict[str, tuple[bytes, int]]:
    """Path -> bytes and time of change of every file that visitors can get."""
    return {
        file.relative_to(tree).as_posix(): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in tree.rglob("*")
        if file.is_file()
    }


def find_broken_links(tree: Path, host: str, every: int = 1) -> list[str]:
    """Links of a site's pages that lead to no file of it; `host` is its address, `every` 2 looks at half of them."""
    files = {file.relative_to(tree).as_posix() for file in tree.rglob("*") if file.is_file()}
    broken = []
    for page in sorted(name for name in files if name.endswith(".html"))[::every]:
        root = lxml.html.document_fromstring((tree / page).read_bytes())
        for link in {link for _, _, link, _ in root.iterlinks()}:
            target = find_target(page, link, host)
            if target is not None and target not in files:
                broken.append(f"{page}: {link}")
    return broken


def find_target(page: str, link: str, host: str) -> str | None:
    """Path of the file a link leads to; None where it leads to another site, or nowhere to be fetched from."""
    address = urlsplit(link.removeprefix(host) if link.startswith(f"{host}/") else link)
    if address.scheme or address.netloc or not address.path:
        return None
    path = posixpath.normpath(posixpath.join("/", posixpath.dirname(page), unquote(address.path))).lstrip("/")
    return f"{path}/index.html".lstrip("/") if address.path.endswith("/") else path
