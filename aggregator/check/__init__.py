"""Which posts are held for staff, and why: pure, one rule a function.

judge_post(post, settings, own names) -> HoldReasons         what one post says
find_burst, find_other_language, find_other_domain, find_moved_feed -> HoldReason     what a feed does all at once
"""

from aggregator.check.feed import (
    SAMPLE,
    find_burst,
    find_moved_feed,
    find_other_domain,
    find_other_language,
    may_differ,
    outlives,
    still_holds,
)
from aggregator.check.post import REVIEW, RULES_VERSION, judge_post
from aggregator.check.sources import list_own_names

__all__ = [
    "REVIEW",
    "RULES_VERSION",
    "SAMPLE",
    "find_burst",
    "find_moved_feed",
    "find_other_domain",
    "find_other_language",
    "judge_post",
    "list_own_names",
    "may_differ",
    "outlives",
    "still_holds",
]
