"""Accounts written into `accounts.toml`: comments, order and layout stay as people left them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import cast

import tomlkit
from tomlkit.items import AoT, Array, Table

from aggregator.errors import ConfigError
from aggregator.model import Account
from aggregator.registry.lines import Block, find_blocks
from aggregator.registry.load import parse_registry, read_text


@dataclass(frozen=True, slots=True)
class AddedAccounts:
    """What became of the accounts given: their ids, in their order."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def add_accounts(file: Path, accounts: Iterable[Account]) -> AddedAccounts:
    """Append accounts to `accounts.toml`; one whose id is there already gets the values given here.

    The file is replaced at once or not at all. Raises ConfigError, without a change, if the file is wrong
    already or would be wrong afterwards.
    """
    text = read_text(file)
    registry = parse_registry(text, file)
    blocks = {_read_id(text, block): block for block in find_blocks(text, "account")}
    added: list[Account] = []
    updated: list[tuple[Block, Account, Account]] = []
    unchanged: list[str] = []
    for account in accounts:
        before = registry.account(account.id)
        if before == account:
            unchanged.append(account.id)
        elif before and account.id in blocks:
            updated.append((blocks[account.id], before, account))
        else:
            added.append(account)
    if added or updated:
        _write_checked(file, text, _append_accounts(_edit_blocks(text, updated), added))
    return AddedAccounts(
        tuple(account.id for account in added), tuple(account.id for _, _, account in updated), tuple(unchanged)
    )


def _read_id(text: str, block: Block) -> str:
    return str(_parse_block(text, block)[1].get("id", "")).strip()


def _parse_block(text: str, block: Block) -> tuple[tomlkit.TOMLDocument, Table]:
    # A block at a time: given the whole file, tomlkit moves what stands between two [[account]] to the end.
    document = tomlkit.parse(text[block.start : block.end] + "\n")
    return document, cast(AoT, document["account"])[0]


def _edit_blocks(text: str, updated: Iterable[tuple[Block, Account, Account]]) -> str:
    # From the last to the first, so that the offsets of those still to come hold.
    for block, before, account in sorted(updated, key=lambda change: change[0].start, reverse=True):
        document, table = _parse_block(text, block)
        for field in fields(Account):
            value = getattr(account, field.name)
            if value != getattr(before, field.name):
                _set_value(table, field.name, value)
        text = text[: block.start] + tomlkit.dumps(document).rstrip() + text[block.end :]
    return text


def _set_value(table: Table, key: str, value: str | int | tuple[str, ...]) -> None:
    if not isinstance(value, tuple):
        table[key] = value
        return
    array = table.get(key)
    if isinstance(array, Array):
        # Item by item, so that the comments of those that stay survive.
        for feed in [str(feed) for feed in array if str(feed) not in value]:
            array.remove(feed)
        for feed in value:
            if feed not in array:
                array.append(feed)
    if table.get(key) != list(value):
        table[key] = _make_array(value)


def _make_array(values: tuple[str, ...]) -> Array:
    array = tomlkit.array()
    array.extend(values)
    return array.multiline(len(values) > 1)


def _append_accounts(text: str, added: Iterable[Account]) -> str:
    for account in added:
        table = tomlkit.table()
        for field in fields(Account):
            value = getattr(account, field.name)
            if field.default is MISSING or value != field.default:
                table[field.name] = _make_array(value) if isinstance(value, tuple) else value
        document = tomlkit.document()
        document["account"] = tomlkit.aot()
        cast(AoT, document["account"]).append(table)
        text = (text.rstrip() + "\n\n" if text.strip() else "") + tomlkit.dumps(document).rstrip() + "\n"
    return text


def _check_result(text: str, file: Path) -> None:
    try:
        parse_registry(text, file)
    except ConfigError as error:
        raise ConfigError(
            f"这样改会使账号表出错，文件没有改动（行号指写入以后的文件）：\n{error.message}", error.remedy
        ) from None


def replace_file(file: Path, text: str) -> None:
    """Write a text file at once or not at all."""
    # A symbolic link stays one: its target is replaced.
    target = file.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(text.encode())
            out.flush()
            os.fsync(out.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        else:
            temporary.chmod(0o644)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def rename_account(file: Path, old: str, new: str) -> None:
    """Give an account of `accounts.toml` another id, and name it so where it is a successor.

    The file is replaced at once or not at all. Raises ConfigError, without a change, if `old` is unknown or the
    file would be wrong afterwards.
    """
    text = read_text(file)
    blocks = find_blocks(text, "account")
    if all(_read_id(text, block) != old for block in blocks):
        raise ConfigError(f"账号 {old} 不在登记表里。", "用 matrix accounts export 查看全部账号的编号。", file=file)
    changed = text
    for block in sorted(blocks, key=lambda one: one.start, reverse=True):
        document, table = _parse_block(text, block)
        touched = [key for key in ("id", "successor") if str(table.get(key, "")).strip() == old]
        for key in touched:
            table[key] = new
        if touched:
            changed = changed[: block.start] + tomlkit.dumps(document).rstrip() + changed[block.end :]
    _write_checked(file, text, changed)


def _write_checked(file: Path, before: str, changed: str) -> None:
    """Replace the file, with the line ends it had, if the registry would still be right."""
    if "\r\n" in before:
        changed = changed.replace("\r\n", "\n").replace("\n", "\r\n")
    _check_result(changed, file)
    replace_file(file, changed)
