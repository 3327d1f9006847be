"""Feeds, when each is asked next, and the files of handed folders."""

from __future__ import annotations

FEEDS = """
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    url TEXT NOT NULL,
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    body_hash TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL,
    last_attempt INTEGER NOT NULL,
    last_success INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    UNIQUE (account, url)
);

-- One row a feed, day and outcome, whatever the number of polls: bounded space for any poll interval.
CREATE TABLE history (
    feed INTEGER NOT NULL REFERENCES feeds,
    day INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    times INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    posts_new INTEGER NOT NULL,
    error TEXT NOT NULL,
    PRIMARY KEY (feed, day, outcome)
) WITHOUT ROWID;

CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

SCHEDULE = """
ALTER TABLE feeds ADD COLUMN next_at INTEGER;
ALTER TABLE feeds ADD COLUMN ttl INTEGER;
ALTER TABLE feeds ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN moved_to TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN moved_since INTEGER;
ALTER TABLE feeds ADD COLUMN closed_at INTEGER;
ALTER TABLE feeds ADD COLUMN held_host TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN held_until INTEGER;
"""

HANDOVER = """
-- Files of handed folders as they were when their posts were stored, so that an unchanged one is not read again.
CREATE TABLE handed (
    account TEXT NOT NULL,
    feed TEXT NOT NULL,
    file TEXT NOT NULL,
    tag TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (account, feed, file)
) WITHOUT ROWID;
"""
