"""build."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

import click

from aggregator import pipeline
from aggregator.cli.context import TerminalProgress, Workplace, json_option, print_json, read_clock
from aggregator.model import BuildReport
from aggregator.store import Store
from aggregator.urls import read_handed_url

logger = logging.getLogger(__name__)


@click.command(help="用已收取的内容生成网站并上线：只生成有变动的页面。")
@click.option("--full", is_flag=True, help="全部页面重新生成一遍；平时不必用，结果与逐次生成的完全相同。")
@click.option("--verify", is_flag=True, help="核对网站的每个文件：丢失的、被改动的重新写出，多余的删去。")
@json_option
@click.pass_obj
def build(place: Workplace, full: bool, verify: bool, as_json: bool) -> int:
    with _without_collector(), place.call_crew(full=full) as crew:
        settings, now = place.load_settings(), read_clock()
        place.tell_oddities(settings)
        place.check_registry()
        with place.open_locked() as store:
            with TerminalProgress() as progress:
                report = pipeline.build(place.site, settings, store, now, progress, full=full, verify=verify, crew=crew)
            log_build(report)
            if as_json:
                with report_changes(store, report) as told:
                    print_json(told)
            else:
                print_build(report, place)
    return 0


@contextmanager
def _without_collector() -> Iterator[None]:
    """A build makes no cycles, and its process ends with it: that Python looks for some once it is done takes a
    twentieth of a full build.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def report_changes(store: Store, report: BuildReport) -> Iterator[dict[str, Any]]:
    """The build as JSON, with all that changed since the changes were last told so: what another command did, or a run
    that was killed. It is told once the block has ended.
    """
    changed, removed = store.unreported.list_paths()
    yield describe_build(replace(report, changed_paths=changed, removed_paths=removed))
    store.unreported.forget()


def describe_build(report: BuildReport) -> dict[str, Any]:
    return {**asdict(report), "seconds": dict(report.seconds)}


def print_build(report: BuildReport, place: Workplace) -> None:
    seconds = sum(seconds for _, seconds in report.seconds)
    click.echo(
        f"网站：写入 {report.rendered} 个文件，未变 {report.kept}，删除 {report.removed}；用时 {seconds:.1f} 秒\n"
        f"已上线：{place.site.output}"
    )
    if report.menu_left_out:
        click.echo(
            f"没有内容、暂不显示的菜单项：{'、'.join(report.menu_left_out)}\n"
            "    办法：有了内容会自动显示；不再需要的，从 pelicanconf.py 的 MENU、FOOTER 里删去。"
        )
    if report.broken_files:
        click.echo(
            f"存下的图片和附件里有 {len(report.broken_files)} 个已损坏或丢失，已经撤下，页面暂用原来的地址：\n"
            + "".join(f"    {_name_file(url)}\n" for url in report.broken_files)
            + "    办法：运行 matrix publish 重新收取；坏的文件留在 .matrix/files/broken，来源已经没有的，从备份里取。"
        )
    if report.hub_failure:
        click.echo(
            f"网站已经上线，只是没有通知到推送服务器（WEBSUB_HUB）：{report.hub_failure}\n"
            "    办法：不必重新发布，订阅者稍后自己会来取，下次发布时会补上通知；一直这样，请核对 pelicanconf.py 里 "
            "WEBSUB_HUB 的地址，不用了就删去这一行。"
        )


def _name_file(url: str) -> str:
    _, path = read_handed_url(url) or ("", url)
    return path


def log_build(report: BuildReport) -> None:
    logger.info("build: rendered %d, kept %d, removed %d", report.rendered, report.kept, report.removed)
