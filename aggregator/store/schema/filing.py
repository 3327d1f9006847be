"""Departments, regions and tags: lists that a story is in by who published it and by what it is about."""

from __future__ import annotations

FILING = """
-- What the registry says of departments and regions: their accounts in its order, and the names that units go by.
CREATE TABLE affiliations (
    list TEXT NOT NULL,
    position INTEGER NOT NULL,
    account TEXT NOT NULL,
    PRIMARY KEY (list, position)
) WITHOUT ROWID;
CREATE INDEX affiliations_account ON affiliations (account);
CREATE TABLE units (name TEXT PRIMARY KEY, list TEXT NOT NULL) WITHOUT ROWID;

-- What a list is called: one that the registry names, or one that is filled.
CREATE TABLE labels (list TEXT PRIMARY KEY, label TEXT NOT NULL, registered INTEGER NOT NULL) WITHOUT ROWID;
"""
