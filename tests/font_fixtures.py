"""Whether covers can be drawn on this machine."""

from __future__ import annotations

import os

import pytest

from aggregator.errors import FontMissingError
from aggregator.images.fonts import Face, find_face


@pytest.fixture(scope="session")
def face() -> Face:
    """The font that covers are drawn with."""
    try:
        return find_face()
    except FontMissingError as error:
        reason = "no font for Chinese; on Debian: apt-get install fonts-noto-cjk"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and CI must have it")
        pytest.skip(f"{reason} ({error})")
