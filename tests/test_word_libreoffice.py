"""Word files that LibreOffice wrote: data/word/NAME.fodt or .html becomes NAME.docx, and that NAME.expected.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from word_fixtures import NOW, SOURCES, convert_sources

from aggregator.drafts.nearby import NOTHING_NEARBY
from aggregator.drafts.word.post import build_word_post
from aggregator.drafts.word.text import WordFailure, read_word

NAMES = sorted(file.name.removesuffix(".expected.json") for file in SOURCES.glob("*.expected.json"))


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return convert_sources(tmp_path_factory.mktemp("libreoffice"))


def describe(data: bytes, path: str) -> dict[str, object]:
    """What became of a document, without what is empty."""
    word = read_word(data, path)
    if isinstance(word, WordFailure):
        return {"failure": [word.message, word.remedy]}
    post, findings, _ = build_word_post(path, word, now=NOW, files=NOTHING_NEARBY)
    described = {
        "title": post.title,
        "published": str(post.published or ""),
        "author": post.author,
        "header": dict(post.header),
        "summary": post.summary,
        "html": post.html.replace("</p><", "</p>\n<").split("\n"),
        "findings": [[finding.message, finding.remedy] for finding in findings],
    }
    return {key: value for key, value in described.items() if value}


@pytest.mark.parametrize("name", NAMES)
def test_a_document_becomes_the_post_of_its_twin(documents, name):
    """Title, header, dates, text and what is told of it are as the file beside the source says."""
    data = (documents / f"{name}.docx").read_bytes()
    assert describe(data, f"notices/{name}.docx") == json.loads((SOURCES / f"{name}.expected.json").read_text("utf-8"))


def test_every_source_has_a_twin():
    """And there are enough of them: official layouts, tables, pictures, tracked changes among others."""
    assert sorted(file.stem for file in SOURCES.iterdir() if file.suffix in (".fodt", ".html")) == NAMES
    assert len(NAMES) >= 20
