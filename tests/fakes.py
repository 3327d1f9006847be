"""Hand-written stand-ins: the store's side of clustering in memory, and builders of posts and documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from aggregator.cluster import place_posts
from aggregator.model import LOCAL_ACCOUNT, Document, Draft, Fingerprint, Match, Post, Story, StoryChanges
from aggregator.text import fingerprint

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))
MIN_SHARED = 3


def make_document(
    post: int, text: str, *, title: str = "", account: str = "", key: str = "", url: str = "",
    date: datetime = NOON, rank: int = 50, names: tuple[str, ...] = (), attribution: str = "",
) -> Document:  # fmt: skip
    """A document of an account of its own, unless told otherwise."""
    account = account or f"account{post}"
    return Document(
        post, account, key or f"key{post}", title or text[:20], url, text, date, rank, names or (account,), attribution
    )


def make_post(key: str = "guid-1", *, account: str = "water", title: str = "", text: str = "", **fields) -> Post:
    """A post whose aliases are its key and its address, as parsing gives them."""
    title = title or f"关于{key}的通知"
    text = text or f"{title}的正文，请广大市民知悉并相互转告。"
    aliases = fields.pop("aliases", tuple(name for name in (key, fields.get("canonical_url", "")) if name))
    return Post(account=account, key=key, title=title, text=text, html=f"<p>{text}</p>", aliases=aliases, **fields)


def make_draft(path: str, title: str, text: str, *, number: str = "", genre: str = "notice") -> Draft:
    """A draft as reading gives it: its key is the 编号 if it has one, else its path."""
    key = number or path
    post = make_post(key, account=LOCAL_ACCOUNT, title=title, text=text, genre=genre, aliases=(key, f"path:{path}"))
    return Draft(path, f"{title}|{text}|{number}", post)


class FakeIndex:
    """A CandidateIndex in memory that keeps what it is told, as the store does."""

    def __init__(self) -> None:
        self.documents: dict[int, Document] = {}
        self.fingerprints: dict[int, Fingerprint] = {}
        self.matches: dict[tuple[int, int], Match] = {}
        self.stories: dict[str, Story] = {}

    def find_candidates(self, document: Document, fingerprint: Fingerprint) -> Sequence[int]:
        own, grams = document, set(fingerprint.grams)
        return [
            post
            for post, other in sorted(self.documents.items())
            if post != own.post
            and (
                (own.canonical_url and own.canonical_url == other.canonical_url)
                or (fingerprint.exact and fingerprint.exact == self.fingerprints[post].exact)
                or len(grams.intersection(self.fingerprints[post].grams)) >= MIN_SHARED
            )
        ]

    def load_documents(self, posts: Sequence[int]) -> Sequence[Document]:
        return [self.documents[post] for post in posts if post in self.documents]

    def load_matches(self, posts: Sequence[int]) -> Sequence[Match]:
        return [match for pair, match in self.matches.items() if set(pair) & set(posts)]

    def load_stories(self, posts: Sequence[int]) -> Sequence[Story]:
        asked = set(posts)
        return [
            story
            for _, story in sorted(self.stories.items())
            if {story.founder, story.lead, *(member.post for member in story.members)} & asked
        ]

    def place(self, documents: Iterable[Document], gone: Iterable[int] = ()) -> StoryChanges:
        """One run: these posts are new or changed, those are withdrawn; what follows from it is kept."""
        documents, gone = tuple(documents), tuple(gone)
        prints = {document.post: fingerprint(document.text) for document in documents}
        self.documents.update((document.post, document) for document in documents)
        self.fingerprints.update(prints)
        for post in gone:
            del self.documents[post], self.fingerprints[post]
        changes = place_posts(documents, gone, prints, self)
        placed = {*prints, *gone}
        self.matches = {pair: match for pair, match in self.matches.items() if not placed & set(pair)}
        self.matches.update(((match.a, match.b), match) for match in changes.matches)
        for story in changes.stories:
            moved = {member.post for member in story.members}
            for other in self.stories.values():
                if other.id != story.id and moved & {member.post for member in other.members}:
                    kept = tuple(member for member in other.members if member.post not in moved)
                    self.stories[other.id] = replace(other, members=kept)
            self.stories[story.id] = story
        return changes

    def partition(self) -> frozenset[frozenset[int]]:
        """Which posts stand together, whatever their stories are called."""
        return frozenset(
            frozenset(member.post for member in story.members) for story in self.stories.values() if story.members
        )

    def story_of(self, post: int) -> Story:
        """The story a live post is in."""
        return next(story for story in self.stories.values() if post in {member.post for member in story.members})

    def addresses(self) -> dict[str, str]:
        """Story id -> "live", "withdrawn" or the id it redirects to."""
        return {
            story.id: story.merged_into or ("live" if story.members else "withdrawn") for story in self.stories.values()
        }
