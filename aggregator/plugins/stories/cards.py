"""How an account shows itself on a page: the small card with its avatar."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pelican.contents import Article

from aggregator.model import Account, AccountStatus, Column, Kind

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

# White text on each has a contrast of at least 4.5:1 (WCAG 2.1, 1.4.3).
HUES = ("#1f6fc4", "#0f7a58", "#9a4a0b", "#6a48b5", "#0b6f84", "#a83a28", "#5f6b2d", "#56606d")


@dataclass(slots=True)
class AccountCard:
    """An account with what the channel holds of it. `latest` and `count` are filled while articles are read."""

    id: str
    name: str
    organization: str
    url: str
    avatar: str
    hue: str
    platform_name: str
    kind: Kind
    kind_name: str
    region: str
    phone: str
    homepage: str
    description: str
    status: AccountStatus
    closed_on: str
    notice: str
    successor: AccountCard | None = None
    articles: list[Article] = field(default_factory=list)

    @property
    def latest(self) -> Article | None:
        return self.articles[0] if self.articles else None

    @property
    def count(self) -> int:
        return len(self.articles)


@dataclass(slots=True)
class ColumnCard:
    """A column with the articles in it, filled while they are read."""

    slug: str
    name: str
    description: str
    articles: list[Article] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.slug}/index.html"

    @property
    def count(self) -> int:
        return len(self.articles)


def make_column_cards(columns: tuple[Column, ...]) -> Mapping[str, ColumnCard]:
    """A card for each column, by slug, in their order."""
    return {column.slug: ColumnCard(column.slug, column.name, column.description) for column in columns}


def make_cards(accounts: tuple[Account, ...]) -> Mapping[str, AccountCard]:
    """A card for each account, by id, in the registry's order."""
    cards = {account.id: _make_card(account) for account in accounts}
    for account in accounts:
        cards[account.id].successor = cards.get(account.successor)
    return cards


def _make_card(account: Account) -> AccountCard:
    return AccountCard(
        id=account.id,
        name=account.name,
        organization=account.organization,
        url=f"accounts/{account.id}/index.html",
        avatar=shorten_name(account),
        hue=HUES[hashlib.blake2b(account.id.encode(), digest_size=2).digest()[0] % len(HUES)],
        platform_name=PLATFORM_NAMES.get(account.platform, account.platform),
        kind=account.kind,
        kind_name=KIND_NAMES[account.kind],
        region=account.region,
        phone=account.phone,
        homepage=account.homepage,
        description=account.description,
        status=account.status,
        closed_on=account.closed_on,
        notice=account.notice,
    )


def shorten_name(account: Account) -> str:
    """One or two characters for the avatar: 栖江人社 of 栖江市 is 人社."""
    place = re.sub(r"[省市区县镇乡]$", "", account.region)
    rest = account.name.replace(place, "", 1) if place else account.name
    return (account.name if rest in {"", "发布"} else rest)[:2]
