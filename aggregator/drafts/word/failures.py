"""What keeps a Word file from being read, in Chinese."""

from __future__ import annotations

from dataclasses import dataclass

SAVE_AS = "请用 Word 或 WPS 打开它，点“文件”→“另存为”，类型选“Word 文档（*.docx）”，再放到这里。"
SAVE_AGAIN = "请用 Word 或 WPS 打开它，另存一份新的 .docx，换下这个文件。"


class WordError(Exception):
    """A file that cannot be read: leaves this package as a `WordFailure`."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class WordFailure:
    """Why one file gave no draft."""

    message: str
    remedy: str


DAMAGED = WordFailure("这个 Word 文件已经损坏，读不出来，没有发布。", f"{SAVE_AGAIN}打不开的，请找原稿。")
TOO_LARGE = WordFailure(
    "这个 Word 文件解开以后太大，没有读取。", "请把里面的图片压缩或另存成文件，放在稿件旁边；很长的表格请作为附件。"
)
TOO_SLOW = WordFailure(
    "这个 Word 文件太复杂，读它花的时间或内存超出了限度，没有发布。", "请把它分成几个文件，或者把大表格作为附件。"
)
TOO_DEEP = WordFailure("这个 Word 文件里的表格或文本框套得太深，没有发布。", "请把套在一起的表格拆开，再保存。")


def make_error(failure: WordFailure) -> WordError:
    return WordError(failure.message, failure.remedy)
