"""Templates whose text is written unwrapped say the same as jinja2's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from aggregator.plugins.stories.escaping import escape_fast, keep_templates

TEMPLATES = {
    "page": (
        "{% from 'part' import part %}<p>{{ value }}</p>{{ value|safe }}{{ part(value) }}{{ value ~ '<' }}"
        "{{ value|upper }}"
        "{% autoescape false %}{{ value }}{% endautoescape %}{% filter upper %}{{ value }}{% endfilter %}"
        "{% set kept %}{{ value }}{% endset %}{{ kept }}"
    ),
    "base": "<b>{{ value }}</b>{% block main %}{% endblock %}{% block end %}<p>{{ value }}</p>{% endblock %}",
    "child": (
        "{% extends 'base' %}{% block main %}{% for one in [value, value] %}<i>{{ one }}</i>{{ loop.index }}"
        "{% if loop.last %}<u>{{ one }}</u>{% endif %}{% endfor %}{% endblock %}"
        "{% block end %}{{ super() }}!{% endblock %}"
    ),
    "part": '{% macro part(value) %}<i title="{{ value }}">{{ value }}{{ [value] }}</i>{% endmacro %}',
}


def make_environment(*, fast: bool) -> Environment:
    environment = Environment(loader=DictLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    if fast:
        escape_fast(environment)
        keep_templates(environment)
    return environment


OURS, STOCK = make_environment(fast=True), make_environment(fast=False)
TEXT = st.text(st.sampled_from("政a&<>'\"\n"), max_size=8)


@given(
    template=st.sampled_from(["page", "child"]),
    value=TEXT | TEXT.map(Markup) | st.integers() | st.none() | st.lists(TEXT, max_size=2),
)
def test_every_value_comes_out_as_jinja2_writes_it(template: str, value: object) -> None:
    assert OURS.get_template(template).render(value=value) == STOCK.get_template(template).render(value=value)


def test_what_stands_between_two_statements_is_written_in_one_piece() -> None:
    template = OURS.from_string("<p>{{ value }}</p>{% if value %}<i>{{ value }}</i>{% endif %}")
    assert list(template.root_render_func(template.new_context({"value": 1}))) == ["<p>1</p>", "<i>1</i>"]


def test_text_without_marks_is_written_without_a_call() -> None:
    code = str(OURS.compile("{{ value }}", raw=True))
    assert "has_marks" in code
    assert " escape(" not in code


class Thing:
    def __init__(self) -> None:
        self.name = "<甲>"
        self.none = None
        self.inner = {"name": "乙", "inner": [self.name]}

    @property
    def broken(self) -> str:
        raise AttributeError("broken")

    def __getitem__(self, key: str) -> str:
        return {"broken": "丙", "own": "丁"}[key]


@pytest.mark.parametrize(
    "expression",
    [
        *("thing.name", "thing.none", "thing.inner.name", "thing.inner.inner", "thing.own", "thing.broken"),
        *("thing.inner.keys()|list|first", "thing['name']", "(thing.inner if thing.none else thing).name"),
        *("thing.missing is defined", "thing.inner.missing is defined", "[thing, thing]|map(attribute='own')|list"),
        *("thing.inner.inner.0", "(thing.inner.name ~ thing.name).upper()"),
    ],
)
def test_an_attribute_is_found_where_jinja2_finds_it(expression: str) -> None:
    source = "{% for one in [1] if thing.name %}{{ " + expression + " }}{% endfor %}"
    ours, stock = (one.from_string(source).render(thing=Thing()) for one in (OURS, STOCK))
    assert ours == stock


@pytest.mark.parametrize("expression", ["value", "thing.missing", "thing.missing.name", "thing.inner.missing"])
def test_a_value_that_is_missing_still_stops_the_page(expression: str) -> None:
    told = []
    for environment in (OURS, STOCK):
        with pytest.raises(UndefinedError) as caught:
            environment.from_string("{{ " + expression + " }}").render(thing=Thing())
        told.append(str(caught.value))
    assert told[0] == told[1]
