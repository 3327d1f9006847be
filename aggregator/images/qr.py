"""An address as a QR code."""

from __future__ import annotations

import segno

QUIET_ZONE = 4
"""Modules of white around a code that readers need (ISO/IEC 18004)."""


def make_qr(url: str) -> str:
    """The code as an SVG element to stand within a page; its size is that of what it stands in.

    Level M: a seventh of it may be dirty or torn off, as notices on a board are.
    """
    code = segno.make_qr(url, error="m", boost_error=False)
    return code.svg_inline(border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, title="二维码")
