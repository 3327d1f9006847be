"""Names for what was read of a draft's file."""

from __future__ import annotations

import hashlib

_SIZE = 32
"""Bytes: reviews hold for what has this name."""


def digest_bytes(data: bytes) -> str:
    """Name of these bytes, whatever is made of them: BLAKE2b of 256 bits, in hexadecimal."""
    return hashlib.blake2b(data, digest_size=_SIZE).hexdigest()
