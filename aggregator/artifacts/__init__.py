"""What the site consists of, and what each part depends on. Pure.

An artifact is one file of the site; its path says what it shows, and nothing else does. From the rows of the lists
before and after a change follow the artifacts that have to be rendered anew.
"""

from aggregator.artifacts.companions import (
    EMBEDDED,
    LISTS_PART,
    NAMING,
    PART,
    derive_companions,
    derive_gatherings,
    derive_parts,
    list_parts,
)
from aggregator.artifacts.derive import CATALOG, MAP, Entry, Tally, derive_indexes, derive_pages, derive_periods
from aggregator.artifacts.derive_feeds import derive_archives, derive_feeds
from aggregator.artifacts.digests import digest_bytes, digest_value
from aggregator.artifacts.feeds import MEDIA_TYPES, Feeds, archive_path
from aggregator.artifacts.filing import (
    Affiliations,
    Filing,
    Topic,
    affiliate_accounts,
    hash_name,
    normalize_name,
    round_count,
)
from aggregator.artifacts.paths import (
    CHANNEL,
    INDEXED,
    OPML,
    PACKED,
    ROBOTS,
    SEARCH,
    SEARCH_INDEX,
    SITEMAP,
    Artifact,
    FeedForm,
    Kind,
    ListKind,
    find_whole,
    list_packed,
    name_account,
    name_column,
    name_list,
    name_listing,
    read_kind,
    read_path,
    search_path,
    story_path,
    write_path,
)
from aggregator.artifacts.periods import (
    PeriodNames,
    find_bounds,
    label_period,
    list_days,
    list_hours,
    list_months,
    name_day,
    name_hour,
    name_month,
    name_year,
)
from aggregator.artifacts.segments import (
    BLOCK,
    OPEN,
    Segment,
    choose_segments,
    find_segment,
    list_segment_files,
)

SPLIT = 200
"""Articles on one page of a month: more of them, and its days have pages of their own, and so on to the hours.

As many as keep a page within 15 KB after gzip, the theme's budget. Days and hours are the calendar's, so that no
address ever shifts.
"""

SHELF = 120
"""Policies on one page of a year, by the same measure: each has 文号, unit, 有效性 and what the filter asks for."""

__all__ = [
    "BLOCK",
    "CATALOG",
    "CHANNEL",
    "EMBEDDED",
    "INDEXED",
    "LISTS_PART",
    "MAP",
    "MEDIA_TYPES",
    "NAMING",
    "OPEN",
    "OPML",
    "PACKED",
    "PART",
    "ROBOTS",
    "SEARCH",
    "SEARCH_INDEX",
    "SHELF",
    "SITEMAP",
    "SPLIT",
    "Affiliations",
    "Artifact",
    "Entry",
    "FeedForm",
    "Feeds",
    "Filing",
    "Kind",
    "ListKind",
    "PeriodNames",
    "Segment",
    "Tally",
    "Topic",
    "affiliate_accounts",
    "archive_path",
    "choose_segments",
    "derive_archives",
    "derive_companions",
    "derive_feeds",
    "derive_gatherings",
    "derive_indexes",
    "derive_pages",
    "derive_parts",
    "derive_periods",
    "digest_bytes",
    "digest_value",
    "find_bounds",
    "find_segment",
    "find_whole",
    "hash_name",
    "label_period",
    "list_days",
    "list_hours",
    "list_months",
    "list_packed",
    "list_parts",
    "list_segment_files",
    "name_account",
    "name_column",
    "name_day",
    "name_hour",
    "name_list",
    "name_listing",
    "name_month",
    "name_year",
    "normalize_name",
    "read_kind",
    "read_path",
    "round_count",
    "search_path",
    "story_path",
    "write_path",
]
