"""init: a new site that builds at once, also where nothing of the program is there but its wheel."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest
from site_fixtures import ROOT, Result, SmallSite, call_matrix, find_broken_links, list_tree, run_python


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`matrix` of a wheel built from this checkout, in an environment that has the wheel before all else."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run_python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    assert built.status == 0, built.out + built.err
    (wheel,) = folder.glob("*.whl")
    home = folder / "venv"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    found = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    # What the program depends on, from here: no index is asked. A .pth within that folder is not followed, so the
    # checkout, if it is installed there as editable, is not found.
    (Path(found.stdout.strip()) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    installed = run_python(
        "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps", str(wheel)
    )
    assert installed.status == 0, installed.out + installed.err
    return home / "bin" / "matrix"


def call_installed(command: Path, *arguments: str) -> Result:
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [command, *arguments], cwd=command.parent, env=plain, capture_output=True, text=True, check=False
    )
    return Result(done.returncode, done.stdout, done.stderr)


def test_a_new_site_from_a_wheel_builds_at_once(installed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mycity"
    made = call_installed(installed, "init", str(folder), "--json")
    assert made.status == 0, made.err
    assert made.document["folder"] == str(folder)
    assert set(made.document["files"]) == set(list_tree(folder))
    assert {".gitignore", "pelicanconf.py", "content/registry/accounts.toml"} <= set(made.document["files"])

    published = call_installed(installed, "-C", str(folder), "publish", "--json")
    assert published.status == 0, published.err
    assert published.err == ""
    assert published.document["update"]["totals"]["failed"] == 0
    assert published.document["update"]["findings"] == []
    site = SmallSite(folder)
    settings = (folder / "pelicanconf.py").read_text(encoding="utf-8")
    address = re.search(r'^SITEURL = "(.+)"', settings, re.MULTILINE)
    assert address
    assert find_broken_links(site.output.resolve(), address[1]) == []
    assert any(len(story["members"]) > 1 for story in site.stories().values())

    story = next(iter(site.stories().values()))
    printed = call_installed(installed, "-C", str(folder), "board", story["url"], "--json")
    assert printed.status == 0, printed.err
    assert story["url"] in Path(printed.document["file"]).read_text(encoding="utf-8")


def test_init_leaves_a_folder_with_something_in_it_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("留着", encoding="utf-8")
    for target in (tmp_path, tmp_path / "mine.txt"):
        result = call_matrix("init", str(target), "--json")
        assert result.status == 2
        assert "已经存在" in result.document["error"]["message"]
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_new_site_has_a_file_for_windows_that_opens_the_preview(tmp_path: Path) -> None:
    """There is no Windows here: its lines, their ends, and that what cmd.exe searches for is plain ASCII."""
    assert call_matrix("init", str(tmp_path / "site")).status == 0
    data = (tmp_path / "site" / "预览.cmd").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8").split("\r\n")
    assert not any("\r" in line or "\n" in line for line in lines)
    # Before a line that is not ASCII the code page is UTF-8's, whatever Windows has.
    code_page = lines.index("chcp 65001 >nul")
    assert all(line.isascii() for line in lines[: code_page + 1])
    assert [line for line in lines if not line.isascii() and not line.startswith("echo ")] == []
    # Labels are where cmd.exe loses its place in such a file.
    assert not any("goto" in line or line.startswith(":") for line in lines)
    found = next(line for line in lines if line.startswith("if exist"))
    assert found == r'if exist ".venv\Scripts\matrix.exe" set MATRIX=".venv\Scripts\matrix.exe"'
    assert "set MATRIX=py -m aggregator" in lines
    assert lines.index(found) < lines.index("%MATRIX% preview --open")
    assert lines[-3:] == ["pause >nul", "exit /b 1", ""]


def test_a_wheel_brings_the_pages_of_the_preview(installed: Path) -> None:
    asked = "from aggregator.preview.pages import STATIC; print(*sorted(one.name for one in STATIC.iterdir()), STATIC)"
    found = call_installed(installed.with_name("python"), "-c", asked)
    assert {"desk.css", "desk.js", "large.css", "mark.css"} <= set(found.out.split())
    assert str(ROOT) not in found.out
