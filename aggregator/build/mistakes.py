"""What is wrong with pelicanconf.py as Python, in words for whoever filled it in: no programmer."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from aggregator.errors import ConfigError

_CHINESE_MARKS = re.compile("[“”‘’＝，。；：（）［］【】、　]")
_TEXT = re.compile(r"'[^'\\\n]*'|\"[^\"\\\n]*\"")
_NO_UTF_8 = "codec can't decode"
_NEVER_CLOSED = re.compile(r"'([(\[{])' was never closed")


def explain_mistake(error: Exception, config: Path) -> ConfigError:
    """`error` is what running the file raised."""
    line = _find_line(error, config)
    message, remedy = _explain(error)
    return ConfigError(message, remedy, file=config, line=line)


def _explain(error: Exception) -> tuple[str, str]:
    match error:
        case SyntaxError(msg=msg) if _NO_UTF_8 in msg:
            return "这个文件不是 UTF-8 编码。", "用记事本打开，另存为，编码选 UTF-8。"
        case SyntaxError(text=str(text), msg=msg):
            return f"这一行写得不对：{text.strip()}", _find_remedy(text, msg)
        case NameError(name=name):
            return f"“{name}”没有加引号，或者名称写错了。", '文字要放在英文双引号里，如 SITENAME = "示例市发布"。'
        case ModuleNotFoundError(name=name):
            return f"这一行用的 {name} 没有安装。", "删去这一行，或请技术人员安装。"
    return f"这一行运行不下去：{error}", "按这一行改正，或恢复上一版。"


def _find_remedy(text: str, detail: str) -> str:
    # Within quotation marks they are what is meant.
    if _CHINESE_MARKS.search(_TEXT.sub("", text)):
        return "引号、逗号、括号和空格要用英文半角的。"
    if unclosed := _NEVER_CLOSED.search(detail):
        return f"从这一行起，“{unclosed[1]}”没有对应的右括号，补上一个。"
    if "indent" in detail:
        return "删去这一行开头的空格；上一行没写完的，先补完整。"
    if "string literal" in detail:
        return "这一行的引号少了一个，补上。"
    return "检查引号、逗号和括号是否成对、齐全，文字要放在英文双引号里；上一行也看一看。"


def _find_line(error: Exception, config: Path) -> int | None:
    if isinstance(error, SyntaxError):
        return None if _NO_UTF_8 in error.msg else error.lineno
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(config)]
    return frames[-1].lineno if frames else None
