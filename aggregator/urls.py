"""Addresses: which two of them lead to the same page, and what a relative one means."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

_WEB_SCHEMES = ("http", "https")
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that say how a reader came, not what is read.
_TRACKING_PREFIXES = ("utm_", "share_", "hmsr", "hmpl", "hmcu", "hmkw", "hmci", "mc_")
_TRACKING = frozenset(
    {
        # Alibaba, Baidu, Bilibili, Tencent, WeChat, Weibo, Xiaohongshu
        *("spm", "scm", "wfr", "from", "from_source", "spm_id_from", "vd_source", "tdsourcetag", "fromvsogou"),
        *("chksm", "scene", "isappinstalled", "nsukey", "sukey", "wx_header", "ivk_sa", "weibo_id", "xhsshare"),
        # https://github.com/mpchadwick/tracking-query-params-registry
        *("fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "igshid", "_ga", "_gl"),
    }
)

_WECHAT_HOST = "mp.weixin.qq.com"
_WECHAT_SHORT = re.compile(r"/s/[^/]+")
# `/mp/appmsg/show` is the form of 2013, still in old feeds; it names the same numbers differently.
_WECHAT_PARTS = (("__biz",), ("mid", "appmsgid"), ("idx", "itemidx"))

_UNSAFE = re.compile(r"[\x00-\x20\x7f]+")
HANDED_BASE = "https://handover.invalid/"
"""Below it are files that lie beside a page that was handed over; RFC 2606 keeps such names from leading anywhere."""

DRAFT_BASE = "https://draft.invalid/"
"""Below it are staff's drafts, by their path under content/: a link there leads to the page of the draft's story."""

_HANDED = re.compile(re.escape(HANDED_BASE) + r"([0-9a-f]{32})/(.+)")
_PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?:/[\w./~%!$*+,:@=-]*(?:\?[\w./~%!$*+,:@=&?-]+)?)?", re.ASCII)
"""Absolute addresses that no rule changes: nearly all there are."""

_SIMPLE = re.compile(r"https?://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)((?:/(?!\.)[\w~!$*+,:@=.-]*)*)", re.ASCII)
"""Host and path of an absolute address whose identity needs no rule: those of most posts."""

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PATH_SIGNS = "%/:@!$&'()*+,;=?~-._"
"""What stands as it is in a path, a query or a fragment (RFC 3986, section 3.4)."""

_DOT_SEGMENT = re.compile(r"/\.{1,2}(/|$)")


@lru_cache(maxsize=1024)
def canonical_url(url: str) -> str:
    """The identity of a page: two addresses of one page give the same string. "" for what is not http(s).

    It is made to be compared, not to be visited: http and https are folded together, parameters are sorted.
    """
    if simple := _SIMPLE.fullmatch(url):
        return f"https://{simple[1]}{simple[2] or '/'}"
    parts = _split_web(url)
    if parts is None:
        return ""
    host = _fold_host(parts)
    pairs = _read_query(parts.query)
    if host == _WECHAT_HOST and (identity := _identify_wechat(parts.path, dict(pairs))):
        return identity
    kept = sorted(pair for pair in pairs if not _is_tracking(pair[0]))
    query = "&".join(f"{name}={value}" if value else name for name, value in kept)
    # A fragment is a place within the page, except where a script makes pages of it.
    fragment = _normalize_escapes(parts.fragment) if parts.fragment.startswith(("/", "!")) else ""
    return (
        f"https://{host}{_fold_path(parts.path)}"
        + (f"?{query}" if query else "")
        + (f"#{fragment}" if fragment else "")
    )


def resolve_url(base: str, url: str) -> str:
    """The absolute web address that `url` means on the page `base` ("" when unknown); "" when it is none."""
    if _PLAIN.fullmatch(url):
        return url
    cleaned = _clean(url)
    if not cleaned:
        return ""
    try:
        absolute = urljoin(_clean(base), cleaned)
    except ValueError:
        return ""
    return absolute if is_web_url(absolute) else ""


def spell_uri(url: str) -> str:
    """A web address in the letters that a URI has (RFC 3986): for programs, which take no other. It leads where the
    address itself does in a browser; what is no web address comes back as it is.
    """
    if _PLAIN.fullmatch(url) and not _NO_ESCAPE.search(url):
        return url
    parts = _split_web(url)
    if parts is None:
        return url
    path, query, fragment = (quote(_NO_ESCAPE.sub("%25", part), safe=_PATH_SIGNS) for part in parts[2:])
    host = parts.netloc if parts.netloc.isascii() else _fold_host(parts)
    return f"{parts.scheme}://{host}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def is_web_url(url: str) -> bool:
    """Whether this is an absolute http or https address."""
    return _SIMPLE.fullmatch(url) is not None or _split_web(url) is not None


def is_home_page(url: str) -> bool:
    """Whether the address is a site's front page, which is no post's own."""
    if simple := _SIMPLE.fullmatch(url):
        return simple[2] in ("", "/")
    parts = _split_web(url)
    return parts is not None and parts.path in ("", "/") and not parts.query and len(parts.fragment) < 2


def _clean(url: str) -> str:
    # Feeds escape "&" once too often; "&amp;" is never meant in an address.
    text = url.strip().replace("&amp;", "&")
    # Browsers drop line breaks within an address and quote spaces (https://url.spec.whatwg.org/#url-parsing).
    return _UNSAFE.sub(lambda run: "%20" * run.group().count(" "), text)


@lru_cache(maxsize=256)
def _split_web(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(_clean(url))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _WEB_SCHEMES or not parts.hostname or port == 0:
        return None
    return parts


def _fold_host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = quote(host)
    if ":" in host:
        host = f"[{host}]"
    if parts.port is None or parts.port == _DEFAULT_PORTS[parts.scheme]:
        return host
    return f"{host}:{parts.port}"


def _fold_path(path: str) -> str:
    if _DOT_SEGMENT.search(path):
        path = urlsplit(urljoin("https://host/", path)).path
    return _normalize_escapes(path) or "/"


def _read_query(query: str) -> list[tuple[str, str]]:
    pairs = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name:
            pairs.append((_normalize_escapes(name), _normalize_escapes(value)))
    return pairs


def _is_tracking(name: str) -> bool:
    folded = name.lower()
    return folded in _TRACKING or folded.startswith(_TRACKING_PREFIXES)


def _identify_wechat(path: str, query: dict[str, str]) -> str:
    if _WECHAT_SHORT.fullmatch(path):
        return f"https://{_WECHAT_HOST}{_normalize_escapes(path)}"
    biz, mid, idx = (next((query[name] for name in names if query.get(name)), "") for names in _WECHAT_PARTS)
    if not (biz and mid):
        # A temporary link (src, timestamp, signature) has no other identity than itself.
        return ""
    return f"https://{_WECHAT_HOST}/s?__biz={biz}&mid={mid}&idx={idx or '1'}"


def _normalize_escapes(text: str) -> str:
    """One spelling of a percent-encoded text: unreserved characters plain, the rest escaped in capitals."""

    def respell(match: re.Match[str]) -> str:
        char = chr(int(match.group()[1:], 16))
        plain = char.isascii() and (char.isalnum() or char in "-._~=")
        return char if plain else match.group().upper()

    return quote(_ESCAPE.sub(respell, text), safe=_PATH_SIGNS)


def basename(url: str) -> str:
    """The readable last part of an address' path: 附件.pdf of https://host/a/%E9%99%84%E4%BB%B6.pdf?x=1."""
    parts = _split_web(url)
    return unquote(parts.path.rsplit("/", 1)[-1]) if parts else ""


@cache
def find_site(host: str) -> str:
    """The registrable domain (rsj.example.gov.cn -> example.gov.cn); the host where it has none, as IP literals."""
    parts = _open_suffixes().extract_str(host)
    if parts.suffix or parts.ipv4 or parts.ipv6:
        return parts.top_domain_under_public_suffix or host
    # "If no rules match, the prevailing rule is *" (publicsuffix.org/list): names of inner networks.
    return ".".join(host.split(".")[-2:])


@cache
def _open_suffixes() -> TLDExtract:
    # Here, as few runs ask for it and its import costs half a second.
    from tldextract import TLDExtract

    # The list it brings along: no network, nothing written. Private suffixes, as two sites below github.io are
    # different owners'.
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def make_handed_url(digest: str, path: str = "") -> str:
    """The address of a file of ours: `digest` of its content, `path` within the site's folder; without, how the
    addresses of all files with this content begin.

    Only who has the content can name it, so that no feed from outside can have a file of ours published.
    """
    return f"{HANDED_BASE}{digest}/{quote(path)}"


def read_handed_url(url: str) -> tuple[str, str] | None:
    """Digest and path; None for every other address."""
    match = _HANDED.fullmatch(url)
    return (match[1], unquote(match[2])) if match else None


def read_draft_url(url: str) -> str:
    """The path under content/ that a link of one draft to another means; "" for every other address."""
    return unquote(url.removeprefix(DRAFT_BASE)) if url.startswith(DRAFT_BASE) else ""
