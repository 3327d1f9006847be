"""The registry: `accounts.toml`, the OPML and CSV in which accounts travel, and staff's `editorial.toml`.

accounts.toml -> load_registry -> Registry -> export_opml | export_csv
OPML, CSV -> import_accounts -> Accounts -> add_accounts -> accounts.toml
editorial.toml -> read_editorial_text -> parse_editorial -> Editorial, Faults
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregator.registry.choices import blank_choices
    from aggregator.registry.decide import append_choices, rename_in_choices, write_withdrawal
    from aggregator.registry.edit import AddedAccounts, add_accounts, rename_account
    from aggregator.registry.editorial import parse_editorial, read_editorial_text
    from aggregator.registry.exchange import Format, import_accounts
    from aggregator.registry.faults import Fault
    from aggregator.registry.load import load_registry
    from aggregator.registry.opml import export_opml
    from aggregator.registry.sheet import export_csv

_MODULES = {
    "AddedAccounts": "edit",
    "Fault": "faults",
    "Format": "exchange",
    "add_accounts": "edit",
    "append_choices": "decide",
    "blank_choices": "choices",
    "export_csv": "sheet",
    "export_opml": "opml",
    "import_accounts": "exchange",
    "load_registry": "load",
    "parse_editorial": "editorial",
    "read_editorial_text": "editorial",
    "rename_account": "edit",
    "rename_in_choices": "decide",
    "write_withdrawal": "decide",
}

__all__ = [
    "AddedAccounts",
    "Fault",
    "Format",
    "add_accounts",
    "append_choices",
    "blank_choices",
    "export_csv",
    "export_opml",
    "import_accounts",
    "load_registry",
    "parse_editorial",
    "read_editorial_text",
    "rename_account",
    "rename_in_choices",
    "write_withdrawal",
]


def __getattr__(name: str) -> object:
    """Import what is asked for: a build reads accounts.toml and has no use for what writes it."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
