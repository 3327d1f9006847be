"""The channel as a Pelican site: articles from the store, not from files.

`PELICAN_CLASS` names SitePelican, `PLUGINS` names this package (it brings the writer). With both,
`pelican content` renders the store's present state with the same bytes as `matrix build`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.generators import Generator, PagesGenerator
from pelican.plugins import signals

from aggregator.errors import BuildError
from aggregator.plugins.stories.code import name_module
from aggregator.plugins.stories.generator import StoryGenerator, find_store
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

    missing_plugins: tuple[str, ...]
    """Those that the settings name and that could not be had."""

    def init_plugins(self) -> None:
        """Pelican's, which takes names, short ones too, and objects. The settings then have the modules of those that
        it could have.
        """
        asked = [one if isinstance(one, str) else name_module(one) for one in self.settings["PLUGINS"] or ()]
        super().init_plugins()
        self.settings["PLUGINS"] = there = [name_module(one) for one in self.plugins]
        self.missing_plugins = tuple(one for one in asked if one not in there and f"pelican.plugins.{one}" not in there)

    def run(self) -> None:
        """Raises BuildError for the tree that visitors see: it is written while nobody looks at it, or not at all."""
        if "TREE_WRITER" not in self.settings and _is_tree(Path(self.output_path), self.settings):
            raise BuildError(
                f"{self.output_path} 是线上的网站，只能由 matrix build 更新。",
                "运行 matrix build；或写到别的文件夹：pelican content -o 文件夹。",
            )
        super().run()

    def _get_generator_classes(self) -> list[type[Generator]]:
        return [StoryGenerator, _NoPages]

    def _get_writer(self) -> TreeWriter:
        writer: TreeWriter = self.settings.get("TREE_WRITER") or super()._get_writer()
        return writer


def _is_tree(folder: Path, settings: Mapping[str, Any]) -> bool:
    """Whether a folder is, or is linked to, one of the trees of `matrix build`."""
    return folder.resolve().is_relative_to((find_store(settings).parent / "site").resolve())


def _give_writer(_pelican: Pelican) -> type[TreeWriter]:
    return TreeWriter


def register() -> None:
    signals.get_writer.connect(_give_writer)
