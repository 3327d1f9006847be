"""What is wrong with a theme's template, with its file and line, for whoever looks after the theme."""

from __future__ import annotations

import traceback

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError
from pelican.generators import PelicanTemplateNotFound

from aggregator.errors import BuildError

_REMEDY = "改正主题里的这个模板；线上仍是上一版。"


def explain_template_mistake(error: Exception) -> BuildError | None:
    """None where no template has to do with it. `error` is what rendering raised: Jinja's own, or any other that an
    expression in a template led to.
    """
    where = _find_place(error)
    match error:
        case TemplateNotFound(name=str(name)):
            return BuildError(f"模板出错{where}：没有模板 {name}。", "改正名称，或补上这个模板；线上仍是上一版。")
        case PelicanTemplateNotFound():
            return BuildError(f"主题里缺少模板：{error}", "补上这个模板，或检查 THEME；线上仍是上一版。")
        case TemplateError():
            return BuildError(f"模板出错{where}：{error.message}", _REMEDY)
    return BuildError(f"模板出错{where}：{type(error).__name__}: {error}", _REMEDY) if where else None


def _find_place(error: Exception) -> str:
    if isinstance(error, TemplateSyntaxError):
        return _write_place(error.filename or error.name or "", error.lineno)
    # Jinja writes a template's own lines into the traceback; the innermost one is where it happened.
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.endswith(".html"):
            return _write_place(frame.filename, frame.lineno)
    return ""


def _write_place(file: str, line: int | None) -> str:
    return f"（{file} 第 {line} 行）" if line else f"（{file}）"
