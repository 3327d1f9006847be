"""The order of the stages, and nothing else knows it.

update:   registry.load_registry -> Registry
        | registry.parse_editorial -> Editorial
        | store.feeds.load_memories | fetch.is_due
        | fetch.fetch_feeds      -> FeedDocument | NotModified | FeedError
        | parse.workers.ParsePool -> ParsedFeed of Post
        | inbox.Gate             -> what is let in; the rest waits in store.inbox, described for who chooses
        | store.posts.save       -> SavedPosts | fetch.plan_next | store.feeds.record
        | drafts.read_drafts     -> DraftBatch | beside.place_beside | store.drafts.save
        | fetch.fetch_files      -> FetchedFile | FileFailure | images | store.mirror.save
        | rulings.apply_rulings  -> Rulings bound to posts | store.rulings.replace
        | store.index.save       | cluster.find_pairs, compare_pairs -> Match | store.stories.save_matches
        | cluster.draw_circle, form_ruled_stars, settle_circle -> StoryChanges | store.stories.save
        | channel.decide_state   -> State              | store.states.save_notices
        | channel.place_story    -> Placement          | store.stories.save_placements
build:    what came due is placed | build.build_site   -> BuildReport
check:    drafts.read_source     -> DraftSource | inspection.inspect_draft -> CheckReport
inbox:    store.inbox            -> channel.rank_candidates -> Candidate
accept:   registry.append_choices -> editorial.toml | inbox.Gate.settle, rulings.place_stories | build
wechat:   drafts.read_marked or store -> WeChatSource | wechat.convert_article -> WeChatArticle
board:    articles.find_article  -> Article | board.fit_sheet | board.write_board -> Board
cover:    articles.find_article  -> Article | images.cover.draw_cover -> Cover
publish:  update, then build.
preview:  drafts.read_draft      -> Draft | build.Press -> Proof, nothing being stored
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregator.pipeline.board import make_board, make_cover
    from aggregator.pipeline.build_stage import build
    from aggregator.pipeline.checking import check_drafts
    from aggregator.pipeline.draft_list import DraftList
    from aggregator.pipeline.explain import explain_pair
    from aggregator.pipeline.imports import import_archive
    from aggregator.pipeline.listing import list_candidates
    from aggregator.pipeline.lock import hold_lock
    from aggregator.pipeline.proofs import Proofs
    from aggregator.pipeline.purge import purge_story
    from aggregator.pipeline.rebuild import rebuild_stories
    from aggregator.pipeline.selection import accept_posts, edit_post, reject_posts, take_over_post
    from aggregator.pipeline.stages import publish, update
    from aggregator.pipeline.wechat import prepare_wechat
    from aggregator.pipeline.withdraw import withdraw_story

_STAGES = {
    "DraftList": "draft_list",
    "Proofs": "proofs",
    "accept_posts": "selection",
    "edit_post": "selection",
    "list_candidates": "listing",
    "reject_posts": "selection",
    "take_over_post": "selection",
    "build": "build_stage",
    "check_drafts": "checking",
    "explain_pair": "explain",
    "hold_lock": "lock",
    "import_archive": "imports",
    "prepare_wechat": "wechat",
    "make_board": "board",
    "make_cover": "board",
    "publish": "stages",
    "purge_story": "purge",
    "rebuild_stories": "rebuild",
    "update": "stages",
    "withdraw_story": "withdraw",
}

__all__ = [
    "DraftList",
    "Proofs",
    "accept_posts",
    "build",
    "check_drafts",
    "edit_post",
    "explain_pair",
    "hold_lock",
    "import_archive",
    "list_candidates",
    "make_board",
    "make_cover",
    "prepare_wechat",
    "publish",
    "purge_story",
    "rebuild_stories",
    "reject_posts",
    "take_over_post",
    "update",
    "withdraw_story",
]


def __getattr__(name: str) -> object:
    """Import a stage when it is asked for: `build` has no use for what reads feeds, which takes a while to import."""
    if name not in _STAGES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_STAGES[name]}"), name)
