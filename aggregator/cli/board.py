"""board, cover: an article as a sheet to be printed, and its title as a picture."""

from __future__ import annotations

import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from aggregator import pipeline
from aggregator.cli.context import Workplace, json_option, print_json, read_clock
from aggregator.cli.files import write_file, write_folder
from aggregator.drafts.new import name_file
from aggregator.store import Store

_NAME = click.argument("name", metavar="稿件或网址")


@click.command(
    help="公告栏：把一篇稿件，或者网站上的一条消息，做成一张 A4 纸，打印出来贴在公告栏里。\n\n"
    "大标题，“一分钟看懂”的几行（何时办、电话用大字），正文，部门和日期，二维码。放不下的正文截到整句，请居民扫码看全文。",
    epilog="例：matrix board content/notices/停水.md --open",
)
@_NAME
@click.option("--out", "file", metavar="文件", type=click.Path(path_type=Path), help="存成这个文件。")
@click.option("--open", "opens", is_flag=True, help="存好以后用浏览器打开，按 Ctrl+P 就能打印。")
@json_option
@click.pass_obj
def board(place: Workplace, name: str, file: Path | None, opens: bool, as_json: bool) -> int:
    settings, registry = place.load_settings(), place.load_registry()
    with _open_store(place) as store:
        made = pipeline.make_board(place.site, settings, registry, store, read_clock(), name)
    article = made.article
    file = file or place.site.root / f"公告栏-{name_file(article.title)}.html"
    write_file(file, made.html.encode())
    if as_json:
        print_json(
            {
                "file": str(file), "title": article.title, "url": article.url, "on_site": article.on_site,
                "cut": made.is_cut,
            }
        )  # fmt: skip
    else:
        click.echo(f"已存成 {file}")
        click.echo("  用浏览器打开它，按 Ctrl+P 打印：A4 纸，一张。")
        if made.is_cut:
            click.echo("  正文放不下，后面的截去了，纸上写着“全文扫码”。")
        if not article.on_site:
            click.echo(f"  这一篇还没有发布，二维码现在打不开：{article.url}")
            click.echo("  最好先 matrix publish 再打印：与别的账号的消息并成一条的，网址会是那一条的。")
    if opens and not webbrowser.open(file.resolve().as_uri()) and not as_json:
        click.echo("  浏览器没有打开，请自己打开这个文件。")
    return 0


@click.command(
    help="封面：用标题、部门和图案画一张封面，给没有图片的文章用。\n\n"
    "微信首条用 900×383 的，次条用 500×500 的（微信不收 WebP，传 JPG）。要有中文字体。",
    epilog="例：matrix cover content/notices/停水.md",
)
@_NAME
@click.option(
    "--out", "folder", metavar="文件夹", type=click.Path(path_type=Path, file_okay=False), help="存在这个文件夹里。"
)
@json_option
@click.pass_obj
def cover(place: Workplace, name: str, folder: Path | None, as_json: bool) -> int:
    settings, registry = place.load_settings(), place.load_registry()
    with _open_store(place) as store:
        article, drawn = pipeline.make_cover(place.site, settings, registry, store, read_clock(), name)
    folder = folder or place.site.root / f"封面-{name_file(article.title)}"
    files = {
        "首条900x383.jpg": drawn.wide_jpeg,
        "次条500x500.jpg": drawn.square_jpeg,
        "首条900x383.webp": drawn.wide,
        "次条500x500.webp": drawn.square,
        "通用1175x500.webp": drawn.image,
    }
    write_folder(folder, files)
    if as_json:
        print_json(
            {
                "folder": str(folder), "files": list(files), "title": article.title, "missing": drawn.missing,
                "has_picture": article.has_picture,
            }
        )  # fmt: skip
        return 0
    click.echo(f"已存在 {folder}：{'、'.join(files)}")
    if drawn.missing:
        click.echo(f"  字体里没有这些字，画成了“〓”或略去：{drawn.missing}")
    if article.has_picture:
        click.echo("  这一篇有自己的图片，用它作封面多半更好。")
    return 0


@contextmanager
def _open_store(place: Workplace) -> Iterator[Store | None]:
    """The store, None where nothing was published yet: a draft needs none."""
    if not place.site.store.is_file():
        yield None
        return
    with Store.open(place.site.store) as store:
        yield store
