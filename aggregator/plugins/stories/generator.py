"""Pelican's article generator, fed from the store instead of from files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import FileSystemBytecodeCache, StrictUndefined
from pelican.generators import ArticlesGenerator

from aggregator.plugins.stories.pages import Page, list_pages
from aggregator.plugins.stories.pictures import LocalFiles
from aggregator.plugins.stories.site import SiteContent, read_site, resolve_links, resolve_menu
from aggregator.plugins.stories.syndication import ATOM, ENTRIES, RSS, make_feeds
from aggregator.plugins.stories.writer import TreeWriter
from aggregator.registry import load_registry
from aggregator.store import Store

BODIES = 200
"""Bodies held at once while pages are written."""

DEFAULTS: dict[str, Any] = {
    "CITY": "",
    "DESCRIPTION": "",
    "ORGANIZER": "",
    "UNDERTAKER": "",
    "CONTACT": "",
    "HOTLINE": "12345",
    "SITE_ID_CODE": "",
    "ICP": "",
    "POLICE_RECORD": "",
    "MENU": (),
    "FOOTER": (),
}
"""Settings that a site may leave out; the templates ask for all of them."""

_WEEKDAYS = "一二三四五六日"


class StoryGenerator(ArticlesGenerator):  # type: ignore[misc]  # Pelican publishes no types
    """Articles, lists, account pages and feeds out of the store at `STORE`.

    It takes the place of Pelican's ArticlesGenerator, whose loops over dates and taxonomies are quadratic.
    """

    def __init__(self, context: dict[str, Any], settings: dict[str, Any], *arguments: Any, **named: Any) -> None:  # noqa: ANN401  Pelican decides what it passes on
        # Titles come from strangers: every value is escaped unless a template says otherwise, and a value that
        # is missing stops the build instead of leaving a hole in a page.
        environment = {
            "bytecode_cache": _open_cache(_store_file(settings).parent / "templates"),
            **settings["JINJA_ENVIRONMENT"],
            "autoescape": True,
            "undefined": StrictUndefined,
        }
        context.update({key: value for key, value in DEFAULTS.items() if key not in context})
        super().__init__(context, {**DEFAULTS, **settings, "JINJA_ENVIRONMENT": environment}, *arguments, **named)
        # Templates do not change while one site is rendered; asking the disk for each include costs a tenth of it.
        self.env.auto_reload = False
        self.env.filters.update(FILTERS)
        self._assets = dict(_name_assets(Path(self.theme) / "static"))

    def generate_context(self) -> None:
        """Read the channel."""
        registry = load_registry(Path(self.path) / "registry" / "accounts.toml")
        with Store.open(_store_file(self.settings)) as store:
            self._content = read_site(store, registry, self.settings)
            self._files = LocalFiles(registry)
            self._files.place_covers(self._content.articles, store)
        self.articles = list(self._content.channel)
        self.context.update(_make_context(self._content, self.settings))
        self.context["asset"] = lambda name: self._assets[name]

    def generate_output(self, writer: TreeWriter) -> None:
        """Write every file of the site through `writer`."""
        static = Path(self.theme) / "static"
        for name, path in self._assets.items():
            writer.write_page(path, (static / name).read_bytes())
        with Store.open(_store_file(self.settings)) as store:
            for batch in _take(list_pages(self._content), BODIES):
                # All articles' pages lie in one folder.
                bodies = self._files.read_bodies(store, [page.article for page in batch if page.article], "../")
                for page in batch:
                    if page.article:
                        page.article.content = bodies[page.article.post]
                    writer.write_page(page.path, self._render(page))
                    if page.article:
                        page.article.content = ""
            newest = [article for article in self._content.channel if article.genre != "service"][:ENTRIES]
            bodies = self._files.read_bodies(store, newest, f"{self.settings['SITEURL'].rstrip('/')}/")
            for path, data in make_feeds(newest, bodies, self.settings):
                writer.write_page(path, data)
        for path, source in sorted(self._files.used.items()):
            writer.link_file(path, source)

    def refresh_metadata_intersite_links(self) -> None:
        """Nothing to do: summaries and bodies of the store have no links for Pelican to resolve."""

    def _render(self, page: Page) -> bytes:
        # A page that is shown for any missing address cannot know how deep it stands.
        home = urlsplit(self.settings["SITEURL"]).path.rstrip("/") + "/"
        root = home if page.path == "404.html" else "../" * page.path.count("/")
        template = self.get_template(page.template)
        return str(template.render({**self.context, **page.context, "root": root, "here": page.path})).encode()


def _open_cache(folder: Path) -> FileSystemBytecodeCache:
    """Compiled templates from run to run: compiling them takes longer than a small site. Keyed by their source."""
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def _store_file(settings: dict[str, Any]) -> Path:
    """`STORE` of the settings, else where the pipeline keeps it: beside the content folder."""
    return Path(settings.get("STORE") or Path(settings["PATH"]).parent / ".matrix" / "store.sqlite3")


def _make_context(content: SiteContent, settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "columns": content.columns,
        "menu": resolve_menu(settings["MENU"], content),
        "footer": resolve_links(settings["FOOTER"], content),
        "home_url": "index.html",
        "accounts_url": "accounts/index.html",
        "archive_url": "archive/index.html",
        "rss_url": RSS,
        "atom_url": ATOM,
        "SITEDOMAIN": urlsplit(settings["SITEURL"]).netloc,
    }


def _name_assets(static: Path) -> Iterator[tuple[str, str]]:
    """(name, path in the site) of the theme's files; the path carries a hash, so that it may be cached for good."""
    for file in sorted(static.rglob("*")):
        if file.is_file():
            name = file.relative_to(static)
            digest = hashlib.blake2b(file.read_bytes(), digest_size=5).hexdigest()
            yield name.as_posix(), f"theme/{name.with_suffix('').as_posix()}.{digest}{name.suffix}"


def _take(pages: Iterable[Page], size: int) -> Iterator[Sequence[Page]]:
    iterator = iter(pages)
    while batch := list(islice(iterator, size)):
        yield batch


def format_day(day: date) -> str:
    return f"{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]}"


def format_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def format_minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def format_iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def format_size(size: int) -> str:
    """「126 KB」, 「3.4 MB」."""
    return f"{max(1, round(size / 1024))} KB" if size < 1024 * 1000 else f"{size / 1024 / 1024:.1f} MB"


FILTERS = {
    "day_cn": format_day,
    "date_cn": format_date,
    "datetime_cn": format_minute,
    "iso": format_iso,
    "size_cn": format_size,
}
