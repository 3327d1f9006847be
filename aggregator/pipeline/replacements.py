"""What is to be read in place of a withdrawn story: staff's words -> the story that they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aggregator.drafts import find_header_line
from aggregator.model import Finding, Notice, Ruling, Site
from aggregator.pipeline.rulings import Unbound, find_story
from aggregator.store import Store
from aggregator.urls import is_web_url


def link_replacements(site: Site, entries: Sequence[Ruling], store: Store) -> tuple[Finding, ...]:
    """Look for what is not found yet. An address that is none of ours is somebody else's page, and is kept as it is."""
    findings = []
    for notice in store.states.list_open():
        target = find_replacement(notice.replacement, store, but=notice.story)
        if target:
            store.states.save_notices([replace(notice, target=target)])
        elif not is_web_url(notice.replacement):
            findings.append(_complain(notice, site, entries, store))
    return tuple(findings)


def find_replacement(words: str, store: Store, *, but: str) -> str:
    """The story that an address, a 编号 or a title means, "" for none and for the story `but`."""
    found = find_story(words, store)
    if isinstance(found, Unbound):
        titled = store.stories.load_of(store.rulings.find_titled(words))
        ids = {story.id for story in titled if story.members} - {but}
        return ids.pop() if len(ids) == 1 else ""
    return found.id if found.id != but else ""


def _complain(notice: Notice, site: Site, entries: Sequence[Ruling], store: Store) -> Finding:
    entry = next((entry for entry in entries if entry.key == notice.origin), None)
    remedy = "写替代它的那一篇的网址（复制浏览器地址栏）、编号，或者一字不差的标题；那一篇要已经发布。"
    if entry:
        message = f"[[withdraw]]（撤回）的 replacement 写的“{notice.replacement}”找不到，页面上没有链接。"
        return Finding(site.editorial.name, message, remedy, entry.line, "warning")
    path = store.drafts.find_path(notice.story)
    message = f"“替代”写的“{notice.replacement}”找不到，页面上没有链接。"
    line = find_header_line(site.content / path, "替代") if path else None
    return Finding(path or notice.story, message, remedy, line, "warning")
