"""identity: who is at work."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from aggregator.errors import ConfigError
from aggregator.identity import find_identity


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which only its own configuration counts."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


def test_the_user_of_git_is_the_address_of_the_repository_in_lower_case(checkout: Path) -> None:
    subprocess.run(["git", "-C", checkout, "config", "user.email", " Zhang.San@Example.gov.cn"], check=True)
    assert find_identity("git", checkout) == "zhang.san@example.gov.cn"


def test_without_an_address_in_git_nobody_is_at_work_and_the_error_says_what_to_do(checkout: Path) -> None:
    with pytest.raises(ConfigError, match="邮箱") as caught:
        find_identity("git", checkout)
    assert "git config" in caught.value.remedy


def test_the_user_of_the_system_is_no_name_that_the_environment_states(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = find_identity("system", tmp_path)
    for name in ("LOGNAME", "USER", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert find_identity("system", tmp_path) == own != ""
