"""The Markdown reader for stock Pelican, as Pelican's own Readers use it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pelican.plugins import signals
from pelican.readers import Readers
from pelican.settings import DEFAULT_CONFIG

from aggregator.plugins import markdown

DATA = Path(__file__).parent / "data/drafts"


@pytest.fixture
def readers():
    signals.readers_init.connect(markdown.add_reader)
    yield Readers({**DEFAULT_CONFIG, "TIMEZONE": "Asia/Shanghai"})
    signals.readers_init.disconnect(markdown.add_reader)


def test_stock_pelican_reads_a_draft(readers):
    """With the plugin alone, a bare Chinese header gives Pelican's title, date, author, category and summary."""
    page = readers.read_file(base_path=str(DATA), path="notices/bare-header.md")
    assert page.title == "关于举办2026年秋季高校毕业生专场招聘会的通知"
    assert page.date.isoformat() == "2026-11-16T09:30:00+08:00"
    assert page.author.name == "栖江市人力资源和社会保障局"
    assert page.summary == "11月28日在市人才市场举办，提供岗位1200个。"
    assert page.metadata["编号"] == "20261116-zph"
    assert "<strong>“专场招聘会”</strong>定于" in page.content


def test_stock_pelican_reads_a_draft_in_gbk(readers, caplog):
    """Stock Pelican stops at the first byte that is not UTF-8."""
    reader = markdown.DraftReader(readers.settings)
    content, metadata = reader.read(str(DATA / "notices/ansi-from-notepad.txt"))
    assert metadata["title"] == "关于望湖街道集中接种流感疫苗的通知"
    assert content.startswith("<p>65周岁")
    assert caplog.messages == []


def test_stock_pelican_is_told_what_is_wrong(readers, caplog):
    """The plugin logs what staff should mend, with the line."""
    readers.read_file(base_path=str(DATA), path="notices/slips.md")
    assert f"{DATA / 'notices/slips.md'}:2: “2026年13月1日”不是能认出的日期。" in caplog.messages


def test_pelicans_own_keys_are_no_mistake(readers, tmp_path, caplog):
    """Slug and Status reach Pelican."""
    (tmp_path / "a.md").write_text("Title: 关于我们\nSlug: about\nStatus: hidden\n\n正文。\n", "utf-8")
    page = readers.read_file(base_path=str(tmp_path), path="a.md")
    assert (page.slug, page.status) == ("about", "hidden")
    assert caplog.messages == []


def test_the_reader_serves_only_those_who_ask_for_it():
    """Importing the module registers nothing: Pelican takes in direct subclasses for their extensions."""
    assert markdown.DraftReader.file_extensions == []
