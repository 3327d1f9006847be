"""Sites of ours: a store filled through its own interface, and `matrix build` on it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path

from aggregator.cluster.place import make_story_id
from aggregator.model import Member, Placement, Site, Story, StoryChanges
from aggregator.model import Post as StoredPost
from aggregator.store import Store
from building.measure import Run, run_command, tell
from building.posts import ACCOUNTS, LAST, Post, write_html, write_post, write_posts

HERE = Path(__file__).resolve().parent.parent
BARE = HERE / "themes" / "bare"
BATCH = 5000
"""Posts in one transaction."""

_CONFIG = """
from aggregator.plugins.stories import SitePelican as _SitePelican

SITENAME = "示例市发布"
SITEURL = "https://city.example"
PATH = "content"
OUTPUT_PATH = "output"
THEME = {theme!r}
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh-cn"
DEFAULT_DATE_FORMAT = "%Y-%m-%d"
PLUGINS = {plugins!r}
PELICAN_CLASS = _SitePelican
LISTS = ()
FEEDS = ("rss", "atom")
API = EMBED = OPML = SEARCH_ENGINES = False
"""

_ACCOUNT = """
[[account]]
id = "u{0}"
name = "单位{0}"
organization = "示例单位{0}"
platform = "wechat"
kind = "department"
region = "示例市"
feeds = ["https://unit{0}.example/feed.xml"]
"""


class OurSite:
    """A site in a folder of its own."""

    def __init__(self, root: Path, posts: int, *, wechat: bool = False) -> None:
        self.root, self.posts, self._wechat = root, posts, wechat
        self._site = Site(root)
        self._next = posts

    def prepare(self, posts: Iterable[Post] | None = None) -> None:
        """Settings with the bare theme, the registry, and the store, kept as it was before the first build; with
        `posts`, or such as all generators get.
        """
        registry = self._site.registry
        registry.parent.mkdir(parents=True)
        registry.write_text("".join(_ACCOUNT.format(number) for number in range(ACCOUNTS)), encoding="utf-8")
        self.dress_bare()
        tell(f"ours: putting {self.posts} posts into a store")
        fill_store(self._site.store, write_posts(self.posts, wechat=self._wechat) if posts is None else posts)
        shutil.move(self._site.store, self._pristine)

    def dress_bare(self) -> None:
        config = _CONFIG.format(theme=str(BARE), plugins=["aggregator.plugins.stories"])
        self._site.config.write_text(config, encoding="utf-8")

    def dress_portal(self, **settings: object) -> None:
        """The theme and the plugins that a new site has, with other settings."""
        shutil.copy(HERE.parent / "pelicanconf.py", self._site.config)
        with self._site.config.open("a", encoding="utf-8") as config:
            config.writelines(f"\n{name} = {value!r}\n" for name, value in settings.items())

    def reset(self, *, copy: bool = True) -> None:
        """As before the first build; where it is not to be reset again, there need be no copy of the store."""
        shutil.rmtree(self._site.state, ignore_errors=True)
        self._site.output.unlink(missing_ok=True)
        self._site.state.mkdir()
        self._next = self.posts
        (shutil.copy if copy else shutil.move)(self._pristine, self._site.store)

    def add_post(self) -> None:
        """One new post, stored and put into a story."""
        fill_store(self._site.store, [write_post(self._next, self.posts, wechat=self._wechat)])
        self._next += 1

    def build(self, *, watched: bool = False) -> Run:
        return self._run("build", watched=watched)

    def publish(self) -> Run:
        return self._run("publish")

    def _run(self, command: str, *, watched: bool = False) -> Run:
        run = run_command([sys.executable, "-m", "aggregator", "-C", self.root, command, "--json"], watched=watched)
        report = json.loads(run.output)
        tell(f"ours: {command} {run.wall:.2f} s, {read_stages(report)}")
        return run

    @property
    def output(self) -> Path:
        return self._site.output

    @property
    def content(self) -> Path:
        return self._site.content

    @property
    def _pristine(self) -> Path:
        return self.root / "pristine.sqlite3"


def read_stages(report: dict[str, object]) -> str:
    parts = [report] if "seconds" in report else [report["update"], report["build"]]
    return ", ".join(
        f"{name} {took:.2f}" for part in parts if isinstance(part, dict) for name, took in part["seconds"].items()
    )


def fill_store(file: Path, posts: Iterable[Post]) -> None:
    """Posts of feeds, each a story by itself."""
    left = iter(posts)
    with Store.open(file) as store:
        while batch := list(islice(left, BATCH)):
            with store.transaction():
                _save(store, batch)


def _save(store: Store, posts: Sequence[Post]) -> None:
    stories, placements, saved = [], [], []
    for account, group in groupby(sorted(posts, key=lambda post: post.account), key=lambda post: post.account):
        of_account = list(group)
        new = store.posts.save(account, list(_make_posts(of_account)), LAST).new
        saved += new
        for post, number in zip(of_account, new, strict=True):
            story = make_story_id(account, post.name)
            stories.append(Story(story, number, number, (Member(number, "lead", 1.0, ""),)))
            placements.append(Placement(story, post.column, "动态", post.moment))
    store.stories.save(StoryChanges(tuple(stories)), saved, LAST)
    store.stories.save_placements(placements)


def _make_posts(posts: Sequence[Post]) -> Iterator[StoredPost]:
    for post in posts:
        yield StoredPost(
            post.account, post.name, post.title, aliases=(post.name,), html=write_html(post),
            text="\n".join(post.paragraphs), published=post.moment,
        )  # fmt: skip
