"""A post as a row of the table `posts` and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from aggregator.model import Attachment, Post, StoredPost
from aggregator.store.connection import read_moment, to_moment, to_seconds

COLUMNS = (
    "p.id, p.account, p.key, p.title, p.url, p.canonical_url, p.summary, p.published, p.updated, p.author, "
    "p.categories, p.image, p.attachments, p.genre, p.header, p.warnings, p.first_seen, p.revision, "
    "p.content_hash, p.withdrawn_at"
)
"""What `read_post` takes, followed by the body's HTML and text."""

CONTENT = (
    "title, url, canonical_url, summary, published, updated, author, categories, image, attachments, genre, header, "
    "warnings"
)
"""What `write_content` gives."""

_dump = json.JSONEncoder(ensure_ascii=False).encode
"""Made once: json.dumps makes one for each value that is not written as it does by default."""


def hash_content(post: Post) -> str:
    """Over all that a resident can see of a post; identifiers and reading notes are left out."""
    seen = (
        post.title, post.url, post.html, post.text, post.summary, to_seconds(post.published), to_seconds(post.updated),
        post.author, post.categories, post.image, [_write_attachment(one) for one in post.attachments], post.genre,
        post.header,
    )  # fmt: skip
    return hashlib.blake2b(_dump(seen).encode(), digest_size=16).hexdigest()


def write_content(post: Post) -> tuple[str | int | None, ...]:
    return (
        post.title, post.url, post.canonical_url, post.summary, to_seconds(post.published), to_seconds(post.updated),
        post.author, _dump_names(post.categories), post.image,
        _dump_all(_write_attachment(one) for one in post.attachments),
        post.genre, _dump_all(post.header), _dump_all(post.warnings),
    )  # fmt: skip


def load_list(packed: str) -> Sequence[Any]:
    # Most are empty, and a post has four of them.
    return () if packed == "[]" else json.loads(packed)


def read_post(row: tuple[Any, ...]) -> StoredPost:
    (
        identifier, account, key, title, url, canonical_url, summary, published, updated, author, categories, image,
        attachments, genre, header, warnings, first_seen, revision, content_hash, withdrawn_at, html, text,
    ) = row  # fmt: skip
    post = Post(
        account=account, key=key, title=title, url=url, canonical_url=canonical_url, html=html, text=text,
        summary=summary, published=to_moment(published), updated=to_moment(updated), author=author,
        categories=tuple(load_list(categories)), image=image,
        attachments=tuple(Attachment(*one) for one in load_list(attachments)), genre=genre,
        header=tuple((name, value) for name, value in load_list(header)), warnings=tuple(load_list(warnings)),
    )  # fmt: skip
    return StoredPost(identifier, post, read_moment(first_seen), revision, content_hash, to_moment(withdrawn_at))


@lru_cache(maxsize=256)
def _dump_names(names: tuple[str, ...]) -> str:
    """Of the categories of an account, which are the same few again and again."""
    return _dump(names)


def _dump_all(values: Iterable[object]) -> str:
    rows = list(values)
    return _dump(rows) if rows else "[]"


def _write_attachment(attachment: Attachment) -> tuple[str, str, str, int | None]:
    return attachment.url, attachment.title, attachment.media_type, attachment.size
