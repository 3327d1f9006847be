"""The documents of the API by their paths."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.artifacts import (
    CHANNEL,
    OPML,
    Artifact,
    Filing,
    digest_bytes,
    find_bounds,
    read_path,
    write_path,
)
from aggregator.plugins.stories.api.describe import Describer, Document, document_path
from aggregator.plugins.stories.articles import StoryArticle, forget_links
from aggregator.plugins.stories.cards import AccountCards
from aggregator.plugins.stories.gone import find_gone
from aggregator.plugins.stories.kin import REPLACED, find_kin
from aggregator.plugins.stories.lists import make_pager
from aggregator.plugins.stories.outline import Articles, Outline, give_nothing
from aggregator.plugins.stories.syndication import feeds_of
from aggregator.store import Store

API = "api"
"""Stands for a template where a file is a document of the API."""

MOST = 5000
"""Changes that a day's document names: after more of them, reading the months anew is less work for everybody."""

_STORIES, _, _JSON = document_path("*").partition("*")

_SCHEMAS = Path(__file__).parent / "schema"

_NEW = frozenset({"founded"})
_WITHDRAWN = frozenset({"withdrawn", "purged", "merged"})


class Documents:
    """Outlines of the API's documents, from the store's present rows."""

    def __init__(
        self, store: Store, cards: AccountCards, settings: Mapping[str, Any], zone: ZoneInfo, filing: Filing
    ) -> None:
        self._store, self._cards, self._settings, self._zone, self._filing = store, cards, settings, zone, filing
        self._describer = Describer(f"{settings['SITEURL'].rstrip('/')}/", zone)
        self._makers: dict[str, Callable[[str], Outline | None]] = {
            "index": self._outline_index, "accounts": self._outline_accounts, "policies": self._outline_policies,
            "services": self._outline_services, "withdrawn": self._outline_withdrawn,
        }  # fmt: skip

    def list_others(self) -> Iterator[str]:
        """Paths of the documents that belong to no page."""
        yield from (write_path(Artifact("api", name)) for name in self._makers if name != "index")
        yield from (write_path(Artifact("api", f"schema/{file.stem}")) for file in sorted(_SCHEMAS.glob("*.json")))
        yield from (write_path(Artifact("api", "changes", day)) for day in self._store.changes.list_days(self._zone))

    def list_stories(self, paths: Sequence[str]) -> tuple[str, ...]:
        """The stories whose documents are among these paths."""
        # By its beginning: of half of all paths of the site this is all that is asked.
        return tuple(path.removeprefix(_STORIES).removesuffix(_JSON) for path in paths if path.startswith(_STORIES))

    def outline(self, paths: Sequence[str]) -> Iterator[Outline]:
        """Of those of the paths that there is a document for, but of articles: `write_story` makes those."""
        yield from self._outline_gone(self.list_stories(paths))
        for path in paths:
            if path.startswith(_STORIES):
                continue
            artifact, outline = read_path(path), None
            if artifact.kind != "api":
                continue
            if artifact.name == CHANNEL:
                outline = self._outline_period(path, artifact.period)
            elif artifact.name == "changes":
                outline = self._outline_day(path, artifact.period)
            elif artifact.name.startswith("schema/"):
                outline = _outline_schema(path, artifact.name.removeprefix("schema/"))
            elif artifact.name in self._makers:
                outline = self._makers[artifact.name](path)
            if outline:
                yield outline

    def write_story(self, article: StoryArticle, changed: datetime) -> tuple[str, str, bytes]:
        """Path, template and bytes of the document of an article whose body and links are set."""
        return document_path(article.id), API, _write(self._describer.describe_story(article, changed))

    def _outline_gone(self, stories: Sequence[str]) -> Iterator[Outline]:
        placed = self._store.stories.find_placed(stories)
        rest = [one for one in stories if one not in placed]
        ends = self._store.changes.load_ends(rest)
        for gone in find_gone(self._store, self._store.stories.load(rest), self._zone) if rest else ():
            yield _outline(document_path(gone.id), self._describer.describe_gone(gone, ends.get(gone.id)))

    def _outline_index(self, path: str) -> Outline:
        last = self._store.changes.find_day_before("", self._zone)
        months = self._store.listings.list_months(CHANNEL)
        told: Document = {
            "version": "1",
            "title": self._settings["SITENAME"],
            "description": self._settings.get("DESCRIPTION", ""),
            "url": self._describer.base,
            "time_zone": self._zone.key,
            "feeds": {path.rpartition(".")[2]: self._locate(path) for _, path in feeds_of(CHANNEL, self._filing.feeds)},
            "changes": {"latest": self._link("changes", last) if last else None},
            "channel": [{"month": month, "count": count, "url": self._link(CHANNEL, month)} for month, count in months],
            **{name: self._link(name) for name in self._makers if name != "index"},
        }
        if "opml" in self._filing.portals:
            told["feeds"]["opml"] = self._locate(OPML)
        return _outline(path, told)

    def _outline_accounts(self, path: str) -> Outline:
        cards = self._cards.list_all()
        return _outline(path, {"accounts": [self._describer.describe_account(card) for card in cards]})

    def _outline_policies(self, path: str) -> Outline:
        entries = self._store.entries.load(self._store.changes.list_policies())
        changed = self._store.changes.load_changed([one.story for one in entries])
        kins = [find_kin(self._store, one) for one in entries]
        shows = {one for kin in kins for one in (kin.entry.story, *kin.shows)}

        def write(articles: Articles) -> bytes:
            told = []
            for kin in kins:
                article = articles[kin.entry.story]
                kin.link(article, articles)
                successors = [one for told_as, one in article.corrections if told_as == REPLACED]
                told.append(
                    self._describer.describe_policy(article, changed[article.id], article.explanations, successors)
                )
                forget_links(article)
            return _write({"policies": told})

        return Outline(path, API, give_nothing, tuple(sorted(shows)), write=write)

    def _outline_services(self, path: str) -> Outline:
        stories = self._store.listings.list_guides()
        changed = self._store.changes.load_changed(stories)

        def write(articles: Articles) -> bytes:
            return _write(
                {"services": [self._describer.describe_service(articles[one], changed[one]) for one in stories]}
            )

        return Outline(path, API, give_nothing, stories, write=write)

    def _outline_withdrawn(self, path: str) -> Outline:
        identifiers = self._store.changes.list_gone()
        ends = self._store.changes.load_ends(identifiers)
        gone = find_gone(self._store, self._store.stories.load(identifiers), self._zone)
        return _outline(path, {"stories": [self._describer.describe_gone(one, ends.get(one.id)) for one in gone]})

    def _outline_period(self, path: str, period: str) -> Outline | None:
        """A month's articles, or of a very full one links to its days, as its page has them."""
        made = make_pager(self._store, CHANNEL, period, self._zone)
        if made is None:
            return None
        month, pager = made
        beside = {"newer": pager.newer, "older": pager.older}
        told: Document = {
            "period": period,
            "page": self._locate(month.url),
            **{name: self._link(CHANNEL, read_path(one.url).period) for name, one in beside.items() if one},
        }
        if pager.parts:
            parts = [(read_path(part.url).period, part.count) for part in pager.parts]
            told["parts"] = [{"period": one, "count": n, "url": self._link(CHANNEL, one)} for one, n in parts]
            return _outline(path, told)
        stories = self._store.listings.list_between(CHANNEL, find_bounds(period, self._zone))
        changed = self._store.changes.load_changed(stories)

        def write(articles: Articles) -> bytes:
            items = [self._describer.describe_item(articles[one], changed[one]) for one in stories]
            return _write({**told, "items": items})

        return Outline(path, API, give_nothing, stories, write=write)

    def _outline_day(self, path: str, day: str) -> Outline | None:
        changes = self._store.changes.list_between(find_bounds(day, self._zone), MOST + 1)
        if not changes:
            return None
        previous = self._store.changes.find_day_before(day, self._zone)
        told: Document = {"day": day}
        if previous:
            told["previous"] = self._link("changes", previous)
        if len(changes) > MOST:
            return _outline(path, {**told, "complete": False, "new": [], "changed": [], "withdrawn": []})
        groups: dict[str, dict[str, None]] = {"new": {}, "changed": {}, "withdrawn": {}}
        for story, kind in changes:
            groups["new" if kind in _NEW else "withdrawn" if kind in _WITHDRAWN else "changed"][story] = None
        return _outline(path, {**told, "complete": True, **{name: [*stories] for name, stories in groups.items()}})

    def _link(self, name: str, period: str = "") -> str:
        return self._locate(write_path(Artifact("api", name, period)))

    def _locate(self, path: str) -> str:
        return self._describer.locate(path)


def digest_schemas() -> str:
    """Of the files that are published as they are."""
    return digest_bytes(*(file.read_bytes() for file in sorted(_SCHEMAS.glob("*.json"))))


def _outline_schema(path: str, name: str) -> Outline | None:
    file = _SCHEMAS / f"{name}.json"
    if not file.is_file():
        return None
    return Outline(path, API, give_nothing, write=lambda _: file.read_bytes())


def _outline(path: str, document: Document) -> Outline:
    return Outline(path, API, give_nothing, write=lambda _: _write(document))


def _write(document: Document) -> bytes:
    # Half of a surrogate pair, which a broken source may bring, is in no UTF-8.
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
