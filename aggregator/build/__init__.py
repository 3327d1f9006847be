"""The published site: rendered by Pelican into the idle tree, then switched live at once."""

from aggregator.build.settings import load_settings
from aggregator.build.site import build_site

__all__ = ["build_site", "load_settings"]
