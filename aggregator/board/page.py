"""The sheet as HTML."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from aggregator.board.fit import Sheet
from aggregator.images.qr import make_qr
from aggregator.model import Article


def write_board(sheet: Sheet, article: Article) -> str:
    """The whole page, with style and code in it: it needs neither network nor other files."""
    day = article.published
    return _load_template().render(
        sheet=sheet,
        article=article,
        day=f"{day.year}年{day.month}月{day.day}日" if day else "",
        code=make_qr(article.url),
    )


@cache
def _load_template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("board.html.jinja")
