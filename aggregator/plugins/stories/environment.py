"""What templates are compiled and rendered with: Jinja's options, and their compiled form from run to run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache, StrictUndefined

from aggregator.artifacts import digest_value
from aggregator.plugins.stories.code import digest_setting, digest_settings
from aggregator.plugins.stories.escaping import COMPILED
from aggregator.plugins.stories.filters import FILTERS, TESTS
from aggregator.plugins.stories.globals import DEFAULTS

_OF_FILTERS = ("TRUSTED_HOSTS",)

OF_TEMPLATES = ("JINJA_ENVIRONMENT", "JINJA_FILTERS", "JINJA_GLOBALS", "JINJA_TESTS")
"""Settings by which the same template gives another page."""


def make_environment(settings: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The options of JINJA_ENVIRONMENT with ours; compiled templates are kept in `folder`."""
    # Titles come from strangers: every value is escaped unless a template says otherwise, and a value that is missing
    # stops the build instead of leaving a hole in a page.
    return {
        "bytecode_cache": _CompiledTemplates(folder, f"{COMPILED} {digest_environment(settings)}"),
        **settings["JINJA_ENVIRONMENT"],
        "autoescape": True,
        "undefined": StrictUndefined,
    }


def digest_environment(settings: Mapping[str, Any]) -> str:
    """Of what one source is compiled into, besides the source: what stands still in it is worked out then, too."""
    told = digest_settings((*OF_TEMPLATES, *_OF_FILTERS), {**DEFAULTS, **settings})
    return digest_value([told, digest_setting([FILTERS, TESTS], settings)])


class _CompiledTemplates(FileSystemBytecodeCache):
    """Kept from run to run, as compiling them takes longer than a small site; by their source, and by `compiler`."""

    def __init__(self, folder: Path, compiler: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(str(folder), "%s.cache")
        self._compiler = compiler

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(f"{self._compiler}\n{source}")
