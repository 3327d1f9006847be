"""What changed in the store and the registry since the last build -> the paths to be rendered anew.

    changes: registry changed? -> registered: cards, affiliations; stories dirty? -> rows: lists -> pending paths

`paths` knows which pages a list has.
"""

from aggregator.plugins.stories.planning.changes import plan_changes
from aggregator.plugins.stories.planning.paths import list_directory, list_feeds, list_pages

__all__ = ["list_directory", "list_feeds", "list_pages", "plan_changes"]
