"""Staff's word on stories: what `editorial.toml` says, and what it means for the posts of the store."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

RulingKind = Literal["merge", "split", "lock", "hide", "withdraw"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """One entry of `editorial.toml`, as written."""

    kind: RulingKind
    targets: tuple[str, ...]
    """What it names: addresses, ids of stories, `account:key` of posts. Two or more for a merge, else one."""
    post: bool = False
    """It is about a single post, not about its story."""
    account: str = ""
    """Whose post, where the target is a story or an address that several posts have."""
    reason: str = ""
    by: str = ""
    date: str = ""
    """The day of the decision, as written."""
    replacement: str = ""
    """What to read in place of what is withdrawn: an address, a 编号 or a title."""
    line: int | None = None

    @property
    def key(self) -> str:
        """The same for the same decision, whatever is said of its reason."""
        stated = repr((self.kind, self.targets, self.post, self.account))
        return hashlib.blake2b(stated.encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class BoundRuling:
    """An entry in terms of the store, fixed when it was first found there: what it names may move later."""

    key: str
    kind: RulingKind
    parts: tuple[tuple[int, ...], ...]
    """Ids of the posts of each thing it names; of a story the founder first. Of a lock, the frozen members."""
    story: str = ""
    """The story that is locked, hidden or withdrawn; "" where the entry is about a post."""
    reason: str = ""
    date: str = ""
    replacement: str = ""
    """Both as written."""

    @property
    def posts(self) -> frozenset[int]:
        return frozenset(post for part in self.parts for post in part)


@dataclass(frozen=True, slots=True)
class Rulings:
    """All that staff decided, for `cluster.place`. Of what contradicts: split before lock, merge before both."""

    bound: tuple[BoundRuling, ...] = ()
    scheduled: frozenset[int] = frozenset()
    """Drafts whose time has not come: in no story until then."""

    @property
    def apart(self) -> frozenset[int]:
        """Posts that stand alone, whatever they match."""
        return self._posts_of("split")

    @property
    def hidden_posts(self) -> dict[int, str]:
        """Post that is not published -> the reason given, or ""."""
        return {
            post: ruling.reason
            for ruling in self.bound
            if ruling.kind == "hide" and not ruling.story
            for post in ruling.posts
        }

    @property
    def hidden_stories(self) -> dict[str, str]:
        """Id of a story that is not published -> the reason given, or ""."""
        return {ruling.story: ruling.reason for ruling in self.bound if ruling.kind == "hide" and ruling.story}

    @property
    def locks(self) -> tuple[frozenset[int], ...]:
        """Members of each locked story. No post is in two."""
        taken: set[int] = set(self.apart)
        groups = []
        for ruling in self.bound:
            if ruling.kind == "lock":
                groups.append(ruling.posts - taken)
                taken |= ruling.posts
        return tuple(groups)

    @property
    def merges(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        return tuple(ruling.parts for ruling in self.bound if ruling.kind == "merge")

    def _posts_of(self, kind: RulingKind) -> frozenset[int]:
        return frozenset(post for ruling in self.bound if ruling.kind == kind for post in ruling.posts)


NO_RULINGS = Rulings()
