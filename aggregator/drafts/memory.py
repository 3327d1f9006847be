"""What is known of content/ from the last reading, so that only what changed since is read again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from aggregator.model import FileUse, Glance, Refusal, WordMemory

RENDER_VERSION = 3
"""Part of every content hash: raised when the same file would make another post, so all are made anew."""

_HASH_SIZE = 16


@dataclass(frozen=True, slots=True)
class Memory:
    """By the path of the draft. Each part may be missing: what it would save is done once more."""

    hashes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """A draft that still has its hash is neither decoded nor rendered, unless a file that it names is another now."""
    uses: Mapping[str, Sequence[FileUse]] = field(default_factory=lambda: MappingProxyType({}))
    """What the draft named of the files beside it."""
    glances: Mapping[str, Glance] = field(default_factory=lambda: MappingProxyType({}))
    """A file that still looks so is not opened."""
    words: Mapping[str, WordMemory] = field(default_factory=lambda: MappingProxyType({}))
    """Of Word drafts: those without are read anew."""
    refusals: Mapping[str, Refusal] = field(default_factory=lambda: MappingProxyType({}))
    """Of Word files that gave no draft: told again instead of tried again, while they are the same."""


NOTHING_KNOWN = Memory()


def hash_content(data: bytes) -> str:
    """Name of a draft's content: blake2b-128 of its bytes and of the version of what we make of them."""
    return hashlib.blake2b(data, digest_size=_HASH_SIZE, salt=RENDER_VERSION.to_bytes(4, "big")).hexdigest()
