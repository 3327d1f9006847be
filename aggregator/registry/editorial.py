"""`editorial.toml` -> Editorial, or one error that names every mistake with its line and remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path

from aggregator.errors import ConfigError
from aggregator.model import Editorial
from aggregator.registry.faults import Fault, describe_faults, suggest_word
from aggregator.registry.lines import find_blocks, find_line
from aggregator.registry.load import explain_syntax
from aggregator.registry.rulings import TABLES, read_rulings


def load_editorial(file: Path) -> Editorial:
    """Staff's decisions; none where there is no such file. Raises ConfigError with every mistake at once."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Editorial()
    except OSError as error:
        raise ConfigError(f"文件读不出来：{error.strerror}。", "检查文件的读取权限。", file=file) from None
    except UnicodeDecodeError:
        raise ConfigError("文件不是 UTF-8 编码。", "用编辑器“另存为”，编码选 UTF-8。", file=file) from None
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise explain_syntax(text, str(error), file) from None
    rulings, faults = read_rulings(document, text)
    unknown = tuple(_find_unknown_table(text, key) for key in document if key not in TABLES)
    if faults or unknown:
        raise describe_faults((*unknown, *faults), file)
    return Editorial(rulings)


def _find_unknown_table(text: str, key: str) -> Fault:
    suggestion = suggest_word(key, TABLES)
    remedy = f"是不是想写 [[{suggestion}]]" if suggestion else f"可用的有：{'、'.join(f'[[{one}]]' for one in TABLES)}"
    return Fault(f"不认识的项 {key}", remedy, line=find_line(text, find_blocks(text, key), 0))
