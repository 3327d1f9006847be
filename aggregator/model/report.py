"""What a command did."""

from __future__ import annotations

from dataclasses import dataclass, field

from aggregator.model.editorial import HoldRule
from aggregator.model.feed import Outcome
from aggregator.model.mirror import MirrorReport
from aggregator.model.post import Finding
from aggregator.model.review import WaitingDraft

NOTHING_MIRRORED = MirrorReport()


@dataclass(frozen=True, slots=True)
class AccountOutcome:
    """What one update did for one account."""

    id: str
    outcome: Outcome
    posts_new: int = 0
    posts_changed: int = 0
    posts_withdrawn: int = 0
    error: str = ""
    feeds_waiting: int = 0
    """Feeds that were not asked, as they are not due yet or their host wants to be left alone."""
    posts_held: int = 0
    """Posts of the account that wait for staff, whenever they came."""
    held_for: tuple[tuple[HoldRule, int], ...] = ()
    """(rule, posts that wait for it); a post may wait for several."""


@dataclass(frozen=True, slots=True)
class UpdateReport:
    accounts: tuple[AccountOutcome, ...]
    findings: tuple[Finding, ...] = ()
    stories_changed: int = 0
    seconds: tuple[tuple[str, float], ...] = ()
    """(stage, seconds) in the order they ran."""
    mirror: MirrorReport = NOTHING_MIRRORED
    posts_released: int = 0
    """Posts that had waited and were let in, as settings or their account changed."""
    reviews: tuple[WaitingDraft, ...] = ()
    """Drafts that wait for review."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    bytes: int
    """Of the whole backup."""
    files: int
    """Mirrored pictures and attachments in it."""
    files_bytes: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    rendered: int
    kept: int
    removed: int
    changed_paths: tuple[str, ...]
    removed_paths: tuple[str, ...]
    seconds: tuple[tuple[str, float], ...] = field(default=())
    menu_left_out: tuple[str, ...] = ()
    """Labels of the menu and the footer that are not shown, as there is nothing behind them yet."""
    feeds_announced: int = 0
    """Changed feeds that the hub was told of."""
    hub_failure: str = ""
    """Why it could not be told, in Chinese."""
    broken_files: tuple[str, ...] = ()
    """Addresses of pictures and attachments whose copies were found damaged or lost; they are fetched again."""


@dataclass(frozen=True, slots=True)
class StoryMove:
    """What making all stories anew does to one of them."""

    story: str
    title: str
    """Of its lead afterwards."""
    members_before: int
    members_after: int
    merged_into: str
    """Id of the story that takes it in; "" where it stays."""
    led_anew: bool
    """Another post is its lead."""


@dataclass(frozen=True, slots=True)
class Rebuilding:
    posts: int
    """In all stories, afterwards."""
    stories: int
    moves: tuple[StoryMove, ...]
    """Stories that are new or change, by id."""
