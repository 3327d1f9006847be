"""Posts into stories: pure, incremental, independent of the order in which posts arrive.

find_pairs (candidates of the index) -> compare_pairs -> place_posts (form_stars -> who keeps which address)
"""

from aggregator.cluster.compare import compare, judge
from aggregator.cluster.place import Pairs, compare_pairs, find_matches, find_pairs, make_story_id, place_posts

__all__ = [
    "Pairs",
    "compare",
    "compare_pairs",
    "find_matches",
    "find_pairs",
    "judge",
    "make_story_id",
    "place_posts",
]
