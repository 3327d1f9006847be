"""The channel as a Pelican site: articles from the store, not from files.

`PELICAN_CLASS` names SitePelican, `PLUGINS` names this package (it brings the writer). With both,
`pelican content` renders the store's present state with the same bytes as `matrix build`.
"""

from __future__ import annotations

from pathlib import Path

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
        if "TREE_WRITER" in self.settings:
            # A tree is kept from build to build, whatever a setting or a plugin says.
            self.delete_outputdir = False
        else:
            _check_output(Path(self.output_path).resolve(), find_store(self.settings).resolve(), self.delete_outputdir)
        super().run()

    def _get_generator_classes(self) -> list[type[Generator]]:
        return [StoryGenerator, _NoPages]

    def _get_writer(self) -> TreeWriter:
        writer: TreeWriter = self.settings.get("TREE_WRITER") or super()._get_writer()
        return writer


def _check_output(folder: Path, store: Path, clears: bool) -> None:
    """For Pelican alone, which `clears` a folder at once and writes file by file. Raises BuildError."""
    remedy = "写到别的文件夹：pelican content -o 文件夹。"
    if folder.is_relative_to(store.parent / "site"):
        raise BuildError(f"{folder} 是线上的网站，只能由 matrix build 更新。", f"运行 matrix build；或{remedy}")
    if clears and store.is_relative_to(folder):
        raise BuildError(f"{folder} 里有网站的存储，不能清空。", f"不加 -d；或{remedy}")


def _give_writer(_pelican: Pelican) -> type[TreeWriter]:
    return TreeWriter


def register() -> None:
    signals.get_writer.connect(_give_writer)
