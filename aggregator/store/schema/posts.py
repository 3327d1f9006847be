"""Posts with their revisions and names, and staff's drafts."""

from __future__ import annotations

POSTS = """
CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    feed TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    canonical_url TEXT NOT NULL,
    summary TEXT NOT NULL,
    published INTEGER,
    updated INTEGER,
    author TEXT NOT NULL,
    categories TEXT NOT NULL,
    image TEXT NOT NULL,
    attachments TEXT NOT NULL,
    genre TEXT NOT NULL,
    header TEXT NOT NULL,
    warnings TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    withdrawn_at INTEGER,
    unplaced INTEGER NOT NULL DEFAULT 1,
    UNIQUE (account, key)
);
CREATE INDEX posts_url ON posts (canonical_url) WHERE canonical_url <> '';
CREATE INDEX posts_unplaced ON posts (id) WHERE unplaced;

-- Bodies apart from their posts, so that lists read pages of rows and not of text.
CREATE TABLE bodies (post INTEGER PRIMARY KEY REFERENCES posts, html TEXT NOT NULL, text TEXT NOT NULL);

CREATE TABLE revisions (
    post INTEGER NOT NULL REFERENCES posts,
    revision INTEGER NOT NULL,
    replaced_at INTEGER NOT NULL,
    title TEXT NOT NULL,
    published INTEGER,
    content_hash TEXT NOT NULL,
    html TEXT NOT NULL,
    PRIMARY KEY (post, revision)
) WITHOUT ROWID;

-- Every identifier a post was ever known by, so that a change of id policy invents no new post.
CREATE TABLE aliases (
    account TEXT NOT NULL,
    alias TEXT NOT NULL,
    post INTEGER NOT NULL REFERENCES posts,
    PRIMARY KEY (account, alias)
) WITHOUT ROWID;
CREATE INDEX aliases_post ON aliases (post);

CREATE TABLE drafts (
    path TEXT PRIMARY KEY,
    content_hash TEXT NOT NULL,
    post INTEGER NOT NULL REFERENCES posts,
    findings TEXT NOT NULL
) WITHOUT ROWID;
"""

GLANCES = """
-- Staff's files as they were when they were last opened: `excerpt` is what the reading of other drafts asks of them.
CREATE TABLE glances (
    path TEXT PRIMARY KEY,
    stamp TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    excerpt BLOB NOT NULL
) WITHOUT ROWID;
"""

REFUSALS = """
-- Word files of which no draft could be made, by their content: they are told again without being tried again.
CREATE TABLE refusals (
    path TEXT PRIMARY KEY,
    content_hash TEXT NOT NULL,
    message TEXT NOT NULL,
    remedy TEXT NOT NULL,
    tried_at INTEGER NOT NULL
) WITHOUT ROWID;
"""

WORDS = """
CREATE TABLE words (
    path TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    names TEXT NOT NULL
) WITHOUT ROWID;
"""
"""What must be known of a Word draft while it is not read again: its 编号, and the files it names as JSON."""
