"""The Nu HTML checker finds no error in a page of any kind, nor in the style sheets and pictures of the theme."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from page_kinds import make_city
from site_fixtures import ROOT, SmallSite

JAR = ROOT / ".tools" / "vnu" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

PATIENCE = 300
"""Seconds after which something hangs."""

UNKNOWN = ("“scroll-initial-target”: Property “scroll-initial-target” doesn't exist.",)
"""What the checker does not know yet: CSS Scroll Snap Module Level 2 has it."""


@pytest.fixture(scope="session")
def checker() -> list[str]:
    """The command; of the session, so that no city is published where it is absent."""
    java = shutil.which("java")
    reason = "Java is absent; on Debian: apt-get install default-jre-headless" if java is None else ""
    if not JAR.is_file():
        reason = "the Nu HTML checker is absent: make checker"
    if reason or java is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and CI must have it")
        pytest.skip(reason)
    return [java, "-jar", str(JAR), "--format", "json", "--stdout", "--errors-only", "--exit-zero-always"]


def check(checker: list[str], *given: str | Path) -> list[str]:
    """What it says of files and folders, each with its place."""
    run = subprocess.run([*checker, *given], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert run.stderr == ""
    return [
        f"{Path(one['url']).name}:{one.get('lastLine', 0)}: {one['message']}"
        for one in json.loads(run.stdout)["messages"]
        if not one["message"].endswith(UNKNOWN)
    ]


def test_no_page_style_sheet_or_picture_has_an_error(
    checker: list[str], published_city: SmallSite, tmp_path: Path
) -> None:
    city = published_city.copy_to(tmp_path / "site")
    pages = [city.output / path for path in (*make_city(city).values(), "embed/index.html")]
    theme = [file for form in ("css", "svg") for file in (city.output / "theme").rglob(f"*.{form}")]
    assert check(checker, "--also-check-css", "--also-check-svg", *pages, *theme) == []


def test_the_checker_tells_of_errors(checker: list[str], tmp_path: Path) -> None:
    """Were it silent for a reason of its own, nothing would be found above either."""
    (tmp_path / "a.html").write_text("<!doctype html><html lang=zh><title>甲</title><p><div></div></p>", "utf-8")
    (tmp_path / "b.css").write_text("p { colour: red }", "utf-8")
    (tmp_path / "c.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><rect with="1"/></svg>', "utf-8")
    told = check(checker, "--also-check-css", "--also-check-svg", tmp_path)
    assert {line.partition(":")[0] for line in told} == {"a.html", "b.css", "c.svg"}
