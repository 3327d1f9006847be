"""One draft by itself, with marks of the lines on which the parts of its text stand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from aggregator.drafts.contents import UnreadableError, decode_text, load_bytes
from aggregator.drafts.header import read_header
from aggregator.drafts.nearby import NearbyFiles
from aggregator.drafts.places import GENRES, list_drafts
from aggregator.drafts.post import build_post
from aggregator.drafts.source import make_source
from aggregator.model import Finding, MarkedDraft
from aggregator.render import render_markdown


def read_marked(content: Path, path: str, *, now: datetime) -> MarkedDraft | Finding:
    """The draft at `path` as it would be published now, and its body with marks of lines; a finding where it cannot
    be. Addresses of what lies beside it are below HANDED_BASE, those of other drafts below DRAFT_BASE.
    """
    places = list_drafts(content)
    if path not in places.drafts:
        return Finding(path, "这不是稿件。", f"稿件放在 content 的这些文件夹里：{'、'.join(GENRES)}。")
    try:
        header = read_header(decode_text(load_bytes(content / path)), file=path)
    except UnreadableError as error:
        return Finding(path, error.message, error.remedy)
    source = make_source(path, header, now=now)
    files = NearbyFiles(places.others, places.drafts, places.closed)
    rendered = render_markdown(header.body, page_title=header.value("标题"), first_line=source.first_line)
    marked, _, _ = build_post(path, header, now=now, files=files, rendered=rendered)
    post, findings, uses = build_post(path, header, now=now, files=files, first_line=source.first_line)
    faults = [finding for finding in findings if finding.level == "error"]
    return faults[0] if faults else MarkedDraft(post, marked.html, source, uses)
