"""preview: see it before it is published."""

from __future__ import annotations

import webbrowser

import click

from aggregator.cli.context import Workplace, json_option, print_json
from aggregator.errors import ConfigError, LockedError

PORT = 8000


@click.command(
    help="发布前先看：在本机打开稿件台，列出稿件和待处理的来稿；每一篇按网站的样子显示，旁边是检查结果。"
    "稿件一保存，页面自己刷新。什么也不发布。\n\n"
    "只有这台电脑打得开。按 Ctrl+C 结束。",
    short_help="发布前先看：在本机打开稿件台，稿件和来稿按网站的样子显示，旁边是检查结果。",
)
@click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), metavar="端口",
    help="从这个端口起，用第一个空着的；0 由系统选。",
)  # fmt: skip
@click.option("--open/--no-open", "opens", default=True, help="在浏览器里打开，或者只给出地址。默认打开。")
@json_option
@click.pass_obj
def preview(place: Workplace, port: int, opens: bool, as_json: bool) -> int:
    settings = place.load_settings()
    if not place.site.content.is_dir():
        raise ConfigError(f"没有稿件文件夹 {place.site.content}。", "建好它，或进入站点文件夹再运行。")
    # Only now: the server and what it asks take a while to import.
    from aggregator.cli.desk import SiteDesk
    from aggregator.preview import hold_session, serve

    with hold_session(place.site.state) as (running, note), place.open_log("preview.log"):
        if running == "?":
            raise LockedError("另一个预览正在打开这个站点。", "等几秒再运行。")
        if running:
            _tell(running, as_json, f"这个站点的预览已经开着：{running}")
            if opens:
                webbrowser.open(running)
            return 0

        def announce(address: str, found: int) -> None:
            note(address)
            if port and found != port:
                click.echo(f"端口 {port} 已被占用，改用 {found}。", err=True)
            _tell(address, as_json, f"预览已打开：{address}\n  按 Ctrl+C 结束。")
            if opens and not webbrowser.open(address):
                click.echo("没有打开浏览器，请把上面的地址复制到浏览器里。", err=True)

        try:
            serve(SiteDesk(place, settings), place.site.content.resolve(), port, announce)
        except KeyboardInterrupt:
            click.echo("预览已结束。", err=True)
    return 0


def _tell(address: str, as_json: bool, said: str) -> None:
    if as_json:
        print_json({"address": address})
    else:
        click.echo(said)
