"""In which form a policy is explained: text, pictures, comic, questions and answers, sound, film, cases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, get_args

Form = Literal["文字", "图解", "漫画", "问答", "音频", "视频", "案例"]
"""国办秘函〔2019〕19号 wants several of them."""

FORMS: tuple[Form, ...] = get_args(Form)

FILMS = ("mp4", "m4v", "webm")
SOUNDS = ("mp3", "m4a", "wav", "aac", "ogg")
"""Endings of what a browser plays."""

_IN_TITLES: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("漫画", re.compile(r"漫画|条漫")),
    ("图解", re.compile(r"图解|一图|一张[图表]|图说|长图|图文解读")),
    ("问答", re.compile(r"问答|答问|答记者问|百问|\d+问|热点问题|常见问题")),
    ("视频", re.compile(r"视频|短片|动画")),
    ("音频", re.compile(r"音频|广播|有声")),
    ("案例", re.compile(r"案例|以案")),
)
_QUESTION = re.compile(
    r"(?:问|Q|q)\s*\d*\s*[：:、.．]|(?:\d+|[一二三四五六七八九十]+)\s*[、.．].{2,60}[？?]$|.{4,60}[？?]$"
)
_ANSWER = re.compile(r"(?:答|A|a)\s*\d*\s*[：:、.．]")
_LEAST_QUESTIONS = 3
_TEXT_OF_A_PICTURE = 150
"""Characters of text a picture below which the pictures are what is to be read."""


def is_film(name: str) -> bool:
    """Whether a file of this name or address is a film that browsers play."""
    return _read_ending(name) in FILMS


def is_sound(name: str) -> bool:
    return _read_ending(name) in SOUNDS


def _read_ending(name: str) -> str:
    return name.partition("?")[0].rpartition(".")[2].lower()


def read_form(value: str) -> Form | None:
    """What a header says, if it is one of the forms; of several the first one."""
    return next((form for part in re.split("[、，,;；/ ]+", value) for form in FORMS if part.strip() == form), None)


def recognise_form(title: str, text: str, pictures: int, files: Sequence[str]) -> Form:
    """The form of an explanation that does not say it: by its attachments, its headline, then by what it consists of.

    `text` has a line a block; `files` are names or addresses of attachments.
    """
    if any(map(is_film, files)):
        return "视频"
    if any(map(is_sound, files)):
        return "音频"
    for form, pattern in _IN_TITLES:
        if pattern.search(title):
            return form
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    questions = sum(bool(_QUESTION.match(line)) for line in lines)
    answers = sum(bool(_ANSWER.match(line)) for line in lines)
    if questions >= _LEAST_QUESTIONS and (answers or questions * 6 >= len(lines)):
        return "问答"
    if pictures and sum(map(len, lines)) < pictures * _TEXT_OF_A_PICTURE:
        return "图解"
    return "文字"
