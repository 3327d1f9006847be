"""What of a post a decision of staff is about, and the short name of that. Pure."""

from __future__ import annotations

import hashlib
import json
import re

from aggregator.model import Post
from aggregator.text import drop_tickers

CODE = 6
"""Characters of a code: of five thousand posts that wait, two have the same one in one list of seventy."""

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another when they are read out."""

_LINK = re.compile(r'\bhref="([^"]*)"')
_PICTURE = re.compile(r'\bsrc="([^"]*)"')


def hash_version(post: Post) -> str:
    """Over all that a reader is told or led to: a change of it is another decision.

    Left out is what changes by itself: dates, spaces, counters, and how a server asks for a picture's size.
    """
    told = (
        drop_tickers(post.title), post.url, drop_tickers(post.text), drop_tickers(post.summary), post.author,
        post.genre, _LINK.findall(post.html), [_cut_query(url) for url in (*_PICTURE.findall(post.html), post.image)],
        [(one.url, one.title) for one in post.attachments],
    )  # fmt: skip
    return hashlib.blake2b(json.dumps(told, ensure_ascii=False).encode(errors="replace"), digest_size=8).hexdigest()


def make_code(account: str, key: str, content: str) -> str:
    """The code of one version of one post."""
    stated = f"{account}\0{key}\0{content}".encode(errors="replace")
    number = int.from_bytes(hashlib.blake2b(stated, digest_size=8).digest(), "big")
    letters = []
    for _ in range(CODE):
        number, index = divmod(number, len(LETTERS))
        letters.append(LETTERS[index])
    return "".join(letters)


def _cut_query(url: str) -> str:
    return url.partition("?")[0]
