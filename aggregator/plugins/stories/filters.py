"""Dates, sizes and structured data as the theme's templates write them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from aggregator.artifacts import MEDIA_TYPES, read_path
from aggregator.documents import is_film, is_sound
from aggregator.plugins.stories.structured import structure_article, structure_home

_WEEKDAYS = "一二三四五六日"


def format_day(day: date) -> str:
    return f"{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]}"


def format_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def format_minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def format_iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def format_size(size: int) -> str:
    """「126 KB」, 「3.4 MB」."""
    return f"{max(1, round(size / 1024))} KB" if size < 1024 * 1000 else f"{size / 1024 / 1024:.1f} MB"


@lru_cache(maxsize=256)
def find_feed_type(path: str) -> str:
    """Media type of the feed at a path."""
    form = read_path(path).form
    return MEDIA_TYPES[form] if form else ""


def draw_qr(url: str) -> str:
    """An address as a QR code, as SVG."""
    # Only here: where no article is new, none is drawn.
    from aggregator.images.qr import make_qr

    return make_qr(url)


FILTERS = {
    "day_cn": format_day,
    "date_cn": format_date,
    "datetime_cn": format_minute,
    "iso": format_iso,
    "size_cn": format_size,
    "feed_type": find_feed_type,
    "qr": draw_qr,
    "json_ld": structure_article,
    "home_json_ld": structure_home,
}

TESTS = {"film": is_film, "sound": is_sound}
"""Of a file's name or address."""
