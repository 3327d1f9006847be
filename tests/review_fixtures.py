"""A small site in which drafts must be reviewed, and the people who do it: users of git."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from site_fixtures import Result, SmallSite, make_site

PEOPLE = ("zhang@linjiang.example", "li@linjiang.example", "wang@linjiang.example")
DEMAND = '[review]\nrequired = true\nidentity = "git"\n'
NEW = "notices/daoban.md"
TITLE = "临江桥桥头搭板施工的通知"
TEXT = ("桥头搭板从周一起压浆加固，只保留一条车道双向通行。",)


@dataclass
class ReviewedSite:
    """The site with whoever is at work in it."""

    small: SmallSite

    @property
    def content(self) -> Path:
        return self.small.site.content

    def demand(self, text: str = DEMAND) -> None:
        self.small.site.editorial.write_text(text, encoding="utf-8")

    def write(self, path: str = NEW, text: tuple[str, ...] = TEXT, title: str = TITLE, **header: str) -> Path:
        return self.small.set_draft(path, text, 标题=title, 日期="2026-03-18 10:00", **header)

    def sign_in(self, address: str) -> None:
        subprocess.run(["git", "-C", self.small.root, "config", "user.email", address], check=True)

    def review(self, address: str, *arguments: str) -> Result:
        self.sign_in(address)
        return self.small.call("review", *arguments)

    def pass_all(self, name: str = NEW) -> None:
        for address in PEOPLE:
            done = self.review(address, name, "--pass")
            assert done.status == 0, done.err

    def waiting(self) -> dict[str, Any]:
        """Path -> what `matrix review --json` says."""
        return {one["file"]: one for one in self.small.call("review", "--json").document["waiting"]}

    def publish(self) -> dict[str, Any]:
        """What the update did; the run must end well."""
        done = self.small.call("publish", "--json")
        assert done.status == 0, done.document
        update: dict[str, Any] = done.document["update"]
        return update

    def titles(self) -> set[str]:
        return {*self.small.stories()}

    def read_story(self, title: str) -> str:
        return self.small.read_page(f"s/{self.small.stories()[title]['id']}.html")


@pytest.fixture(scope="session")
def published_office(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """A site that was published before anybody asked for review; not to be changed."""
    site = make_site(tmp_path_factory.mktemp("office") / "site")
    subprocess.run(["git", "init", "--quiet", site.root], check=True)
    site.publish()
    return site


@pytest.fixture
def office(published_office: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReviewedSite:
    """The same site in which all drafts must be reviewed from now on."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    site = ReviewedSite(published_office.copy_to(tmp_path / "site"))
    site.demand()
    return site
