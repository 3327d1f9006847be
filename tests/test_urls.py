"""Which addresses lead to the same page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.urls import basename, canonical_url, is_home_page, is_web_url, resolve_url, spell_uri

WECHAT = "https://mp.weixin.qq.com/s?__biz=MzA5NDc1NzQ4MA==&mid=2654637176&idx=1"


@pytest.mark.parametrize(
    ("name", "url", "identity"),
    [
        ("scheme and host are folded", "HTTP://Example.CN/A", "https://example.cn/A"),
        ("a default port says nothing", "http://a.cn:80/b", "https://a.cn/b"),
        ("another port does", "http://a.cn:8080/b", "https://a.cn:8080/b"),
        ("an empty path is the root", "https://a.cn?x=1", "https://a.cn/?x=1"),
        ("a fragment is a place in the page", "https://a.cn/b#c", "https://a.cn/b"),
        ("unless a script makes pages of it", "https://a.cn/#/detail?id=5", "https://a.cn/#/detail?id=5"),
        ("tracking is dropped", "https://a.cn/b?utm_source=x&id=1&spm=2&from=timeline", "https://a.cn/b?id=1"),
        ("the order of parameters is none", "https://a.cn/b?c=2&a=1", "https://a.cn/b?a=1&c=2"),
        ("a feed's over-escaped ampersand", "https://a.cn/b?a=1&amp;c=2", "https://a.cn/b?a=1&c=2"),
        ("escapes have one spelling", "https://a.cn/%e4%b8%ad%41?q=文", "https://a.cn/%E4%B8%ADA?q=%E6%96%87"),
        ("a plus stays one", "https://a.cn/?q=a+b%2Bc", "https://a.cn/?q=a+b%2Bc"),
        ("dots in the path are resolved", "https://a.cn/b/../c/./d", "https://a.cn/c/d"),
        ("a Chinese host is its ASCII form", "http://政务.中国/", "https://xn--zfr164b.xn--fiqs8s/"),
        ("an IPv6 host keeps its brackets", "http://[2001:DB8::1]/a", "https://[2001:db8::1]/a"),
        (
            "WeChat: account, message and place in it",
            WECHAT.replace("https", "http") + "&sn=76e7&chksm=aa&scene=0#rd",
            WECHAT,
        ),
        (
            "WeChat: escaped, the first place left out",
            "https://mp.weixin.qq.com/s?mid=2654637176&__biz=MzA5NDc1NzQ4MA%3D%3D",
            WECHAT,
        ),
        (
            "WeChat: the form of 2013",
            "http://mp.weixin.qq.com/mp/appmsg/show?__biz=MzA5NDc1NzQ4MA==&appmsgid=2654637176&itemidx=1",
            WECHAT,
        ),
        (
            "WeChat: the short form",
            "http://mp.weixin.qq.com/s/AbC_d-1?scene=1&from=x#wechat_redirect",
            "https://mp.weixin.qq.com/s/AbC_d-1",
        ),
        (
            "WeChat: a temporary link",
            "https://mp.weixin.qq.com/s?src=11&signature=b",
            "https://mp.weixin.qq.com/s?signature=b&src=11",
        ),
        ("mail is no page", "mailto:a@a.cn", ""),
        ("nor is a script", "javascript:alert(1)", ""),
        ("nor a relative address", "//a.cn/b", ""),
        ("nor a broken one", "http://[::1", ""),
        ("nor one with an impossible port", "http://a.cn:99999/", ""),
        ("nor nothing", "", ""),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_identity(name, url, identity):
    assert canonical_url(url) == identity


@given(st.text(max_size=60).map(lambda tail: f"http://a.cn/{tail}"))
def test_an_identity_is_its_own(url):
    once = canonical_url(url)
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("base", "url", "absolute"),
    [
        ("https://a.cn/b/c", "d.html", "https://a.cn/b/d.html"),
        ("https://a.cn/b/c", "//x.cn/d", "https://x.cn/d"),
        ("https://a.cn/b/c", " https://x.cn/a b\n", "https://x.cn/a%20b"),
        ("https://a.cn/b/c", "mailto:a@b.cn", ""),
        ("https://a.cn/b/c", "", ""),
        ("", "d.html", ""),
        ("", "https://x.cn/d", "https://x.cn/d"),
        ("https://a.cn", "http://[", ""),
    ],
)
def test_resolving(base, url, absolute):
    assert resolve_url(base, url) == absolute


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("https://a.cn/b?c=%E5%81%9C", "https://a.cn/b?c=%E5%81%9C"),
        ("https://a.cn/停水.html?q=水#顶", "https://a.cn/%E5%81%9C%E6%B0%B4.html?q=%E6%B0%B4#%E9%A1%B6"),
        ("http://政务.中国:8080/a", "http://xn--zfr164b.xn--fiqs8s:8080/a"),
        ("https://a.cn/pe\u0301?x={1}|<2>[3]", "https://a.cn/pe%CC%81?x=%7B1%7D%7C%3C2%3E%5B3%5D"),
        ("https://a.cn/100%?b=5%zz", "https://a.cn/100%25?b=5%25zz"),
        ("https://[2001:db8::1]/水", "https://[2001:db8::1]/%E6%B0%B4"),
        ("", ""),
        ("ftp://a.cn/水", "ftp://a.cn/水"),
    ],
)
def test_programs_are_told_addresses_in_the_letters_of_a_uri(url: str, uri: str) -> None:
    assert spell_uri(url) == uri
    assert spell_uri(uri) == uri


def test_web_addresses_and_home_pages():
    assert is_web_url("https://a.cn")
    assert not any(is_web_url(url) for url in ("ftp://a.cn", "https://", "a.cn", "http:///x"))
    assert all(is_home_page(url) for url in ("https://a.cn", "http://a.cn/", "https://a.cn/#"))
    assert not any(is_home_page(url) for url in ("https://a.cn/?p=1", "https://a.cn/b", "https://a.cn/#/b", ""))


def test_the_readable_name_of_a_file():
    assert basename("https://a.cn/x/%E8%A1%A8.xlsx?v=1") == "表.xlsx"
    assert basename("no address") == ""


@given(st.from_regex(r"https?://[a-zA-Z0-9.-]{1,6}(?:/[a-zA-Z0-9./_~:@=-]{0,8})?", fullmatch=True))
def test_a_place_in_the_page_is_no_part_of_any_address(url: str) -> None:
    """Addresses that need no rule are told by their form, those with a fragment by their parts."""
    assert canonical_url(url) == canonical_url(f"{url}#c")
    assert is_web_url(url) == is_web_url(f"{url}#c")
    assert is_home_page(url) == is_home_page(f"{url}#")
