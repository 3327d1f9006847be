"""init: a new site that builds at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from aggregator.cli.context import json_option, print_json
from aggregator.errors import ConfigError

STARTER = Path(__file__).resolve().parent.parent / "starter"
"""The example site that comes with the program."""

PREVIEW = "预览.cmd"
"""What staff on Windows double-click."""


@click.command(help="新建一个站点文件夹，里面有示例账号和稿件，马上可以发布。")
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
@json_option
def init(folder: Path, as_json: bool) -> int:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} 已经存在，而且不是空文件夹。", "换一个名字，或先清空它。")
    shutil.copytree(STARTER, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    # Kept without its dot in the package, where it would hide files of the package itself.
    (folder / "gitignore").rename(folder / ".gitignore")
    # Archives and old file systems may lose a Chinese name.
    (folder / "preview.cmd").rename(folder / PREVIEW)
    files = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    if as_json:
        print_json({"folder": str(folder), "files": files})
    else:
        click.echo(
            f"已建好站点 {folder}。接下来：\n"
            f"  matrix -C {folder} publish      发布，然后打开 {folder / 'output' / 'index.html'}\n"
            f"  {folder / 'content' / 'registry' / 'accounts.toml'}   登记账号\n"
            f"  {folder / 'content'}   放稿件\n"
            f"  {folder / PREVIEW}   发布前先看：在 Windows 上双击，别处运行 matrix -C {folder} preview\n"
            f"  {folder / 'pelicanconf.py'}   改站名、网址、页脚"
        )
    return 0
