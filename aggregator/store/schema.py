"""The store's tables, as migrations: `PRAGMA user_version` counts those that have run.

A migration that has shipped is never edited; the next change is a new one at the end. Times are seconds since
1970 UTC, or NULL.
"""

from __future__ import annotations

_POSTS = """
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

_STORIES = """
CREATE TABLE stories (
    id TEXT PRIMARY KEY,
    founder INTEGER NOT NULL UNIQUE REFERENCES posts,
    lead INTEGER NOT NULL REFERENCES posts,
    merged_into TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

CREATE TABLE members (
    post INTEGER PRIMARY KEY REFERENCES posts,
    story TEXT NOT NULL REFERENCES stories,
    relation TEXT NOT NULL,
    score REAL NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX members_story ON members (story);

CREATE TABLE matches (
    a INTEGER NOT NULL,
    b INTEGER NOT NULL,
    relation TEXT NOT NULL,
    score REAL NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (a, b)
) WITHOUT ROWID;
CREATE INDEX matches_b ON matches (b);

CREATE TABLE fingerprints (post INTEGER PRIMARY KEY REFERENCES posts, exact TEXT NOT NULL);
CREATE INDEX fingerprints_exact ON fingerprints (exact) WHERE exact <> '';
CREATE TABLE grams (hash INTEGER NOT NULL, post INTEGER NOT NULL, PRIMARY KEY (hash, post)) WITHOUT ROWID;
CREATE INDEX grams_post ON grams (post);

CREATE TABLE placements (
    story TEXT PRIMARY KEY REFERENCES stories,
    "column" TEXT NOT NULL,
    tag TEXT NOT NULL,
    date INTEGER NOT NULL,
    pinned INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX placements_date ON placements (date DESC, story);

CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    action TEXT NOT NULL,
    story TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX decisions_story ON decisions (story);
-- Append-only: what was promised about an address is superseded by a later line, never edited.
CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions BEGIN
    SELECT RAISE(ABORT, 'the decision log is append-only');
END;
CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions BEGIN
    SELECT RAISE(ABORT, 'the decision log is append-only');
END;
"""

_FEEDS = """
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

_LEADS = "CREATE INDEX stories_lead ON stories (lead);"

_SCHEDULE = """
ALTER TABLE feeds ADD COLUMN next_at INTEGER;
ALTER TABLE feeds ADD COLUMN ttl INTEGER;
ALTER TABLE feeds ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN moved_to TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN moved_since INTEGER;
ALTER TABLE feeds ADD COLUMN closed_at INTEGER;
ALTER TABLE feeds ADD COLUMN held_host TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN held_until INTEGER;
"""

_MIRROR = """
CREATE TABLE blobs (
    file TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE files (
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    post INTEGER NOT NULL REFERENCES posts,
    file TEXT REFERENCES blobs,
    small TEXT REFERENCES blobs,
    -- What the post calls it, until it is there; then what it is served as.
    name TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (url, kind)
) WITHOUT ROWID;
CREATE INDEX files_due ON files (next_try) WHERE file IS NULL;

-- Posts whose foreign files are still to be noted; by triggers, so that no way of saving a post can forget it.
CREATE TABLE unmirrored (post INTEGER PRIMARY KEY);
CREATE TRIGGER posts_new_unmirrored AFTER INSERT ON posts BEGIN
    INSERT OR IGNORE INTO unmirrored VALUES (new.id);
END;
CREATE TRIGGER posts_changed_unmirrored AFTER UPDATE OF content_hash ON posts
WHEN new.content_hash <> old.content_hash BEGIN
    INSERT OR IGNORE INTO unmirrored VALUES (new.id);
END;
INSERT INTO unmirrored SELECT id FROM posts;
"""

_INBOX = """
-- Posts that wait for staff; as JSON, for nothing is asked of them until they are let in.
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    feed TEXT NOT NULL,
    post TEXT NOT NULL,
    reasons TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    judged_with TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    UNIQUE (account, key)
);

-- From which host a feed's last trusted document came, after redirects.
CREATE TABLE landings (
    account TEXT NOT NULL,
    feed TEXT NOT NULL,
    host TEXT NOT NULL,
    PRIMARY KEY (account, feed)
) WITHOUT ROWID;

-- The last posts of an account, without reading all of them.
CREATE INDEX posts_account ON posts (account);
"""

_HANDOVER = """
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

_NOTES = """
-- Every run asks who waits and why. The posts themselves, long as they are, stand before the reasons in a row: without
-- this index all of them would be read.
ALTER TABLE inbox ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]';
UPDATE inbox SET aliases = coalesce(json_extract(post, '$.aliases'), '[]');
CREATE INDEX inbox_notes ON inbox
    (account, first_seen, last_seen, key, feed, content_hash, judged_with, reasons, aliases);

-- The last posts of an account, but those of an archive: they came last and are the oldest.
DROP INDEX posts_account;
CREATE INDEX posts_last ON posts (account) WHERE feed NOT GLOB 'import:*';

-- What a feed brought, and when, without reading its posts.
CREATE INDEX posts_feed ON posts (account, feed, first_seen, published);
"""

_RULINGS = """
-- Staff's word on stories, bound to posts when it was first read: `parts` are lists of ids of posts, as JSON.
CREATE TABLE rulings (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    parts TEXT NOT NULL,
    story TEXT NOT NULL,
    reason TEXT NOT NULL
) WITHOUT ROWID;
"""

_INDEX = """
-- The index of grams is made anew, smaller, by the next run, which compares all posts again.
UPDATE posts SET unplaced = 1 WHERE id IN (SELECT post FROM fingerprints);
DROP TABLE fingerprints;
DROP TABLE grams;

-- What is known of a post that was put into stories. `keys`: by what it is found, 4 bytes each, little-endian.
-- `twins`: the same for posts of one headline, one text and one quarter, 0 where there is too little text; only
-- the one with the least `rank`, a hash of account and key, is `shown`, that is, has postings.
CREATE TABLE prints (
    post INTEGER PRIMARY KEY REFERENCES posts,
    twins INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    day INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    keys BLOB NOT NULL
);
CREATE INDEX prints_twins ON prints (twins, shown, rank) WHERE twins <> 0;
-- `day`: of publication, since 1970 UTC. An odd key is of a headline, a whole text or an address, others of a gram.
CREATE TABLE postings (
    key INTEGER NOT NULL,
    day INTEGER NOT NULL,
    post INTEGER NOT NULL,
    PRIMARY KEY (key, day, post)
) WITHOUT ROWID;
-- Keys of more posts than say anything: they find none.
CREATE TABLE crowded (key INTEGER PRIMARY KEY);
-- The frozen snapshot of frequent grams, 4 bytes each, little-endian; one row, or none in a young store.
CREATE TABLE snapshots (taken_at INTEGER NOT NULL, posts INTEGER NOT NULL, grams BLOB NOT NULL);
"""

MIGRATIONS: tuple[str, ...] = (
    _POSTS + _STORIES + _FEEDS, _LEADS, _SCHEDULE, _MIRROR, _INBOX, _HANDOVER, _NOTES, _RULINGS, _INDEX
)  # fmt: skip
"""Each one brings the store from the version of its index to the next."""
