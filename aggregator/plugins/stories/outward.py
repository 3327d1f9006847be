"""Links that lead away from official sites, which a reader is told before following one (国办发〔2017〕47号)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

HINT = "（站外链接）"

FEEDBACK = "feedback.html"
"""The theme's own page for those who found a mistake."""

LEAVINGS = ("mark", "page")
"""How a link away is announced: by a mark beside it, or besides by a page that asks."""

# As the sanitizer writes the links of a body; links to our own copies and to other drafts' pages have no `rel`.
_LINK = re.compile(r'<a href="(https?://[^"]*)" rel="nofollow noopener">(.*?)</a>', re.DOTALL)

IsOutside = Callable[[str], bool]


def list_trusted(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Domains whose sites are our own: those of the settings, and the site's."""
    own = urlsplit(settings["SITEURL"]).hostname or ""
    return tuple(dict.fromkeys(name.lower().strip(".") for name in (*settings["TRUSTED_HOSTS"], own) if name))


def make_outside(trusted: Sequence[str]) -> IsOutside:
    """Whether an http(s) address leads to a host that is none of these domains, nor below one."""
    endings = tuple(f".{name}" for name in trusted)

    @lru_cache(maxsize=4096)
    def is_foreign(place: str) -> bool:
        try:
            host = urlsplit(f"//{place}").hostname
        except ValueError:
            return True
        return not f".{host}".endswith(endings)

    def is_outside(url: str) -> bool:
        if not url.startswith(("https://", "http://")):
            return False
        # A backslash ends the host for browsers, and not for urlsplit.
        return is_foreign(re.split(r"[/?#\\]", url.partition("://")[2], maxsplit=1)[0])

    return is_outside


def mark_links(body: str, is_outside: IsOutside) -> str:
    """The HTML of a body whose links away say so, to the eye and to the ear."""
    if " rel=" not in body:
        return body

    def mark(match: re.Match[str]) -> str:
        if not is_outside(match[1].replace("&amp;", "&")):
            return match[0]
        said = f'{match[2]}<span class="unseen">{HINT}</span>'
        return f'<a class="away" href="{match[1]}" rel="nofollow noopener">{said}</a>'

    return _LINK.sub(mark, body)


def link_feedback(target: str, root: str, site_url: str, here: str) -> str:
    """Where somebody who found a mistake on the page `here` says so. `target` is a path in the site, to which the page
    is told behind "#", or an address elsewhere, in which {url} stands for the page's."""
    if ":" in target:
        return target.replace("{url}", quote(f"{site_url}/{here}", safe=""))
    return f"{root}{target}#{quote(here)}" if target == FEEDBACK else f"{root}{target}"
