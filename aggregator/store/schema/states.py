"""When a story is public, what stands in the place of one that is withdrawn, and what must never come back."""

from __future__ import annotations

STATES = """
-- A draft whose time has not come: until then it is in no story. NULL: it may be shown.
ALTER TABLE posts ADD COLUMN appears_at INTEGER;
CREATE INDEX posts_appearing ON posts (appears_at) WHERE appears_at IS NOT NULL;
CREATE TRIGGER posts_appearing_dirty AFTER UPDATE OF appears_at ON posts
WHEN new.appears_at IS NOT old.appears_at BEGIN
    INSERT INTO dirty SELECT story FROM members WHERE post = new.id AND story NOT IN (SELECT story FROM dirty);
    INSERT INTO dirty SELECT DISTINCT id FROM stories WHERE lead = new.id AND id NOT IN (SELECT story FROM dirty);
END;

-- Since when a story is in no list, and the next moment at which time alone changes what it is.
ALTER TABLE placements ADD COLUMN expired_at INTEGER;
ALTER TABLE placements ADD COLUMN due_at INTEGER;
CREATE INDEX placements_due ON placements (due_at) WHERE due_at IS NOT NULL;

ALTER TABLE rulings ADD COLUMN date TEXT NOT NULL DEFAULT '';
ALTER TABLE rulings ADD COLUMN replacement TEXT NOT NULL DEFAULT '';

-- What stands at the address of a story that was withdrawn or purged: such a story has no placement.
CREATE TABLE notices (
    story TEXT PRIMARY KEY REFERENCES stories,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    replacement TEXT NOT NULL,
    target TEXT NOT NULL,
    origin TEXT NOT NULL,
    purged INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX notices_open ON notices (story) WHERE replacement <> '' AND target = '';
CREATE TRIGGER notices_new_dirty AFTER INSERT ON notices BEGIN
    INSERT INTO dirty SELECT new.story WHERE new.story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER notices_changed_dirty AFTER UPDATE ON notices BEGIN
    INSERT INTO dirty SELECT new.story WHERE new.story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER notices_gone_dirty AFTER DELETE ON notices BEGIN
    INSERT INTO dirty SELECT old.story WHERE old.story NOT IN (SELECT story FROM dirty);
END;

-- Names of purged posts, as hashes: what comes under one of them is not stored again.
CREATE TABLE graves (
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    date INTEGER,
    PRIMARY KEY (account, name)
) WITHOUT ROWID;

-- The log stays append-only, but a purge takes the words out of its lines.
DROP TRIGGER decisions_no_update;
CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions
WHEN new.detail <> '' OR (new.id, new.at, new.action, new.story) IS NOT (old.id, old.at, old.action, old.story) BEGIN
    SELECT RAISE(ABORT, 'the decision log is append-only');
END;

-- What headers say of time counts from now on.
UPDATE posts SET unplaced = 1 WHERE account = 'local';
"""
