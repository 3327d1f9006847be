"""The published site: rendered by Pelican into the idle tree, then switched live at once."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregator.build.press import Press
    from aggregator.build.settings import load_settings
    from aggregator.build.site import build_site

_MODULES = {"Press": "press", "build_site": "site", "load_settings": "settings"}

__all__ = ["Press", "build_site", "load_settings"]


def __getattr__(name: str) -> object:
    """Import what is asked for: most commands read the settings and build nothing."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
