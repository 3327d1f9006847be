"""How a list shows itself where lists are named: on articles, in indexes, on the site map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from aggregator.artifacts import (
    INDEXED,
    Artifact,
    Filing,
    ListKind,
    name_list,
    name_listing,
    read_kind,
    round_count,
    write_path,
)
from aggregator.store import Store

MOST_TAGS = 300
"""Tags that their index names, the most used first: the others are found from their articles."""

INDEX_NAMES: Mapping[ListKind, str] = {"department": "部门", "region": "县区街道", "topic": "专题", "tag": "标签"}


@dataclass(frozen=True, slots=True)
class ListCard:
    """A list by its name. `count` is rounded down, and means nothing but in an index."""

    kind: ListKind
    name: str
    url: str
    intro: str = ""
    count: int = 0


def name_lists(store: Store, lists: Iterable[str]) -> Mapping[str, ListCard]:
    """List -> its card, of departments, regions, topics and tags that are called something."""
    labels = store.filings.load_labels(one for one in lists if read_kind(one) in INDEXED)
    return {listing: make_card(listing, label) for listing, label in labels.items()}


def list_kind(store: Store, filing: Filing, kind: ListKind) -> tuple[ListCard, ...]:
    """All lists of a kind that have articles: as the registry or the settings order them, tags by their articles."""
    counts = {listing: round_count(count) for listing, count in store.listings.count_kind(kind)}
    labels = store.filings.load_labels(counts)
    order = {listing: at for at, listing in enumerate(_list_in_order(store, filing, kind))}
    intros = {name_listing("topic", topic.slug): topic.intro for topic in filing.topics}
    most = -1 if kind == "tag" else 0
    ranked = sorted(labels, key=lambda one: (order.get(one, len(order)), most * counts[one], labels[one]))
    if kind == "tag":
        ranked = ranked[:MOST_TAGS]
    return tuple(make_card(one, labels[one], intros.get(one, ""), counts[one]) for one in ranked)


def list_indexes(store: Store, filing: Filing) -> tuple[tuple[str, str], ...]:
    """(name, address) of the pages that name all lists of a kind, where there is one."""
    return tuple(
        (INDEX_NAMES[kind], write_path(Artifact("index", kind)))
        for kind in INDEXED
        if kind in filing.kinds and store.listings.has_kind(kind)
    )


def _list_in_order(store: Store, filing: Filing, kind: ListKind) -> Iterable[str]:
    if kind == "topic":
        return (name_listing(kind, topic.slug) for topic in filing.topics)
    # A department and a region go by the id of their first account.
    return () if kind == "tag" else (name_listing(kind, account) for account, _ in store.artifacts.list_cards())


def make_card(listing: str, label: str, intro: str = "", count: int = 0) -> ListCard:
    """The card of a list that is called so."""
    return ListCard(cast("ListKind", read_kind(listing)), label, write_path(Artifact("front", listing)), intro, count)


def find_topic_intro(filing: Filing, listing: str) -> str:
    """What the settings say of a topic; "" for any other list."""
    if read_kind(listing) != "topic":
        return ""
    return next((topic.intro for topic in filing.topics if topic.slug == name_list(listing)), "")
