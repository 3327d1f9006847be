"""wechat: an article as files to be copied into WeChat's editor."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import click

from aggregator import pipeline
from aggregator.cli.context import Workplace, json_option, print_json, read_clock, suggest_path
from aggregator.drafts import find_below
from aggregator.errors import ConfigError
from aggregator.model import Site
from aggregator.pipeline.wechat_folder import WeChatFolder, choose_folder, write_wechat
from aggregator.store import Store
from aggregator.wechat.report import describe_drop

_FILES = (".md", ".markdown", ".txt", ".docx", ".pdf")


@click.command(
    help="把一篇文章转成能粘贴进微信公众号编辑器的样子：正文、标题、摘要、作者、原文链接、图片和封面，"
    "放进一个文件夹，并逐行说明微信里会变的地方。\n\n"
    "写稿件的路径（还没发布的也可以），或者本站文章的网址、编号，例如：\n\n"
    "\b\n"
    "  matrix wechat content/notices/停水.md --open\n"
    "  matrix wechat https://fabu.qijiang.example/s/3flucjna4fhiq.html",
    short_help="把一篇文章转成能粘贴进微信公众号编辑器的样子，并逐行说明微信里会变的地方。",
)
@click.argument("name", metavar="稿件或网址")
@click.option(
    "--out", "out", metavar="文件夹", type=click.Path(path_type=Path),
    help="放进这个文件夹，默认是站点文件夹里的“微信-标题”。",
)  # fmt: skip
@click.option("--open", "show", is_flag=True, help="做好以后用浏览器打开，点“复制正文”就能去粘贴。")
@json_option
@click.pass_obj
def wechat(place: Workplace, name: str, out: Path | None, show: bool, as_json: bool) -> int:
    site, now = place.site, read_clock()
    settings, registry = place.load_settings(), place.load_registry()
    store = Store.open_reading(site.store) if site.store.is_file() else None
    with store or nullcontext():
        meant = _find_meant(site, name)
        article = pipeline.prepare_wechat(site, settings, registry, store, now, meant)
        done = write_wechat(article, out or choose_folder(site, article))
    page = done.folder / done.files[0]
    if as_json:
        print_json(_describe(done))
    else:
        click.echo(f"已转好《{done.article.title}》：{done.folder}")
        for drop in done.article.report:
            click.echo(f"  {describe_drop(drop)}")
        click.echo(f"下一步：打开 {page}，点“复制正文”，到公众号后台粘贴。")
    if show:
        click.launch(str(page))
    return 0


def _find_meant(site: Site, name: str) -> str:
    """The path of a draft below content/, else what was written: an address, an id, a 编号. Raises ConfigError."""
    found = find_below(site.content, Path(name), site.root)
    if found is None and Path(name).suffix.lower() in _FILES and "/s/" not in name:
        hint = suggest_path(site, Path(name)) or "写稿件的路径，例如 content/notices/停水.md。"
        raise ConfigError(f"content 文件夹里没有“{name}”。", hint)
    return found or name


def _describe(done: WeChatFolder) -> dict[str, object]:
    article = done.article
    return {
        "folder": str(done.folder),
        "files": done.files,
        "key": article.key,
        "title": article.title,
        "digest": article.digest,
        "author": article.author,
        "source_url": article.source_url,
        "report": [asdict(drop) for drop in article.report],
    }
