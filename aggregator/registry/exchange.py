"""Accounts from an OPML or CSV file, whichever it is said to be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from aggregator.model import Account
from aggregator.registry.opml import read_opml
from aggregator.registry.sheet import read_csv

Format = Literal["opml", "csv"]


def import_accounts(source: str | bytes, form: Format, known: Iterable[Account] = ()) -> tuple[Account, ...]:
    """The accounts that an exported file, a spreadsheet or a feed reader's subscription list states.

    `known` are the registry's present accounts: what the file says nothing about (a column that is not there,
    an account a feed reader knows only by its feed) is taken from them. Raises ConfigError with all mistakes.
    """
    accounts = tuple(known)
    return read_csv(source, accounts) if form == "csv" else read_opml(source, accounts)
