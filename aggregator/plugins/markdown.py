"""Staff's drafts for those who run stock Pelican alone: `PLUGINS = ["aggregator.plugins.markdown"]`.

A thin reader over the header and the Markdown of `drafts` and `render`; `matrix` itself feeds Pelican from the
store. It reads `.md` and `.markdown` alone: in a Pelican site `.txt` is robots.txt and its like. Two drafts with
one title need `SLUGIFY_SOURCE = "basename"`, as Pelican otherwise gives both the same address and stops.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pelican.plugins import signals
from pelican.readers import METADATA_PROCESSORS, BaseReader, Readers

if TYPE_CHECKING:
    from pelican.generators import Generator

    from aggregator.drafts import Header

logger = logging.getLogger(__name__)

EXTENSIONS = ("md", "markdown")
_NAMES = {"部门": "author", "栏目": "category", "摘要": "summary"}
"""What Pelican calls it; the other keys of a header keep their name, as `article.文号` in a template."""


class DraftReader(BaseReader):
    """Reads a draft as `matrix` does."""

    # Pelican takes in every direct subclass of BaseReader for its extensions, whether or not the plugin was asked
    # for (readers.py, Readers.__init__); `add_reader` names ours.
    file_extensions: ClassVar[list[str]] = []

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """The body as HTML, and Pelican's metadata."""
        # Here and not above: `matrix build` has this plugin and no use for it, and they take longer than the build.
        from aggregator.decode import decode_bytes
        from aggregator.drafts import choose_title, read_header
        from aggregator.render import render_markdown
        from aggregator.sanitize import clean_html

        path = Path(source_path)
        header = read_header(decode_bytes(path.read_bytes(), None).text, file=source_path)
        rendered = render_markdown(header.body, page_title=header.value("标题"))
        metadata = {"title": choose_title(header, rendered.title, path.name), **self._read_pairs(header, source_path)}
        for finding in header.findings:
            # Slug, Status and Tags are none of ours, and yet no mistake in a Pelican site.
            if header.key_at(finding.line) not in METADATA_PROCESSORS:
                logger.warning("%s:%s: %s%s", source_path, finding.line, finding.message, finding.remedy)
        return clean_html(rendered.html, base_url=""), metadata

    def _read_pairs(self, header: Header, source_path: str) -> dict[str, Any]:
        from aggregator.dates import parse_date
        from aggregator.drafts import DATES_AHEAD

        metadata: dict[str, Any] = {}
        for key, value in header.pairs:
            if key == "标题" or (name := _NAMES.get(key, key)) in metadata:
                continue
            if key != "日期":
                metadata[name] = self.process_metadata(name, value)
            elif date := parse_date(value, now=datetime.now(UTC) + DATES_AHEAD):
                metadata["date"] = self.process_metadata("date", date.isoformat())
            else:
                logger.warning("%s:%s: “%s”不是能认出的日期。", source_path, header.line("日期"), value)
        return metadata


def add_reader(readers: Readers) -> None:
    """Put our reader in the place of Pelican's."""
    readers.reader_classes.update(dict.fromkeys(EXTENSIONS, DraftReader))


def silence_missing_library(generator: Generator) -> None:
    """Without the Markdown library Pelican says of each .md file that nothing reads it, although ours does."""
    for extension in EXTENSIONS:
        generator.readers.disabled_readers.pop(extension, None)


def register() -> None:
    """Called by Pelican."""
    signals.readers_init.connect(add_reader)
    signals.generator_init.connect(silence_missing_library)
