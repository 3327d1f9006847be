"""Our copies of foreign pictures and attachments."""

from __future__ import annotations

MIRROR = """
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
