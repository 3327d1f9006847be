"""What other portals ask for: what changed on which day, what is gone, when a month was last changed."""

from __future__ import annotations

PORTALS = """
-- Changes of stories that `decisions` does not have; never edited. By triggers, so that no way of saving can forget it.
CREATE TABLE amended (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, story TEXT NOT NULL);
CREATE INDEX amended_at ON amended (at, story);
CREATE INDEX decisions_at ON decisions (at);
INSERT INTO amended (at, story) SELECT DISTINCT r.replaced_at, m.story FROM revisions r
JOIN members m ON m.post = r.post WHERE m.relation = 'lead' ORDER BY 1, 2;
CREATE TRIGGER revisions_new_amended AFTER INSERT ON revisions BEGIN
    INSERT INTO amended (at, story) SELECT new.replaced_at, m.story FROM members m
    WHERE m.post = new.post AND m.relation = 'lead';
END;
CREATE TRIGGER placements_new_amended AFTER INSERT ON placements WHEN new.expired_at IS NOT NULL BEGIN
    INSERT INTO amended (at, story) SELECT new.expired_at, new.story
    WHERE NOT EXISTS (SELECT 1 FROM amended WHERE at = new.expired_at AND story = new.story);
END;

-- Stories that are in no place: withdrawn, purged, merged into another.
CREATE TABLE gone (story TEXT PRIMARY KEY) WITHOUT ROWID;

-- When the content of one of a month's articles last changed.
CREATE TABLE ages (month TEXT PRIMARY KEY, changed INTEGER NOT NULL) WITHOUT ROWID;
"""
