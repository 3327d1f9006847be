"""A real nginx with docs/nginx.conf over some folder. Import `run_nginx` into the test module that needs it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from site_fixtures import ROOT

PATIENCE = 60
"""Seconds until a start is given up."""


@contextmanager
def run_nginx(folder: Path, root: Path) -> Iterator[str]:
    """Serve `root` as docs/nginx.conf says, but on loopback; `folder` is for what nginx writes. Its address."""
    program = _find_program()
    port = _find_port()
    (folder / "site.conf").write_text(_adapt(root, port), encoding="utf-8")
    places = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # One process, so that it need not be root to be anybody.
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ access_log off; default_type application/octet-stream;\n{places}include {folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    command = [program, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr, checked.stderr
    running = subprocess.Popen(command)
    try:
        _wait(port, running)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(PATIENCE)


def _find_program() -> str:
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        reason = "nginx is absent; on Debian: apt-get install nginx-light"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and CI must have it")
        pytest.skip(reason)
    return program


def _find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _adapt(root: Path, port: int) -> str:
    text = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    for stated, here in (("listen 80;", f"listen 127.0.0.1:{port};"), ("/srv/channel/output", str(root))):
        assert text.count(stated) == 1
        text = text.replace(stated, here)
    return text


def _wait(port: int, running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert running.poll() is None, "nginx ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx does not listen")
