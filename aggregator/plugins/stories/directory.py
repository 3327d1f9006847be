"""Which page of the directory shows which account. Pure: it follows from the registry alone.

What a new post changes on the directory is the line of its account, so it costs the page that has this line: the
directory is cut into pages of so many accounts, kind by kind. Few accounts are one page; of many, the front page leads
to the others, and shows the first of each kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from aggregator.artifacts import Artifact, write_path
from aggregator.model import Account
from aggregator.plugins.stories.cards import KIND_NAMES, PLATFORM_NAMES

ROWS = 100
"""Accounts on one page: about 10 KB after gzip."""

FIRST = 6
"""Accounts of each kind on the front page of a directory of many pages."""

FRONT = write_path(Artifact("accounts"))
STOPPED = "accounts/stopped.html"
"""The first page of merged and closed accounts."""
TABLE = "accounts/directory.json"
"""All accounts, for the search on the front page."""

STATES = {"active": "", "merged": "已合并", "closed": "已停更"}

STOPPED_NAME = "已停更或已合并"

Summary: TypeAlias = dict[str, Any]
"""What the front page says of all accounts, as JSON: `total` of active ones, `stopped`; the choices `kinds`, `regions`,
`platforms`; `chapters` of `name`, `url`, `count`, `pages` (how many) and `regions` (each with name, url, count). There
are no chapters where one page has all.
"""


@dataclass(frozen=True, slots=True)
class Directory:
    pages: Mapping[str, str]
    """Account -> the page that shows it."""
    first: frozenset[str]
    """Accounts that the front page shows beside those pages."""
    summary: Summary


def arrange_directory(accounts: Sequence[Account]) -> Directory:
    """Pages by kind, then by region, in the registry's order; those that stopped are a chapter of their own."""
    active = [account for account in accounts if account.status == "active"]
    summary: Summary = {
        "total": len(active),
        "stopped": len(accounts) - len(active),
        "kinds": [name for kind, name in KIND_NAMES.items() if any(one.kind == kind for one in accounts)],
        "regions": _list_once(one.region for one in accounts),
        "platforms": _list_once(PLATFORM_NAMES.get(one.platform, one.platform) for one in accounts),
        "chapters": [],
    }
    if len(accounts) <= ROWS:
        return Directory({account.id: FRONT for account in accounts}, frozenset(), summary)
    pages: dict[str, str] = {}
    first: set[str] = set()
    for kind, name in KIND_NAMES.items():
        members = [account for account in active if account.kind == kind]
        if members:
            summary["chapters"].append(_write_chapter(name, f"accounts/kind-{kind}.html", members, pages))
            first.update(account.id for account in members[:FIRST])
    stopped = [account for account in accounts if account.status != "active"]
    if stopped:
        summary["chapters"].append({**_write_chapter(STOPPED_NAME, STOPPED, stopped, pages), "regions": []})
    return Directory(pages, frozenset(first), summary)


def _write_chapter(name: str, url: str, members: Sequence[Account], pages: dict[str, str]) -> dict[str, Any]:
    """One chapter's part of the summary; notes in `pages` where its accounts are."""
    regions = _list_once(account.region for account in members)
    ordered = sorted(members, key=lambda account: regions.index(account.region) if account.region else len(regions))
    told: dict[str, dict[str, Any]] = {}
    for position, account in enumerate(ordered):
        pages[account.id] = page = number_page(url, position // ROWS + 1)
        region = told.setdefault(account.region, {"name": account.region, "url": f"{page}#r{len(told)}", "count": 0})
        region["count"] += 1
    return {
        "name": name, "url": url, "count": len(members), "pages": -(-len(members) // ROWS),
        "regions": list(told.values()),
    }  # fmt: skip


def number_page(url: str, number: int) -> str:
    """The address of a chapter's page; the first is the chapter's own."""
    return url if number == 1 else f"{url.removesuffix('.html')}-{number}.html"


def list_pages_of(chapter: Mapping[str, Any]) -> tuple[str, ...]:
    """Addresses of a chapter's pages."""
    return tuple(number_page(chapter["url"], number + 1) for number in range(chapter["pages"]))


def _list_once(names: Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name]
