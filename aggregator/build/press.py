"""Single pages as the site would show them, by a Pelican that is kept warm: nothing is written to the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.build.pelican import call_pelican, make_generator
from aggregator.errors import ConfigError
from aggregator.model import Placement, Site, StoredPost
from aggregator.plugins.stories.generator import find_registry
from aggregator.plugins.stories.planning import plan_changes
from aggregator.store import Store


class Press:
    """Renders proofs: the page that a post would have. Not to be used by two threads at once."""

    def __init__(self, site: Site, settings: Mapping[str, Any]) -> None:
        """Raises BuildError."""
        self._site, self._settings = site, settings
        self._generator = call_pelican(lambda: make_generator({**settings, "STORE": str(site.store)}))

    @contextmanager
    def open_store(self) -> Iterator[Store]:
        """The site's store, for questions; before the first publish an empty one that knows the accounts.

        Raises ConfigError, StoreError.
        """
        if self._site.store.is_file():
            store = Store.open_reading(self._site.store)
            if store is None:
                # With an empty one in its place, all that is published would be called new.
                raise ConfigError("存储文件不是这一版程序的格式，看不出哪些已经发布。", "先运行一次 matrix publish。")
            with store:
                yield store
            return
        with TemporaryDirectory() as folder, Store.open(Path(folder) / "store.sqlite3") as store:
            plan_changes(store, find_registry(self._settings["PATH"]), ZoneInfo(self._settings["TIMEZONE"]))
            yield store

    def print_proof(self, stored: StoredPost, placement: Placement, store: Store) -> bytes:
        """The page of a post that stands where `placement` says. Raises BuildError."""
        return call_pelican(lambda: self._generator.make_renderer(store).render_proof(stored, placement)).data

    def read_asset(self, path: str) -> bytes | None:
        """A file of the theme by its path in the site, as it is named now."""
        file = self._generator.asset_files.get(path)
        return file.read_bytes() if file else None
