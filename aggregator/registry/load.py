"""`accounts.toml` -> Registry, or one error that names every mistake with its line and remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from aggregator.errors import ConfigError
from aggregator.model import LOCAL_ACCOUNT, Account, Registry
from aggregator.registry.accounts import DEFAULT_LOCAL, check_account
from aggregator.registry.addresses import is_web_address, leaves_site
from aggregator.registry.conflicts import find_conflicts
from aggregator.registry.faults import Fault, describe_faults, suggest_word
from aggregator.registry.lines import find_blocks, find_line
from aggregator.registry.settings import check_settings, check_stories
from aggregator.registry.syntax import read_toml

_TABLES = ("account", "fetch", "stories")


def load_registry(file: Path) -> Registry:
    """The accounts and fetch settings of `accounts.toml`; the account `local` is added if it is not declared.

    Raises ConfigError with every mistake at once. A local feed that does not exist is none: the fetch tells.
    """
    return parse_registry(read_text(file), file)


def read_text(file: Path) -> str:
    """The file's text with its line ends as they are. Raises ConfigError."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise ConfigError("找不到账号表。", "在站点文件夹里运行，或用 matrix init 新建站点。", file=file) from None
    except OSError as error:
        raise ConfigError(f"账号表读不出来：{error.strerror}。", "检查文件的读取权限。", file=file) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError("账号表不是 UTF-8 编码。", "用编辑器“另存为”，编码选 UTF-8。", file=file, line=line) from None


def parse_registry(text: str, file: Path) -> Registry:
    """The registry that `text` states, were it the content of `file`."""
    document = read_toml(text)
    if isinstance(document, Fault):
        raise describe_faults([document], file)
    faults = [_find_unknown_table(text, key) for key in document if key not in _TABLES]
    tables = document.get("account", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.append(
            Fault(
                "account 应当是一组表",
                "每个账号以 [[account]] 开头，两层方括号",
                line=find_line(text, find_blocks(text, "account"), 0),
            )
        )
        tables = []
    accounts, account_faults = _check_accounts(text, tables, file)
    settings, wrong = check_settings(document.get("fetch", {}))
    stories, wrong_stories = check_stories(document.get("stories", {}))
    faults += account_faults
    for name, ones in (("fetch", wrong), ("stories", wrong_stories)):
        blocks = find_blocks(text, name)
        faults += [replace(fault, line=find_line(text, blocks, 0, fault.key)) for fault in ones]
    if faults:
        raise describe_faults(faults, file)
    if all(account.id != LOCAL_ACCOUNT for account in accounts):
        accounts = (*accounts, DEFAULT_LOCAL)
    return Registry(accounts, settings, stories)


def _find_unknown_table(text: str, key: str) -> Fault:
    suggestion = suggest_word(key, _TABLES)
    remedy = f"是不是想写 {suggestion}" if suggestion else "账号表里只有 [[account]]、[fetch] 和 [stories]"
    blocks = find_blocks(text, key)
    line = find_line(text, blocks, 0)
    if line is None and (match := re.search(rf"^[ \t]*{re.escape(key)}[ \t]*[=.]", text, re.MULTILINE)):
        line = text.count("\n", 0, match.start()) + 1
    return Fault(f"不认识的项 {key}", remedy, line=line)


def _check_accounts(
    text: str, tables: Sequence[Mapping[str, object]], file: Path
) -> tuple[tuple[Account, ...], list[Fault]]:
    blocks = find_blocks(text, "account")
    accounts: list[tuple[int, Account]] = []
    faults: list[Fault] = []
    for index, table in enumerate(tables):
        account, wrong = check_account(table)
        found = list(wrong)
        if account:
            accounts.append((index, account))
            found += _find_outside_feeds(account, file)
        faults += [_locate_fault(fault, find_line(text, blocks, index, fault.key), table) for fault in found]

    faults += find_conflicts(tables, accounts, lambda index, key: find_line(text, blocks, index, key))
    return tuple(account for _, account in accounts), faults


def _locate_fault(fault: Fault, line: int | None, table: Mapping[str, object]) -> Fault:
    name = table.get("id") or table.get("name")
    message = f"账号“{name}”：{fault.message}" if isinstance(name, str) and fault.key != "id" else fault.message
    return replace(fault, message=message, line=line)


def _find_outside_feeds(account: Account, file: Path) -> list[Fault]:
    """The site is the parent of `content/`: SITE/content/registry/accounts.toml."""
    folder = file.absolute().parent
    site = folder.parents[min(1, len(folder.parents) - 1)] if folder.parents else folder
    return [
        Fault(
            f"feeds（订阅源）“{feed}”在站点文件夹之外",
            "把文件放进站点文件夹（例如 content/registry/feeds/），写相对 accounts.toml 的路径",
            "feeds",
        )
        for feed in account.feeds
        if not is_web_address(feed) and leaves_site(feed, folder, site)
    ]
