"""Posts into stories: pure, incremental, independent of the order in which posts arrive.

find_pairs (candidates of the index) -> compare_pairs -> place_posts, which is
draw_circle (who is connected) -> form_ruled_stars -> settle_circle (who keeps which address)
"""

from aggregator.cluster.compare import compare, judge
from aggregator.cluster.place import (
    Circle,
    Pairs,
    compare_pairs,
    draw_circle,
    find_pairs,
    make_story_id,
    place_posts,
    settle_circle,
)
from aggregator.cluster.ruled import form_ruled_stars

__all__ = [
    "Circle",
    "Pairs",
    "compare",
    "compare_pairs",
    "draw_circle",
    "find_pairs",
    "form_ruled_stars",
    "judge",
    "make_story_id",
    "place_posts",
    "settle_circle",
]
