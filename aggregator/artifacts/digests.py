"""Digests by which a build knows that something is as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from pathlib import PurePath
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

_SIZE = 16
"""Bytes: two different files with one digest would need some 10^19 files."""


def digest_bytes(*parts: bytes) -> str:
    """Of the parts in their order; where one ends and the next begins counts."""
    digest = hashlib.blake2b(digest_size=_SIZE)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def digest_value(value: object) -> str:
    """Of a setting or of what a template is given: the same in every process for the same content.

    Raises TypeError for what has no content to go by, such as a function.
    """
    return digest_bytes(json.dumps(_flatten(value), ensure_ascii=False, sort_keys=True).encode())


def _flatten(value: object) -> Json:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping):
        return {"mapping": sorted(([_flatten(key), _flatten(one)] for key, one in value.items()), key=json.dumps)}
    if isinstance(value, Set):
        return {"set": sorted((_flatten(one) for one in value), key=json.dumps)}
    if isinstance(value, list | tuple):
        return [_flatten(one) for one in value]
    if isinstance(value, PurePath):
        return {"path": str(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return {type(value).__name__: [_flatten(getattr(value, one.name)) for one in fields(value)]}
    raise TypeError(f"no digest of a {type(value).__name__}")
