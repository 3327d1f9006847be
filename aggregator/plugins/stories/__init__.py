"""The channel as a Pelican site: articles from the store, not from files.

`PELICAN_CLASS` names SitePelican, `PLUGINS` names this package (it brings the writer). With both,
`pelican content` renders the store's present state with the same bytes as `matrix build`.
"""

from __future__ import annotations

from typing import Any

from pelican import Pelican
from pelican.generators import Generator, PagesGenerator
from pelican.plugins import signals

from aggregator.plugins.stories.generator import StoryGenerator
from aggregator.plugins.stories.writer import TreeWriter

__all__ = ["SitePelican", "StoryGenerator", "TreeWriter", "register"]


class SitePelican(Pelican):  # type: ignore[misc]  # Pelican publishes no types
    """Pelican with the store's generator in place of those that walk folders."""

    tree: TreeWriter
    """What was written, after `run`."""

    def _get_generator_classes(self) -> list[type[Generator]]:
        # Pelican's closing line asks for a generator of pages; with PAGE_PATHS empty it has none to make.
        return [StoryGenerator, PagesGenerator]

    def _get_writer(self) -> TreeWriter:
        self.tree = super()._get_writer()
        return self.tree


def _give_writer(_pelican: Any) -> type[TreeWriter]:  # noqa: ANN401  a signal's sender
    return TreeWriter


def register() -> None:
    signals.get_writer.connect(_give_writer)
