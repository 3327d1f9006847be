"""How an account shows itself on a page: the small card with its avatar."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime

from aggregator.artifacts import name_account, name_column
from aggregator.model import COLUMNS, Account, AccountStatus, Kind
from aggregator.store import Store

KIND_NAMES: dict[Kind, str] = {
    "department": "市级部门",
    "county": "县区",
    "town": "街道乡镇",
    "public-service": "公共服务",
    "local": "本站",
}

PLATFORM_NAMES = {
    "wechat": "微信公众号",
    "weibo": "微博",
    "toutiao": "今日头条",
    "douyin": "抖音",
    "website": "网站",
}

HUES = 8
"""Grounds of avatars, --hue-0 to --hue-7 in the theme's tokens."""


_CARD = (
    "id", "name", "organization", "platform", "kind", "region", "status", "phone", "homepage", "description",
    "handle", "opened_on", "closed_on", "notice", "successor", "mirror",
)  # fmt: skip
"""What of an account has an effect on pages: a change of anything else renders none of them."""


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest article of an account, where no more of it is shown."""

    title: str
    date: datetime


@dataclass(slots=True)
class AccountCard:
    """An account as a page shows it. `latest` is set for the list of accounts, `count` for the account's own page."""

    id: str
    name: str
    organization: str
    url: str
    avatar: str
    hue: str
    """The class that gives its avatar a ground: `hue-3`."""
    platform_name: str
    kind: Kind
    kind_name: str
    region: str
    phone: str
    homepage: str
    description: str
    handle: str
    opened_on: str
    status: AccountStatus
    closed_on: str
    notice: str
    mirror: bool
    """Whether foreign files of its posts are served from our site."""
    successor: AccountCard | None = None
    latest: Latest | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class ColumnCard:
    slug: str
    name: str
    description: str

    @property
    def url(self) -> str:
        return f"{self.slug}/index.html"


COLUMN_CARDS = {column.slug: ColumnCard(column.slug, column.name, column.description) for column in COLUMNS}
"""By slug, in their order."""


def list_filled_columns(store: Store) -> tuple[ColumnCard, ...]:
    """Columns that have something in them: an empty one is not shown (国办秘函〔2019〕19号)."""
    filled = set(store.listings.list_lists(name_column("")))
    return tuple(card for slug, card in COLUMN_CARDS.items() if name_column(slug) in filled)


class AccountCards:
    """Cards of accounts, made when they are asked for. An account without an entry in the registry has one, too."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made: dict[str, AccountCard] = {}

    def __getitem__(self, account: str) -> AccountCard:
        if account not in self._made:
            self._make(account, self._store.artifacts.load_cards((account,)).get(account, ""))
        return self._made[account]

    def list_all(self) -> tuple[AccountCard, ...]:
        """All of the registry in its order, then by id those that left it and have articles: their addresses are
        promised all the same."""
        listed = self._store.artifacts.list_cards()
        for account, card in listed:
            if account not in self._made:
                self._make(account, card)
        known = {account for account, _ in listed}
        prefix = name_account("")
        gone = (name.removeprefix(prefix) for name in self._store.listings.list_lists(prefix))
        return tuple(
            self[account] for account in (*(one for one, _ in listed), *(one for one in gone if one not in known))
        )

    def _make(self, account: str, written: str) -> None:
        described = Account(**json.loads(written)) if written else _describe_missing(account)
        # Known before its successor is: two accounts may name each other.
        self._made[account] = card = _make_card(described)
        if described.successor:
            card.successor = self[described.successor]


def write_card(account: Account) -> str:
    """What pages may show of an account, as the store keeps it."""
    return json.dumps({name: getattr(account, name) for name in _CARD}, ensure_ascii=False)


def _describe_missing(account: str) -> Account:
    return Account(account, account, account, "", "department", "", status="closed")


def _make_card(account: Account) -> AccountCard:
    return AccountCard(
        id=account.id,
        name=account.name,
        organization=account.organization,
        url=f"accounts/{account.id}/index.html",
        avatar=shorten_name(account),
        hue=f"hue-{hashlib.blake2b(account.id.encode(), digest_size=2).digest()[0] % HUES}",
        platform_name=PLATFORM_NAMES.get(account.platform, account.platform),
        kind=account.kind,
        kind_name=KIND_NAMES[account.kind],
        region=account.region,
        phone=account.phone,
        homepage=account.homepage,
        description=account.description,
        handle=account.handle,
        opened_on=account.opened_on,
        status=account.status,
        closed_on=account.closed_on,
        notice=account.notice,
        mirror=account.mirror,
    )


def shorten_name(account: Account) -> str:
    """One or two characters for the avatar: 栖江人社 of 栖江市 is 人社."""
    place = re.sub(r"[省市区县镇乡]$", "", account.region)
    rest = account.name.replace(place, "", 1) if place else account.name
    return (account.name if rest in {"", "发布"} else rest)[:2]
