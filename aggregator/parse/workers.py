"""Feeds read in processes of their own, under a limit of time and of memory: a poisoned feed costs that feed."""

from __future__ import annotations

import logging
from datetime import datetime

from aggregator.model import FeedDocument, FeedError, HandedFile, ParsedFeed
from aggregator.parse import parse_posts
from aggregator.processes import WorkerDiedError, Workers

logger = logging.getLogger(__name__)

TIME_LIMIT = 20.0
"""Seconds for one feed. The slowest of 313 real ones took one."""

MEMORY_LIMIT = 1 << 30
"""Bytes that a worker may add to the address space it starts with. A feed has at most 15 MiB, read in several forms."""

_TOO_SLOW = "订阅源的内容太复杂，{seconds:.0f} 秒内没有读完，已放弃；请发布方检查，下次更新会再试。"
_TOO_LARGE = "读取这个订阅源需要的内存太多，已放弃；请发布方减少一次提供的文章，下次更新会再试。"
_CRASHED = "读取这个订阅源时程序意外中止，这次跳过；请把日志发给技术人员。"


class ParsePool(Workers):
    """`workers` processes that read feeds."""

    def __init__(self, workers: int, *, time_limit: float = TIME_LIMIT, memory_limit: int = MEMORY_LIMIT) -> None:
        super().__init__(max(workers, 1), memory_limit, __name__)
        self._time_limit = time_limit

    async def parse(self, document: FeedDocument | HandedFile, now: datetime) -> ParsedFeed | FeedError:
        """As `parse_posts`; whatever a feed does to its worker becomes its `FeedError`."""
        try:
            return await self.call(self._time_limit, parse_posts, document, now=now)
        except TimeoutError:
            reason = _TOO_SLOW.format(seconds=self._time_limit)
        except MemoryError:
            reason = _TOO_LARGE
        except WorkerDiedError:
            reason = _CRASHED
        except Exception:
            logger.exception("parsing %s of %s", document.url, document.account)
            reason = _CRASHED
        logger.warning("%s: %s", document.url, reason)
        return FeedError(document.account, document.url, reason)
