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


def test_text_without_marks_is_written_as_it_is() -> None:
    assert OURS.write_text("公告") == "公告"  # type: ignore[attr-defined]
    assert "write_text" in str(OURS.compile("{{ value }}", raw=True))


def test_a_value_that_is_missing_still_stops_the_page() -> None:
    with pytest.raises(UndefinedError, match="value"):
        OURS.get_template("page").render()
