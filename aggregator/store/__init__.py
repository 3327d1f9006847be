"""The store: one SQLite file, the only SQL of the project, opened by the pipeline and by nobody else.

with Store.open(file) as store:
    store.posts.save(account, posts, now)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from aggregator.model import Account, BackupReport, StorySettings
from aggregator.store.announcements import Announcements
from aggregator.store.artifacts import Artifacts, CardRow, SiteState, StoryFiles, Written, digest_file
from aggregator.store.backup import restore_backup, write_backup
from aggregator.store.candidates import Candidates
from aggregator.store.changes import Changes
from aggregator.store.choosing import Choosing
from aggregator.store.connection import (
    ErrorType,
    StoreError,
    Traceback,
    open_connection,
    open_reading_connection,
    open_snapshot,
    open_transaction,
)
from aggregator.store.documents import Described, DocumentRows, Documents, Share, describe_documents
from aggregator.store.drafts import Drafts
from aggregator.store.entries import Entries
from aggregator.store.feeds import Feeds
from aggregator.store.filings import TAGS, Filings
from aggregator.store.glances import GlancesAtDrafts
from aggregator.store.habits import Habits
from aggregator.store.handover import Handover
from aggregator.store.inbox import Inbox
from aggregator.store.index import Index
from aggregator.store.listings import Listings
from aggregator.store.mirror import FILES, Mirror, hash_file
from aggregator.store.posts import Posts
from aggregator.store.purge import Purges
from aggregator.store.reviews import Reviews
from aggregator.store.rulings import StaffRulings
from aggregator.store.searching import Searched, Searching
from aggregator.store.states import States
from aggregator.store.stories import Stories
from aggregator.store.syndication import Gone, Origin, Syndication
from aggregator.store.unreported import Unreported
from aggregator.text import split_list

__all__ = [
    "TAGS",
    "CardRow",
    "Described",
    "DocumentRows",
    "Gone",
    "Origin",
    "Searched",
    "Share",
    "SiteState",
    "Store",
    "StoreError",
    "StoryFiles",
    "Written",
    "describe_documents",
    "digest_file",
    "hash_file",
    "restore_backup",
    "split_list",
]


class Store:
    """The open store, its tables grouped by what they are about."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self.posts = Posts(connection)
        self.drafts = Drafts(connection)
        self.glances = GlancesAtDrafts(connection)
        self.stories = Stories(connection)
        self.index = Index(connection)
        self.rulings = StaffRulings(connection)
        self.reviews = Reviews(connection)
        self.states = States(connection)
        self.purges = Purges(connection)
        self.entries = Entries(connection)
        self.listings = Listings(connection)
        self.changes = Changes(connection)
        self.filings = Filings(connection)
        self.documents = Documents(connection)
        self.searching = Searching(connection)
        self.artifacts = Artifacts(connection)
        self.unreported = Unreported(connection)
        self.announcements = Announcements(connection)
        self.syndication = Syndication(connection)
        self.feeds = Feeds(connection)
        self.handover = Handover(connection)
        self.inbox = Inbox(connection)
        self.choosing = Choosing(connection)
        self.habits = Habits(connection)
        self.mirror = Mirror(connection, folder / FILES)

    @classmethod
    def open(cls, file: Path) -> Store:
        """Raises NewerStoreError, StoreError."""
        return cls(open_connection(file), file.parent)

    @classmethod
    def open_reading(cls, file: Path) -> Store | None:
        """The store as it is, neither migrated nor written to; None where there is none that can be read so."""
        connection = open_reading_connection(file)
        return None if connection is None else cls(connection, file.parent)

    def candidates(self, accounts: Mapping[str, Account], window: int = StorySettings().window) -> Candidates:
        return Candidates(self._connection, accounts, window)

    def transaction(self) -> AbstractContextManager[None]:
        return open_transaction(self._connection)

    def snapshot(self) -> AbstractContextManager[None]:
        return open_snapshot(self._connection)

    def back_up(self, file: Path, now: datetime) -> BackupReport:
        files = [self.mirror.locate(name) for name in self.mirror.list_files()]
        return write_backup(self._connection, files, file, now)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: ErrorType, error: BaseException | None, trace: Traceback) -> None:
        self.close()
