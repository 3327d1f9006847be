"""The `matrix` command with its subcommands in the order staff meet them."""

from __future__ import annotations

from pathlib import Path

import click

from aggregator import __version__
from aggregator.cli.accounts import accounts
from aggregator.cli.context import Workplace
from aggregator.cli.imports import import_command
from aggregator.cli.inbox import inbox
from aggregator.cli.init import init
from aggregator.cli.publish import build, publish, update
from aggregator.cli.safety import backup, restore
from aggregator.cli.status import status
from aggregator.cli.stories import stories
from aggregator.model import Site


class _InOrder(click.Group):
    """Lists commands as they were added, not by the alphabet: the daily one first."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(self.commands)


@click.group(
    cls=_InOrder,
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
    context.obj = Workplace(Site(folder.resolve()))


for _command in (publish, update, build, inbox, stories, status, accounts, import_command, backup, restore, init):
    matrix.add_command(_command)
