"""The posts that every generator gets: about 1,080 characters each, 27 a day, from 100 accounts in six columns; or such
as WeChat accounts have, twice as long and with eight pictures.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import chain, zip_longest
from pathlib import Path

from publish import write_text

COLUMNS = ("notices", "policies", "explanations", "services", "news", "community")
ACCOUNTS = 100
ZONE = timezone(timedelta(hours=8))
LAST = datetime(2026, 10, 31, 12, 0, tzinfo=UTC)
"""Of the newest post; a new one follows in its month."""

APART = timedelta(minutes=52)
"""Between two posts: 10,000 are a year."""

SENTENCES = 17
SENTENCES_OF_WECHAT, PICTURES_OF_WECHAT = 34, 8
NAMES = "居民街道医保社区窗口材料标准公示时间地点电话道路公交学校疫苗小区供水公园图书招聘企业户籍养老住房消防河道"


@dataclass(frozen=True, slots=True)
class Post:
    number: int
    account: str
    column: str
    title: str
    paragraphs: tuple[str, ...]
    moment: datetime
    pictures: int = 0

    @property
    def name(self) -> str:
        return f"p{self.number}"


def write_post(number: int, count: int, *, wechat: bool = False) -> Post:
    """One of `count` posts, the oldest is 0; from `count` on they are new ones."""
    random_ = random.Random(number)  # noqa: S311  data, not secrets
    sentences = SENTENCES_OF_WECHAT if wechat else SENTENCES
    lines = write_text(random_, sentences)
    moment = LAST + APART * (number - count) if number < count else LAST + timedelta(minutes=number - count)
    title = "关于" + "".join(random_.choices(NAMES, k=9)) + f"的消息之{number}"
    column = COLUMNS[(number + number // ACCOUNTS) % len(COLUMNS)]
    # A paragraph of two sentences, and a list.
    paragraphs = (*("".join(lines[at : at + 2]) for at in range(0, sentences - 3, 2)), *lines[-3:])
    pictures = PICTURES_OF_WECHAT if wechat else 0
    return Post(number, f"u{number % ACCOUNTS}", column, title, paragraphs, moment, pictures)


def write_posts(count: int, *, wechat: bool = False) -> Iterator[Post]:
    return (write_post(number, count, wechat=wechat) for number in range(count))


def write_markdown(post: Post) -> str:
    """The body; the last three sentences are a list."""
    return "\n\n".join(post.paragraphs[:-3]) + "\n\n" + "\n".join(f"- {line}" for line in post.paragraphs[-3:]) + "\n"


def write_html(post: Post) -> str:
    """The body as Markdown makes it, and a picture behind each of the first paragraphs."""
    items = "".join(f"<li>{line}</li>\n" for line in post.paragraphs[-3:])
    pictures = [_write_picture(post, number) for number in range(post.pictures)]
    told = zip_longest((f"<p>{line}</p>\n" for line in post.paragraphs[:-3]), pictures, fillvalue="")
    return "".join(chain.from_iterable(told)) + f"<ul>\n{items}</ul>\n"


def _write_picture(post: Post, number: int) -> str:
    address = f"https://mmbiz.qpic.cn/mmbiz_jpg/{post.number}-{number}/640?wx_fmt=jpeg&amp;from=appmsg"
    return f'<p class="align-center"><img src="{address}" alt="" width="1080" height="720"></p>\n'


def write_files(folder: Path, posts: Sequence[Post] | Iterator[Post], header: str, names: Sequence[str]) -> None:
    """A Markdown file for each post, in a folder of its column; `header` is a template of what stands above the text,
    `names` are the columns that have a folder.
    """
    for name in names:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for post in posts:
        column = names[COLUMNS.index(post.column) % len(names)]
        local = post.moment.astimezone(ZONE)
        head = header.format(post=post, local=local, column=column)
        (folder / column / f"{post.name}.md").write_text(f"---\n{head}---\n\n{write_markdown(post)}", encoding="utf-8")
