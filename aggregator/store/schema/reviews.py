"""Review of drafts before they are public: the log of its steps, and the drafts that wait."""

from __future__ import annotations

REVIEWS = """
-- Who passed or returned what, a line a step; `hash` is of the line, with that of the line before (`previous`). The
-- order is that of the ids, whatever the clock said. `reason` alone may go, when a purge takes the words out; it is
-- known by `reason_hash`.
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    path TEXT NOT NULL,
    content TEXT NOT NULL,
    step TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    identity TEXT NOT NULL,
    reason TEXT NOT NULL,
    reason_hash TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX reviews_content ON reviews (content);
CREATE TRIGGER reviews_no_update BEFORE UPDATE ON reviews
WHEN new.reason <> '' OR
    (new.id, new.at, new.path, new.content, new.step, new.verdict, new.reviewer, new.identity, new.reason_hash,
     new.previous, new.hash) IS NOT
    (old.id, old.at, old.path, old.content, old.step, old.verdict, old.reviewer, old.identity, old.reason_hash,
     old.previous, old.hash)
BEGIN
    SELECT RAISE(ABORT, 'the review log is append-only');
END;
CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews BEGIN
    SELECT RAISE(ABORT, 'the review log is append-only');
END;

-- Drafts that wait, as they were when last read; lists are JSON. No page shows any of it.
CREATE TABLE awaiting (
    path TEXT PRIMARY KEY,
    file_hash TEXT NOT NULL,
    content TEXT NOT NULL,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    claims TEXT NOT NULL,
    since INTEGER NOT NULL,
    findings TEXT NOT NULL,
    uses TEXT NOT NULL,
    memory TEXT NOT NULL
) WITHOUT ROWID;

-- What of a draft could be reviewed when it was last let through; '' where that was before this was kept.
ALTER TABLE drafts ADD COLUMN review TEXT NOT NULL DEFAULT '';
"""
