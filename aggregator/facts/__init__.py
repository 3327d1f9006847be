"""Facts that tell one notice from another written on the same template: dates, times, amounts, numbers, names.

Two notices of water outages share nine words of ten; they are two stories because road and date differ.
"""

from aggregator.facts.alternatives import find_alternatives
from aggregator.facts.content import Content, read_content
from aggregator.facts.differ import (
    MIN_SLIPS,
    Conflict,
    count_slips,
    find_conflicts,
    find_other_names,
    find_other_version,
    find_own_subjects,
    find_replaced_names,
    is_culled,
    is_road,
)
from aggregator.facts.find import Fact, find_facts, states

__all__ = [
    "MIN_SLIPS",
    "Conflict",
    "Content",
    "Fact",
    "count_slips",
    "find_alternatives",
    "find_conflicts",
    "find_facts",
    "find_other_names",
    "find_other_version",
    "find_own_subjects",
    "find_replaced_names",
    "is_culled",
    "is_road",
    "read_content",
    "states",
]
