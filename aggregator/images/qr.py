"""An address as a QR code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import zxingcpp

QUIET_ZONE = 4
"""Modules of white around a code that readers need (ISO/IEC 18004)."""

_DARK = re.compile(rb"\0+")


def make_qr(url: str) -> str:
    """The code as an SVG element to stand within a page; its size is that of what it stands in.

    Level M: a seventh of it may be dirty or torn off, as notices on a board are.
    """
    image = zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image()
    side = image.shape[0]
    modules = bytes(image)  # type: ignore[call-overload]  # its stub lacks the buffer
    # Browsers would let the white shine through between two rows.
    return (
        f'<svg viewBox="0 0 {side} {side}" role="img" aria-label="二维码" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path stroke="#000" d="{"".join(_draw_rows(modules, side))}"/></svg>'
    )


def _draw_rows(modules: bytes, side: int) -> Iterator[str]:
    """Strokes through the middle of each row, half as long as rectangles; the quiet zone ends the last of each."""
    row, behind = -1, 0
    for found in _DARK.finditer(modules):
        start, end = found.span()
        if start < (row + 1) * side:
            yield f"m{start - behind} 0h{end - start}"
        else:
            row = start // side
            yield f"M{start % side} {row}.5h{end - start}"
        behind = end
