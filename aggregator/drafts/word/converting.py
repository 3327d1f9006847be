"""Word files that changed -> what they say, a few at once. Only runs that convert any import this, and mammoth."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from aggregator.drafts.digest import digest_bytes
from aggregator.drafts.memory import hash_content
from aggregator.drafts.word.failures import WordError, WordFailure
from aggregator.drafts.word.files import read_file
from aggregator.drafts.word.text import WordText
from aggregator.drafts.word.workers import WORKERS, WordWorkers

FILES_A_WORKER = 4
"""For fewer, a second process is not worth starting."""


Converted = tuple[str, str, WordText | WordFailure]
"""Content hash and digest of a file's bytes, and what came of them; both are "" for one that could not be opened."""


def convert_files(content: Path, paths: Sequence[str]) -> Mapping[str, Converted]:
    """Path -> what came of the file."""
    return asyncio.run(_convert(content, paths))


async def _convert(content: Path, paths: Sequence[str]) -> Mapping[str, Converted]:
    idle = asyncio.Semaphore(WORKERS)
    with WordWorkers(max(1, min(WORKERS, len(paths) // FILES_A_WORKER))) as workers:

        async def read(path: str) -> Converted:
            async with idle:
                try:
                    data = await asyncio.to_thread(read_file, content / path)
                except WordError as error:
                    return "", "", WordFailure(error.message, error.remedy)
                return hash_content(data), digest_bytes(data), await workers.read_word(data, path)

        answers = await asyncio.gather(*map(read, paths))
    return dict(zip(paths, answers, strict=True))
