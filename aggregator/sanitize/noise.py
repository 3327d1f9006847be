"""What stands in an article and is no part of it: advertisements, counters, WeChat's cards; and how a page aligns."""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.sanitize.tag import Element

_AD_NAMES = frozenset(
    # Exact names of classes and ids, never parts of them: "ad" is also in "header" and "admin". Those of WeChat are
    # appreciation, QR codes, profile cards and the bar below an article.
    {
        *("ad", "ads", "advert", "advertisement", "advertising", "adsbygoogle", "ad-container", "ad-wrapper"),
        *("ad_box", "ad-box", "adbox", "guanggao", "google-auto-placed", "sponsored", "js_ad_area"),
        *("js_cpc_area", "js_cpad_area", "rich_media_area_extra", "reward_area", "reward_qrcode_area"),
        *("qr_code_pc", "qr_code_pc_outer", "js_profile_qrcode", "mp_profile_iframe_wrp"),
        *("js_tags_preview_toast", "js_wechat_author_pc", "article-tag__list"),
        *("comment_primary_emotion_panel_wrp",),
    }
)
_WECHAT_PARTS = re.compile(r"mp-.*|mpcpc|mpprofile|mpgongyi|mpproduct|mpshop|qqmusic|mpchecktext")
"""Elements of WeChat's editor; `mp-style-type` says how the rest looks, the others are cards filled by script."""

_COUNTERS = re.compile(
    r"https?://(?:[\w.-]*\.)?(?:doubleclick\.net|googlesyndication\.com|google-analytics\.com|scorecardresearch\.com|"
    r"cnzz\.com|hm\.baidu\.com/hm\.gif|pos\.baidu\.com|cpro\.baidu\.com|stats\.wordpress\.com|pixel\.wp\.com|"
    r"feeds\.feedburner\.com/~|feedsportal\.com|medium\.com/_/stat|amazon-adsystem\.com|taboola\.com|outbrain\.com)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_STYLED_SIZE = re.compile(
    r"(?:^|;)\s*+(?:width|height)\s*+:\s*+[01](?:\.\d++)?(?:px)?\s*+(?:!important)?\s*+(?:;|$)", re.IGNORECASE
)
_STYLED_ALIGN = re.compile(r"(?:^|;)\s*text-align\s*:\s*([a-z-]+)", re.IGNORECASE)

_ALIGNMENTS = {"right": "right", "end": "right", "center": "center", "-webkit-center": "center"}


def is_noise(element: Element) -> bool:
    """Whether the element and all that it holds is left out."""
    if _WECHAT_PARTS.fullmatch(str(element.tag)):
        return True
    style = element.get("style")
    if style is not None and "none" in style.lower() and _HIDDEN.search(style):
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}".lower().split()
    return not _AD_NAMES.isdisjoint(names)


def is_counter(address: str) -> bool:
    """Whether a picture or frame from there counts visits or sells something."""
    return _COUNTERS.match(address) is not None


def is_tiny(element: Element) -> bool:
    """Whether its style makes it a pixel."""
    style = element.get("style")
    return style is not None and _is_tiny_style(style)


@lru_cache(maxsize=64)
def _is_tiny_style(style: str) -> bool:
    return _STYLED_SIZE.search(style) is not None


def read_alignment(element: Element) -> str | None:
    """ "right", "center" or "" (as usual), where the element says so; None where it doesn't.

    In official documents the place of a line has meaning: the title stands in the middle, the signature on the right.
    """
    if element.tag == "center":
        return "center"
    style = element.get("style")
    if style is not None and (match := _STYLED_ALIGN.search(style)):
        return _ALIGNMENTS.get(match.group(1).lower(), "")
    if (align := element.get("align")) is not None:
        return _ALIGNMENTS.get(align.strip().lower(), "")
    names = element.get("class", "").split()
    return next((name.removeprefix("align-") for name in names if name in ("align-right", "align-center")), None)
