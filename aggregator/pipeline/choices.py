"""What staff chose of the posts that wait, as it bears on one version of one post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from aggregator.model import Choice, Post, WaitingEntry
from aggregator.urls import canonical_url, is_web_url


class Choices:
    """The entries of `editorial.toml`, found by what they name."""

    def __init__(self, choices: Iterable[Choice] = ()) -> None:
        self._named: defaultdict[str, list[Choice]] = defaultdict(list)
        self.by_address = False
        """Whether some name a post by its address, and not by `account:key`."""
        for choice in choices:
            # With a host, as keys may look like addresses too: 「rsj:https://…」 is no web address.
            is_address = is_web_url(choice.post)
            self.by_address = self.by_address or is_address
            self._named[canonical_url(choice.post) if is_address else choice.post].append(choice)

    def __bool__(self) -> bool:
        return bool(self._named)

    def names(self, account: str, names: Sequence[str], *urls: str) -> bool:
        """Whether any entry is about this post, in whatever version."""
        return any(target in self._named for target in _list_targets(account, names, urls))

    def find(self, content: str, account: str, names: Sequence[str], *urls: str) -> Choice | None:
        """What was decided about this version of a post: the last entry of those about it."""
        about = [one for one in self._list_about(account, names, urls) if one.content in ("", content)]
        return max(about, key=_place, default=None)

    def find_former(self, content: str, account: str, names: Sequence[str], *urls: str) -> Choice | None:
        """What was last decided about another version of it."""
        about = [one for one in self._list_about(account, names, urls) if one.content not in ("", content)]
        return max(about, key=_place, default=None)

    def _list_about(self, account: str, names: Sequence[str], urls: Sequence[str]) -> Iterator[Choice]:
        for target in _list_targets(account, names, urls):
            yield from self._named.get(target, ())


def name_post(post: Post) -> tuple[str, tuple[str, ...], str, str]:
    """What a post is called, as `Choices` asks for it."""
    return post.account, (post.key, *post.aliases), post.url, post.canonical_url


def name_entry(entry: WaitingEntry) -> tuple[str, tuple[str, ...], str, str]:
    return entry.note.account, entry.note.names, entry.card.url, entry.card.canonical_url


def _list_targets(account: str, names: Sequence[str], urls: Sequence[str]) -> Iterator[str]:
    yield from dict.fromkeys((*(f"{account}:{name}" for name in names), *filter(None, map(canonical_url, urls))))


def _place(choice: Choice) -> int:
    return choice.line or 0
