"""Pelican's article generator, fed from the store instead of from files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pelican.generators import ArticlesGenerator
from pelican.plugins import signals

from aggregator.plugins.stories.assets import list_assets
from aggregator.plugins.stories.digests import digest_templates
from aggregator.plugins.stories.environment import make_environment
from aggregator.plugins.stories.escaping import escape_fast, keep_templates
from aggregator.plugins.stories.filing import read_filing
from aggregator.plugins.stories.filters import FILTERS, TESTS
from aggregator.plugins.stories.globals import DEFAULTS, make_globals
from aggregator.plugins.stories.outward import link_feedback, list_trusted, make_outside
from aggregator.plugins.stories.planning import plan_changes
from aggregator.plugins.stories.renderer import Renderer
from aggregator.plugins.stories.search.files import TEMPLATE
from aggregator.plugins.stories.writer import TreeWriter
from aggregator.store import Store


class StoryGenerator(ArticlesGenerator):
    """Articles, lists, account pages and feeds out of the store at `STORE`.

    It takes the place of Pelican's ArticlesGenerator, whose loops over dates and taxonomies are quadratic.
    """

    def __init__(self, context: dict[str, Any], settings: dict[str, Any], *arguments: object, **named: object) -> None:
        environment = make_environment(settings, find_store(settings).parent / "templates")
        context.update({key: value for key, value in DEFAULTS.items() if key not in context})
        super().__init__(context, {**DEFAULTS, **settings, "JINJA_ENVIRONMENT": environment}, *arguments, **named)
        self.settings = {**DEFAULTS, **settings}
        # Templates do not change while one site is rendered; asking the disk for each include costs a tenth of it.
        self.env.auto_reload = False
        keep_templates(self.env)
        self.env.filters.update(FILTERS)
        self.env.filters.update(outside=make_outside(list_trusted(self.settings)), feedback=link_feedback)
        self.env.tests.update(TESTS)
        escape_fast(self.env)
        self.filing = read_filing(self.settings)
        assets = tuple(list_assets(self.settings))
        self.assets = {asset.name: asset.path for asset in assets}
        """Name -> path in the site, of the theme's files."""
        self.asset_files = {asset.path: asset.file for asset in assets}
        """Path in the site -> where the file lies."""
        self.searches = f"{TEMPLATE}.html" in self.env.list_templates()

    def generate_context(self) -> None:
        """Bring the lists up to date with the store, and make what all pages share."""
        self.store = Store.open(find_store(self.settings))
        try:
            plan_changes(self.store, find_registry(self.path), ZoneInfo(self.settings["TIMEZONE"]), self.filing)
        except BaseException:
            self.store.close()
            raise
        self.renderer = self.make_renderer(self.store)

    def make_renderer(self, store: Store) -> Renderer:
        """What renders pages from the rows of `store` as they are."""
        self.context.update(make_globals(store, self.settings, self.filing))
        self.context["asset"] = lambda name: self.assets[name]
        return Renderer(self, store)

    def generate_output(self, writer: TreeWriter) -> None:
        """Write what `writer` asks for."""
        with self.store:
            writer.write_site(self)
        signals.article_writer_finalized.send(self, writer=writer)

    def has_template(self, name: str) -> bool:
        """Whether the theme has a template of this name."""
        return any((Path(folder) / f"{name}.html").is_file() for folder in self._templates_path)

    def digest_templates(self) -> dict[str, str]:
        """Template -> digest of all that its pages depend on besides the store."""
        cache = find_store(self.settings).parent / "templates" / "sources.json"
        return digest_templates(self.env, self.settings, self.context, self.assets, cache)

    def check_disabled_readers(self) -> None:
        """Nothing to do: there are no files for Pelican to read, and no folders to walk."""

    def refresh_metadata_intersite_links(self) -> None:
        """Nothing to do: summaries and bodies of the store have no links for Pelican to resolve."""


def find_registry(content: str) -> Path:
    return Path(content) / "registry" / "accounts.toml"


def find_store(settings: Mapping[str, Any]) -> Path:
    """`STORE` of the settings, else where the pipeline keeps it: beside the content folder."""
    return Path(settings.get("STORE") or Path(settings["PATH"]).parent / ".matrix" / "store.sqlite3")
