"""The published site as a web server shows it: below a base path, with its own page for what is not there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *given: object, base: str, **named: object) -> None:
        self._base = base
        super().__init__(*given, **named)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        """Nothing lies outside of the base path."""
        if not path.startswith(f"{self._base}/"):
            return str(Path(self.directory, "..", "nothing"))
        return super().translate_path(path.removeprefix(self._base))

    def send_error(self, code: int, *_: object) -> None:
        page = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """A test says what it missed."""


@contextmanager
def serve_site(root: Path, base: str) -> Iterator[str]:
    """The address of the site, without a slash behind it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, base=base, directory=str(root.resolve()))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}{base}"
        server.shutdown()
        thread.join()
