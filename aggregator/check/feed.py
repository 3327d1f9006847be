"""What a feed does all at once: far more posts than usual, another language, another domain.

These are what a hijacked feed looks like. A feed that is read for the first time is exempt: nothing is usual yet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from statistics import median
from urllib.parse import urlsplit

from aggregator.model import Account, FeedHabits, HoldReason, HoldSettings, Post
from aggregator.urls import find_site

SAMPLE = 1000
"""Characters of a post's text by which its language is known."""

LEAST_LETTERS = 30
"""Letters of posts below which their language is not known: 「解法Solution」."""

STRAYS = 0.2
"""Share of an account's last posts with a domain of their own above which it has no usual one: it collects links."""

MORE_THAN_STRAYS = 3
"""Posts with one new domain that are a change even where single ones are usual."""

_HAN = re.compile(r"[㐀-䶿一-鿿\U00020000-\U0003ffff]")
_LETTER = re.compile(r"[^\W\d_]")

_TRUSTED = "gov.cn"
"""Given to bodies of the state only: who links to one of them was not hijacked."""


def find_burst(new: int, habits: FeedHabits, settings: HoldSettings) -> HoldReason | None:
    """Whether a feed with so many new posts, beside those of the last day, brings far more than usual."""
    count = new + habits.lately
    if not settings.burst or not _is_burst(count, habits.a_day * habits.days, settings):
        return None
    usual = f"{habits.a_day:.1f}".removesuffix(".0")
    text = f"订阅源突然大量发文：一次新增 {count} 篇，平时每天约 {usual} 篇。"
    return HoldReason("burst", text, (float(count), habits.a_day * habits.days))


def _is_burst(count: float, expected: float, settings: HoldSettings) -> bool:
    return count >= settings.burst_least and count >= settings.burst * expected


def measure_language(text: str, least: int = LEAST_LETTERS) -> float | None:
    """The share of Han characters among letters, 0 to 1; None where there are fewer than `least`."""
    letters = len(_LETTER.findall(text))
    return len(_HAN.findall(text)) / letters if letters >= least else None


def find_other_language(
    posts: Sequence[Post], texts: Sequence[str], settings: HoldSettings
) -> tuple[Collection[str], HoldReason | None]:
    """Keys of the posts in another language than all of the account's last ones, where these posts together are in it.

    `texts` are titles of the last ones, or titles with openings. An account that has posted in this language twice
    is left alone.
    """
    if not settings.language or len(texts) < settings.usual:
        return (), None
    share = measure_language("\n".join(map(sample_post, posts)))
    # A title has few letters, but they tell as much as they can.
    usual = [known for text in texts if (known := measure_language(text, 1)) is not None]
    if share is None or not usual:
        return (), None
    # A single post may be an odd one; two like these are a custom.
    *_, distance = sorted(abs(share - known) for known in usual)[:2]
    if distance < settings.language:
        return (), None
    common = median(usual)
    text = f"订阅源的语言变了：汉字占 {share:.0%}，以往一般占 {common:.0%}。"
    others = [post.key for post in posts if _is_other(sample_post(post), common, settings)]
    return others, HoldReason("language", text, (distance,))


def _is_other(text: str, usual: float, settings: HoldSettings) -> bool:
    share = measure_language(text)
    return share is None or abs(share - usual) >= settings.language


def sample_post(post: Post) -> str:
    # Short posts are their own title.
    return post.text[:SAMPLE] if post.text.startswith(post.title) else f"{post.title}\n{post.text[:SAMPLE]}"


def may_differ(posts: Iterable[Post], titles: Sequence[str], addresses: Iterable[str], settings: HoldSettings) -> bool:
    """Whether any of these posts might be in another language, or lead to another host, than the titles and addresses
    given: a look of a microsecond, before it is asked what of them is new."""
    hosts = {_find_host(address) for address in addresses}
    usual = _estimate_han("".join(titles))
    return any(
        ((host := _find_host(post.url)) and host not in hosts)
        or abs(_estimate_han(sample_post(post)) - usual) >= settings.language / 2
        for post in posts
    )


def _estimate_han(text: str) -> float:
    """The share of characters beyond Latin, by the three bytes that each of them has in UTF-8."""
    return (len(text.encode("utf-8", "replace")) / len(text) - 1) / 2 if text else 1.0


def find_other_domain(
    posts: Sequence[Post], own: Collection[str], last: Sequence[str], settings: HoldSettings
) -> tuple[Collection[str], HoldReason | None]:
    """Keys of the posts that lead to a domain none of the account's has, where these are the most.

    `posts` are what is new or changed in the feed, `own` the addresses of the account and its feeds, `last` those of
    its last posts. Who links to a new domain now and then must do so more often; who always does has no usual one.
    """
    linked = {post.key: host for post in posts if (host := _find_host(post.url))}
    hosts = {_find_host(address) for address in (*own, *last)}
    # First by host: the list of public suffixes takes half a second to load, and is hardly ever needed.
    if not settings.domain or 2 * sum(host not in hosts for host in linked.values()) <= len(linked):
        return (), None
    trusted = {find_site(host) for address in own if (host := _find_host(address))}
    known = Counter(
        find_site(host) for address in last if (host := _find_host(address)) and not _is_allowed(host, settings)
    )
    foreign = {
        key: site
        for key, host in linked.items()
        if not _is_allowed(host, settings) and (site := find_site(host)) not in {*trusted, *known}
    }
    strays = sum(times == 1 and site not in trusted for site, times in known.items())
    if 2 * len(foreign) <= len(linked) or strays > STRAYS * len(last):
        return (), None
    ((site, times),) = Counter(foreign.values()).most_common(1)
    if strays and times < MORE_THAN_STRAYS:
        return (), None
    return foreign.keys(), HoldReason("domain", f"订阅源里的链接指向了以往没有的域名 {site}。", subject=site)


def find_moved_feed(landed: str, before: str, own: Collection[str], settings: HoldSettings) -> HoldReason | None:
    """Whether a feed that used to be answered by host `before` is now answered from another domain."""
    if not settings.domain or not landed or not before or landed == before:
        return None
    site = find_site(landed)
    if _is_allowed(landed, settings) or site in {find_site(before), *(find_site(_find_host(one)) for one in own)}:
        return None
    return HoldReason("domain", f"订阅源被转到了另一个域名 {site}，以往是 {find_site(before)}。", subject=site)


def _is_allowed(host: str, settings: HoldSettings) -> bool:
    """Whether any account may lead to this host."""
    domains = (_TRUSTED, *(domain.lower() for domain in settings.domains))
    return any(_is_within(host, domain) for domain in domains)


def _is_within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _find_host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def still_holds(reason: HoldReason, account: Account, settings: HoldSettings) -> bool:
    """Whether what was found in a whole feed is still a reason by these settings, and as the account is now."""
    if account.id in settings.exempt:
        return False
    match reason.rule:
        case "burst":
            count, expected = reason.measures
            return bool(settings.burst) and _is_burst(count, expected, settings)
        case "language":
            return bool(settings.language) and reason.measures[0] >= settings.language
        case "domain":
            own = (*account.feeds, account.homepage)
            return (
                settings.domain
                and not _is_allowed(reason.subject, settings)
                and not any(_is_within(_find_host(address), reason.subject) for address in own)
            )
        case _:
            return False


def outlives(reason: HoldReason, before: Post, after: Post, settings: HoldSettings) -> bool:
    """Whether what a feed did all at once is still a reason for one of its posts that was changed since."""
    match reason.rule:
        case "burst":
            return True
        case "language":
            shares = measure_language(sample_post(before)), measure_language(sample_post(after))
            return None in shares or abs((shares[0] or 0) - (shares[1] or 0)) < settings.language
        case "domain":
            return _is_within(_find_host(after.url), reason.subject)
        case _:
            return False
