"""One bad feed or file never stops the rest, and a wrong registry or configuration stops all before it begins."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from site_fixtures import GARDEN, NOW, SmallSite, list_tree, write_feed

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[str]:
    """A server on loopback that has one feed, and 404 for all else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/feed.xml"
            body = write_feed(GARDEN).encode() if found else b"<h1>Not Found</h1>"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/rss+xml" if found else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


# A wrong registry or configuration ----------------------------------------------------------------------------


def find_last_line(file: Path, text: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return max(number for number, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize(
    ("wrong", "culprit", "told"),
    [
        ('\n[[account]]\nid = "xin"\nnaem = "新账号"\n', "naem", "是不是想写 name"),
        ('\n[[account]]\nid = "ranqi"\nname = "重复"\n', 'id = "ranqi"', "已经用过"),
        ('\n[[account]]\nid = "xin"\nfeeds = ["htps://x.example/feed"]\n', "htps", "htps"),
        ("\n[[account]]\nid = “xin”\n", "“xin”", "英文半角"),
        ('\n[acount]\nid = "xin"\n', "[acount]", "account"),
    ],
    ids=["unknown key", "repeated id", "bad address", "Chinese marks", "unknown table"],
)
@pytest.mark.parametrize("command", ["publish", "update", "build"])
def test_a_mistake_in_the_registry_is_told_with_its_line_and_touches_nothing(
    small_site: SmallSite, wrong: str, culprit: str, told: str, command: str
) -> None:
    registry = small_site.site.registry
    registry.write_text(registry.read_text(encoding="utf-8") + wrong, encoding="utf-8")
    before = list_tree(small_site.root)
    result = small_site.call(command, "--json")
    assert result.status == 2
    error = result.document["error"]
    assert "accounts.toml:" in error["message"]
    line = find_last_line(registry, culprit)
    assert f"accounts.toml:{line}" in error["message"] or f"第 {line} 行" in error["message"]
    assert told in error["message"] + error["remedy"]
    assert error["remedy"]
    assert list_tree(small_site.root) == before


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("SITENAME = (\n", "pelicanconf.py:"),
        ("SITEURL = 'fabu.linjiang.example'\n", "SITEURL"),
        ("import no_such_module\n", "pelicanconf.py:"),
        ("THEME = '/nowhere'\n", "/nowhere"),
    ],
)
def test_a_mistake_in_the_settings_is_told_and_touches_nothing(small_site: SmallSite, config: str, told: str) -> None:
    with small_site.site.config.open("a", encoding="utf-8") as file:
        file.write(config)
    before = list_tree(small_site.root)
    result = small_site.call("publish", "--json")
    assert result.status == 2
    assert told in result.document["error"]["message"]
    assert result.document["error"]["remedy"]
    assert {path: data for path, data in list_tree(small_site.root).items() if "__pycache__" not in path} == before


def test_a_folder_that_is_no_site_is_left_alone(tmp_path: Path) -> None:
    result = SmallSite(tmp_path).call("publish")
    assert result.status == 2
    assert "不是站点文件夹" in result.err
    assert list(tmp_path.iterdir()) == []


def test_a_site_without_a_registry_is_told_so(small_site: SmallSite) -> None:
    small_site.site.registry.unlink()
    result = small_site.call("publish")
    assert result.status == 2
    assert "找不到账号表" in result.err


# Bad feeds ----------------------------------------------------------------------------------------------------


BAD_FEEDS = {
    "kongbai": ("", "内容是空的"),
    "wangye": ("<!doctype html><html><head><title>登录</title></head><body><p>请先登录</p></body></html>", "网页"),
    "luanma": ("没有任何标记的文字，不是订阅源", "不是"),
    "canque": ('<?xml version="1.0"?><rss version="2.0"><chan', ""),
}


def test_each_bad_feed_is_listed_with_its_reason_and_all_others_are_published(
    small_site: SmallSite, server: str
) -> None:
    for account, (body, _) in BAD_FEEDS.items():
        small_site.set_account(account)
        small_site.set_body(account, body)
    small_site.set_account("meiyou", feeds=["feeds/nowhere.xml"])
    small_site.set_account("yuancheng", feeds=[f"{server}/gone.xml"])
    small_site.set_account("neiwang", feeds=["http://10.0.0.1/feed.xml"])
    small_site.set_account("yuanlin", feeds=[f"{server}/feed.xml"])
    small_site.fetch = '[fetch]\nallow = ["127.0.0.0/8"]\ntimeout = 5\n'
    small_site.write_registry()
    result = small_site.call("publish", "--json")
    assert result.status == 0, result.err
    accounts = {account["id"]: account for account in result.document["update"]["accounts"]}
    failed = {account: one["error"] for account, one in accounts.items() if one["outcome"] == "failed"}
    assert set(failed) == {*BAD_FEEDS, "meiyou", "yuancheng", "neiwang"}
    assert all(reason in failed[account] for account, (_, reason) in BAD_FEEDS.items())
    assert "HTTP 404" in failed["yuancheng"]
    assert "找不到文件" in failed["meiyou"]
    assert "内网" in failed["neiwang"]
    assert accounts["yuanlin"]["posts_new"] == 1
    assert GARDEN.title in small_site.read_page("index.html")
    # The same for people.
    told = small_site.call("update")
    assert told.status == 0
    assert all(f"({account})" in told.out or f"（{account}）" in told.out for account in failed)


def test_a_feed_that_fails_later_keeps_its_posts(small_site: SmallSite) -> None:
    before = small_site.addresses()
    small_site.set_body("fabu", "<html><body>502 Bad Gateway</body></html>")
    updated, _ = small_site.publish(LATER)
    assert {one.id: one.outcome for one in updated.accounts}["fabu"] == "failed"
    assert small_site.addresses() == before


def test_a_feed_without_entries_takes_nothing_back(small_site: SmallSite) -> None:
    before = small_site.addresses()
    small_site.set_body("fabu", write_feed())
    small_site.publish(LATER)
    assert small_site.addresses() == before


def test_it_is_an_error_when_every_feed_fails(small_site: SmallSite) -> None:
    shutil.rmtree(small_site.root / "content" / "registry" / "feeds")
    result = small_site.call("publish", "--json")
    assert result.status == 1
    assert result.document["update"]["totals"]["failed"] == 3
    assert result.document["build"]["rendered"] == 0


def test_accounts_that_stopped_are_not_read(small_site: SmallSite) -> None:
    small_site.set_account(
        "fabu", status="closed", closed_on="2026-03-01", notice="https://www.linjiang.example/n.html"
    )
    small_site.set_feed("fabu", GARDEN)
    report = small_site.update(LATER)
    assert {one.id: one.outcome for one in report.accounts}["fabu"] == "skipped"
    assert GARDEN.title not in small_site.stories()


# Bad drafts ---------------------------------------------------------------------------------------------------


def test_an_unreadable_draft_is_listed_and_all_others_are_published(small_site: SmallSite) -> None:
    (small_site.root / "content" / "notices" / "会议.md").write_bytes(b"PK\x03\x04" + bytes(200))
    small_site.set_draft("notices/hao.md", GARDEN.text, 标题=GARDEN.title, 日期="2026-03-15")
    result = small_site.call("publish", "--json")
    assert result.status == 1
    (finding,) = (one for one in result.document["update"]["findings"] if one["level"] == "error")
    assert finding["file"] == "notices/会议.md"
    assert "Word" in finding["message"]
    assert finding["remedy"]
    assert GARDEN.title in small_site.read_page("index.html")
    again = small_site.call("publish")
    assert again.status == 1
    assert "notices/会议.md" in again.out


def test_a_draft_that_became_unreadable_stays_at_its_last_good_state(small_site: SmallSite) -> None:
    before = small_site.addresses()
    (small_site.root / "content" / "notices" / "youyong.md").write_bytes(bytes(300))
    updated, _ = small_site.publish(LATER)
    assert [finding.file for finding in updated.findings] == ["notices/youyong.md"]
    assert small_site.addresses() == before
    assert "游泳馆" in small_site.read_page("notices/index.html")


def test_an_emptied_content_folder_withdraws_nothing(small_site: SmallSite) -> None:
    """A disk that is not mounted looks like this."""
    before = small_site.addresses()
    for folder in ("notices", "news", "services", "pages"):
        shutil.rmtree(small_site.root / "content" / folder)
    result = small_site.call("publish", "--json")
    assert result.status == 1
    outcomes = {one["id"]: one["outcome"] for one in result.document["update"]["accounts"]}
    assert outcomes["local"] == "held"
    assert small_site.addresses() == before
    assert "本文已" not in "".join(small_site.read_page(f"s/{page}") for page in before["pages"])
