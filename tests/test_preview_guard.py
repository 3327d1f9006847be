"""Who may ask the preview, and what nobody gets."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from preview_fixtures import FakeDesk, Preview, Reply, run_preview, run_server, show
from site_fixtures import SmallSite

from aggregator.preview.guard import Guard

BODY = "target=k3f9x2&words="


@dataclass(frozen=True, slots=True)
class Served:
    preview: Preview
    guard: Guard
    desk: FakeDesk

    def accept(self, **headers: str) -> Reply:
        """As a page of ours does, but for the headers that differ."""
        ours = {"Origin": self.preview.base, "X_Matrix_Token": self.guard.token}
        return self.preview.ask("/do/accept", "POST", BODY, **{**ours, **headers})


@pytest.fixture
def served() -> Iterator[Served]:
    desk = FakeDesk({"notices/a.md": lambda: show("甲")})
    with run_server(desk) as (preview, guard, _):
        yield Served(preview, guard, desk)


def test_the_printed_address_gives_a_cookie_and_leaves_the_address_bar(served: Served) -> None:
    reply = served.preview.enter()
    assert (reply.status, reply.headers["Location"]) == (303, "/")
    cookie = reply.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert served.guard.entrance not in cookie


@pytest.mark.parametrize(
    "path", ["/", "/draft?path=notices/a.md", "/site/index.html", "/beside/notices/a.png", "/events"]
)
def test_nothing_is_shown_without_the_cookie(served: Served, path: str) -> None:
    assert served.preview.ask(path, Cookie="").status == 403
    name, _, key = served.preview.cookie.partition("=")
    assert served.preview.ask(path, Cookie=f"{name}={key[::-1]}").status == 403


def test_a_wrong_key_does_not_let_in(served: Served) -> None:
    reply = served.preview.ask("/?key=x", Cookie="")
    assert reply.status == 403
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example", "[::1]", ""])
def test_a_name_that_was_made_to_mean_this_machine_is_refused(served: Served, host: str) -> None:
    """DNS rebinding: the browser takes the site for its own, and says its name."""
    assert served.preview.ask("/", Host=host).status in (400, 403)
    assert served.preview.ask(f"/?key={served.guard.entrance}", Host=host).status in (400, 403)


def test_localhost_is_this_machine_too(served: Served) -> None:
    assert served.preview.ask("/", Host=f"localhost:{served.preview.port}").status == 200


def test_a_page_of_ours_may_change_something(served: Served) -> None:
    reply = served.accept(Accept="application/json")
    assert (reply.status, json.loads(reply.body)["done"]) == (200, True)
    assert served.desk.done == [("accept", "k3f9x2", "")]


def test_a_form_may_bring_the_token_as_a_field(served: Served) -> None:
    body = f"{BODY}&token={served.guard.token}"
    reply = served.preview.ask("/do/accept", "POST", body, Origin=served.preview.base)
    assert reply.status == 200
    assert len(served.desk.done) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Matrix_Token": ""},
        {"X_Matrix_Token": "x"},
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Cookie": ""},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_request_of_another_site_changes_nothing(served: Served, headers: dict[str, str]) -> None:
    assert served.accept(**headers).status == 403
    assert served.desk.done == []


def test_a_change_cannot_be_asked_for_by_a_link(served: Served) -> None:
    assert served.preview.ask("/do/accept?target=k3f9x2").status == 405
    assert served.preview.ask("/open/accept?target=k3f9x2").status == 200
    assert served.desk.done == []


def test_another_site_cannot_so_much_as_load_a_picture(served: Served) -> None:
    assert served.preview.ask("/site/index.html", Sec_Fetch_Site="cross-site").status == 403


def test_pages_of_the_site_run_no_script_and_ours_only_our_own(served: Served) -> None:
    page = served.preview.ask("/site/s/preview.html?path=notices/a.md").headers["Content-Security-Policy"]
    assert page.startswith("default-src 'none'; style-src")
    assert "script-src" not in page
    assert "frame-ancestors 'self'" in page
    ours = served.preview.ask("/").headers["Content-Security-Policy"]
    assert "script-src 'self';" in ours
    assert "frame-ancestors 'none'" in ours


def test_the_server_is_not_there_for_other_machines(small_site: SmallSite) -> None:
    """By the machine's other address, which another machine would use; asked from a process without pytest's guard."""
    asks = (
        "import socket, sys; probe = socket.socket(type=socket.SOCK_DGRAM); probe.connect(('192.0.2.1', 9)); "
        "address = probe.getsockname()[0]; made = socket.socket(); made.settimeout(30); "
        "print(address, made.connect_ex((address, int(sys.argv[1]))))"
    )
    with run_preview(small_site.root) as preview:
        asked = subprocess.run(
            [sys.executable, "-c", asks, str(preview.port)], capture_output=True, text=True, check=False
        )
    if asked.returncode:
        pytest.skip("this machine has no address but loopback's")
    address, error = asked.stdout.split()
    assert not address.startswith("127.")
    assert int(error) != 0


def test_a_raw_request_without_a_host_is_refused(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.preview.port), timeout=30) as raw:
        raw.sendall(f"GET / HTTP/1.0\r\nCookie: {served.preview.cookie}\r\n\r\n".encode())
        assert raw.recv(100).split()[1] in (b"400", b"403")


def test_only_files_that_drafts_may_show_are_shown(small_site: SmallSite) -> None:
    content = small_site.root / "content"
    for name in ("notices/tu.png", "notices/x.svg", "notices/x.html", "registry/feeds/tu.png"):
        (content / name).write_bytes(b"<svg/>")
    (small_site.root / "secret.png").write_bytes(b"secret")
    (content / "notices" / "link.png").symlink_to(small_site.root / "secret.png")
    (content / "notices" / "out").symlink_to(small_site.root)
    with run_preview(small_site.root) as preview:
        assert preview.ask("/beside/notices/tu.png").status == 200
        for path in (
            "notices/x.svg", "notices/x.html", "notices/youyong.md", "registry/feeds/tu.png", "registry/accounts.toml",
            "notices/link.png", "notices/out/secret.png", "../secret.png", "%2e%2e/secret.png",
            "notices/../../secret.png",
            "notices/..%2f..%2fsecret.png", "notices/..%5c..%5csecret.png", "/etc/passwd", "%2fetc%2fpasswd",
        ):  # fmt: skip
            assert preview.ask(f"/beside/{path}").status in (403, 404), path
        for path in ("../.matrix/store.sqlite3", "..%2f..%2fstore.sqlite3", "%2fetc%2fpasswd", "s/..%2f..%2f..%2flock"):
            assert preview.ask(f"/site/{path}").status in (403, 404), path
        for path in (
            "../pelicanconf.py",
            "registry/accounts.toml",
            "notices/out/secret.md",
            "/etc/passwd.md",
            "notices/%00.md",
        ):
            assert preview.ask(f"/draft?path={path}").status == 404, path


def test_the_address_is_kept_from_other_users_of_the_machine(small_site: SmallSite) -> None:
    with run_preview(small_site.root):
        assert (small_site.root / ".matrix" / "preview.json").stat().st_mode & 0o077 == 0
    assert not Path(small_site.root / ".matrix" / "preview.json").exists()
