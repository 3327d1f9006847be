"""The order of the stages, and nothing else knows it.

update:   registry.load_registry -> Registry
        | registry.parse_editorial -> Editorial
        | store.feeds.load_memories | fetch.is_due
        | fetch.fetch_feeds      -> FeedDocument | NotModified | FeedError
        | parse.workers.ParsePool -> ParsedFeed of Post
        | inbox.Gate             -> what is let in; the rest waits in store.inbox
        | store.posts.save       -> SavedPosts | fetch.plan_next | store.feeds.record
        | drafts.read_drafts     -> DraftBatch | beside.place_beside | store.drafts.save
        | fetch.fetch_files      -> FetchedFile | FileFailure | images | store.mirror.save
        | rulings.apply_rulings  -> Rulings bound to posts | store.rulings.replace
        | store.index.save       | cluster.find_pairs, compare_pairs -> Match | store.stories.save_matches
        | cluster.place_posts    -> StoryChanges       | store.stories.save
        | channel.decide_state   -> State              | store.states.save_notices
        | channel.place_story    -> Placement          | store.stories.save_placements
build:    what came due is placed | build.build_site   -> BuildReport
check:    drafts.read_source     -> DraftSource | inspection.inspect_draft -> CheckReport
publish:  update, then build.
preview:  drafts.read_draft      -> Draft | build.Press -> Proof, nothing being stored
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregator.pipeline.build_stage import build
    from aggregator.pipeline.checking import check_drafts
    from aggregator.pipeline.draft_list import DraftList
    from aggregator.pipeline.explain import explain_pair
    from aggregator.pipeline.imports import import_archive
    from aggregator.pipeline.lock import hold_lock
    from aggregator.pipeline.proofs import Proofs
    from aggregator.pipeline.purge import purge_story
    from aggregator.pipeline.rebuild import rebuild_stories
    from aggregator.pipeline.stages import publish, update
    from aggregator.pipeline.withdraw import withdraw_story

_STAGES = {
    "DraftList": "draft_list",
    "Proofs": "proofs",
    "build": "build_stage",
    "check_drafts": "checking",
    "explain_pair": "explain",
    "hold_lock": "lock",
    "import_archive": "imports",
    "publish": "stages",
    "purge_story": "purge",
    "rebuild_stories": "rebuild",
    "update": "stages",
    "withdraw_story": "withdraw",
}

__all__ = [
    "DraftList",
    "Proofs",
    "build",
    "check_drafts",
    "explain_pair",
    "hold_lock",
    "import_archive",
    "publish",
    "purge_story",
    "rebuild_stories",
    "update",
    "withdraw_story",
]


def __getattr__(name: str) -> object:
    """Import a stage when it is asked for: `build` has no use for what reads feeds, which takes a while to import."""
    if name not in _STAGES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_STAGES[name]}"), name)
