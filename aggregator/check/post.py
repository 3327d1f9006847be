"""What one post says: personal numbers, words, the source of a reprint."""

from __future__ import annotations

import html
import re
import unicodedata

from aggregator.check.numbers import find_bank_cards, find_id_cards
from aggregator.check.phones import find_private_phones
from aggregator.check.sources import find_foreign_source
from aggregator.check.words import find_words
from aggregator.model import HoldReason, HoldSettings, Post

RULES_VERSION = 4
"""Raised when a rule changes, so that what waits is judged anew."""

REVIEW = HoldReason("review", "这个账号先审后发，等值班人员决定。")
"""Why all posts of an account wait whose selection is "review"."""

TOLD = 3
"""Finds named in one reason; the rest is counted."""

_FULL_WIDTH = "１２４５"
"""One of these is in any number of these kinds: 1[3-9]…, 19… or 20…, 62…, 4…, 5…."""

_PICTURE_WORDS = re.compile(r' alt="([^"]+)"')
"""Of the cleaned body's pictures: they are read aloud, and shown where the picture is not."""

_UNSEEN_CHARACTERS = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_UNSEEN = re.compile(f"[{_UNSEEN_CHARACTERS}]+")
"""Characters without a width: editors leave them between digits, and nobody sees them."""

_DIGITS = re.compile(rb"[0-9][0-9 -]{9}")
_MOBILE = re.compile(rb"1[3-9][0-9][0-9 -]{8}")
_NUMBER = bytes(ord("0") if byte in b"0123456789 -" else 0 for byte in range(256))
_LONG_NUMBER = b"0" * 14
"""The least an identity card or a bank card needs; some others have as many characters, which costs only time."""


def judge_post(
    post: Post, settings: HoldSettings, own_names: tuple[str, ...], this_year: int
) -> tuple[HoldReason, ...]:
    """Why this post is held by what it says; () if it is not. `own_names` as of `list_own_names`."""
    titles = "\n".join(
        (
            *(post.title, post.summary, post.author, *post.categories),
            *(attachment.title for attachment in post.attachments),
            *(html.unescape(words) for words in _PICTURE_WORDS.findall(post.html)),
        )
    )
    text = f"{titles}\n{post.text}"
    reasons = [*_find_numbers(text, settings, this_year)]
    if words := find_words(text, settings.words, settings.word_exceptions):
        reasons.append(HoldReason("word", f"有禁用词：{_list(words)}。"))
    if settings.sources and (source := find_foreign_source(post.text, settings.sources, own_names)):
        reasons.append(HoldReason("source", f"转载来源“{source}”不在白名单里。", subject=source))
    return tuple(reasons)


def _find_numbers(text: str, settings: HoldSettings, this_year: int) -> list[HoldReason]:
    # Looking for each takes a tenth of the time of the substitution, and hardly any text has one.
    if any(character in text for character in _UNSEEN_CHARACTERS):
        text = _UNSEEN.sub("", text)
    if not _may_have_number(text):
        return []
    # Full-width digits and letters are read as people read them.
    text = unicodedata.normalize("NFKC", text)
    reasons = []
    if settings.id_cards and (found := find_id_cards(text, this_year)):
        reasons.append(HoldReason("id-card", f"有没遮盖的身份证号：{_list(found)}。"))
    if settings.bank_cards and (found := find_bank_cards(text, this_year)):
        reasons.append(HoldReason("bank-card", f"有没遮盖的银行卡号：{_list(found)}。"))
    if settings.phones and (found := find_private_phones(text)):
        reasons.append(HoldReason("phone", f"有没遮盖的个人手机号：{_list(found)}。"))
    return reasons


def _may_have_number(text: str) -> bool:
    """Whether a closer look is worth its time, which is a hundred times this one's; most posts are done with here.

    First without all that is not ASCII, which leaves a tenth of a Chinese text, then with it.
    """
    if any(digit in text for digit in _FULL_WIDTH):
        return True
    if not _DIGITS.search(text.encode("ascii", "ignore")):
        return False
    plain = text.encode("ascii", "replace")
    return _LONG_NUMBER in plain.translate(_NUMBER) or _MOBILE.search(plain) is not None


def _list(found: tuple[str, ...]) -> str:
    more = f"等 {len(found)} 处" if len(found) > TOLD else ""
    return "、".join(found[:TOLD]) + more
