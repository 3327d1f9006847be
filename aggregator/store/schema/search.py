"""What the search index was made of."""

from __future__ import annotations

SEARCH = """
-- A digest of what can be found of each story of the channel: one that is dirty for another reason costs the index
-- nothing.
CREATE TABLE searched (story TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
"""
