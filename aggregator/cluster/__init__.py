"""Posts into stories: pure, incremental, independent of the order in which posts arrive.

find_matches (candidates of the index -> compare) -> place_posts (form_stars -> who keeps which address)
"""

from aggregator.cluster.compare import compare, judge
from aggregator.cluster.place import find_matches, make_story_id, place_posts

__all__ = ["compare", "find_matches", "judge", "make_story_id", "place_posts"]
