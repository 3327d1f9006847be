"""The order of the stages, and nothing else knows it.

update:   registry.load_registry -> Registry
        | store.feeds.load_memories | fetch.is_due
        | fetch.fetch_feeds      -> FeedDocument | NotModified | FeedError
        | parse.workers.ParsePool -> ParsedFeed of Post
        | inbox.Gate             -> what is let in; the rest waits in store.inbox
        | store.posts.save       -> SavedPosts | fetch.plan_next | store.feeds.record
        | drafts.read_drafts     -> DraftBatch | store.drafts.save
        | fetch.fetch_files      -> FetchedFile | FileFailure | images | store.mirror.save
        | text.fingerprint       | cluster.place_posts -> StoryChanges | store.stories.save
        | channel.place_story    -> Placement          | store.stories.save_placements
build:    build.build_site       -> BuildReport
publish:  update, then build.
"""

from aggregator.pipeline.imports import import_archive
from aggregator.pipeline.lock import hold_lock
from aggregator.pipeline.publish import build, publish, update

__all__ = ["build", "hold_lock", "import_archive", "publish", "update"]
