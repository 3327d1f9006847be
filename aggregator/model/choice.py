"""What staff decided about single posts that waited: `[[accept]]`, `[[reject]]` and `[[edit]]` of `editorial.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

ChoiceKind = Literal["accept", "reject", "edit"]

CHOICE_LABELS: Mapping[ChoiceKind, str] = MappingProxyType({"accept": "采用", "reject": "不采用", "edit": "改写"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry, as written. Of several on one text of one post the last one holds."""

    kind: ChoiceKind
    post: str
    """`account:key`, or the address of the post."""
    content: str = ""
    """Hash of what was decided on; "" for an entry written by hand, which is about every version of the post."""
    title: str = ""
    """For who reads the file."""
    reason: str = ""
    draft: str = ""
    """Path below `content/` of what was made of the post."""
    by: str = ""
    date: str = ""
    """When it was decided."""
    since: str = ""
    """Since when the post had waited. Both moments as written."""
    line: int | None = None
