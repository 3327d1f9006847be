"""The page that names the feeds: of the channel, of columns, departments, regions and topics. Accounts and tags, of
which there are thousands, name theirs on their own pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aggregator.artifacts import CHANNEL, INDEXED, Artifact, Feeds, Filing, name_column, read_path, write_path
from aggregator.plugins.stories.cards import list_filled_columns
from aggregator.plugins.stories.catalog import INDEX_NAMES, list_kind
from aggregator.plugins.stories.outline import Outline
from aggregator.store import Store

_LABELS = {"rss": "RSS 订阅", "atom": "Atom 订阅", "json": "JSON Feed 订阅"}


@dataclass(frozen=True, slots=True)
class FeedGroup:
    """Feeds of lists of one kind."""

    name: str
    lists: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """(name of the list, (label, path) of its feeds)."""


def feeds_of(listing: str, feeds: Feeds) -> tuple[tuple[str, str], ...]:
    """(label, path) of the feeds of a list."""
    return tuple((_LABELS[read_path(path).form], path) for path in feeds.list_current(listing))


def outline_catalog(store: Store, filing: Filing) -> Outline:
    named = [("全部消息", [("全部栏目、全部账号的消息", CHANNEL)])]
    named.append(("栏目", [(one.name, name_column(one.slug)) for one in list_filled_columns(store)]))
    for kind in INDEXED:
        if kind != "tag" and kind in filing.kinds:
            cards = list_kind(store, filing, kind)
            named.append((INDEX_NAMES[kind], [(card.name, read_path(card.url).name) for card in cards]))
    made = (FeedGroup(name, tuple(_list_feeds(lists, filing.feeds))) for name, lists in named)
    groups = tuple(group for group in made if group.lists)
    return Outline(write_path(Artifact("feeds")), "feeds", lambda _: {"feed_groups": groups})


def _list_feeds(lists: Iterable[tuple[str, str]], feeds: Feeds) -> Iterable[tuple[str, tuple[tuple[str, str], ...]]]:
    return ((name, found) for name, listing in lists if (found := feeds_of(listing, feeds)))
