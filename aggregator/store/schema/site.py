"""What the site consists of, and what changed since it was built."""

from __future__ import annotations

SITE = """
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

LINKS = """
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

DIRECTORY = """
-- The page of the directory that shows an account; whether its front page does, too; how its names are typed.
ALTER TABLE cards ADD COLUMN page TEXT NOT NULL DEFAULT '';
ALTER TABLE cards ADD COLUMN first INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cards ADD COLUMN spelled TEXT NOT NULL DEFAULT '';
CREATE INDEX cards_page ON cards (page, position);
"""

STAMPS = """
-- What was noted as unknown of the idle tree is a stamp that it does not bear.
UPDATE facts SET value = json_remove(json_set(value, '$.idle_stamp', ''), '$.idle_unknown') WHERE key = 'site';
"""

UNREPORTED = """
-- Paths that changed or went since the site's changes were last told as JSON.
CREATE TABLE unreported (path TEXT PRIMARY KEY) WITHOUT ROWID;
"""
