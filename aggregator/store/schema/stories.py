"""Stories, where they stand, what staff said of them, and the index by which copies are found."""

from __future__ import annotations

STORIES = """
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

LEADS = "CREATE INDEX stories_lead ON stories (lead);"

RULINGS = """
-- Staff's word on stories, bound to posts when it was first read: `parts` are lists of ids of posts, as JSON.
CREATE TABLE rulings (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    parts TEXT NOT NULL,
    story TEXT NOT NULL,
    reason TEXT NOT NULL
) WITHOUT ROWID;
"""

INDEX = """
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

ADDRESSES = """
-- A post is found by its own address whether it is shown or not, so addresses have no postings any more: `address` is
-- the hash of the canonical one, 0 where there is none or it is a front page, `headline` that of the headline. An
-- address of too many posts or headlines is in `crowded`. The next run indexes all posts anew.
ALTER TABLE prints ADD COLUMN address INTEGER NOT NULL DEFAULT 0;
ALTER TABLE prints ADD COLUMN headline INTEGER NOT NULL DEFAULT 0;
CREATE INDEX prints_address ON prints (address, headline) WHERE address <> 0;
UPDATE posts SET unplaced = 1 WHERE id IN (SELECT post FROM prints);
"""
