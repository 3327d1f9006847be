"""withdraw, purge: a story is taken back with a notice, or taken out for good."""

from __future__ import annotations

import logging
import sys

import click

from aggregator import pipeline
from aggregator.cli.build import describe_build, log_build
from aggregator.cli.context import TerminalProgress, Workplace, json_option, print_json, read_clock
from aggregator.errors import ConfigError
from aggregator.identity import find_identity

logger = logging.getLogger(__name__)

_NAME = click.argument("name", metavar="网址或编号")


@click.command(
    help="撤回一条消息：页面换成说明，写明日期、原因和替代的文章，列表和订阅里都没有了。\n\n"
    "写进 content/editorial.toml 的 [[withdraw]]，马上生效；删掉那一条再发布，就恢复原样。",
    epilog="例：matrix withdraw https://fabu.qijiang.example/s/3flucjna4fhiq.html --reason 时间有误 --replacement tz-2",
)
@_NAME
@click.option("--reason", required=True, metavar="原因", help="为什么撤回，居民在页面上看得到。")
@click.option("--replacement", default="", metavar="网址、编号或标题", help="请读者改看哪一篇。")
@json_option
@click.pass_obj
def withdraw(place: Workplace, name: str, reason: str, replacement: str, as_json: bool) -> int:
    settings, registry, now = place.load_settings(), place.load_registry(), read_clock()
    _check_text(reason)
    by = find_identity("system", place.site.root)
    with place.open_locked() as store, TerminalProgress() as progress:
        done = pipeline.withdraw_story(
            place.site, settings, registry, store, now, progress, name, reason, replacement.strip(), by
        )
        logger.info("withdrawn: %s", done.story)
        log_build(done.build)
    if as_json:
        print_json({"story": done.story, "url": done.url, "title": done.title, "build": describe_build(done.build)})
    else:
        click.echo(f"已撤回《{done.title}》，页面换成了说明：{done.url}")
        click.echo("要恢复，删掉 content/editorial.toml 里这一条 [[withdraw]]，再运行 matrix publish。")
        for finding in done.findings:
            click.echo(f"{finding.file}：{finding.message}\n    办法：{finding.remedy}")
    return 0


@click.command(
    help="清除一条消息：正文、标题、历次修改、图片和附件都从存储和网站里删去，不能恢复；原网址只留“已清除”。\n\n"
    "只是不想再显示的，用 matrix withdraw。",
    epilog="例：matrix purge https://fabu.qijiang.example/s/3flucjna4fhiq.html --reason 含个人信息",
)
@_NAME
@click.option("--reason", required=True, metavar="原因", help="为什么清除，会一直留在页面上，不要写个人信息。")
@click.option("--yes", is_flag=True, help="不再询问。")
@json_option
@click.pass_obj
def purge(place: Workplace, name: str, reason: str, yes: bool, as_json: bool) -> int:
    from aggregator.pipeline.purge import check_reason
    from aggregator.pipeline.withdraw import name_story

    settings, now = place.load_settings(), read_clock()
    place.check_registry()
    _check_text(reason)
    with place.open_locked() as store, TerminalProgress() as progress:
        story = name_story(name, store)
        title = store.stories.load_titles((story.id,))[story.id]
        check_reason(reason, title, now)
        if not yes:
            progress.pause()
            _confirm(title, as_json)
        done = pipeline.purge_story(place.site, settings, store, now, progress, story, reason)
        logger.info("purged: %s", done.story)
        log_build(done.build)
    if as_json:
        print_json(
            {
                "story": done.story, "url": done.url, "posts": done.posts, "drafts": done.drafts, "twins": done.twins,
                "copies": done.copies, "named": done.named, "erased": done.erased, "build": describe_build(done.build),
            }
        )  # fmt: skip
        return 0
    click.echo(f"已清除 {done.posts} 篇文章，不能恢复。原网址只留“已清除”：{done.url}")
    for path in done.drafts:
        click.echo(f"稿件还在，请删掉：content/{path}")
    for url in done.twins:
        click.echo(f"这一条的正文与它完全相同，没有动：{url}")
    if done.named:
        click.echo("content/editorial.toml 里还写着它，请删掉那一条，再运行 matrix publish。")
    for copy in done.copies:
        click.echo(f"恢复备份时留下的旧存储里还有，请删掉：{copy}")
    if not done.erased:
        click.echo("有别的程序正在读存储，或者磁盘空间不够，文件里可能还有痕迹，请过一会儿再运行一次同样的命令。")
    click.echo("以前用 matrix backup 做的备份里还有，请另做一份，删掉旧的。")
    return 0


def _check_text(reason: str) -> None:
    if not reason.strip():
        raise ConfigError("没有写原因。", '加上 --reason "……"。')


def _confirm(title: str, as_json: bool) -> None:
    """Raises ConfigError where nobody can be asked, click.Abort where the answer is no."""
    if as_json or not sys.stdin.isatty():
        raise ConfigError("清除以后不能恢复，需要确认。", "确要清除，加上 --yes 再运行一次。")
    click.confirm(f"将清除《{title}》的全部内容，不能恢复。确定吗？", abort=True)
