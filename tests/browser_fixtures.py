"""A real browser. Import `browser` into the test module that needs it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of this machine, closed behind a module: while it runs, its loop keeps others from running asyncio."""
    # Without the parts that a screen would show it takes half the time.
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        reason = "Chromium is absent; on Debian: apt-get install chromium-headless-shell"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and CI must have it")
        pytest.skip(reason)
    with sync_playwright() as playwright:
        # Containers let no process make a sandbox, and give it little shared memory.
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield running
        running.close()
