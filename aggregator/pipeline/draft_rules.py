"""What the rules about single drafts mean for a publish: findings beside those of reading, and drafts held back.

What stands between two drafts (a policy and its explanation) is looked at for the few that changed, and told once; of
all others `matrix check` tells it, since it changes with other files and with the day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from aggregator.dates import SHANGHAI
from aggregator.drafts import NearbyFiles, is_word
from aggregator.inspection import (
    BETWEEN,
    HOLDING,
    VERSION,
    Case,
    Inspector,
    check_waivers,
    inspect_draft,
    waive_findings,
)
from aggregator.model import Draft, DraftBatch, Editorial, Finding, Site
from aggregator.pipeline.library import Library
from aggregator.store import Store

MOST = 100
"""Changed drafts that are held against others: of more, as at a first publish, `matrix check` tells it."""

_INSPECTED_WITH = "drafts-inspected-with"
_HELD = "改好以前这一篇不发布，已经发布的仍是上一版。"


class DraftRules:
    """The rules of one run."""

    def __init__(self, editorial: Editorial, store: Store, now: datetime, name: str) -> None:
        self._editorial = editorial
        self._store = store
        self._now = now
        self._today = now.astimezone(SHANGHAI).date()
        self._name = name

    @property
    def inspect(self) -> Inspector:
        """What they find in a single draft."""
        return Inspector(self._editorial.check, self._editorial.hold, self._today)

    def forget_judged(self, known: Mapping[str, str]) -> Mapping[str, str]:
        """The hashes of drafts that need not be read again: none of them where the rules are others than last time."""
        if self._store.feeds.get_fact(_INSPECTED_WITH) == self._digest():
            return known
        return dict.fromkeys(known, "")

    def note_judged(self) -> None:
        """All drafts have been held against the rules as they are."""
        if self._store.feeds.get_fact(_INSPECTED_WITH) != (digest := self._digest()):
            self._store.feeds.set_fact(_INSPECTED_WITH, digest)

    def _digest(self) -> str:
        hold = self._editorial.hold
        judged_by = (hold.id_cards, hold.bank_cards, hold.phones, hold.words, hold.word_exceptions)
        stated = repr((VERSION, judged_by, self._editorial.check))
        return hashlib.blake2b(stated.encode(), digest_size=8).hexdigest()

    def hold_back(self, batch: DraftBatch) -> DraftBatch:
        """The batch without drafts that show numbers of persons; their findings stay, at level "error"."""
        kept: list[Draft] = []
        findings = list(batch.findings)
        for draft in batch.drafts:
            if not draft.findings:
                kept.append(draft)
                continue
            waived = waive_findings(draft.findings, self._editorial.waivers, self._today)
            if any(one.rule in HOLDING and not one.waived for one in waived):
                findings += draft.findings
            else:
                # A published draft has nothing of level "error"; notes are told by `matrix check`.
                told = tuple(_soften(one) for one in draft.findings if one.level != "note")
                kept.append(replace(draft, findings=told))
        return replace(batch, drafts=tuple(kept), findings=tuple(sorted(findings, key=lambda one: one.file)))

    def inspect_between(self, site: Site, batch: DraftBatch) -> tuple[Finding, ...]:
        """What stands between the drafts that changed and others, once these are stored. Word files are not read for
        it.
        """
        changed = [draft.path for draft in batch.drafts if not is_word(draft.path)]
        if len(changed) > MOST:
            return ()
        library = Library(site, self._store, NearbyFiles, self._now)
        found: list[Finding] = []
        for path in changed:
            source, _ = library.read(path)
            if source is not None and library.has_relatives(source):
                relatives = library.find_relatives(source)
                found += inspect_draft(
                    Case(source, self._today, self._editorial.check, self._editorial.hold, relatives)
                )
        return tuple(one for one in found if one.rule in BETWEEN)

    def tell(self, held: Iterable[Finding], others: Iterable[Finding], files: Collection[str]) -> tuple[Finding, ...]:
        """What a publish says: of drafts that are not published, of those that are, and of waivers.

        `files` are all drafts that there are. A published draft has nothing of level "error".
        """
        waivers, today = self._editorial.waivers, self._today
        held = tuple(held)
        anew = {one.file for one in held if one.rule}
        told = [
            replace(one, remedy=one.remedy + _HELD) if one.rule in HOLDING else _soften(one)
            for one in waive_findings(held, waivers, today)
            if not one.waived
        ]
        # Of a draft that is held back, what is told is about the file as it is, not about the version that stays.
        rest = (one for one in others if one.file not in anew)
        told += (_soften(one) for one in waive_findings(rest, waivers, today) if not one.waived)
        return (
            *(one for one in told if one.level != "note"),
            *check_waivers(waivers, files, today, self._name),
        )


def _soften(finding: Finding) -> Finding:
    return replace(finding, level="warning") if finding.rule and finding.level == "error" else finding
