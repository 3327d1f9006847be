"""What the documentation owes: every command, option, setting and key is named, and none that does not exist."""

from __future__ import annotations

import re
from dataclasses import fields

import click
import pytest
from site_fixtures import ROOT, list_commands

from aggregator.cli.group import matrix
from aggregator.drafts.keys import KEYS
from aggregator.model import HOLD_LABELS, Account, CheckSettings, FetchSettings, HoldSettings, ReviewSettings, Waiver
from aggregator.plugins.stories.globals import DEFAULTS
from aggregator.registry import choices, rulings

DOCS = ROOT / "docs"
COMMANDS = dict(list_commands())


def read_section(name: str) -> str:
    """What docs/commands.md says of one command."""
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    match = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert match, f"docs/commands.md has no section {name}"
    return match[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    section = read_section(name)
    options = [opt for one in COMMANDS[name].params if isinstance(one, click.Option) for opt in one.opts]
    assert [option for option in options if option != "--json" and f"`{option}" not in section] == []
    assert f"matrix {name}" in section


def test_the_documentation_names_no_command_that_does_not_exist() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^## ([a-z ]+)$", text, re.MULTILINE))
    assert headings == set(COMMANDS)
    options = {
        opt
        for command in (matrix, *COMMANDS.values())
        for one in command.params
        for opt in (*one.opts, *one.secondary_opts)
    }
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= options | {"--help"}


def test_options_of_matrix_itself_are_documented() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8").partition("\n## ")[0]
    assert [opt for one in matrix.params for opt in one.opts if f"`{opt}" not in text] == []


def test_every_setting_is_documented() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    starter = (ROOT / "aggregator" / "starter" / "pelicanconf.py").read_text(encoding="utf-8")
    named = set(re.findall(r"^([A-Z][A-Z_]+)(?::.*)? =", starter, re.MULTILINE))
    assert {"SITENAME", "SITEURL", "THEME", "PLUGINS"} <= named
    assert (
        sorted(name for name in {*DEFAULTS, *named, "SITENAME", "SITEURL", "TIMEZONE"} if f"`{name}`" not in text) == []
    )


def test_every_key_of_a_drafts_header_is_documented() -> None:
    text = (DOCS / "staff.md").read_text(encoding="utf-8")
    assert [key for key in KEYS if not re.search(rf"^\| {key} \||`{key}`", text, re.MULTILINE)] == []


def test_every_rule_by_which_posts_are_held_is_documented() -> None:
    assert [rule for rule in HOLD_LABELS if f"`{rule}`" not in read_section("inbox")] == []


def test_every_key_of_the_registry_is_documented() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    keys = [field.name for kind in (Account, FetchSettings, HoldSettings, ReviewSettings) for field in fields(kind)]
    assert [key for key in keys if f"`{key}`" not in text] == []


def test_every_key_about_checking_drafts_is_documented() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8").partition("### [check]")[2]
    keys = [field.name for kind in (CheckSettings, Waiver) for field in fields(kind) if field.name != "line"]
    assert [key for key in keys if f"`{key}`" not in text and f"{key} = " not in text and f"[{key}]" not in text] == []


def test_every_table_and_key_of_the_decisions_on_stories_is_documented() -> None:
    settings, staff = ((DOCS / name).read_text(encoding="utf-8") for name in ("settings.md", "staff.md"))
    keys = {key for table in rulings.KEYS.values() for key in table} | set(rulings.NOTES)
    assert sorted(key for key in keys if f"`{key}`" not in settings) == []
    assert [table for table in rulings.TABLES if f"[[{table}]]" not in settings or f"[[{table}]]" not in staff] == []


def test_every_table_and_key_of_the_choices_among_waiting_posts_is_documented() -> None:
    settings, staff = ((DOCS / name).read_text(encoding="utf-8") for name in ("settings.md", "staff.md"))
    section = settings.partition("### [[accept]], [[reject]], [[edit]]")[2]
    assert sorted(key for key in choices.CHOICE_KEYS if f"`{key}`" not in section) == []
    assert [table for table in choices.CHOICES if f"[[{table}]]" not in section or f"[[{table}]]" not in staff] == []
