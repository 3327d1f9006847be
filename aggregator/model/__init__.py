"""The types that flow between the stages: frozen, slotted, with tuples and aware datetimes.

A type names its stage; nothing here does I/O.

    Account -> FeedDocument -> ParsedFeed of Post -> StoredPost -> Story -> Placement -> article (Pelican's)
"""

from aggregator.model.account import LOCAL_ACCOUNT, Account, AccountStatus, FetchSettings, Kind, Registry, Selection
from aggregator.model.feed import (
    CacheHints,
    FeedDocument,
    FeedError,
    FeedMemory,
    FeedState,
    NotModified,
    Outcome,
    ParsedFeed,
    Validators,
)
from aggregator.model.mirror import (
    FetchedFile,
    FileFailure,
    FileForm,
    FileKind,
    FileRequest,
    MirroredFile,
    MirrorReport,
    StoredForm,
)
from aggregator.model.post import Attachment, Draft, DraftBatch, Finding, Genre, Post, SavedPosts, StoredPost
from aggregator.model.report import AccountOutcome, BackupReport, BuildReport, UpdateReport
from aggregator.model.site import Progress, Site
from aggregator.model.story import (
    PAGES,
    CandidateIndex,
    Column,
    Decision,
    Document,
    Fingerprint,
    Match,
    Member,
    Placement,
    Relation,
    Story,
    StoryChanges,
)

__all__ = [
    "LOCAL_ACCOUNT",
    "PAGES",
    "Account",
    "AccountOutcome",
    "AccountStatus",
    "Attachment",
    "BackupReport",
    "BuildReport",
    "CacheHints",
    "CandidateIndex",
    "Column",
    "Decision",
    "Document",
    "Draft",
    "DraftBatch",
    "FeedDocument",
    "FeedError",
    "FeedMemory",
    "FeedState",
    "FetchSettings",
    "FetchedFile",
    "FileFailure",
    "FileForm",
    "FileKind",
    "FileRequest",
    "Finding",
    "Fingerprint",
    "Genre",
    "Kind",
    "Match",
    "Member",
    "MirrorReport",
    "MirroredFile",
    "NotModified",
    "Outcome",
    "ParsedFeed",
    "Placement",
    "Post",
    "Progress",
    "Registry",
    "Relation",
    "SavedPosts",
    "Selection",
    "Site",
    "StoredForm",
    "StoredPost",
    "Story",
    "StoryChanges",
    "UpdateReport",
    "Validators",
]
