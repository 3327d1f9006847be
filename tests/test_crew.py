"""The crew that helps where many posts are put into stories: the same answers, in order, whoever gives them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FOREST, FOREST_TITLE, MEDICAL, MEDICAL_TITLE, NOON, make_post
from site_fixtures import ignore_progress

from aggregator.model import Registry
from aggregator.pipeline import channel, crew
from aggregator.pipeline.crew import Crew
from aggregator.store import Store


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """One post is as many as need help, and there is another processor to give it."""
    monkeypatch.setattr(crew, "MANY", 1)
    monkeypatch.setattr(crew.os, "cpu_count", lambda: 2)


def test_few_posts_start_no_process() -> None:
    """Each task is done when its result is asked for, and no sooner."""
    asked: list[int] = []

    def list_tasks() -> Iterator[tuple[int, tuple[int, int]]]:
        for number in range(3):
            asked.append(number)
            yield number, (number, 10)

    with Crew(1) as hands:
        results = hands.share(pow, list_tasks())
        assert (next(results), asked) == ((0, 0), [0])
        assert list(results) == [(1, 1), (2, 1024)]


@pytest.mark.usefixtures("many")
def test_results_come_in_the_order_of_the_tasks() -> None:
    """Also of a second round in the same processes; an error of the function is raised here."""
    with Crew(1) as hands:
        tasks = [(number, (number, 2)) for number in range(40)]
        for _ in range(2):
            assert list(hands.share(pow, tasks)) == [(number, number**2) for number in range(40)]
        with pytest.raises(ZeroDivisionError):
            list(hands.share(divmod, [(0, (1, 0))]))


@pytest.mark.usefixtures("many")
def test_stories_are_the_same_whoever_forms_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when posts of one story go apart."""
    monkeypatch.setattr(channel, "BATCH", 3)
    kept = []
    for helped in (False, True):
        monkeypatch.setattr(crew, "MANY", 1 if helped else 1000)
        with Store.open(tmp_path / f"{helped}.sqlite3") as store:
            for run in range(2):
                for n in range(20):
                    medical = n % 2 == 0 or (run == 0 and n < 6)
                    title, text = (MEDICAL_TITLE, MEDICAL) if medical else (FOREST_TITLE, FOREST)
                    store.posts.save(f"u{n}", [make_post(str(n), account=f"u{n}", title=title, text=text)], NOON)
                channel.place_waiting(Registry(()), store, NOON, ignore_progress)
            assert store.posts.list_unplaced() == ()
            kept.append(store.stories.load())
    assert kept[0] == kept[1]
    assert sorted(len(story.members) for story in kept[0])[-2:] == [10, 10]


def test_circles_are_drawn_ahead_of_what_is_placed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post leaves a story for one that is placed first, when the rest of that story was drawn with it already."""
    monkeypatch.setattr(crew.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(channel, "BATCH", 1)
    kept = []
    for helped in (False, True):
        monkeypatch.setattr(crew, "MANY", 1 if helped else 1000)
        with Store.open(tmp_path / f"{helped}.sqlite3") as store:
            for first, second in ((FOREST, MEDICAL), (f"{FOREST}\n请相互转告。", FOREST)):
                for key, text in (("1", first), ("2", second), ("3", MEDICAL)):
                    title = MEDICAL_TITLE if text == MEDICAL else FOREST_TITLE
                    store.posts.save(f"u{key}", [make_post(key, account=f"u{key}", title=title, text=text)], NOON)
                channel.place_waiting(Registry(()), store, NOON, ignore_progress)
            assert store.posts.list_unplaced() == ()
            kept.append((store.stories.load(), store.stories.load_decisions()))
    assert kept[0] == kept[1]
    assert {tuple(sorted(member.post for member in story.members)) for story in kept[0][0]} == {(), (1, 2), (3,)}
