"""Posts into stories: pure, incremental, independent of the order in which posts arrive.

find_candidates (the index) -> compare -> form_stars -> place_posts (who keeps which address)
"""

from aggregator.cluster.compare import compare
from aggregator.cluster.place import make_story_id, place_posts

__all__ = ["compare", "make_story_id", "place_posts"]
