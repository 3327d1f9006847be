"""Posts that wait for staff, and by what a feed's habits are known."""

from __future__ import annotations

INBOX = """
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

NOTES = """
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

CHOOSING = """
-- What choosing among the posts that wait asks of each, as JSON: a list of thousands reads no bodies. Made anew by the
-- next run where it is missing, or was made in another way.
CREATE TABLE inbox_cards (
    waiting INTEGER PRIMARY KEY REFERENCES inbox,
    described_by INTEGER NOT NULL,
    card TEXT NOT NULL
);
CREATE TRIGGER inbox_gone AFTER DELETE ON inbox BEGIN
    DELETE FROM inbox_cards WHERE waiting = old.id;
END;
CREATE TRIGGER inbox_changed AFTER UPDATE OF content_hash ON inbox WHEN new.content_hash <> old.content_hash BEGIN
    DELETE FROM inbox_cards WHERE waiting = new.id;
END;
"""
