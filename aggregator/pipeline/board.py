"""One article to be printed: for a notice board, or with its title as a picture.

find_article -> Article | fit_sheet, write_board -> Board
                        | draw_cover -> Cover
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.board import fit_sheet, write_board
from aggregator.images.cover import Cover, draw_cover
from aggregator.model import Article, Registry, Site
from aggregator.pipeline.articles import find_article
from aggregator.store import Store


@dataclass(frozen=True, slots=True)
class Board:
    """A sheet for a notice board."""

    article: Article
    html: str
    is_cut: bool
    """The text goes on at the page's address."""


def make_board(
    site: Site, settings: Mapping[str, Any], registry: Registry, store: Store | None, now: datetime, name: str
) -> Board:
    """The sheet of the draft or story called `name`. Raises ConfigError where there is none."""
    article = find_article(site, settings, registry, store, now, name)
    sheet = fit_sheet(article)
    return Board(article, write_board(sheet, article), sheet.is_cut)


def make_cover(
    site: Site, settings: Mapping[str, Any], registry: Registry, store: Store | None, now: datetime, name: str
) -> tuple[Article, Cover]:
    """The covers of the draft or story called `name`. Raises ConfigError where there is none, FontMissingError."""
    article = find_article(site, settings, registry, store, now, name)
    return article, draw_cover(article.title, article.department, motif=article.genre)
