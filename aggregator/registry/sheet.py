"""Accounts as a spreadsheet: CSV with Chinese columns, as Excel reads and writes it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from aggregator.errors import ConfigError
from aggregator.model import Account, Registry
from aggregator.registry.accounts import FIELDS, check_account
from aggregator.registry.faults import Fault, describe_faults, suggest_word
from aggregator.registry.words import LABELS, read_flag, read_value, translate_value, write_word

BOM = "\ufeff"
"""Without it, Excel on Windows reads UTF-8 as GBK."""

_FORMULA = re.compile("'*[=+@＝＋－＠-]")
"""What a spreadsheet would run as a formula (OWASP, CSV Injection); earlier quotes count, so that ours comes off
again without taking one that was there."""

_SAVE_AS = "在 Excel 里另存为“CSV UTF-8（逗号分隔）”，保留第一行的列名"


def export_csv(registry: Registry) -> str:
    """One row an account, in the registry's order. Begins with a BOM; lines end in CRLF: write it as UTF-8 bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(LABELS.values())
    for account in registry.accounts:
        writer.writerow([_write_cell(key, value) for key, value in asdict(account).items() if key in LABELS])
    return BOM + out.getvalue()


def _write_cell(key: str, value: object) -> str:
    text = " ".join(value) if isinstance(value, tuple) else translate_value(key, write_word(value))
    # An integer's minus sign is no formula.
    return f"'{text}" if _FORMULA.match(text) and not isinstance(value, int) else text


def read_csv(source: str | bytes, known: Sequence[Account] = ()) -> tuple[Account, ...]:
    """The accounts of a sheet. A column that is not there leaves the known account's value; an empty cell clears it."""
    reader = csv.reader(io.StringIO(_decode_sheet(source), newline=""), strict=True)
    before = {account.id: account for account in known}
    accounts: list[Account] = []
    faults: list[Fault] = []
    lines: dict[str, int] = {}
    try:
        keys = _read_header(next(reader, []))
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            line = reader.line_num
            account, wrong = _read_row(keys, row, before)
            if account and account.id in lines:
                wrong = (Fault(f"编号“{account.id}”与第 {lines[account.id]} 行重复", "每个账号只留一行"),)
            elif account:
                lines[account.id] = line
                accounts.append(account)
            faults += [Fault(fault.message, fault.remedy, line=line) for fault in wrong]
    except csv.Error:
        raise ConfigError(f"表格第 {reader.line_num} 行读不懂。", f"检查引号是否成对；{_SAVE_AS}。") from None
    if faults:
        raise describe_faults(faults)
    return tuple(accounts)


def _decode_sheet(source: str | bytes) -> str:
    """Excel writes UTF-8 with a BOM when asked to, otherwise the system's GBK, of which GB18030 is the whole."""
    if isinstance(source, str):
        return source.removeprefix(BOM)
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return source.decode("gb18030")
    except UnicodeDecodeError:
        raise ConfigError("表格的编码既不是 UTF-8，也不是 GB18030。", f"{_SAVE_AS}。") from None


def _read_header(row: Sequence[str]) -> tuple[str, ...]:
    """The field of each column; "" for a column without a name."""
    labels = {label: key for key, label in LABELS.items()}
    names = [cell.strip() for cell in row]
    if "编号" not in names and "id" not in names:
        raise ConfigError("表格里没有“编号”这一列。", f"第一行应是列名：{'，'.join(labels)}；{_SAVE_AS}。")
    faults = []
    keys = tuple(labels.get(name, name) for name in names)
    for name, key in zip(names, keys, strict=True):
        if key and key not in FIELDS:
            suggestion = suggest_word(name, labels)
            remedy = f"是不是“{suggestion}”" if suggestion else "删去这一列；账号表不收它"
            faults.append(Fault(f"不认识的列“{name}”", remedy, line=1))
        elif key and keys.count(key) > 1:
            faults.append(Fault(f"“{name}”列出现了不止一次", "只留一列", line=1))
    if faults:
        raise describe_faults(faults)
    return keys


def _read_row(
    keys: Sequence[str], row: Sequence[str], known: Mapping[str, Account]
) -> tuple[Account | None, tuple[Fault, ...]]:
    if any(cell.strip() for cell in row[len(keys) :]) or any(
        cell.strip() for key, cell in zip(keys, row, strict=False) if not key
    ):
        return None, (Fault("这一行有内容落在没有列名的列里", "补上列名，或删去多余的格子"),)
    # A short row is one whose last cells are empty: some programs drop them.
    cells = [*row, *[""] * (len(keys) - len(row))]
    raw: dict[str, object] = {key: _read_cell(key, cell) for key, cell in zip(keys, cells, strict=False) if key}
    before = known.get(str(raw["id"]))
    if before:
        raw = {**asdict(before), **raw}
    # An empty cell is the field's default; a required field stays, to be reported as missing.
    kept = {key: value for key, value in raw.items() if value != "" or key in ("id", "region")}
    account, faults = check_account(kept)
    return account, faults


def _read_cell(key: str, cell: str) -> object:
    text = cell.replace("\r\n", "\n").strip()
    if _FORMULA.match(text) and text.startswith("'"):
        text = text[1:]
    if key == "feeds":
        return text.split()
    if key == "rank":
        try:
            return int(text) if text else ""
        except ValueError:
            return text
    if key == "mirror":
        return read_flag(read_value(key, text))
    return read_value(key, text)
