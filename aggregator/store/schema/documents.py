"""Official documents by their names, and who names them."""

from __future__ import annotations

DOCUMENTS = """
-- Names of policies (文号, titles) as hashes -> stories; `exact` is 0 for what is left of a title without its region.
CREATE TABLE documents (
    name INTEGER NOT NULL,
    story TEXT NOT NULL,
    exact INTEGER NOT NULL,
    PRIMARY KEY (name, story)
) WITHOUT ROWID;
CREATE INDEX documents_story ON documents (story);
-- What headers, headlines and texts of stories name, whether there is such a document yet or not.
CREATE TABLE mentions (
    story TEXT NOT NULL,
    name INTEGER NOT NULL,
    place TEXT NOT NULL,
    exact INTEGER NOT NULL,
    PRIMARY KEY (story, name, place)
) WITHOUT ROWID;
CREATE INDEX mentions_name ON mentions (name);
-- In which form an explanation explains.
CREATE TABLE forms (story TEXT PRIMARY KEY, form TEXT NOT NULL) WITHOUT ROWID;
"""
