"""Whether a story is public at a moment: what staff's drafts and `editorial.toml` say of time. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from aggregator.model import LOCAL_ACCOUNT, BoundRuling, Post, State, Terms, Withdrawal

FAR = datetime(9000, 1, 1, tzinfo=UTC)
"""Later than any date that is meant. What is to appear at a moment that nobody can read waits until then."""

_NO = {"", "否", "不", "无", "no", "false", "0"}


def read_terms(post: Post) -> Terms:
    """What a draft's header says of the time in which it is public; other posts are public as long as they are there.

    A date without a time is its midnight in Beijing. Without 定时 a draft appears at its own date.
    """
    if post.account != LOCAL_ACCOUNT:
        return Terms()
    header = dict(post.header)
    appears = (_read_date(header["定时"]) or FAR) if header.get("定时") else post.published
    withdrawal = None
    if header.get("撤回", "").lower() not in _NO:
        withdrawal = Withdrawal(_read_date(header["撤回"]), header.get("撤回原因", ""), header.get("替代", ""))
    return Terms(appears, _read_date(header.get("下线", "")), withdrawal)


def read_withdrawal(ruling: BoundRuling) -> Withdrawal:
    """What an entry `[[withdraw]]` says."""
    return Withdrawal(_read_date(ruling.date), ruling.reason, ruling.replacement)


def decide_state(terms: Terms, now: datetime) -> State:
    """What is true at `now`, since when, and when time alone makes it otherwise.

    Of what holds at once: not yet there before withdrawn, withdrawn before expired.
    """
    if terms.appears and terms.appears > now:
        return State("scheduled", due=terms.appears)
    gone = terms.withdrawal
    if gone and (gone.at is None or gone.at <= now):
        return State("withdrawn", gone.at)
    ahead = [moment for moment in (gone.at if gone else None, terms.expires) if moment and moment > now]
    if terms.expires and terms.expires <= now:
        return State("expired", terms.expires, min(ahead, default=None))
    return State("published", None, min(ahead, default=None))


def _read_date(value: str) -> datetime | None:
    if not value:
        return None
    # Only here: a build asks this package for the columns, and need not wait for the grammar of dates to be compiled.
    from aggregator.dates import parse_date

    return parse_date(value, now=FAR)
