"""A code of an address can be read back, also when a part of it is dirty."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from aggregator.images.qr import QUIET_ZONE, make_qr

ADDRESS = "https://fabu.linjiang.example/s/3flucjna4fhiq.html"
MODULE = 6
"""Pixels."""

_RUN = re.compile(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?")


def draw(svg: str) -> Image.Image:
    """The code as a browser draws it: runs of black, each a line of one module's height."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    _, _, width, height = (int(float(one)) for one in root.attrib["viewBox"].split())
    picture = Image.new("L", (width * MODULE, height * MODULE), "white")
    pen = ImageDraw.Draw(picture)
    (path,) = (one for one in root if one.get("stroke") == "#000")
    x = y = 0.0
    for kind, first, second in _RUN.findall(path.attrib["d"]):
        if kind == "h":
            top = round((y - 0.5) * MODULE)
            pen.rectangle((round(x * MODULE), top, round((x + float(first)) * MODULE) - 1, top + MODULE - 1), "black")
            x += float(first)
        elif kind == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second)
    return picture


def read(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        "https://www.shili.gov.cn/",
        "http://127.0.0.1:8000/s/3flucjna4fhiq.html?from=board#text",
        f"https://fabu.linjiang.example/{'very/' * 20}long.html",
    ],
)
def test_an_address_is_read_back(address: str) -> None:
    assert read(draw(make_qr(address))) == [address]


@given(st.from_regex(r"https://[a-z]{1,20}\.example/s/[a-z2-7]{13}\.html", fullmatch=True))
def test_every_address_of_a_story_is_read_back(address: str) -> None:
    assert read(draw(make_qr(address))) == [address]


def test_a_code_is_read_with_a_stain_on_it() -> None:
    picture = draw(make_qr(ADDRESS))
    side = picture.width
    ImageDraw.Draw(picture).ellipse((side * 0.55, side * 0.5, side * 0.7, side * 0.65), "white")
    assert read(picture) == [ADDRESS]


def test_the_quiet_zone_is_four_modules_of_white() -> None:
    picture = draw(make_qr(ADDRESS))
    edge = QUIET_ZONE * MODULE
    dark = picture.point(lambda level: 255 - level).getbbox()
    assert dark == (edge, edge, picture.width - edge, picture.height - edge)


def test_the_level_is_m() -> None:
    (code,) = zxingcpp.read_barcodes(draw(make_qr(ADDRESS)))
    assert code.ec_level == "M"
    assert segno.make_qr(ADDRESS, error="m", boost_error=False).error == "M"


def test_the_code_stands_within_a_page() -> None:
    svg = make_qr(ADDRESS)
    assert svg.startswith("<svg ")
    assert "xmlns" not in svg
    assert make_qr(ADDRESS) == svg
