"""Accounts as the registry states them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["department", "county", "town", "public-service", "local"]


Selection = Literal["auto", "review"]


AccountStatus = Literal["active", "merged", "closed"]


LOCAL_ACCOUNT = "local"
"""Id of the account that staff's own drafts belong to."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account of one unit on one platform, as `accounts.toml` states it. HTTP state does not live here."""

    id: str
    name: str
    organization: str
    platform: str
    kind: Kind
    region: str
    feeds: tuple[str, ...] = ()
    """http(s) addresses, or paths relative to the registry's folder."""
    selection: Selection = "auto"
    rank: int = 50
    """Authority for the choice of a story's lead; higher wins."""
    status: AccountStatus = "active"
    phone: str = ""
    homepage: str = ""
    description: str = ""
    handle: str = ""
    """What finds the account on its platform: 微信号, the name behind @."""
    opened_on: str = ""
    """ISO date on which it was opened."""
    closed_on: str = ""
    """ISO date on which a merged or closed account stopped."""
    notice: str = ""
    """Address of the notice that announced it."""
    successor: str = ""
    """Id of the account that took over."""
    mirror: bool = True
    """Whether pictures and attachments of its posts are copied and served from our site."""
    refresh: str = ""
    """Least time between two questions to one of its feeds, as "6h"; "" for no more than what its server asks."""


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """The `[fetch]` table of `accounts.toml`."""

    allow: tuple[str, ...] = ()
    """Private networks (CIDR) that feeds may nevertheless be fetched from."""
    contact: str = ""
    """Address named in the User-Agent, so that a server's owner can reach us."""
    concurrency: int = 16
    timeout: float = 30.0
    """Seconds for one whole request."""


@dataclass(frozen=True, slots=True)
class StorySettings:
    """The `[stories]` table: how copies are looked for."""

    window: int = 400
    """Days between two posts' dates beyond which only a whole text, a headline or an address finds a copy: a year and
    the weeks by which an annual notice comes later."""


@dataclass(frozen=True, slots=True)
class Registry:
    accounts: tuple[Account, ...]
    fetch: FetchSettings = FetchSettings()
    stories: StorySettings = StorySettings()

    def account(self, account_id: str) -> Account | None:
        return next((account for account in self.accounts if account.id == account_id), None)
