"""One deduplicated channel out of a city's many government accounts."""

from __future__ import annotations

from pathlib import Path

__version__ = "0.1.0"

_HERE = Path(__file__).resolve().parent
_SHIPPED = _HERE / "themes" / "portal"

THEME = str(_SHIPPED if _SHIPPED.is_dir() else _HERE.parent / "themes" / "portal")
"""The theme that comes with the program: inside the package when installed, in `themes/` in a checkout."""
