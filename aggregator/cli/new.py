"""new: a draft out of a template, opened in the editor."""

from __future__ import annotations

import os
import secrets
import shlex
import subprocess
import sys
from pathlib import Path

import click

from aggregator.cli.context import Workplace, json_option, print_json, read_clock
from aggregator.drafts.new import KINDS, create_draft, find_kind, make_number
from aggregator.errors import ConfigError

_TOKEN = 6
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another when they are read out."""


@click.command(
    help="新建一篇稿件：按类型放好文件夹，写好编号和说明，再用编辑器打开。\n\n"
    f"类型：{'、'.join(f'{kind.name}（{kind.label}）' for kind in KINDS)}。"
)
@click.argument("word", metavar="类型")
@click.argument("title", metavar="标题")
@click.option("--no-edit", is_flag=True, help="不打开编辑器。")
@json_option
@click.pass_obj
def new(place: Workplace, word: str, title: str, no_edit: bool, as_json: bool) -> int:
    kind = find_kind(word)
    if kind is None:
        raise ConfigError(f"没有“{word}”这种稿件。", f"可以用：{'、'.join(f'{k.name}（{k.label}）' for k in KINDS)}。")
    heading = " ".join(title.split())
    if not heading:
        raise ConfigError("标题是空的。", f'写上标题，例如：matrix new {kind.name} "关于停水的通知"')
    content = place.site.content
    if not content.is_dir():
        raise ConfigError(f"{place.site.root} 不是站点文件夹。", "先进入站点文件夹，或用 matrix -C 站点文件夹 new …。")
    now = read_clock()
    number = make_number(kind, "".join(secrets.choice(_LETTERS) for _ in range(_TOKEN)), now=now)
    try:
        file = create_draft(content, kind, heading, number, now=now)
    except OSError as error:
        raise ConfigError(
            f"稿件写不进去（{error.strerror}）。", f"请检查文件夹 {content / kind.folder} 的权限。"
        ) from None
    if as_json:
        print_json({"file": file.relative_to(place.site.root).as_posix(), "number": number})
        return 0
    click.echo(f"已新建 {file}\n  编号：{number}\n  写好以后运行 matrix publish 发布。")
    if not no_edit and not open_editor(file):
        click.echo("  编辑器没有打开，请自己打开这个文件。")
    return 0


def open_editor(file: Path) -> bool:
    """Open `file` where there is an editor; False where it could not be started."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    try:
        if editor:
            # With options as shells have them: "code --wait".
            command = [*shlex.split(editor, posix=os.name != "nt"), str(file)]
            subprocess.run(command, check=True)  # noqa: S603 - staff's own setting, and no shell reads the file's name
        elif sys.platform == "win32":
            # The program that this Windows opens .md files with.
            return click.launch(str(file)) == 0
    except (OSError, ValueError, subprocess.CalledProcessError):
        return False
    return True
