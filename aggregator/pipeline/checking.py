"""Drafts held against the rules: all of `content/`, or some files with those that belong to them.

list_drafts | read_source, read_office_sources | relatives, lost links | inspect_draft | waive_findings -> CheckReport
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

from aggregator.dates import SHANGHAI
from aggregator.drafts import OFFICE, KnowsStory, Lookup, Numbers, OfficeFiles, Places, list_drafts
from aggregator.inspection import (
    READING,
    Case,
    check_waivers,
    inspect_draft,
    sort_findings,
    waive_findings,
)
from aggregator.model import CheckReport, DraftSource, Editorial, Finding, Site
from aggregator.pipeline.library import Library
from aggregator.store import Store


def check_drafts(
    site: Site,
    chosen: Collection[str] | None,
    editorial: Editorial,
    store: Store | None,
    knows_story: KnowsStory,
    now: datetime,
) -> CheckReport:
    """What the rules find in the drafts at `chosen` (paths relative to content/, files or folders), or in all.

    `store` says which other drafts belong to the chosen ones; without it, their folders are read.
    """
    places = list_drafts(site.content, chosen)
    today = now.astimezone(SHANGHAI).date()
    lookup = Lookup(lambda: places if chosen is None else list_drafts(site.content), knows_story)
    library = Library(site, store, lambda: lookup.files, now)
    findings = list(places.findings)
    sources = []
    for path in places.drafts:
        source, found = library.read(path)
        findings += found
        if source is not None:
            sources.append(source)
    files = set(places.drafts)
    if places.office:
        words = library.read_office(_find_office(places, sources, lookup, store, chosen))
        sources += words.sources
        findings += words.findings
        files |= {*words.paths}
    if chosen is None:
        library.take_all(sources)
    findings += _find_duplicates(sources)
    findings = [replace(one, rule=one.rule or READING) for one in findings]
    for source in sources:
        case = Case(
            source, today, editorial.check, editorial.hold, library.find_relatives(source), lookup.find_lost(source)
        )
        findings += inspect_draft(case)
    waived = list(waive_findings(findings, editorial.waivers, today))
    if chosen is None:
        waived += check_waivers(editorial.waivers, files, today, site.editorial.name)
    return CheckReport(len(files), sort_findings(waived))


def _find_office(
    places: Places, sources: Iterable[DraftSource], lookup: Lookup, store: Store | None, chosen: Collection[str] | None
) -> OfficeFiles:
    """Word and PDF files, and which of them drafts name."""
    office = OfficeFiles(places.office)
    for draft in sources:
        said = (*(one.value for one in draft.header), *draft.lines)
        office.note_mentions("\n".join(said).encode())
        targets = (one.target for one in draft.references if one.target.lower().endswith(OFFICE))
        office.note_names(PurePosixPath(lookup.files.find(draft.path, target)).name for target in targets)
    if chosen is not None and store is not None:
        uses = (use.file for uses in store.drafts.load_uses().values() for use in uses)
        office.note_names(PurePosixPath(file).name for file in uses if file not in chosen)
    return office


def _find_duplicates(sources: Iterable[DraftSource]) -> Iterator[Finding]:
    numbers = Numbers()
    for draft in sources:
        found = draft.find("编号")
        numbers.note_changed(draft.path, draft.number, found.line if found else None, is_known=False)
    return numbers.find_duplicates(lambda _: "")
