"""What click says, in Chinese: help pages and mistakes of the command line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

_HEADINGS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}
_OWN_HELP = {"Show this message and exit.": "显示这份说明。", "Show the version and exit.": "显示版本。"}
_PLACES = (("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]...", "命令 [参数]..."))

_VALUE = re.compile(r"'([^']*)'")


class _ChineseHelp(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for english, chinese in _PLACES:
            args = args.replace(english, chinese)
        super().write_usage(prog, args, "用法：" if prefix is None else prefix)

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(_HEADINGS.get(name, name)):
            yield

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(term, _OWN_HELP.get(text, text)) for term, text in rows], col_max, col_spacing)


class ChineseContext(click.Context):
    formatter_class = _ChineseHelp


def speak_chinese(command: click.Command) -> None:
    """Let a command's help, and that of all below it, be in Chinese."""
    command.context_class = ChineseContext
    if isinstance(command, click.Group):
        for one in command.commands.values():
            speak_chinese(one)


def explain_usage(error: click.UsageError) -> tuple[str, str]:
    """What is wrong with a command line, and what to do about it."""
    command = error.ctx.command_path if error.ctx else "matrix"
    remedy = f"用 {command} --help 查看用法。"
    match error:
        case click.NoSuchOption():
            names = [name for one in _list_options(error.ctx) for name in one.opts]
            return f"没有 {error.option_name} 这个选项。", _suggest(error.option_name, names) + remedy
        case click.exceptions.NoSuchCommand():
            group = error.ctx.command if error.ctx else None
            names = group.list_commands(error.ctx) if isinstance(group, click.Group) and error.ctx else []
            return f"没有 {error.command_name} 这个命令。", _suggest(error.command_name, names) + remedy
        case click.MissingParameter():
            return f"少写了{_name(error.param)}。", remedy
        case click.BadOptionUsage():
            return f"{error.option_name} 后面要写的内容不对，或者没有写。", remedy
        case click.BadParameter():
            value = _VALUE.search(error.message)
            said = f"“{value[1]}”" if value else "这样"
            return f"{_name(error.param)} 不能写成{said}。", _describe_type(error.param) + remedy
    message = error.format_message()
    if extra := re.fullmatch(r"Got unexpected extra arguments? \((.*)\)\.?", message):
        return f"多写了“{extra[1]}”。", f"名称里有空格的，要放在双引号里。{remedy}"
    if message.startswith("Missing command"):
        return "少写了命令。", remedy
    return message, remedy


def _list_options(context: click.Context | None) -> list[click.Option]:
    parameters = context.command.get_params(context) if context else []
    return [one for one in parameters if isinstance(one, click.Option)]


def _suggest(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"是不是想写 {near[0]}？" if near else ""


def _name(parameter: click.Parameter | None) -> str:
    if isinstance(parameter, click.Option):
        return f"选项 {parameter.opts[0]}"
    return f"“{parameter.human_readable_name}”" if parameter else "一项"


def _describe_type(parameter: click.Parameter | None) -> str:
    kind = parameter.type if parameter else None
    match kind:
        case click.Choice():
            return f"可以写：{'、'.join(map(str, kind.choices))}。"
        case click.FloatRange() | click.IntRange():
            least = f"不小于 {kind.min} 的" if kind.min is not None else ""
            return f"请写{least}数字。"
        case click.types.FloatParamType() | click.types.IntParamType():
            return "请写数字。"
    return ""
