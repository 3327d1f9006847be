"""pelicanconf.py, read and checked before anything is touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pelican.settings import read_settings

from aggregator.build.mistakes import explain_mistake
from aggregator.errors import ConfigError
from aggregator.model import Site
from aggregator.plugins.stories.assets import find_emblem
from aggregator.plugins.stories.filing import read_filing
from aggregator.plugins.stories.globals import DEFAULTS, find_brand
from aggregator.plugins.stories.official import find_rule_oddities
from aggregator.urls import is_web_url

MENUS = 3
MENU_ENTRIES = 5
MENU_NAME = 4
"""What the bar at the bottom of a phone has room for: menus beside home, entries of one, characters of its name."""


def load_settings(site: Site) -> dict[str, Any]:
    """The settings of a site, with paths made absolute. Raises ConfigError."""
    if not site.config.is_file():
        raise ConfigError(
            f"{site.root} 不是站点文件夹：里面没有 pelicanconf.py。",
            "进入站点文件夹再运行，或用 matrix -C 站点文件夹 …；新建站点用 matrix init 文件夹。",
        )
    try:
        settings: dict[str, Any] = read_settings(str(site.config))
    except Exception as error:
        raise explain_mistake(error, site.config) from error
    settings["CONFIG_FILE"] = str(site.config)
    _check(settings, site.config)
    return settings


def _check(settings: dict[str, Any], config: Path) -> None:
    name = settings["SITENAME"]
    if not isinstance(name, str) or not name.strip():
        raise ConfigError(
            f"SITENAME 应是网站的名称，{_tell(name)}。", '写成 SITENAME = "示例市发布" 的样子。', file=config
        )
    address = urlsplit(settings["SITEURL"])
    if address.scheme not in {"http", "https"} or not address.netloc:
        raise ConfigError(
            f"SITEURL 应是网站的完整地址，{_tell(settings['SITEURL'])}。",
            '写成 SITEURL = "https://网站域名" 的样子。',
            file=config,
        )
    hub = settings.get("WEBSUB_HUB", "")
    if hub and not is_web_url(str(hub)):
        raise ConfigError(
            f"WEBSUB_HUB 应是推送服务器的完整地址，现在是“{hub}”。",
            '写成 WEBSUB_HUB = "https://…" 的样子，不用推送就删去这一行。',
            file=config,
        )
    zone = str(settings.get("TIMEZONE", ""))
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):  # OSError: the name of a folder of the zone database
        raise ConfigError(
            f"TIMEZONE 应是时区的名称，{_tell(zone)}。", '写成 TIMEZONE = "Asia/Shanghai"。', file=config
        ) from None
    try:
        read_filing(settings)
    except ConfigError as error:
        raise ConfigError(error.message, error.remedy, file=config) from None
    theme = Path(settings["THEME"])
    if not (theme / "templates" / "base.html").is_file():
        raise ConfigError(f"THEME 指向的主题不完整：{theme}。", "删去 THEME 一行，使用自带主题。", file=config)
    for find in (find_brand, find_emblem):
        try:
            find({**DEFAULTS, **settings})
        except ConfigError as error:
            raise ConfigError(error.message, error.remedy, file=config) from None


def _tell(value: object) -> str:
    return f"现在是“{value}”" if value else "现在没有写"


def find_oddities(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """What of the settings is wrong or does not fit, in sentences for staff: a publish goes on without it."""
    found = (*_find_menu_oddities(settings.get("MENU", ())), *find_rule_oddities({**DEFAULTS, **settings}))
    return tuple(f"pelicanconf.py 的 {one}" for one in found)


def _find_menu_oddities(menu: Sequence[tuple[str, Sequence[object]]]) -> Iterator[str]:
    """What of the menu has no room on a phone: it is shown all the same."""
    if len(menu) > MENUS:
        yield f"MENU：菜单共 {len(menu)} 组，手机底部放不下，最多 {MENUS} 组。"
    for name, entries in menu:
        if len(name) > MENU_NAME:
            yield f"MENU：菜单名称“{name}”超过 {MENU_NAME} 个字，手机上会换行，请改短。"
        if len(entries) > MENU_ENTRIES:
            yield f"MENU：菜单“{name}”有 {len(entries)} 项，最多 {MENU_ENTRIES} 项，请减少。"
