"""Posts of a made-up account, clean and not, and what waits of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from site_fixtures import BRIDGE, LIBRARY, NOW, SUBSIDY, SWIMMING, Item, SmallSite

from aggregator.model import AccountOutcome, UpdateReport

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MOBILE = "13812345678"
PRIVATE = ("经社区核实，拟对下列家庭发放补贴。", f"申请人：张伟，电话：{MOBILE}。", *SUBSIDY[:2])
CASINO = (
    "Welcome to the best online casino of the year, where every new player is given a bonus of two hundred dollars.",
    "Register now, make your first deposit and win big with our slots, roulette and poker tables around the clock.",
)
TEXTS = (SUBSIDY, BRIDGE, LIBRARY, SWIMMING)


@dataclass(frozen=True, slots=True)
class HostedItem(Item):
    """An entry whose link is on a domain of one's choice."""

    domain: str = "linjiang.example"

    @property
    def link(self) -> str:
        return f"https://www.{self.domain}/{self.key}.html"


def make_item(number: int, date: datetime = NOW - 9 * DAY, *, domain: str = "linjiang.example") -> HostedItem:
    """A post that shares nothing with the others."""
    text = tuple(f"{sentence}第{number}处。" for sentence in TEXTS[number % 4])
    return HostedItem(f"n{number}", f"第{number}号便民事项的通知", text, date, domain=domain)


def change(item: HostedItem, text: tuple[str, ...], title: str = "") -> HostedItem:
    return replace(item, title=title or item.title, text=text)


def find_outcome(report: UpdateReport, account: str = "rsj") -> AccountOutcome:
    return next(one for one in report.accounts if one.id == account)


def list_waiting(site: SmallSite) -> dict[str, list[str]]:
    """Key -> the rules it waits for."""
    listed = site.call("inbox", "--json").document
    assert listed["total"] == len(listed["posts"])
    return {one["key"]: [reason["rule"] for reason in one["reasons"]] for one in listed["posts"]}


def list_titles(site: SmallSite) -> set[str]:
    return set(site.stories())


def set_editorial(site: SmallSite, text: str) -> None:
    site.site.editorial.write_text(f"[hold]\n{text}\n", encoding="utf-8")


def read_for_the_first_time(site: SmallSite) -> SmallSite:
    """The site with an account of six posts, read a day ago."""
    site.set_up()
    site.set_feed("rsj", *(make_item(number) for number in range(6)))
    site.update(NOW - DAY)
    return site
