"""accept, reject, edit: staff's word on posts that wait."""

from __future__ import annotations

import logging
from typing import Any

import click

from aggregator import pipeline
from aggregator.cli.build import describe_build, log_build
from aggregator.cli.context import TerminalProgress, Workplace, json_option, print_json, read_clock
from aggregator.cli.new import open_editor
from aggregator.errors import ConfigError
from aggregator.identity import find_identity
from aggregator.model import Decided, DecidedPost

logger = logging.getLogger(__name__)

_NAMES = click.argument("names", nargs=-1, required=True, metavar="代码...")


@click.command(
    help="采用待处理的文章：马上发布，并告诉网址。可以一次写几个。\n\n"
    "写 matrix inbox 列出的代码，也可以写文章的网址或“账号:文章编号”。写进 content/editorial.toml 的 [[accept]]；"
    "以后内容又改了，再进待处理。",
    epilog="例：matrix accept k3f9x2 ab7mnp",
)
@_NAMES
@json_option
@click.pass_obj
def accept(place: Workplace, names: tuple[str, ...], as_json: bool) -> int:
    settings, registry, now = place.load_settings(), place.load_registry(), read_clock()
    by = find_identity("system", place.site.root)
    with place.open_locked() as store, TerminalProgress() as progress:
        done = pipeline.accept_posts(place.site, settings, registry, store, now, progress, names, by)
        _log(done)
        if done.build:
            log_build(done.build)
    if as_json:
        print_json({**_describe(done), "build": describe_build(done.build) if done.build else None})
        return 0
    for one in done.posts:
        if not one.url:
            click.echo(f"《{one.title}》以前清除过，没有发布。")
        else:
            joined = "，与别的文章并为一条" if one.joined else ""
            click.echo(f"已采用《{one.title}》{joined}：{one.url}")
    _print_findings(done)
    return 0


@click.command(
    help="不采用待处理的文章：从待处理里去掉，不发布。可以一次写几个。\n\n"
    "写进 content/editorial.toml 的 [[reject]]；以后内容又改了，再进待处理。已经发布的旧版不受影响。",
    epilog="例：matrix reject k3f9x2 --reason 与本市无关",
)
@_NAMES
@click.option("--reason", required=True, metavar="原因", help="为什么不采用，只在编辑部里看得到。")
@json_option
@click.pass_obj
def reject(place: Workplace, names: tuple[str, ...], reason: str, as_json: bool) -> int:
    registry, now = place.load_registry(), read_clock()
    if not reason.strip():
        raise ConfigError("没有写原因。", '加上 --reason "……"。')
    by = find_identity("system", place.site.root)
    with place.open_locked() as store:
        done = pipeline.reject_posts(place.site, registry, store, now, names, reason, by)
        _log(done)
    if as_json:
        print_json({**_describe(done), "reason": reason})
        return 0
    for one in done.posts:
        click.echo(f"不采用《{one.title}》。")
    _print_findings(done)
    return 0


@click.command(
    help="改写一篇待处理的文章：做成稿件，写好来源和原文链接，图片放在旁边，再用编辑器打开。\n\n"
    "写进 content/editorial.toml 的 [[edit]]，这一篇不再待处理。",
    epilog="例：matrix edit k3f9x2",
)
@click.argument("name", metavar="代码")
@click.option("--no-edit", is_flag=True, help="不打开编辑器。")
@json_option
@click.pass_obj
def edit(place: Workplace, name: str, no_edit: bool, as_json: bool) -> int:
    place.load_settings()
    registry, now = place.load_registry(), read_clock()
    by = find_identity("system", place.site.root)
    with place.open_locked() as store:
        done = pipeline.take_over_post(place.site, registry, store, now, name, by)
        logger.info("edited: %s %s -> %s", done.post.account, done.post.key, done.file)
    if as_json:
        file = done.file.relative_to(place.site.root).as_posix()
        told = {"file": file, "pictures": done.pictures, "missing": list(done.missing), "hidden": done.hidden}
        print_json({**_describe_post(done.post), **told})
        return 0
    click.echo(f"已把《{done.post.title}》做成稿件 {done.file}")
    if done.pictures:
        click.echo(f"  图片和附件 {done.pictures} 个，放在稿件旁边。")
    for url in done.missing:
        click.echo(f"  没有取到，稿件里仍是原来的网址：{url}")
    if done.hidden:
        click.echo("  文件名前面有下划线，不会发布。改好以后去掉下划线，再运行 matrix publish。")
    else:
        click.echo("  改好以后运行 matrix publish 发布；还没改好就到了发布时间的，先在文件名前面加一条下划线 _。")
    if not no_edit and not open_editor(done.file):
        click.echo("  编辑器没有打开，请自己打开这个文件。")
    return 0


def _log(done: Decided) -> None:
    for one in done.posts:
        logger.info("%s: %s %s", done.kind, one.account, one.key)


def _print_findings(done: Decided) -> None:
    for finding in done.findings:
        click.echo(f"{finding.file}：{finding.message}\n    办法：{finding.remedy}")


def _describe(done: Decided) -> dict[str, Any]:
    posts = [_describe_post(one) for one in done.posts]
    if done.kind == "accept":
        places = ({"story": one.story, "page": one.url, "joined": one.joined} for one in done.posts)
        posts = [{**post, **place} for post, place in zip(posts, places, strict=True)]
    return {"decision": done.kind, "posts": posts}


def _describe_post(one: DecidedPost) -> dict[str, Any]:
    return {"code": one.code, "account": one.account, "key": one.key, "title": one.title}
