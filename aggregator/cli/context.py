"""What every command needs: the site, its log, its lock, a terminal that shows progress."""

from __future__ import annotations

import difflib
import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aggregator.build.warming import expects_many
from aggregator.errors import ConfigError
from aggregator.model import Registry, Site
from aggregator.store import Store, digest_file

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from aggregator.build.workers import Crew

LOG_BYTES = 2_000_000
LOG_FILES = 5
"""The log turns over by itself: at most ten megabytes, the newest kept."""

json_option = click.option("--json", "as_json", is_flag=True, help="只在标准输出上给出一份 JSON，供程序读取。")


@dataclass(frozen=True, slots=True)
class Workplace:
    """The site a command works on."""

    site: Site

    def load_settings(self) -> dict[str, Any]:
        # Pelican takes half a second to import, and not every command needs its settings.
        from aggregator.build.settings import load_settings

        return load_settings(self.site)

    def tell_oddities(self, settings: Mapping[str, Any]) -> None:
        """What of the settings is no mistake and yet looks bad on the site."""
        from aggregator.build.settings import find_oddities

        for oddity in find_oddities(settings):
            click.echo(f"注意：{oddity}", err=True)

    @contextmanager
    def call_crew(self, *, full: bool) -> Iterator[Crew | None]:
        """The workers that a build of the whole site will need; None where it needs none, or cannot have them yet."""
        if not self._expects_many(full=full):
            yield None
            return
        # A build of one new post has no use for it.
        from aggregator.build.workers import fork_crew

        crew = fork_crew()
        if crew is None:
            yield None
            return
        with crew:
            crew.start()
            yield crew

    def _expects_many(self, *, full: bool) -> bool:
        if not self.site.config.is_file() or not self.site.store.is_file():
            return False
        with Store.open(self.site.store) as store:
            return expects_many(store, full=full)

    def load_registry(self) -> Registry:
        # Not every command reads it, and what reads it takes a while to import.
        from aggregator.registry import load_registry

        return load_registry(self.site.registry)

    def check_registry(self) -> None:
        """Raises ConfigError for a registry with a mistake; one that the last build took over is not read again."""
        if self.site.store.is_file():
            with Store.open(self.site.store) as store:
                if store.artifacts.load_marks().get("registry") == digest_file(self.site.registry):
                    return
        self.load_registry()

    @contextmanager
    def open_locked(self) -> Iterator[Store]:
        """The store under the site's lock, with the log open; raises LockedError."""
        # What only asks or checks takes no lock.
        from aggregator.pipeline.lock import hold_lock

        with hold_lock(self.site), self.open_log("matrix.log"), Store.open(self.site.store) as store:
            yield store

    @contextmanager
    def open_reading(self) -> Iterator[Store]:
        """The store for questions; a run may go on beside it. Raises ConfigError where there is none yet."""
        self.load_settings()
        if not self.site.store.is_file():
            raise ConfigError("这个站点还没有收取过内容。", "先运行 matrix publish。")
        with Store.open(self.site.store) as store:
            yield store

    @contextmanager
    def open_log(self, name: str) -> Iterator[None]:
        """A log of its own for what may run beside another command: a log that turns over is one process's."""
        folder = self.site.state / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        handler = _Log(folder / name, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root = logging.getLogger()
        former = root.level
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        try:
            yield
        except Exception:
            # Here, as the log is closed by the time the error is told.
            logging.getLogger(__name__).exception("the run failed")
            raise
        finally:
            root.removeHandler(handler)
            root.setLevel(former)
            handler.close()


class _Log(RotatingFileHandler):
    """What can't be written is left out: whoever needs the disk says that it is full, and once is enough."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        pass

    def close(self) -> None:
        with suppress(OSError):
            super().close()


class TerminalProgress:
    """A bar a stage on a terminal; silent where stderr is a file or a pipe."""

    def __init__(self) -> None:
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bars is None:
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total or None)
        self._bars.update(self._tasks[stage], completed=done, total=total or None)

    def __enter__(self) -> TerminalProgress:
        if sys.stderr.isatty():
            from aggregator.cli.bars import make_bars

            self._bars = make_bars()
            self._bars.start()
        return self

    def pause(self) -> None:
        """Clear the bars away before something is said; the next stage shows its own no more."""
        if self._bars is not None:
            self._bars.stop()

    def __exit__(self, *_: object) -> None:
        if self._bars is not None:
            self._bars.stop()


def suggest_path(site: Site, path: Path) -> str:
    """A question whether another file below content/ is meant, "" where none has a like name."""
    # Without endings: by theirs alone, any two short names are alike.
    files = {one.stem: one for one in site.content.rglob("*") if not one.name.startswith(".")}
    near = difflib.get_close_matches(path.stem, sorted(files), n=1)
    return f"是不是“{files[near[0]].relative_to(site.root).as_posix()}”？" if near else ""


def read_clock() -> datetime:
    """The time of this command: read once, handed down."""
    return datetime.now(UTC).replace(microsecond=0)


def print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
