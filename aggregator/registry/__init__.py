"""The registry: `accounts.toml`, and the OPML and CSV in which accounts travel.

accounts.toml -> load_registry -> Registry -> export_opml | export_csv
OPML, CSV -> import_accounts -> Accounts -> add_accounts -> accounts.toml
"""

from aggregator.registry.edit import AddedAccounts, add_accounts, rename_account
from aggregator.registry.exchange import Format, import_accounts
from aggregator.registry.load import load_registry
from aggregator.registry.opml import export_opml
from aggregator.registry.sheet import export_csv

__all__ = [
    "AddedAccounts",
    "Format",
    "add_accounts",
    "export_csv",
    "export_opml",
    "import_accounts",
    "load_registry",
    "rename_account",
]
