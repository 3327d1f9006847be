"""A code of an address can be read back, also when a part of it is dirty."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from aggregator.images.qr import QUIET_ZONE, make_qr

ADDRESS = "https://fabu.linjiang.example/s/3flucjna4fhiq.html"
MODULE = 6
"""Pixels."""

_STROKE = re.compile(r"(?:M(\d+) (\d+)\.5|m(\d+) 0)h(\d+)")


def draw(svg: str) -> Image.Image:
    """The code as a browser draws it: strokes of black on white, as high as a module."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    ground, code = root
    side = int(root.attrib["viewBox"].split()[2])
    assert ground.attrib["d"] == f"M0 0h{side}v{side}H0z"
    picture = Image.new("L", (side * MODULE, side * MODULE), "white")
    pen = ImageDraw.Draw(picture)
    assert _STROKE.sub("", code.attrib["d"]) == ""
    x = y = 0
    for across, down, further, length in _STROKE.findall(code.attrib["d"]):
        x, y = (int(across), int(down)) if across else (x + int(further), y)
        box = (x * MODULE, y * MODULE, (x + int(length)) * MODULE - 1, (y + 1) * MODULE - 1)
        pen.rectangle(box, "black")
        x += int(length)
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


def test_the_code_stands_within_a_page() -> None:
    svg = make_qr(ADDRESS)
    assert svg.startswith("<svg ")
    assert "xmlns" not in svg
    assert make_qr(ADDRESS) == svg
