"""backup and restore: what must not be lost."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from aggregator.cli.context import Workplace, json_option, print_json, read_clock
from aggregator.errors import ConfigError
from aggregator.pipeline import hold_lock
from aggregator.store import restore_backup

_FILE = click.Path(path_type=Path)


@click.command(help="把存储（文章、历次修改、永久地址、决定记录，存下的图片和附件）备份到一个文件。")
@click.argument("file", metavar="文件", type=_FILE)
@json_option
@click.pass_obj
def backup(place: Workplace, file: Path, as_json: bool) -> int:
    place.load_settings()
    if not place.site.store.is_file():
        raise ConfigError("这个站点还没有收取过内容，没有什么可备份。", "先运行 matrix publish。")
    with place.open_locked() as store:
        report = store.back_up(file.resolve(), read_clock())
    if as_json:
        print_json({"file": str(file), **asdict(report)})
    else:
        click.echo(
            f"已备份到 {file}（{report.bytes / 1024 / 1024:.1f} MB，"
            f"其中图片和附件 {report.files} 个，{report.files_bytes / 1024 / 1024:.1f} MB）。请另存一份到别的机器。"
        )
    return 0


@click.command(help="从备份文件恢复存储；现有的存储会改名留在旁边，不会丢失。")
@click.argument("file", metavar="文件", type=_FILE)
@json_option
@click.pass_obj
def restore(place: Workplace, file: Path, as_json: bool) -> int:
    place.load_settings()
    with hold_lock(place.site):
        kept = restore_backup(file.resolve(), place.site.store, read_clock())
    if as_json:
        print_json({"file": str(file), "kept": str(kept) if kept else None})
    else:
        click.echo("已恢复。" + (f"原来的存储留在 {kept}。" if kept else "") + "运行 matrix publish 重新生成网站。")
    return 0
