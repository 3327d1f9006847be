"""Pelican, run so that what goes wrong is one error: it logs most faults and exits 0."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import pelican.log
from jinja2 import TemplateError

from aggregator.build.template_mistakes import explain_template_mistake
from aggregator.errors import BuildError, MatrixError
from aggregator.plugins.stories import SitePelican, StoryGenerator

logger = logging.getLogger(__name__)

T = TypeVar("T")


class _ErrorCollector(logging.Handler):
    """What Pelican logs as an error fails the build."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def call_pelican(work: Callable[[], T]) -> T:
    """The result of `work`, in which Pelican runs. Raises BuildError, other MatrixErrors, OSError."""
    collector = _ErrorCollector()
    log = logging.getLogger("pelican")
    log.addHandler(collector)
    pelican.log.console.quiet = True
    try:
        result = work()
    except MatrixError:
        raise
    except Exception as error:
        # Jinja's error for a template that is not there is an OSError too.
        if isinstance(error, OSError) and not isinstance(error, TemplateError):
            raise
        if mistake := explain_template_mistake(error):
            raise mistake from error
        logger.exception("build failed")
        raise BuildError(
            f"生成页面时出错：{error!r}", "把 .matrix/logs/matrix.log 发给技术人员；线上仍是上一版。"
        ) from error
    finally:
        log.removeHandler(collector)
    if collector.messages:
        raise BuildError(f"生成页面时出错：{collector.messages[0]}", "按提示改正；线上仍是上一版。")
    return result


def make_generator(settings: Mapping[str, Any]) -> StoryGenerator:
    """Pelican as far as it goes without reading or writing. Raises BuildError."""
    pelican = SitePelican(dict(settings))
    check_plugins(pelican)
    context = {
        **pelican.settings,
        "generated_content": {},
        "static_links": set(),
        "static_content": {},
        "localsiteurl": pelican.settings["SITEURL"],
    }
    return StoryGenerator(
        context=context, settings=pelican.settings, path=pelican.path, theme=pelican.theme,
        output_path=pelican.output_path,
    )  # fmt: skip


def check_plugins(site: SitePelican) -> None:
    """Raises BuildError for a plugin that did not register: Pelican alone would go on without it."""
    if missing := site.missing_plugins:
        raise BuildError(f"插件没有装上：{'、'.join(missing)}。", "检查 pelicanconf.py 的 PLUGINS；线上仍是上一版。")
