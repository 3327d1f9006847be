"""The registry: `accounts.toml`, the OPML and CSV in which accounts travel, and `editorial.toml`.

accounts.toml -> load_registry -> Registry -> export_opml | export_csv
OPML, CSV -> import_accounts -> Accounts -> add_accounts -> accounts.toml
editorial.toml -> load_editorial -> Editorial
"""

from aggregator.registry.edit import AddedAccounts, add_accounts, rename_account
from aggregator.registry.editorial import load_editorial
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
    "load_editorial",
    "load_registry",
    "rename_account",
]
