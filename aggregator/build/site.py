"""One build: render into the idle tree, compare with the live one, switch if anything differs."""

from __future__ import annotations

import logging
import time
from typing import Any

import pelican.log
from jinja2 import TemplateError

from aggregator.build.trees import Trees, list_files
from aggregator.errors import BuildError, MatrixError
from aggregator.model import BuildReport, Site
from aggregator.plugins.stories import SitePelican

logger = logging.getLogger(__name__)


class _ErrorCollector(logging.Handler):
    """Pelican logs what goes wrong and exits 0; here an error it logs fails the build."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def build_site(site: Site, settings: dict[str, Any]) -> BuildReport:
    """Render the store's present state and publish it. Raises BuildError; the last site stands then."""
    started = time.perf_counter()
    trees = Trees(site)
    live = trees.live
    try:
        writer = _render(settings, str(trees.clear_idle()), str(live) if live else "", str(site.store))
        rendered = time.perf_counter()
        written = {*writer.changed, *writer.kept}
        removed = sorted(path for path in list_files(live) if path not in written) if live else []
        if writer.changed or removed or live is None:
            moved = trees.switch()
            if moved is not None:
                logger.warning("原有的 output 文件夹已移到 %s，可自行删除。", moved)
        else:
            trees.clear_idle()
    except OSError as error:
        raise BuildError(f"网站文件写不进去：{error}", "检查磁盘空间和文件夹权限；线上仍是上一版。") from error
    return BuildReport(
        rendered=len(writer.changed),
        kept=len(writer.kept),
        removed=len(removed),
        changed_paths=tuple(sorted(writer.changed)),
        removed_paths=tuple(removed),
        seconds=(("render", rendered - started), ("switch", time.perf_counter() - rendered)),
    )


def _render(settings: dict[str, Any], output: str, live: str, store: str) -> Any:  # noqa: ANN401  Pelican's writer
    collector = _ErrorCollector()
    log = logging.getLogger("pelican")
    log.addHandler(collector)
    pelican.log.console.quiet = True
    try:
        site = SitePelican({**settings, "OUTPUT_PATH": output, "LIVE_TREE": live, "STORE": store})
        missing = [str(name) for name in settings["PLUGINS"] if name not in site.settings["PLUGINS"]]
        if missing:
            raise BuildError(
                f"插件没有装上：{'、'.join(missing)}。", "检查 pelicanconf.py 的 PLUGINS；线上仍是上一版。"
            )
        site.run()
    except TemplateError as error:
        where = f"{getattr(error, 'name', '')}:{getattr(error, 'lineno', '')}".strip(":")
        raise BuildError(f"模板出错 {where}：{error}", "改正主题里的这个模板；线上仍是上一版。") from error
    except (MatrixError, OSError):
        raise
    except Exception as error:
        logger.exception("build failed")
        raise BuildError(
            f"生成页面时出错：{error!r}", "把 .matrix/logs/matrix.log 发给技术人员；线上仍是上一版。"
        ) from error
    finally:
        log.removeHandler(collector)
    if collector.messages:
        raise BuildError(f"生成页面时出错：{collector.messages[0]}", "按提示改正；线上仍是上一版。")
    return site.tree
