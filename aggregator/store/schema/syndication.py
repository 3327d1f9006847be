"""What feeds tell beyond the pages: since when an entry is as it is, and which entries are gone."""

from __future__ import annotations

SYNDICATION = """
-- When a post was last seen to say something else than before; NULL where it never did. What a feed states of its own
-- entries' updates moves without any change, and is no measure.
ALTER TABLE posts ADD COLUMN revised_at INTEGER;
UPDATE posts SET revised_at = (SELECT max(replaced_at) FROM revisions WHERE post = posts.id) WHERE revision > 1;
CREATE TRIGGER posts_origin_dirty AFTER UPDATE OF feed, revised_at ON posts
WHEN new.feed IS NOT old.feed OR new.revised_at IS NOT old.revised_at BEGIN
    INSERT INTO dirty SELECT story FROM members WHERE post = new.id AND story NOT IN (SELECT story FROM dirty);
END;

-- Stories that the site showed and that are withdrawn, purged or merged now, by the lists that they were in; nothing
-- of what they said. `date` is the date that they had there.
CREATE TABLE tombstones (
    list TEXT NOT NULL,
    story TEXT NOT NULL,
    date INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (list, story)
) WITHOUT ROWID;
CREATE INDEX tombstones_story ON tombstones (story);
CREATE INDEX tombstones_at ON tombstones (list, at DESC, story);
CREATE INDEX tombstones_date ON tombstones (list, date);
"""
