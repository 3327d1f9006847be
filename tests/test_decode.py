"""Bytes become readable Chinese whatever their label says, and damage stays where it is."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.decode import decode_bytes, find_label
from aggregator.text import drop_controls

TEXT = "栖江市人民政府关于朱镕基、陶喆的通知"


@pytest.mark.parametrize(
    ("name", "data", "label", "encoding", "warns"),
    [
        ("UTF-8 under its label", TEXT.encode(), "utf-8", "utf-8", False),
        ("UTF-8 without a label", TEXT.encode(), None, "utf-8", False),
        ("UTF-8 labelled gb2312", TEXT.encode(), "gb2312", "utf-8", True),
        ("GBK labelled utf-8", TEXT.encode("gbk"), "utf-8", "gb18030", True),
        ("GBK without a label", TEXT.encode("gbk"), None, "gb18030", True),
        ("GBK labelled gb2312", TEXT.encode("gbk"), "GB2312", "gb18030", False),
        ("GBK labelled gbk", TEXT.encode("gbk"), "x-gbk", "gb18030", False),
        ("GBK labelled iso-8859-1", TEXT.encode("gbk"), "iso-8859-1", "gb18030", True),
        ("GBK under a label nobody knows", TEXT.encode("gbk"), "chinese-simplified-2", "gb18030", True),
        ("GBK under a label that is no text encoding", TEXT.encode("gbk"), "rot13", "gb18030", True),
        ("Big5 under its label", "棲江市政府".encode("big5"), "big5", "big5hkscs", False),
        ("Latin text under its label", "café déjà vu".encode("latin-1"), "ISO-8859-1", "cp1252", False),
        ("UTF-16 with its mark", TEXT.encode("utf-16"), "utf-8", "utf-16-le", False),
        ("UTF-16 without a mark", f"<a>{TEXT}".encode("utf-16-be"), None, "utf-16-be", False),
        ("UTF-8 with its mark", codecs.BOM_UTF8 + TEXT.encode(), "gbk", "utf-8", False),
        ("ASCII under any label", b"plain", "gb2312", "utf-8", False),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_text_survives(name, data, label, encoding, warns):
    decoded = decode_bytes(data, label)
    assert decoded.encoding == encoding
    assert "\ufffd" not in decoded.text
    assert decoded.text.lstrip("<a>") in (TEXT, "棲江市政府", "café déjà vu", "plain", "plin")
    assert bool(decoded.warning) == warns


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_one_bad_byte_costs_one_replacement_and_not_the_document(encoding):
    data = TEXT.encode(encoding)
    decoded = decode_bytes(data + b"\xff " + data, encoding)
    assert decoded.text == f"{TEXT}\ufffd {TEXT}"
    assert "1 处字节" in decoded.warning


def test_a_bad_byte_within_a_character_costs_that_character():
    data = bytearray(TEXT.encode())
    data[4] = 0xFF
    assert decode_bytes(bytes(data), "utf-8").text == TEXT[0] + "\ufffd" + TEXT[2:]


def test_a_document_cut_within_a_character_keeps_the_rest():
    assert decode_bytes(TEXT.encode()[:-1], "utf-8").text == TEXT[:-1] + "\ufffd"


@pytest.mark.parametrize(
    ("data", "content_type", "label"),
    [
        (b'<?xml version="1.0" encoding="GB2312"?>', "text/xml; charset=utf-8", "GB2312"),
        (b"<rss>", 'text/xml; charset="gbk"', "gbk"),
        (b"<rss>", "text/xml", None),
        (b"", "", None),
    ],
)
def test_the_label_is_the_declaration_s_else_the_server_s(data, content_type, label):
    assert find_label(data, content_type) == label


@given(st.binary(max_size=200), st.none() | st.text(max_size=12))
def test_no_bytes_and_no_label_raise(data, label):
    assert isinstance(decode_bytes(data, label).text, str)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\ufffe\x00"), max_size=80))
def test_utf8_comes_back_whole_but_for_what_xml_forbids(text):
    assert decode_bytes(text.encode(), "gbk").text == drop_controls(text)
