"""Others at the same drafts, in an environment of their own: Pelican's Markdown reader.

    python benchmarks/draft_peers.py FOLDER

Run by drafts.py in the peer's environment; prints wall and processor seconds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pelican.readers import MarkdownReader
from pelican.settings import read_settings


def main() -> None:
    folder = Path(sys.argv[1])
    reader = MarkdownReader(read_settings(override={"PATH": str(folder)}))
    files = sorted(folder.glob("*.md"))
    wall, processor = time.perf_counter(), time.process_time()
    for file in files:
        content, metadata = reader.read(str(file))
        assert content
        assert metadata["title"]
    print(time.perf_counter() - wall, time.process_time() - processor)


if __name__ == "__main__":
    main()
