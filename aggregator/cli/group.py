"""The `matrix` command with its subcommands in the order staff meet them."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import click

from aggregator import __version__
from aggregator.cli.wording import ChineseContext, speak_chinese
from aggregator.model.site import Site

_COMMANDS = {
    "publish": ("publish", "publish"),
    "update": ("publish", "update"),
    "build": ("build", "build"),
    "new": ("new", "new"),
    "check": ("check", "check"),
    "preview": ("preview", "preview"),
    "review": ("review", "review"),
    "wechat": ("wechat", "wechat"),
    "board": ("board", "board"),
    "cover": ("board", "cover"),
    "inbox": ("inbox", "inbox"),
    "accept": ("choosing", "accept"),
    "reject": ("choosing", "reject"),
    "edit": ("choosing", "edit"),
    "stories": ("stories", "stories"),
    "withdraw": ("removal", "withdraw"),
    "purge": ("removal", "purge"),
    "status": ("status", "status"),
    "accounts": ("accounts", "accounts"),
    "import": ("imports", "import_command"),
    "backup": ("safety", "backup"),
    "restore": ("safety", "restore"),
    "init": ("init", "init"),
}
"""Command -> its module here and its name there, in the order staff meet them: the daily one first."""

_READ_FEEDS = ("publish", "update")
_HELP = frozenset({"-h", "--help"})


class _OnDemand(click.Group):
    """Reads a command's module when the command is called: most of a short command's time is importing."""

    context_class = ChineseContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS, *super().list_commands(ctx)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # A command line that is only looked at, for completion, has no folder yet.
        folder = ctx.params.get("folder")
        reads_feeds = bool(args) and args[0] in _READ_FEEDS and not _HELP.intersection(args)
        if folder and reads_feeds and (os.cpu_count() or 1) > 1:
            # No other command needs it. Already now, so that on another processor what parses feeds has been imported
            # by the time that the first one comes.
            from aggregator.cli.warming import warm_up

            warm_up(Site(folder.resolve()))
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, name = _COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"aggregator.cli.{module}"), name)
        speak_chinese(command)
        return command


@click.group(
    cls=_OnDemand,
    help="把一座城市众多的政务账号汇成一个去重的频道，并生成网站。\n\n"
    "最常用：matrix publish（收取、归并、生成、上线，一步完成）。",
    epilog="退出码：0 完成；1 完成，但有稿件需要修改；2 命令、登记表或配置有误，什么也没动；"
    "3 运行失败，线上仍是上一版；4 另一个命令正在运行。",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="matrix %(version)s")
@click.option(
    "-C",
    "folder",
    metavar="文件夹",
    default=".",
    type=click.Path(path_type=Path),
    help="站点所在文件夹，默认是当前文件夹。",
)
@click.pass_context
def matrix(context: click.Context, folder: Path) -> None:
    from aggregator.cli.context import Workplace

    context.obj = Workplace(Site(folder.resolve()))
