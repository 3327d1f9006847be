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
from aggregator.artifacts.derive import MAP, Entry, Tally, derive_indexes, derive_pages, derive_periods
from aggregator.artifacts.digests import digest_bytes, digest_value
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
    ATOM,
    CHANNEL,
    INDEXED,
    OPML,
    ROBOTS,
    RSS,
    SITEMAP,
    Artifact,
    ListKind,
    name_account,
    name_column,
    name_list,
    name_listing,
    read_kind,
    read_path,
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

SPLIT = 200
"""Articles on one page of a month: more of them, and its days have pages of their own, and so on to the hours.

As many as keep a page within 15 KB after gzip, the theme's budget. Days and hours are the calendar's, so that no
address ever shifts.
"""

__all__ = [
    "ATOM",
    "CHANNEL",
    "EMBEDDED",
    "INDEXED",
    "LISTS_PART",
    "MAP",
    "NAMING",
    "OPML",
    "PART",
    "ROBOTS",
    "RSS",
    "SITEMAP",
    "SPLIT",
    "Affiliations",
    "Artifact",
    "Entry",
    "Filing",
    "ListKind",
    "Tally",
    "Topic",
    "affiliate_accounts",
    "derive_companions",
    "derive_gatherings",
    "derive_indexes",
    "derive_pages",
    "derive_parts",
    "derive_periods",
    "digest_bytes",
    "digest_value",
    "find_bounds",
    "hash_name",
    "label_period",
    "list_days",
    "list_hours",
    "list_parts",
    "name_account",
    "name_column",
    "name_day",
    "name_hour",
    "name_list",
    "name_listing",
    "name_month",
    "normalize_name",
    "read_kind",
    "read_path",
    "round_count",
    "story_path",
    "write_path",
]
