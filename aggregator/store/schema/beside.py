"""Files beside drafts, and the pages of the drafts that others link to."""

from __future__ import annotations

BESIDE = """
-- Files that staff's drafts name, as they were when the draft was last read. `file` and `address` are empty where there
-- is none; `kind` is picture, attachment, or draft.
CREATE TABLE beside (
    draft TEXT NOT NULL,
    spelling TEXT NOT NULL,
    kind TEXT NOT NULL,
    line INTEGER,
    file TEXT NOT NULL,
    tag TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (draft, spelling, kind)
) WITHOUT ROWID;
CREATE INDEX beside_address ON beside (address) WHERE address <> '';

-- A page that links to a draft asks, as kind `draft`, where the draft's path leads: to the story of the post that the
-- path names, today or formerly. Before: as for the other triggers of `members`.
CREATE TRIGGER members_new_leads BEFORE INSERT ON members BEGIN
    INSERT INTO dirty SELECT DISTINCT asked.story FROM aliases
    CROSS JOIN asked ON asked.kind = 'draft' AND asked.url = substr(aliases.alias, 6)
    WHERE aliases.post = new.post AND aliases.alias LIKE 'path:%'
    AND asked.story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER members_changed_leads AFTER UPDATE OF post, story ON members
WHEN new.post <> old.post OR new.story <> old.story BEGIN
    INSERT INTO dirty SELECT DISTINCT asked.story FROM aliases
    CROSS JOIN asked ON asked.kind = 'draft' AND asked.url = substr(aliases.alias, 6)
    WHERE aliases.post IN (old.post, new.post) AND aliases.alias LIKE 'path:%'
    AND asked.story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER members_gone_leads AFTER DELETE ON members BEGIN
    INSERT INTO dirty SELECT DISTINCT asked.story FROM aliases
    CROSS JOIN asked ON asked.kind = 'draft' AND asked.url = substr(aliases.alias, 6)
    WHERE aliases.post = old.post AND aliases.alias LIKE 'path:%'
    AND asked.story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER aliases_new_leads AFTER INSERT ON aliases WHEN new.alias LIKE 'path:%' BEGIN
    INSERT INTO dirty SELECT story FROM asked
    WHERE kind = 'draft' AND url = substr(new.alias, 6) AND story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER drafts_new_leads BEFORE INSERT ON drafts
WHEN NOT EXISTS (SELECT 1 FROM drafts WHERE path = new.path AND post = new.post) BEGIN
    INSERT INTO dirty SELECT story FROM asked
    WHERE kind = 'draft' AND url = new.path AND story NOT IN (SELECT story FROM dirty);
END;
CREATE TRIGGER drafts_gone_leads AFTER DELETE ON drafts BEGIN
    INSERT INTO dirty SELECT story FROM asked
    WHERE kind = 'draft' AND url = old.path AND story NOT IN (SELECT story FROM dirty);
END;
"""
