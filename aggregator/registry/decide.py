"""Decisions written into `editorial.toml`: comments, order and layout stay as people left them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import cast

import tomlkit
from tomlkit.items import AoT, Table

from aggregator.errors import ConfigError
from aggregator.registry.edit import replace_file
from aggregator.registry.editorial import parse_editorial, read_editorial_text
from aggregator.registry.faults import Fault, describe_faults
from aggregator.registry.lines import find_blocks

_TABLE = "withdraw"


def write_withdrawal(file: Path, story: str, entry: Mapping[str, str | datetime]) -> None:
    """Append an entry `[[withdraw]]`, or replace what that of the same `story` (an id) says; empty values are left out.

    The file is replaced at once or not at all. Raises ConfigError, without a change, if it is wrong already.
    """
    text = read_editorial_text(file)
    if isinstance(text, Fault):
        raise describe_faults([text], file)
    text = text or ""
    _, faults = parse_editorial(text)
    if faults:
        raise describe_faults(faults, file)
    document, table = _make_table(entry)
    for block in find_blocks(text, _TABLE):
        known = tomlkit.parse(text[block.start : block.end] + "\n")
        former = cast(AoT, known[_TABLE])[0]
        if story in str(former.get("story", "")):
            _update_table(former, table)
            changed = text[: block.start] + tomlkit.dumps(known).rstrip() + text[block.end :]
            break
    else:
        changed = (text.rstrip() + "\n\n" if text.strip() else "") + tomlkit.dumps(document).rstrip() + "\n"
    if "\r\n" in text:
        changed = changed.replace("\r\n", "\n").replace("\n", "\r\n")
    _, faults = parse_editorial(changed)
    if faults:
        raise describe_faults(faults, file)
    try:
        replace_file(file, changed)
    except OSError as error:
        raise ConfigError(f"文件写不进去：{error.strerror}。", "检查文件的写入权限。", file=file) from error


def _make_table(entry: Mapping[str, str | datetime]) -> tuple[tomlkit.TOMLDocument, Table]:
    table = tomlkit.table()
    for key, value in entry.items():
        if value:
            table[key] = value
    document = tomlkit.document()
    document[_TABLE] = tomlkit.aot()
    cast(AoT, document[_TABLE]).append(table)
    return document, table


def _update_table(former: Table, table: Table) -> None:
    for key in [key for key in former if key not in table]:
        del former[key]
    for key, value in table.items():
        if key != "story":
            former[key] = value
