"""What the site consists of, and what each part depends on. Pure.

An artifact is one file of the site; its path says what it shows, and nothing else does. From the rows of the lists
before and after a change follow the artifacts that have to be rendered anew.
"""

from aggregator.artifacts.derive import Entry, Tally, derive_pages, derive_periods
from aggregator.artifacts.digests import digest_bytes, digest_value
from aggregator.artifacts.paths import (
    ATOM,
    CHANNEL,
    RSS,
    SEARCH,
    SEARCH_INDEX,
    Artifact,
    name_account,
    name_column,
    name_list,
    read_path,
    search_path,
    story_path,
    write_path,
)
from aggregator.artifacts.periods import (
    find_bounds,
    label_period,
    list_days,
    list_hours,
    name_day,
    name_hour,
    name_month,
)
from aggregator.artifacts.segments import BLOCK, OPEN, Segment, choose_segments, list_segment_files

SPLIT = 200
"""Articles on one page of a month: more of them, and its days have pages of their own, and so on to the hours.

As many as keep a page within 15 KB after gzip, the theme's budget. Days and hours are the calendar's, so that no
address ever shifts.
"""

__all__ = [
    "ATOM",
    "BLOCK",
    "CHANNEL",
    "OPEN",
    "RSS",
    "SEARCH",
    "SEARCH_INDEX",
    "SPLIT",
    "Artifact",
    "Entry",
    "Segment",
    "Tally",
    "choose_segments",
    "derive_pages",
    "derive_periods",
    "digest_bytes",
    "digest_value",
    "find_bounds",
    "label_period",
    "list_days",
    "list_hours",
    "list_segment_files",
    "name_account",
    "name_column",
    "name_day",
    "name_hour",
    "name_list",
    "name_month",
    "read_path",
    "search_path",
    "story_path",
    "write_path",
]
