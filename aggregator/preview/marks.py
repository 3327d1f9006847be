"""The mark on a page that is not published, so that nobody takes it, or a print of it, for the page itself."""

from __future__ import annotations

import re
from html import escape

from aggregator.model import STATE_NAMES, Proof

_BODY = re.compile(rb"<body\b[^>]*>", re.IGNORECASE)
_HEAD = re.compile(rb"</head>", re.IGNORECASE)

_SCRIPT = re.compile(rb"<script\b[^>]*\bsrc=[^>]*></script>\n?", re.IGNORECASE)

_IN_HEAD = b'<meta name="robots" content="noindex"><link rel="stylesheet" href="/desk/mark.css">'
_LARGE = b'<link rel="stylesheet" href="/desk/large.css">'


def mark_page(proof: Proof, *, large: bool) -> bytes:
    """The proof's page with a line above it that says what it is; `large` as readers with a large type have it.

    Without the site's scripts: in the frame they may not run, and a browser would complain of each.
    """
    said = " · ".join(filter(None, ("预览", STATE_NAMES[proof.state], proof.note)))
    banner = f'<div class="matrix-preview {proof.state}" role="note">{escape(said)}</div>'.encode()
    page = _HEAD.sub(
        lambda match: _IN_HEAD + (_LARGE if large else b"") + match.group(), _SCRIPT.sub(b"", proof.page), count=1
    )
    return _BODY.sub(lambda match: match.group() + banner, page, count=1)
