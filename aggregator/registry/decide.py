"""Decisions written into `editorial.toml`: comments, order and layout stay as people left them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

import tomlkit
from tomlkit.items import AoT, Table

from aggregator.errors import ConfigError
from aggregator.model import ChoiceKind
from aggregator.registry.choices import CHOICES
from aggregator.registry.edit import replace_file
from aggregator.registry.editorial import parse_editorial, read_editorial_text
from aggregator.registry.faults import Fault, describe_faults
from aggregator.registry.lines import find_blocks

_TABLE = "withdraw"

Values = Mapping[str, str | datetime]
"""Key -> value of one entry; empty values are left out."""


def append_choices(file: Path, kind: ChoiceKind, entries: Sequence[Values]) -> None:
    """Append entries `[[accept]]`, `[[reject]]` or `[[edit]]`, in one write.

    What stands there is not read again: there may be ten thousand entries, and who decides has just read the file.
    Raises ConfigError, without a change, if the file cannot be read or written.
    """
    text = _read_text(file)
    added = "\n".join(tomlkit.dumps(_make_table(kind, entry)[0]).rstrip() + "\n" for entry in entries)
    _, faults = parse_editorial(added)
    if faults:
        raise describe_faults(faults)
    _write_text(file, text, _append(text, added))


def write_withdrawal(file: Path, story: str, entry: Values) -> None:
    """Append an entry `[[withdraw]]`, or replace what that of the same `story` (an id) says; empty values are left out.

    The file is replaced at once or not at all. Raises ConfigError, without a change, if it is wrong already.
    """
    text = _read_text(file)
    _, faults = parse_editorial(text)
    if faults:
        raise describe_faults(faults, file)
    document, table = _make_table(_TABLE, entry)
    for block in find_blocks(text, _TABLE):
        known = tomlkit.parse(text[block.start : block.end] + "\n")
        former = cast(AoT, known[_TABLE])[0]
        if story in str(former.get("story", "")):
            _update_table(former, table)
            changed = text[: block.start] + tomlkit.dumps(known).rstrip() + text[block.end :]
            break
    else:
        changed = _append(text, tomlkit.dumps(document).rstrip() + "\n")
    _, faults = parse_editorial(changed)
    if faults:
        raise describe_faults(faults, file)
    _write_text(file, text, changed)


def rename_in_choices(file: Path, old: str, new: str) -> None:
    """Let the entries about single posts of account `old` be about those of `new`. Raises ConfigError."""
    text = _read_text(file)
    named = re.compile(rf"""^([ \t]*post[ \t]*=[ \t]*["']){re.escape(old)}:""", re.MULTILINE)
    changed = text
    for block in sorted((block for kind in CHOICES for block in find_blocks(text, kind)), key=lambda one: -one.start):
        renamed = named.sub(rf"\g<1>{new}:", text[block.start : block.end])
        changed = changed[: block.start] + renamed + changed[block.end :]
    if changed != text:
        _write_text(file, text, changed)


def _read_text(file: Path) -> str:
    text = read_editorial_text(file)
    if isinstance(text, Fault):
        raise describe_faults([text], file)
    return text or ""


def _append(text: str, added: str) -> str:
    return (text.rstrip() + "\n\n" if text.strip() else "") + added


def _write_text(file: Path, before: str, changed: str) -> None:
    """Replace the file, with the line ends it had."""
    if "\r\n" in before:
        changed = changed.replace("\r\n", "\n").replace("\n", "\r\n")
    try:
        replace_file(file, changed)
    except OSError as error:
        raise ConfigError(f"文件写不进去：{error.strerror}。", "检查文件的写入权限。", file=file) from error


def _make_table(name: str, entry: Values) -> tuple[tomlkit.TOMLDocument, Table]:
    table = tomlkit.table()
    for key, value in entry.items():
        if value:
            table[key] = value
    document = tomlkit.document()
    document[name] = tomlkit.aot()
    cast(AoT, document[name]).append(table)
    return document, table


def _update_table(former: Table, table: Table) -> None:
    for key in [key for key in former if key not in table]:
        del former[key]
    for key, value in table.items():
        if key != "story":
            former[key] = value
