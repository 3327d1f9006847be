"""What the buttons of the preview do: the commands of the same meaning, for the draft or the post beside them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any
from urllib.parse import urlencode

from aggregator import pipeline
from aggregator.cli.context import Workplace, read_clock
from aggregator.errors import ConfigError
from aggregator.identity import find_identity
from aggregator.model import STEP_NAMES, Editorial, ReviewVerdict
from aggregator.pipeline.reviewing import list_reviews, record_step, refresh_reviews
from aggregator.pipeline.wechat_folder import choose_folder, write_wechat
from aggregator.preview import Action, Answer
from aggregator.store import Store

logger = logging.getLogger(__name__)

_ACTIONS = (
    Action("wechat", "复制到微信", "draft"),
    Action("board", "打印公告栏", "draft", opens=True),
    Action("accept", "采用", "waiting"),
    Action("reject", "不采用", "waiting", asks="原因"),
    Action("edit", "改写成稿件", "waiting"),
)
_REVIEW = (Action("pass", "审核通过", "draft"), Action("return", "退回", "draft", asks="要改什么"))
_START = ("/", "回到稿件台")


class DeskActions:
    """The actions of one site. What writes holds the site's lock meanwhile."""

    def __init__(self, place: Workplace, settings: dict[str, Any]) -> None:
        self._place, self._site, self._settings = place, place.site, settings
        self._does: Mapping[str, Callable[[str, str], Answer]] = {
            "wechat": self._copy,
            "board": self._print,
            "accept": self._accept,
            "reject": self._reject,
            "edit": self._edit,
            "pass": lambda path, _: self._review(path, "pass", ""),
            "return": lambda path, words: self._review(path, "return", words),
        }

    def list(self, editorial: Editorial) -> tuple[Action, ...]:
        """Those of review where any draft must be reviewed."""
        demanded = editorial.review.required or editorial.review.columns
        return (*_ACTIONS, *_REVIEW) if demanded else _ACTIONS

    def act(self, action: str, target: str, words: str) -> Answer:
        """As `preview.Desk`. Raises MatrixError."""
        return self._does[action](target, words)

    def _copy(self, path: str, _: str) -> Answer:
        with self._open_store() as store:
            registry, now = self._place.load_registry(), read_clock()
            article = pipeline.prepare_wechat(self._site, self._settings, registry, store, now, path)
        done = write_wechat(article, choose_folder(self._site, article))
        changes = len(done.article.report)
        told = f"微信里会变的有 {changes} 处，写在那里的“说明.txt”里。" if changes else ""
        message = f"正文已复制，到公众号后台粘贴。标题、图片和封面在文件夹“{done.folder.name}”里。{told}"
        return Answer(message, html=article.html, text=article.text)

    def _print(self, path: str, _: str) -> Answer:
        with self._open_store() as store:
            registry, now = self._place.load_registry(), read_clock()
            name = str(self._site.content / path)
            made = pipeline.make_board(self._site, self._settings, registry, store, now, name)
        return Answer("", html=made.html)

    def _accept(self, code: str, _: str) -> Answer:
        registry, now, by = self._place.load_registry(), read_clock(), find_identity("system", self._site.root)
        with self._place.open_locked() as store:
            done = pipeline.accept_posts(self._site, self._settings, registry, store, now, lambda *_: None, (code,), by)
        (post,) = done.posts
        if not post.url:
            return Answer(f"《{post.title}》以前清除过，没有发布。", next=_START)
        joined = "，与别的文章并为一条" if post.joined else ""
        return Answer(
            f"已采用《{post.title}》{joined}，网站上已经有了。", next=(f"/site/s/{post.story}.html", "看这一页")
        )

    def _reject(self, code: str, words: str) -> Answer:
        if not words:
            return Answer("请先写原因。", is_done=False)
        registry, now, by = self._place.load_registry(), read_clock(), find_identity("system", self._site.root)
        with self._place.open_locked() as store:
            done = pipeline.reject_posts(self._site, registry, store, now, (code,), words, by)
        return Answer(f"不采用《{done.posts[0].title}》。", next=_START)

    def _edit(self, code: str, _: str) -> Answer:
        registry, now, by = self._place.load_registry(), read_clock(), find_identity("system", self._site.root)
        with self._place.open_locked() as store:
            done = pipeline.take_over_post(self._site, registry, store, now, code, by)
        path = done.file.relative_to(self._site.content).as_posix()
        hidden = "；文件名前面有下划线，改好以后去掉才会发布" if done.hidden else ""
        message = f"已做成稿件 {self._site.content.name}/{path}{hidden}。"
        return Answer(message, next=(f"/draft?{urlencode({'path': path})}", "打开这篇稿件"))

    def _review(self, path: str, verdict: ReviewVerdict, reason: str) -> Answer:
        registry, now = self._place.load_registry(), read_clock()
        with self._place.open_locked() as store:
            state = refresh_reviews(self._site, registry, store, now)
            draft = next((one for one in list_reviews(self._site, store, state.settings) if one.path == path), None)
            if draft is None:
                told = next((one for one in state.findings if one.file == path), None)
                message = f"还不能审：{told.message}" if told else "这一篇不在等审核的稿件里。"
                raise ConfigError(message, told.remedy if told else "")
            entry = record_step(self._site, store, state.settings, path, draft.content, verdict, now, reason=reason)
            logger.info("%s %s: %s by %s", entry.step, verdict, path, entry.by)
        done = STEP_NAMES[entry.step]
        if verdict == "return":
            return Answer(f"{done}退回，记录为 {entry.by}。改好以后，从初审重新开始。")
        left = "、".join(STEP_NAMES[one] for one in draft.reviewed.missing if one != entry.step)
        rest = f"还差{left}，要由别的人做。" if left else "三审都已通过，下一次发布就公开。"
        return Answer(f"{done}通过，记录为 {entry.by}。{rest}")

    @contextmanager
    def _open_store(self) -> Iterator[Store | None]:
        """For questions; None before the first publish."""
        store = Store.open_reading(self._site.store) if self._site.store.is_file() else None
        with store or nullcontext():
            yield store
