"""The channel as a Pelican site: articles from the store, not from files.

`PELICAN_CLASS` names SitePelican, `PLUGINS` names this package (it brings the writer). With both,
`pelican content` renders the store's present state with the same bytes as `matrix build`.
"""

from __future__ import annotations

from pelican import Pelican
from pelican.generators import Generator, PagesGenerator
from pelican.plugins import signals

from aggregator.plugins.stories.generator import StoryGenerator
from aggregator.plugins.stories.writer import TreeWriter

__all__ = ["SitePelican", "StoryGenerator", "TreeWriter", "register"]


class _NoPages(PagesGenerator):
    """Pelican's closing line counts the pages of such a generator; pages of files there are none."""

    def __init__(self, **_: object) -> None:
        self.pages = self.translations = self.hidden_pages = self.hidden_translations = ()
        self.draft_pages = self.draft_translations = ()

    def generate_context(self) -> None:
        """Nothing to read."""

    def check_disabled_readers(self) -> None:
        """Nothing to look for."""

    def refresh_metadata_intersite_links(self) -> None:
        """Nothing to refresh."""

    def generate_output(self, writer: TreeWriter) -> None:
        """Nothing to write."""


class SitePelican(Pelican):
    """Pelican with the store's generator in place of those that walk folders."""

    asked_plugins: tuple[str, ...]
    """Names of the plugins that the settings name, whether they could be had or not."""

    def init_plugins(self) -> None:
        """Pelican's, which leaves in the settings those that it could have."""
        self.asked_plugins = tuple(map(str, self.settings["PLUGINS"] or ()))
        super().init_plugins()

    def _get_generator_classes(self) -> list[type[Generator]]:
        return [StoryGenerator, _NoPages]

    def _get_writer(self) -> TreeWriter:
        writer: TreeWriter = self.settings.get("TREE_WRITER") or super()._get_writer()
        return writer


def _give_writer(_pelican: Pelican) -> type[TreeWriter]:
    return TreeWriter


def register() -> None:
    signals.get_writer.connect(_give_writer)
