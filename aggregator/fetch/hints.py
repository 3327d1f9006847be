"""What an answer's headers say about the next request: how long it is fresh, how long to stay away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r'max-age="?(\d{1,10})"?')
_SECONDS = re.compile(r"\d{1,10}")
"""More digits are no number of seconds that anybody means."""


def read_max_age(cache_control: Iterable[str], age: str, expires: str, date: str, now: datetime) -> int | None:
    """Seconds for which an answer is fresh (RFC 9111, 4.2); None if its headers don't say.

    `expires` is measured by the server's own clock (`date`), ours being `now` where it gives none.
    """
    directives = [directive.strip().lower() for line in cache_control for directive in line.split(",")]
    if "no-cache" in directives or "no-store" in directives:
        return 0
    # max-age comes before Expires where both are given (5.3).
    for directive in directives:
        if match := _MAX_AGE.fullmatch(directive):
            spent = int(age) if _SECONDS.fullmatch(age) else 0
            return max(0, int(match[1]) - spent)
    if not expires:
        return None
    end = _read_date(expires)
    # "0" and every other date that is none means: expired (5.3).
    return 0 if end is None else max(0, int((end - (_read_date(date) or now)).total_seconds()))


def read_retry_after(retry_after: str, date: str, now: datetime) -> int | None:
    """Seconds to wait, from a number or a date (RFC 9110, 10.2.3); None if it is neither."""
    value = retry_after.strip()
    if _SECONDS.fullmatch(value):
        return int(value)
    end = _read_date(value)
    return None if end is None else max(0, int((end - (_read_date(date) or now)).total_seconds()))


def _read_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
