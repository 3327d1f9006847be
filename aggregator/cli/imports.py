"""import: an existing archive into an account, once."""

from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path

import click

from aggregator import pipeline
from aggregator.cli.context import TerminalProgress, Workplace, json_option, print_json, read_clock
from aggregator.errors import ConfigError
from aggregator.model import LOCAL_ACCOUNT, ImportReport

logger = logging.getLogger(__name__)

LEFT_OUT = 1
"""Exit status: done, but something in the archive could not be taken."""

NAMED = 5
"""Undated posts named; --json has all."""

SHOWN = 20
"""Problems printed; the log and --json have all."""


@click.command("import", help="把已有的旧文章一次性导入一个账号：文件夹、zip、CSV，或旧网站导出的订阅源文件。")
@click.argument("account", metavar="编号")
@click.argument("path", metavar="路径", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只看会导入什么，不保存。")
@click.option("--undated", is_flag=True, help="没有日期的也导入，按今天收录；不加则跳过。")
@json_option
@click.pass_obj
def import_command(place: Workplace, account: str, path: Path, dry_run: bool, undated: bool, as_json: bool) -> int:
    place.load_settings()
    registry, now = place.load_registry(), read_clock()
    into = registry.account(account)
    if into is None:
        raise ConfigError(f"账号 {account} 不在登记表里。", "先把它写进 content/registry/accounts.toml。")
    if into.id == LOCAL_ACCOUNT:
        raise ConfigError("本站自己的稿件不用导入。", "直接放进 content/ 下对应的文件夹。")
    if not path.exists():
        raise ConfigError(f"找不到 {path}。", "检查路径是否写对。")
    with place.open_locked() as store, TerminalProgress() as progress:
        report = pipeline.import_archive(
            place.site, registry, into, path, store, now, progress, undated=undated, dry_run=dry_run
        )
        _log(report, path, dry_run)
    if as_json:
        print_json({"path": str(path), "dry_run": dry_run, **asdict(report)})
    else:
        _print(report, into.name, path, dry_run)
    return LEFT_OUT if report.problems or report.undated else 0


def _print(report: ImportReport, name: str, path: Path, dry_run: bool) -> None:
    span = f"，日期从 {report.earliest} 到 {report.latest}" if report.earliest else ""
    click.echo(f"{path}：读了 {report.files} 个文件{span}")
    held = f"，待审核 {report.posts_held}" if report.posts_held else ""
    done = "将会" if dry_run else "已经"
    click.echo(
        f"{done}导入到 {name}({report.account})：新增 {report.posts_new} 篇，修改 {report.posts_changed}，"
        f"原来就有 {report.posts_known}{held}"
    )
    if report.undated:
        titles = "、".join(f"“{title}”" for title in report.undated_titles[:NAMED])
        click.echo(
            f"没有日期的 {report.undated} 篇没有导入：{titles}{'等' if report.undated > NAMED else ''}。\n"
            "    办法：在文件里写“发布时间：2020-05-01”，或写在文件名开头；确定要按今天收录的，加 --undated。"
        )
    if report.problems:
        click.echo("没有读进来的、或缺了东西的：")
        for problem in report.problems[:SHOWN]:
            click.echo(f"  {problem}")
        if len(report.problems) > SHOWN:
            click.echo(f"  此外还有 {len(report.problems) - SHOWN} 处，见 .matrix/logs/matrix.log")
    click.echo("这是试运行，什么也没有保存。" if dry_run else "运行 matrix publish 把它们归并、发布。")


def _log(report: ImportReport, path: Path, dry_run: bool) -> None:
    logger.info("import of %s%s: %s", path, " (dry run)" if dry_run else "", asdict(report) | {"problems": ()})
    for problem in report.problems:
        logger.warning("import of %s: %s", path, problem)
