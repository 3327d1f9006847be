"""Templates made to cost less: those that others use are looked up once, text without anything to escape is written as
it is, where markupsafe would wrap it anew, attributes are read without a call of the environment, and what stands
between two statements is handed on in one piece, not value by value through each template that extends another.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

from jinja2 import Environment, Template
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr, Getattr, Output
from markupsafe import Markup, escape

COMPILED = "3"
"""Raised when compiled templates ask for what an earlier version of this module does not have."""

_has_marks = re.compile("[&<>'\"]").search


def escape_fast(environment: Environment) -> None:
    """Let the environment compile its templates this way; the same text comes out of them."""
    environment.code_generator_class = _Generator
    environment.has_marks = _has_marks  # type: ignore[attr-defined]  # our own, for the code that _Generator writes
    environment.write_text = _write_text  # type: ignore[attr-defined]  # as above
    environment.joined = _Joined  # type: ignore[attr-defined]  # as above


def keep_templates(environment: Environment) -> None:
    """Let templates that others extend, include and import be found by their names alone. Jinja asks its cache, under a
    lock, for each page anew, as they might have changed; while a site is rendered they don't.
    """
    find, known = environment.get_template, dict[str, Template]()

    def get_template(
        name: str | Template, parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:  # fmt: skip
        if not isinstance(name, str) or globals:
            return find(name, parent, globals)
        if name not in known:
            known[name] = find(name, parent)
        return known[name]

    environment.get_template = get_template  # type: ignore[method-assign]  # of this environment alone


class _Joined:
    """In compiled code, in the place of the list to which values are written: they come back as one text."""

    extend = staticmethod("".join)

    @staticmethod
    def append(text: str) -> str:
        return text


class _Generator(CodeGenerator):
    def visit_Output(self, node: Output, frame: Frame) -> None:  # noqa: N802  as Jinja calls it
        if frame.buffer is not None or len(node.nodes) == 1:
            super().visit_Output(node, frame)
            return
        frame.buffer = "yield environment.joined"
        try:
            super().visit_Output(node, frame)
        finally:
            frame.buffer = None

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("(_text if type(_text := (")
        if finalize.src is not None:
            self.write(finalize.src)

    def _output_child_post(self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        super()._output_child_post(node, frame, finalize)
        if not frame.eval_ctx.volatile and frame.eval_ctx.autoescape:
            self.write(") is str and not environment.has_marks(_text) else environment.write_text(_text))")

    def visit_Getattr(self, node: Getattr, frame: Frame) -> None:  # noqa: N802  as Jinja calls it
        """As `Environment.getattr` would find it, which is asked only where an object has no such attribute."""
        if self.environment.is_async:
            super().visit_Getattr(node, frame)
            return
        self.write("(_value if (_value := getattr((_object := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr(_object, {node.attr!r}))")


def _write_text(value: object) -> str:
    return value if type(value) is Markup else escape(value)
