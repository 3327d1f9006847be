"""Word files are read in processes of their own: a file that takes too much memory or time costs that file."""

from __future__ import annotations

from aggregator.drafts.word.failures import TOO_SLOW, WordFailure
from aggregator.drafts.word.text import WordText, read_word
from aggregator.processes import WorkerDiedError, Workers

WORKERS = 2
WORD_SECONDS = 60.0
"""For one file. The longest laws take a fraction of it, but other programs use the machine as well."""

WORKER_MEMORY = 1536 * 1024 * 1024
"""Bytes for one worker."""


class WordWorkers(Workers):
    def __init__(self, workers: int = WORKERS) -> None:
        super().__init__(workers, WORKER_MEMORY, "aggregator.drafts.word.text")

    async def read_word(self, data: bytes, path: str) -> WordText | WordFailure:
        """As the function of this name; a failure as well where the worker died of it or took too long."""
        try:
            return await self.call(WORD_SECONDS, read_word, data, path)
        except (TimeoutError, MemoryError, WorkerDiedError):
            return TOO_SLOW
