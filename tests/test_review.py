"""review: what is missing for a content, who may do the next step, and whether the log is whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ConfigError
from aggregator.identity import normalize_identity
from aggregator.model import (
    REVIEW_STEPS,
    Attachment,
    Draft,
    FileUse,
    Post,
    PublicDraft,
    ReviewEntry,
    ReviewSettings,
    ReviewStep,
    ReviewVerdict,
)
from aggregator.registry import parse_editorial
from aggregator.review import (
    NO_HEAD,
    chain_entry,
    choose_step,
    decide_review,
    find_break,
    hash_review,
    is_demanded,
    is_same,
)
from aggregator.urls import make_handed_url

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ALL = ReviewSettings(required=True)


def note(step: ReviewStep, by: str, verdict: ReviewVerdict = "pass", content: str = "a") -> ReviewEntry:
    reason = "日期不对" if verdict == "return" else ""
    return ReviewEntry(0, NOW, "notices/a.md", content, step, verdict, by, "system", reason)


def chain(*entries: ReviewEntry) -> list[ReviewEntry]:
    head, linked = NO_HEAD, []
    for entry in entries:
        linked.append(chain_entry(entry, head))
        head = (linked[-1].number, linked[-1].hash)
    return linked


def get_head(entries: list[ReviewEntry]) -> tuple[int, str]:
    return (entries[-1].number, entries[-1].hash)


# Steps --------------------------------------------------------------------------------------------------------


def test_three_people_pass_a_content_one_step_after_the_other() -> None:
    entries = [note("first", "zhang"), note("second", "li"), note("final", "wang")]
    assert [decide_review("a", entries[:done], ALL).step for done in range(4)] == ["first", "second", "final", None]
    assert decide_review("a", entries, ALL).is_done
    assert decide_review("a", entries, ALL).passed_by == (("first", "zhang"), ("second", "li"), ("final", "wang"))


def test_passes_of_one_content_say_nothing_of_another() -> None:
    entries = [note("first", "zhang"), note("second", "li"), note("final", "wang", content="b")]
    assert decide_review("a", entries, ALL).missing == ("final",)
    assert decide_review("b", entries, ALL).missing == ("first", "second")
    assert decide_review("c", entries, ALL).missing == REVIEW_STEPS


@given(
    st.lists(
        st.tuples(st.sampled_from(REVIEW_STEPS), st.sampled_from(["zhang", "li", "wang"]), st.sampled_from("ab")),
        max_size=12,
    )
)
def test_in_whatever_order_nobody_counts_twice(passes: list[tuple[ReviewStep, str, str]]) -> None:
    """Even in a log into which somebody wrote what the program refuses."""
    entries = [note(step, by, content=content) for step, by, content in passes]
    reviewed = decide_review("a", entries, ALL)
    people = [by for _, by in reviewed.passed_by]
    assert len({*people}) == len(people) == len(REVIEW_STEPS) - len(reviewed.missing)
    if len({by for _, by, content in passes if content == "a"}) < len(REVIEW_STEPS):
        assert not reviewed.is_done
    repeated = [entry for entry in entries for _ in range(2)]
    assert decide_review("a", repeated, ALL) == reviewed


def test_what_was_returned_stays_so_until_it_is_another_content() -> None:
    entries = [note("first", "zhang"), note("second", "li", "return")]
    reviewed = decide_review("a", [*entries, note("second", "wang"), note("final", "zhao")], ALL)
    assert not reviewed.is_done
    assert reviewed.missing == ()
    assert reviewed.returned == entries[1]
    with pytest.raises(ConfigError, match="已经由 li 退回") as caught:
        choose_step(reviewed, ALL, "wang", "pass", None)
    assert "改好稿件" in caught.value.remedy


def test_passes_by_another_kind_of_identity_do_not_count() -> None:
    """zhang of the system may be zhang@example.gov.cn of git."""
    entries = [note("first", "zhang"), replace(note("second", "zhang@example.gov.cn"), identity="git")]
    assert decide_review("a", entries, ALL).missing == ("second", "final")
    assert decide_review("a", entries, replace(ALL, identity="git")).missing == ("first", "final")


def test_the_next_missing_step_is_taken_unless_another_is_named() -> None:
    reviewed = decide_review("a", [note("first", "zhang")], ALL)
    assert choose_step(reviewed, ALL, "li", "pass", None) == "second"
    assert choose_step(reviewed, ALL, "li", "pass", "final") == "final"


@pytest.mark.parametrize(
    ("by", "verdict", "step", "told", "remedy"),
    [
        ("zhang", "pass", None, "zhang 已经做过初审，同一个人不能再做复审", "另一位同事用自己的账户登录"),
        ("li", "pass", "first", "初审已经由 zhang 通过", "还差复审、终审"),
        ("li", "pass", "final", "终审由 wang 做，现在登录的是 li", r"\[review\]"),
        ("li", "return", "final", "终审由 wang 做", r"\[review\]"),
    ],
)
def test_a_step_that_a_person_may_not_do_is_refused(
    by: str, verdict: ReviewVerdict, step: ReviewStep | None, told: str, remedy: str
) -> None:
    reviewed = decide_review("a", [note("first", "zhang")], ALL)
    with pytest.raises(ConfigError, match=told) as caught:
        choose_step(reviewed, replace(ALL, final=("wang",)), by, verdict, step)
    assert remedy.replace("\\", "") in caught.value.remedy


def test_who_passed_a_step_may_still_send_the_draft_back() -> None:
    reviewed = decide_review("a", [note("first", "zhang")], ALL)
    assert choose_step(reviewed, ALL, "zhang", "return", None) == "second"


def test_nothing_is_left_to_do_for_what_is_through() -> None:
    reviewed = decide_review("a", [note("first", "a"), note("second", "b"), note("final", "c")], ALL)
    with pytest.raises(ConfigError, match="不用再审"):
        choose_step(reviewed, ALL, "d", "pass", None)


@pytest.mark.parametrize(
    "name", ["Zhang San", " zhang  san ", "ＺＨＡＮＧ san", "zhang\u200b san", "zhang\u00a0san\u202e\n"]
)
def test_one_person_has_one_name_however_it_is_spelled(name: str) -> None:
    assert normalize_identity(name) == "zhang san"


# Content ------------------------------------------------------------------------------------------------------


def make_draft(digest: str = "1", title: str = "停水", *uses: FileUse) -> Draft:
    return Draft("notices/a.md", "h", Post("local", "a", title), uses=uses, digest=digest)


def show(name: str, digest: str) -> FileUse:
    return FileUse(
        name, "picture", 3, f"notices/{name}", "tag", make_handed_url(digest * 32, f"content/notices/{name}")
    )


def test_bytes_title_and_files_make_the_content_and_the_path_does_not() -> None:
    drafts = [
        make_draft(), make_draft("2"), make_draft("1", "停电"), make_draft("1", "停水", show("a.png", "a")),
        make_draft("1", "停水", show("a.png", "b")), make_draft("1", "停水", show("a.png", "a"), show("b.png", "b")),
        make_draft("1", "停水", show("a.png", "b"), show("b.png", "a")),
    ]  # fmt: skip
    assert len({hash_review(draft) for draft in drafts}) == len(drafts)
    moved = [replace(one, path="news/b.md", content_hash="of another version") for one in drafts]
    assert [hash_review(one) for one in moved] == [hash_review(one) for one in drafts]
    folder = replace(show("a.png", "a"), address=make_handed_url("a" * 32, "content/news/a.png"), file="news/a.png")
    assert hash_review(make_draft("1", "停水", folder)) == hash_review(drafts[3])


def test_links_to_other_drafts_are_no_content() -> None:
    link = FileUse("b.md", "draft", 3, "notices/b.md")
    assert hash_review(make_draft("1", "停水", link)) == hash_review(make_draft())


def test_a_pdf_is_named_by_its_copy() -> None:
    def hash_pdf(digest: str) -> str:
        url = make_handed_url(digest * 32, f".matrix/handover/{digest * 32}/a.pdf")
        return hash_review(replace(make_draft(""), post=Post("local", "a", "名单", attachments=(Attachment(url),))))

    assert hash_pdf("a") == hash_pdf("a") != hash_pdf("b")


def test_what_was_public_before_hashes_were_kept_is_known_by_its_file() -> None:
    draft = replace(make_draft("1", "停水", show("a.png", "a")), review="r")
    assert is_same(draft, PublicDraft("h", "", draft.uses))
    assert not is_same(draft, PublicDraft("h", "", (show("a.png", "b"),)))
    assert not is_same(draft, PublicDraft("another", "", draft.uses))
    assert is_same(draft, PublicDraft("another", "r", ()))
    assert not is_same(draft, PublicDraft("h", "another", draft.uses))


# Log ----------------------------------------------------------------------------------------------------------

LOG = chain(note("first", "zhang"), note("second", "li", "return"), note("first", "wang", content="b"))


def test_a_log_that_nobody_touched_is_whole_whatever_its_clock_says() -> None:
    back = chain(note("first", "zhang"), replace(note("second", "li"), at=NOW - timedelta(days=400)))
    for entries in (LOG, back):
        assert find_break(entries, get_head(entries)) is None
    assert find_break([], NO_HEAD) is None


def test_a_purge_takes_the_words_and_not_the_line() -> None:
    purged = [LOG[0], replace(LOG[1], reason=""), LOG[2]]
    assert find_break(purged, get_head(LOG)) is None


@pytest.mark.parametrize("line", [1, 2, 3])
@pytest.mark.parametrize(
    "change",
    [
        {"by": "zhao"}, {"verdict": "none"}, {"step": "final"}, {"content": "c"}, {"path": "news/b.md"},
        {"at": NOW + timedelta(days=1)}, {"identity": "git"}, {"reason": "别的原因"}, {"hash": "0"},
    ],
    ids=str,
)  # fmt: skip
def test_a_line_that_was_altered_is_found(line: int, change: dict[str, object]) -> None:
    altered = [replace(one, **change) if one.number == line else one for one in LOG]
    found = find_break(altered, get_head(LOG))
    assert found
    assert found[0] == line
    assert f"第 {line} 行被改动过" in found[1]


@pytest.mark.parametrize("line", [1, 2, 3])
def test_a_line_that_was_altered_and_made_to_fit_is_found(line: int) -> None:
    """Whoever knows how a line is hashed would have to alter all that follow, and what is noted of the last one."""
    former = LOG[line - 2] if line > 1 else None
    forged = chain_entry(replace(LOG[line - 1], by="zhao"), (former.number, former.hash) if former else NO_HEAD)
    found = find_break([forged if one.number == line else one for one in LOG], get_head(LOG))
    assert found
    assert found[0] == line


@pytest.mark.parametrize("line", [1, 2, 3])
def test_a_line_that_is_gone_is_found(line: int) -> None:
    found = find_break([one for one in LOG if one.number != line], get_head(LOG))
    assert found
    assert found[0] == line
    assert "不见了" in found[1]


def test_a_line_that_was_put_behind_is_found_and_stays_found() -> None:
    forged = chain_entry(note("final", "zhao"), get_head(LOG))
    head = (forged.number, get_head(LOG)[1])
    assert find_break([*LOG, forged], head) == (4, "审核记录第 4 行被改动过。")
    later = chain_entry(note("final", "wang"), head)
    found = find_break([*LOG, forged, later], (later.number, later.hash))
    assert found
    assert found[0] == 4


# Settings -----------------------------------------------------------------------------------------------------


def test_all_drafts_are_reviewed_or_those_of_some_folders() -> None:
    some = parse_editorial('[review]\ncolumns = ["notices", "Policies/"]\n')[0].review
    assert [is_demanded(path, some) for path in ("notices/a.md", "Policies/2026/b.md", "news/c.md")] == [
        True, True, False,
    ]  # fmt: skip
    assert is_demanded("news/c.md", parse_editorial("[review]\nrequired = true\n")[0].review)
    assert not is_demanded("notices/a.md", parse_editorial("")[0].review)


def test_names_of_reviewers_are_spelled_as_identities_are() -> None:
    text = '[review]\nrequired = true\nidentity = "git"\nfirst = ["Zhang@Example.gov.cn "]\n'
    settings = parse_editorial(text)[0].review
    assert settings == ReviewSettings(required=True, identity="git", first=("zhang@example.gov.cn",))


@pytest.mark.parametrize(
    ("text", "line", "told", "remedy"),
    [
        ("review = 1", None, "review 应当是一张表", "[review]"),
        ("[review]\nrequired = 'yes'", 2, "required 写得不对", "required = true"),
        ("[review]\nrequire = true", 2, "项 require 不认识", "是不是想写 required"),
        ("[review]\nidentity = 'name'", 2, "identity 写得不对", 'identity = "git"'),
        ("[review]\ncolumns = ['notice']", 2, "“notice”不是稿件的文件夹", "是不是想写 notices"),
        ("[review]\ncolumns = 'notices'", 2, "columns 写得不对", 'columns = ["notices"'),
        ("[review]\nrequired = true\nsecond = ['']", 3, "second 写得不对", 'second = ["zhang"]'),
        ("[review]\nfirst = ['a']\nsecond = ['b']\nfinal = ['A']", 4, "凑不出三个不同的人", "添上人"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_remedy(text: str, line: int | None, told: str, remedy: str) -> None:
    editorial, (fault,) = parse_editorial(text)
    assert editorial.review == ReviewSettings()
    assert told in fault.message
    assert remedy in fault.remedy
    assert fault.line == line
