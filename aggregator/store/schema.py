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

_SITE = """
-- The channel's lists as the site last showed them, and what has changed since: publishing costs what changed.
CREATE TABLE listings (
    list TEXT NOT NULL,
    date INTEGER NOT NULL,
    story TEXT NOT NULL,
    pinned INTEGER NOT NULL,
    -- A guide of the services, which home page and feeds leave to their tiles.
    guide INTEGER NOT NULL,
    PRIMARY KEY (list, date DESC, story)
) WITHOUT ROWID;
CREATE INDEX listings_story ON listings (story);
CREATE TABLE months (
    list TEXT NOT NULL,
    month TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (list, month)
) WITHOUT ROWID;
CREATE TABLE numbers (
    number TEXT NOT NULL,
    story TEXT NOT NULL,
    genre TEXT NOT NULL,
    PRIMARY KEY (number, story)
) WITHOUT ROWID;
CREATE INDEX numbers_story ON numbers (story);
CREATE INDEX numbers_genre ON numbers (genre, number);
CREATE TABLE relations (
    story TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (story, number)
) WITHOUT ROWID;
CREATE INDEX relations_number ON relations (number);
CREATE TABLE cards (
    account TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    successor TEXT NOT NULL,
    card TEXT NOT NULL
) WITHOUT ROWID;

-- The files of the live tree; those to be rendered anew; those in which the two trees may differ.
CREATE TABLE artifacts (path TEXT PRIMARY KEY, template TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pending (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE differing (path TEXT PRIMARY KEY) WITHOUT ROWID;
-- The foreign files that a story's page asked the mirror for, and the copies that it uses.
CREATE TABLE asked (
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    story TEXT NOT NULL,
    PRIMARY KEY (url, kind, story)
) WITHOUT ROWID;
CREATE INDEX asked_story ON asked (story);
CREATE TABLE uses (
    path TEXT NOT NULL,
    story TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (path, story)
) WITHOUT ROWID;
CREATE INDEX uses_story ON uses (story);
CREATE INDEX stories_merged ON stories (merged_into) WHERE merged_into <> '';

-- Stories that changed since; by triggers, so that no way of saving can forget it. They look before they insert, as
-- OR IGNORE in a trigger gives way to what the statement that fires it says (sqlite.org/lang_createtrigger.html).
CREATE TABLE dirty (story TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TRIGGER stories_new_dirty AFTER INSERT ON stories BEGIN
    INSERT INTO dirty SELECT new.id WHERE new.id NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER stories_changed_dirty AFTER UPDATE ON stories BEGIN
    INSERT INTO dirty SELECT new.id WHERE new.id NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER stories_gone_dirty AFTER DELETE ON stories BEGIN
    INSERT INTO dirty SELECT old.id WHERE old.id NOT IN (SELECT story FROM dirty);
END;
-- Before: a row that is replaced fires no trigger of its own.
CREATE TRIGGER members_new_dirty BEFORE INSERT ON members BEGIN
    INSERT INTO dirty SELECT story FROM members
    WHERE post = new.post AND story NOT IN (SELECT story FROM dirty);
    INSERT INTO dirty SELECT new.story WHERE new.story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER members_changed_dirty AFTER UPDATE ON members BEGIN
    INSERT INTO dirty SELECT old.story WHERE old.story NOT IN (SELECT story FROM dirty);
    INSERT INTO dirty SELECT new.story WHERE new.story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER members_gone_dirty AFTER DELETE ON members BEGIN
    INSERT INTO dirty SELECT old.story WHERE old.story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER placements_new_dirty AFTER INSERT ON placements BEGIN
    INSERT INTO dirty SELECT new.story WHERE new.story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER placements_changed_dirty AFTER UPDATE ON placements BEGIN
    INSERT INTO dirty SELECT new.story WHERE new.story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER placements_gone_dirty AFTER DELETE ON placements BEGIN
    INSERT INTO dirty SELECT old.story WHERE old.story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER posts_changed_dirty AFTER UPDATE OF
    account, key, title, url, summary, published, updated, author, categories, image, attachments, genre, header,
    first_seen, revision, content_hash, withdrawn_at
ON posts BEGIN
    INSERT INTO dirty SELECT story FROM members
    WHERE post = new.id AND story NOT IN (SELECT story FROM dirty);
    INSERT INTO dirty SELECT DISTINCT id FROM stories WHERE lead = new.id AND id NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER bodies_changed_dirty AFTER UPDATE ON bodies BEGIN
    INSERT INTO dirty SELECT story FROM members
    WHERE post = new.post AND story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER files_changed_dirty AFTER UPDATE OF file, small, name ON files BEGIN
    INSERT INTO dirty SELECT story FROM asked
    WHERE url = new.url AND kind = new.kind AND story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER files_gone_dirty AFTER DELETE ON files BEGIN
    INSERT INTO dirty SELECT story FROM asked
    WHERE url = old.url AND kind = old.kind AND story NOT IN (SELECT story FROM dirty);
END;
"""

_LINKS = """
-- The links between stories as pages show them, both ways; `relation` is what `story` is to `other`.
CREATE TABLE links (
    story TEXT NOT NULL,
    other TEXT NOT NULL,
    relation TEXT NOT NULL,
    score REAL NOT NULL,
    PRIMARY KEY (story, other)
) WITHOUT ROWID;

-- One end is enough, as its links are then read anew from both sides. A post that is in no story yet, or no more, has
-- none; the triggers of `members` note the story that it comes to. Before: as for `members`.
CREATE TRIGGER matches_new_dirty BEFORE INSERT ON matches
WHEN new.relation IN ('correction', 'corrected-by', 'related') OR EXISTS (
    SELECT 1 FROM matches
    WHERE a = new.a AND b = new.b AND relation IN ('correction', 'corrected-by', 'related')
) BEGIN
    INSERT INTO dirty SELECT story FROM members
    WHERE post = new.a AND story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER matches_changed_dirty AFTER UPDATE ON matches BEGIN
    INSERT INTO dirty SELECT DISTINCT story FROM members
    WHERE post IN (old.a, new.a) AND story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER matches_gone_dirty AFTER DELETE ON matches
WHEN old.relation IN ('correction', 'corrected-by', 'related') BEGIN
    INSERT INTO dirty SELECT story FROM members
    WHERE post = old.a AND story NOT IN (SELECT story FROM dirty);
END;

-- The page of what staff hid tells why.
CREATE TRIGGER rulings_new_dirty AFTER INSERT ON rulings WHEN new.kind = 'hide' BEGIN
    INSERT INTO dirty SELECT new.story WHERE new.story <> '' AND new.story NOT IN (SELECT story FROM dirty);
    INSERT INTO dirty SELECT DISTINCT s.id FROM json_each(new.parts) part, json_each(part.value) post
    CROSS JOIN stories s ON s.lead = post.value WHERE s.id NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER rulings_gone_dirty AFTER DELETE ON rulings WHEN old.kind = 'hide' BEGIN
    INSERT INTO dirty SELECT old.story WHERE old.story <> '' AND old.story NOT IN (SELECT story FROM dirty);
    INSERT INTO dirty SELECT DISTINCT s.id FROM json_each(old.parts) part, json_each(part.value) post
    CROSS JOIN stories s ON s.lead = post.value WHERE s.id NOT IN (SELECT story FROM dirty);
END;
"""

MIGRATIONS: tuple[str, ...] = (
    _POSTS + _STORIES + _FEEDS, _LEADS, _SCHEDULE, _MIRROR, _INBOX, _HANDOVER, _NOTES, _RULINGS, _INDEX, _SITE, _LINKS
)  # fmt: skip
"""Each one brings the store from the version of its index to the next."""
