"""Templates compiled so that text without anything to escape is written as it is: markupsafe wraps each value anew."""

from __future__ import annotations

import re

from jinja2 import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from markupsafe import Markup, escape

_has_marks = re.compile("[&<>'\"]").search


def escape_fast(environment: Environment) -> None:
    """Let the environment compile its templates this way; the same text comes out of them."""
    environment.code_generator_class = _Generator
    environment.write_text = _write_text  # type: ignore[attr-defined]  # for the code that _Generator writes


class _Generator(CodeGenerator):
    def _output_child_pre(self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.write_text(")
        if finalize.src is not None:
            self.write(finalize.src)


def _write_text(value: object) -> str:
    if type(value) is str:
        return escape(value) if _has_marks(value) else value
    return value if type(value) is Markup else escape(value)
