"""What was saved, counted by what can be looked up: posts that stand in another story, and how long posts waited."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from site_fixtures import NOW, SUBSIDY, Item, SmallSite, make_site

from aggregator.model import Burden
from aggregator.pipeline.burden import count_burden
from aggregator.store import Store

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def count(site: SmallSite, days: int = 0) -> Burden:
    with Store.open(site.site.store) as store:
        return count_burden(store, NOW + days * DAY)


def test_posts_that_joined_a_story_are_counted_for_thirty_days(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    site.publish(NOW)
    # fabu repeats what ranqi posted; all else stands alone.
    assert (count(site).merged, count(site).copied) == (1, 1)
    assert (count(site, 31).merged, count(site, 31).copied) == (0, 0)


def test_an_account_that_repeats_itself_saves_nobody_an_edit(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    site.set_feed("rsj", *(Item(f"n{day}", "补贴可以申请了", SUBSIDY, NOW - day * DAY) for day in (1, 2)))
    site.update(NOW)
    assert (count(site).merged, count(site).copied) == (1, 0)


def test_old_posts_that_come_late_were_not_saved_now(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    for number, account in enumerate(("rsj", "fabu")):
        site.set_feed(account, Item(f"n{number}", "补贴可以申请了", SUBSIDY, NOW - 90 * DAY))
    site.update(NOW)
    assert count(site).merged == 0


def test_waiting_is_told_by_what_the_decisions_say(tmp_path: Path) -> None:
    """Those of the last thirty days that state both moments; a day without an hour is one, too."""
    site = SmallSite(tmp_path / "site").set_up()
    site.set_account("rsj", selection="review")
    site.set_feed("rsj", Item("n1", "补贴可以申请了", SUBSIDY, NOW))
    entries = [
        ("accept", "2026-03-20T11:00:00+08:00", "2026-03-20T10:00:00+08:00"),
        ("reject", "2026-03-20T11:00:00+08:00", "2026-03-20T09:00:00+08:00"),
        ("accept", "2026-03-19", "2026-03-18"),
        ("edit", "2026-03-19T00:00:00+08:00", ""),
        ("accept", "2026-01-19T00:00:00+08:00", "2025-03-18T00:00:00+08:00"),
        ("accept", "", ""),
    ]
    site.site.editorial.write_text(
        "\n".join(
            f'[[{kind}]]\npost = "rsj:x{number}"\n'
            + (f"date = {date}\n" if date else "")
            + (f"since = {since}\n" if since else "")
            for number, (kind, date, since) in enumerate(entries)
        ),
        encoding="utf-8",
    )
    site.update(NOW - HOUR)
    found = count(site)
    assert (found.accepted, found.rejected, found.edited) == (2, 1, 1)
    assert (found.waited_median, found.waited_longest) == (120.0, 1440.0)
    assert (found.waiting, found.waiting_longest) == (1, 60.0)


def test_a_young_site_has_saved_nothing(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site").set_up()
    site.update(NOW)
    assert count(site) == Burden(30, 0, 0, 0, 0, 0, None, None, 0, None)
