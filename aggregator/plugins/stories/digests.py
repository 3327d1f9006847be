"""What each template's pages depend on besides the store: its sources, the names it reads, the code that serves it."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateNotFound, meta
from pelican.settings import DEFAULT_CONFIG

import aggregator
from aggregator.artifacts import digest_bytes, digest_value
from aggregator.errors import BuildError
from aggregator.plugins.stories.api import API, digest_schemas
from aggregator.plugins.stories.directory_pages import DATA
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

_LIBRARIES = ("pelican", "jinja2", "markupsafe", "zxing-cpp", "pypinyin")

_HELPERS = (
    "artifacts", "dates", "documents", "images/qr.py", "model/story.py", "pinyin.py", "text.py", "urls.py",
)  # fmt: skip
"""Of the aggregator, besides the plugins: what writes something into pages."""

_ROOT = Path(aggregator.__file__).parent

_OF_ALL = ("SITENAME", "SITEURL", "TIMEZONE", "TRUSTED_HOSTS")
"""Settings that the code reads for every page."""

_OF_FEEDS = ("DESCRIPTION",)

_OF_SEARCH = ("ROBOTS_DISALLOW",)

_OF_ARTICLES = ("ARTICLE_", "AUTHOR", "CATEGORY_", "DATE_", "DEFAULT_", "SLUG")
"""How settings begin by which Pelican makes its articles, authors and categories."""

_OF_TEMPLATES = ("JINJA_FILTERS", "JINJA_GLOBALS", "JINJA_TESTS")


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
    packing = describe_packing(settings)
    shared = [digest_code(settings["PLUGINS"]), *map(digests.name, _OF_ALL), digests.settings(), packing]
    found = {
        template: digest_value([*shared, reads.sources, [[name, digests.name(name)] for name in reads.names]])
        for template, reads in _read_templates(env, cache).items()
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
        self._config = ""

    def name(self, name: str) -> str:
        """Of one name of the context; "" for what belongs to a page, or to nothing."""
        if name not in self._context:
            return ""
        if name not in self._known:
            self._known[name] = self._digest(self._context[name])
        return self._known[name]

    def settings(self) -> str:
        """Of what code of others may read: Pelican for its articles, other plugins for themselves."""
        names = [name for name in self._settings if name.startswith(_OF_ARTICLES)]
        names += [name for name in _OF_TEMPLATES if self._settings.get(name)]
        if not {str(name) for name in self._settings["PLUGINS"]} <= _OWN_PLUGINS:
            # A plugin's settings are those that neither Pelican nor we know.
            names += [name for name in self._settings if name not in DEFAULT_CONFIG and name not in DEFAULTS]
        return digest_value([[name, self._digest(self._settings[name])] for name in sorted({*names} - _UNSTEADY)])

    def _digest(self, value: object) -> str:
        try:
            return digest_value(value)
        except TypeError:
            # A function or an object of somebody's own: all that can be told is whether the settings are the same.
            return self._digest_config()

    def _digest_config(self) -> str:
        if not self._config:
            config = self._settings.get("CONFIG_FILE")
            self._config = digest_bytes(Path(config).read_bytes() if config else b"")
        return self._config


_UNSTEADY = {"STORE", "TREE_WRITER", "OUTPUT_PATH", "CONFIG_FILE"}
"""Where things lie, and not what they are."""


def digest_code(plugins: Iterable[Any]) -> str:
    """Of all code that has a hand in pages, by its files: a version number is easily forgotten."""
    names = {*map(str, plugins), "aggregator.plugins.stories"}
    helpers = (file for name in _HELPERS for file in _list_files(_ROOT / name))
    files = sorted({*helpers, *(file for name in names for file in _list_sources(name))})
    versions = (platform.python_version(), *map(version, _LIBRARIES))
    return digest_bytes(*(file.read_bytes() for file in files), *(one.encode() for one in versions))


def _list_sources(module: str) -> Iterator[Path]:
    file = getattr(sys.modules.get(module), "__file__", None)
    if file:
        path = Path(file)
        yield from _list_files(path.parent if path.name == "__init__.py" else path)


def _list_files(path: Path) -> Iterable[Path]:
    return path.rglob("*.py") if path.is_dir() else (path,)


def _read_templates(env: Environment, cache: Path) -> dict[str, _Reads]:
    """What each entrance is made of. A file is parsed when its source is another than in the run before: all of them
    take longer than a small site.
    """
    known, used = _load_parts(cache), {}

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
        cache.write_text(json.dumps({"by": version("jinja2"), "files": files}), encoding="utf-8")
    return found


def _load_parts(cache: Path) -> dict[str, _Parts]:
    try:
        known = json.loads(cache.read_bytes())
        if known["by"] == version("jinja2"):
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
    names = tuple(sorted(meta.find_undeclared_variables(tree)))
    return _Parts(names, tuple(meta.find_referenced_templates(tree)))


def _load_source(env: Environment, file: str) -> str:
    try:
        return env.loader.get_source(env, file)[0] if env.loader else ""
    except TemplateNotFound:
        # An include that may be missing; where it may not, rendering says so.
        return ""
    except UnicodeDecodeError as error:
        raise BuildError(f"模板 {file} 不是 UTF-8 编码。", "用 UTF-8 另存；线上仍是上一版。") from error
