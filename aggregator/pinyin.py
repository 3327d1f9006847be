"""How names are typed on a keyboard: their pinyin, in full and by initials. The only user of pypinyin.

Importing pypinyin takes longer than publishing one post, so nothing imports it until a name is spelled, and what is
spelled is kept (store, `cards`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

READINGS: Mapping[str, tuple[str, ...]] = {
    "长": ("chang", "zhang"), "重": ("chong", "zhong"), "厦": ("xia", "sha"), "行": ("xing", "hang"),
    "乐": ("le", "yue"), "都": ("du", "dou"), "六": ("liu", "lu"), "蚌": ("beng", "bang"), "番": ("fan", "pan"),
    "单": ("dan", "shan"), "洞": ("dong", "tong"), "莞": ("guan", "wan"), "朝": ("chao", "zhao"),
    "曾": ("zeng", "ceng"), "解": ("jie", "xie"), "会": ("hui", "kuai"), "尉": ("wei", "yu"), "浚": ("jun", "xun"),
    "莘": ("shen", "xin"), "柏": ("bai", "bo"), "车": ("che", "ju"), "调": ("diao", "tiao"), "藏": ("zang", "cang"),
    "传": ("chuan", "zhuan"), "校": ("xiao", "jiao"), "巷": ("xiang", "hang"), "堡": ("bao", "bu", "pu"),
    "圩": ("wei", "xu"), "埔": ("pu", "bu"), "栖": ("qi", "xi"), "涡": ("guo", "wo"), "泊": ("bo", "po"),
    "沈": ("shen", "chen"), "覃": ("qin", "tan"), "郇": ("xun", "huan"), "陂": ("bei", "pi", "po"),
    "叶": ("ye", "she"), "亳": ("bo", "hao"), "参": ("can", "shen"), "镐": ("hao", "gao"), "阿": ("a", "e"),
    "盛": ("sheng", "cheng"), "鄱": ("po", "fan"), "歙": ("she", "xi"), "繁": ("fan", "po"), "绿": ("lv", "lu"),
    "吕": ("lv", "lu"), "闾": ("lv", "lu"), "旅": ("lv", "lu"), "女": ("nv", "nu"), "率": ("shuai", "lv"),
    "血": ("xue", "xie"), "卡": ("ka", "qia"), "峙": ("zhi", "shi"), "隩": ("yu", "ao"), "枞": ("zong", "cong"),
}  # fmt: skip
"""Characters of places, offices and people's names that are read in more than one way, or typed so by mistake."""


def spell_names(names: Iterable[str]) -> str:
    """What finds any of these names when typed: 「市公安局」 gives "shigonganju sgaj".

    Lower-case letters and digits, parted by spaces; ü is v. What stands within another word is left out.
    """
    found = sorted({word for name in names for word in _spell(name)}, key=lambda word: (-len(word), word))
    kept: list[str] = []
    for word in found:
        if not any(word in longer for longer in kept):
            kept.append(word)
    return " ".join(kept)


@lru_cache(maxsize=1024)  # the regions of thousands of accounts are few
def _spell(name: str) -> tuple[str, ...]:
    return tuple(_list_spellings(unicodedata.normalize("NFKC", name)))


def _list_spellings(name: str) -> Iterator[str]:
    from pypinyin import lazy_pinyin

    # One syllable a character: what is no Chinese comes a letter at a time, as the documentation of `errors` has it.
    syllables = [_clean(one) for one in lazy_pinyin(name, errors=list)]  # type: ignore[arg-type]  # its stub lacks that
    yield from _write(syllables)
    for character in sorted({*name} & READINGS.keys()):
        for reading in READINGS[character]:
            yield from _write(
                [reading if one == character else known for one, known in zip(name, syllables, strict=True)]
            )


def _write(syllables: list[str]) -> Iterator[str]:
    full, initials = "".join(syllables), "".join(syllable[:1] for syllable in syllables)
    yield from (word for word in (full, initials) if word)


def _clean(syllable: str) -> str:
    return "".join(letter for letter in syllable.lower() if letter.isascii() and letter.isalnum())
