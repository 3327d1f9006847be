"""What each template's pages depend on besides the store: its sources, the names it reads, the code that serves it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, meta
from pelican.settings import DEFAULT_CONFIG

from aggregator.artifacts import digest_bytes, digest_value
from aggregator.errors import BuildError
from aggregator.plugins.stories.api import API, digest_schemas
from aggregator.plugins.stories.code import digest_code, digest_setting, digest_settings
from aggregator.plugins.stories.directory_pages import DATA
from aggregator.plugins.stories.environment import OF_TEMPLATES, digest_environment
from aggregator.plugins.stories.globals import DEFAULTS
from aggregator.plugins.stories.packing import describe_packing
from aggregator.plugins.stories.portals import FEED_LISTS
from aggregator.plugins.stories.renderer import ASSET
from aggregator.plugins.stories.search import SEARCH
from aggregator.plugins.stories.search.files import TEMPLATE
from aggregator.plugins.stories.sitemaps import SITEMAPS
from aggregator.plugins.stories.syndication import FEED

TEMPLATES = (
    "home", "article", "policy", "explanation", "service", "page", "withdrawn", "redirect", "list", "policies",
    "services", "archive", "index", "sitemap", "account", "accounts", "feeds", "404", "feedback", "leaving", "search",
    "embed",
)  # fmt: skip
"""The theme's entrances."""

_OWN_PLUGINS = {"aggregator.plugins.markdown", "aggregator.plugins.stories"}

_OF_ALL = ("SITENAME", "SITEURL", "TIMEZONE", "TRUSTED_HOSTS")
"""Settings that the code reads for every page."""

_OF_FEEDS = ("DESCRIPTION",)

_OF_SEARCH = ("ROBOTS_DISALLOW",)

_OF_ARTICLES = ("ARTICLE_", "AUTHOR", "CATEGORY_", "DATE_", "DEFAULT_", "SLUG")
"""How settings begin by which Pelican makes its articles, authors and categories."""


@dataclass(frozen=True, slots=True)
class _Reads:
    """What one template is made of, with all that it includes, extends and imports."""

    sources: str
    """Digest."""
    names: tuple[str, ...]
    """Read from the context somewhere in it."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What one source says."""

    names: tuple[str, ...]
    """Read from the context."""
    others: tuple[str | None, ...]
    """Templates that it includes, extends or imports; None where a name is only known when the page is rendered."""


@dataclass(frozen=True, slots=True)
class _File:
    """One template by itself."""

    source: str
    names: frozenset[str]
    """Read from the context."""
    others: tuple[str, ...]
    """Templates that it includes, extends or imports."""


def digest_templates(
    env: Environment, settings: Mapping[str, Any], context: Mapping[str, Any], assets: Mapping[str, str], cache: Path,
) -> dict[str, str]:  # fmt: skip
    """Template -> digest. `context` is what all pages share; `cache` keeps what templates are made of.

    Raises jinja2.TemplateSyntaxError.
    """
    digests = _Digests(settings, context, assets)
    parser = f"{version('jinja2')} {digest_environment(settings)}"
    packing = describe_packing(settings)
    shared = [digest_code(settings["PLUGINS"]), *map(digests.name, _OF_ALL), digests.settings(), packing]
    found = {
        template: digest_value([*shared, reads.sources, [[name, digests.name(name)] for name in reads.names]])
        for template, reads in _read_templates(env, cache, parser).items()
    }
    found[FEED] = digest_value([*shared, *map(digests.name, (*_OF_FEEDS, "WEBSUB_HUB"))])
    found[API] = digest_value([*shared, *map(digests.name, _OF_FEEDS), digest_schemas()])
    found[SITEMAPS] = digest_value([*shared, *map(digests.name, _OF_SEARCH)])
    found[FEED_LISTS] = digest_value(shared)
    found[DATA] = shared[0]
    found[ASSET] = digest_value([assets, packing])
    found[SEARCH] = digest_value([*shared, f"{TEMPLATE}.html" in env.list_templates()])
    return found


class _Digests:
    """Digests of values by name, each made once."""

    def __init__(self, settings: Mapping[str, Any], context: Mapping[str, Any], assets: Mapping[str, str]) -> None:
        self._settings, self._context = settings, context
        self._known = {"asset": digest_value(assets)}

    def name(self, name: str) -> str:
        """Of one name of the context; "" for what belongs to a page, or to nothing."""
        if name not in self._context:
            return ""
        if name not in self._known:
            self._known[name] = digest_setting(self._context[name], self._settings)
        return self._known[name]

    def settings(self) -> str:
        """Of what code of others may read: Pelican for its articles, other plugins for themselves."""
        names = [name for name in self._settings if name.startswith(_OF_ARTICLES)]
        names += OF_TEMPLATES
        if not {str(name) for name in self._settings["PLUGINS"]} <= _OWN_PLUGINS:
            # A plugin's settings are those that neither Pelican nor we know.
            names += [name for name in self._settings if name not in DEFAULT_CONFIG and name not in DEFAULTS]
        return digest_settings(sorted({*names} - _UNSTEADY), self._settings)


_UNSTEADY = {"STORE", "TREE_WRITER", "OUTPUT_PATH", "CONFIG_FILE"}
"""Where things lie, and not what they are."""


def _read_templates(env: Environment, cache: Path, parser: str) -> dict[str, _Reads]:
    """What each entrance is made of. A file is parsed when its source is another than in the run before, or the parser
    is: all of them take longer than a small site.
    """
    known, used = _load_parts(cache, parser), {}

    @lru_cache(None)
    def read(file: str) -> _File:
        source = _load_source(env, file)
        key = digest_bytes(source.encode())
        used[key] = parts = known.get(key) or _find_parts(env, source, file)
        # A name that is only known when the page is rendered may be any template's.
        others = [one for other in parts.others for one in (env.list_templates() if other is None else (other,))]
        return _File(source, frozenset(parts.names), tuple(others))

    found = {name: _read_template(read, name) for name in TEMPLATES}
    if used != known:
        files = {key: (parts.names, parts.others) for key, parts in used.items()}
        cache.write_text(json.dumps({"by": parser, "files": files}), encoding="utf-8")
    return found


def _load_parts(cache: Path, parser: str) -> dict[str, _Parts]:
    try:
        known = json.loads(cache.read_bytes())
        if known["by"] == parser:
            return {key: _Parts(tuple(names), tuple(others)) for key, (names, others) in known["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # There is none yet, or it is damaged: it is made anew.
        pass
    return {}


def _read_template(read: Callable[[str], _File], name: str) -> _Reads:
    files: dict[str, _File] = {}
    waiting = [f"{name}.html"]
    while waiting:
        file = waiting.pop()
        if file not in files:
            files[file] = read(file)
            waiting += files[file].others
    names = {name for one in files.values() for name in one.names}
    return _Reads(digest_value({file: one.source for file, one in files.items()}), tuple(sorted(names)))


def _find_parts(env: Environment, source: str, file: str) -> _Parts:
    tree = env.parse(source, file)
    try:
        names = tuple(sorted(meta.find_undeclared_variables(tree)))
    except TemplateSyntaxError as error:
        # That compiles the template under a name of its own.
        error.filename = file
        raise
    return _Parts(names, tuple(meta.find_referenced_templates(tree)))


def _load_source(env: Environment, file: str) -> str:
    try:
        return env.loader.get_source(env, file)[0] if env.loader else ""
    except TemplateNotFound:
        # An include that may be missing; where it may not, rendering says so.
        return ""
    except UnicodeDecodeError as error:
        raise BuildError(f"模板 {file} 不是 UTF-8 编码。", "用 UTF-8 另存；线上仍是上一版。") from error
