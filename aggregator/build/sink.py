"""Where rendered files go: into a tree that nobody sees yet, unless they are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pelican.utils import sanitised_join

from aggregator.artifacts import PACKED, digest_bytes
from aggregator.build.trees import is_readable
from aggregator.plugins.stories.packing import Form, digest_packed
from aggregator.plugins.stories.renderer import Page
from aggregator.plugins.stories.writer import announce_page, link_file, link_fresh, replace_file, write_fresh
from aggregator.store import StoryFiles, Written


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of one page."""

    written: Written
    changed: bool
    """Its bytes are not those of the live tree."""
    files: StoryFiles | None = None


@dataclass(slots=True)
class TreeSink:
    """Puts pages into `tree`. Where the store knows what the live tree has, only what differs from that.

    A file that is there is not written into, but beside its name and then renamed: it may be a second name of one that
    visitors see.
    """

    tree: Path
    former: Path | None = None
    """A live tree of which the store knows nothing: a file with the same bytes is linked from there."""
    twin: Path | None = None
    """The other tree, where both are made from nothing."""
    safe: bool = False
    """Whether each file is on the disk before the next one is written."""
    forced: frozenset[str] = frozenset()
    """Paths that are written whatever the store knows of them."""
    _folders: set[str] = field(default_factory=set)

    def check(self, page: Page, known: Mapping[str, str]) -> Rendered:
        """Whether a page has to be put; `known` are digests of the live tree's files."""
        return self._judge(Written(page.path, page.template, digest_bytes(page.data)), known, page.files)

    def check_packed(self, page: Page, path: str, form: Form, known: Mapping[str, str]) -> tuple[Page, Rendered]:
        """A page's compressed form and whether it has to be put; it has no bytes where not."""
        rendered = self._judge(Written(path, PACKED, digest_packed(page.data, form)), known)
        return Page(path, PACKED, form.pack(page.data) if rendered.changed else b"", {}), rendered

    def _judge(self, written: Written, known: Mapping[str, str], files: StoryFiles | None = None) -> Rendered:
        changed = known.get(written.path) != written.digest or written.path in self.forced
        return Rendered(written, changed, files)

    def put(self, page: Page, rendered: Rendered) -> Rendered:
        """Put a changed page in its place; what it was found to be. Raises OSError, RuntimeError (path outside)."""
        target = self.make_target(self.tree, page.path)
        kept = self.former is not None and _has_bytes(self.former / page.path, page.data)
        if kept and self.former is not None:
            link_file(Path(target), self.former / page.path)
        else:
            if self.safe or not write_fresh(target, page.data):
                replace_file(Path(target), page.data, safe=self.safe)
            announce_page(page, target)
        if self.twin is not None:
            twin = self.make_target(self.twin, page.path)
            if not link_fresh(twin, target):
                link_file(Path(twin), Path(target))
        return Rendered(rendered.written, not kept, rendered.files)

    def link(self, path: str, source: Path) -> bool:
        """Put a file whose name changes with its content at `path`; False where the former tree had it."""
        target = Path(self.make_target(self.tree, path))
        former = self.former / path if self.former is not None else None
        kept = former is not None and is_readable(former) and former.stat().st_size == source.stat().st_size
        link_file(target, source)
        if self.twin is not None:
            link_file(Path(self.make_target(self.twin, path)), target)
        return not kept

    def make_target(self, tree: Path, path: str) -> str:
        """Where a path lies in a tree, in a folder that is there. Raises RuntimeError for one outside."""
        folder = f"{tree}/{path.rpartition('/')[0]}"
        if folder not in self._folders:
            # Pelican's check takes longer than writing the file, and what it refuses is in the folder's name.
            Path(sanitised_join(str(tree), path)).parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        return f"{tree}/{path}"


def _has_bytes(file: Path, data: bytes) -> bool:
    try:
        return is_readable(file) and file.read_bytes() == data
    except OSError:
        return False
