"""An address as a QR code."""

from __future__ import annotations

import re

import zxingcpp

QUIET_ZONE = 4
"""Modules of white around a code that readers need (ISO/IEC 18004)."""

_DRAWN = re.compile(r'<svg width="(\d+)".*?<path d="([^"]+)"', re.DOTALL)


def make_qr(url: str) -> str:
    """The code as an SVG element to stand within a page; its size is that of what it stands in.

    Level M: a seventh of it may be dirty or torn off, as notices on a board are.
    """
    code = zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    ((side, path),) = _DRAWN.findall(code.to_svg())
    return (
        f'<svg viewBox="0 0 {side} {side}" role="img" aria-label="二维码">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )
