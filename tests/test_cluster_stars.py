"""Which posts stand around which lead, by the matches that comparing finds."""

from __future__ import annotations

from fakes import FOREST, FOREST_TITLE, MEDICAL, MEDICAL_TITLE, make_document

from aggregator.cluster import compare
from aggregator.cluster.stars import form_stars
from aggregator.model import Match

PAGE_TITLE = "春风里的老街"
ARTICLE = "\n".join(
    f"老街的第{n}家店铺卖{chr(0x5300 + 71 * n)}{chr(0x6300 + 53 * n)}，店主在这里守了{n + 7}年，街坊邻居都爱来坐坐。"
    for n in range(12)
)


def test_one_article_under_two_headlines_and_inside_a_page() -> None:
    """The page tells only the one headline; a whole copy of what it carries brings the other to it."""
    one = make_document(1, ARTICLE, title=PAGE_TITLE)
    two = make_document(2, ARTICLE, title="守店人和他们的日子")
    page = make_document(3, f"{ARTICLE}\n{MEDICAL}\n{FOREST}", title=PAGE_TITLE)
    documents = (one, two, page)
    matches = [match for a, b in ((one, two), (one, page), (two, page)) if (match := compare(a, b))]
    for order in (documents, documents[::-1]):
        assert {star.posts for star in form_stars(order, matches)} == {frozenset({1, 2, 3})}
    other = make_document(4, FOREST, title=FOREST_TITLE)
    assert compare(page, other) is None


def test_ten_thousand_repeats_are_one_star() -> None:
    """A feed that repeats one text: each matches the first, and nothing is compared that is not asked for."""
    count = 10_000
    documents = [make_document(n, "每日一句：" + MEDICAL, title="每日一句") for n in range(1, count + 1)]
    matches = [Match(1, n, "duplicate", 1.0, "正文完全相同") for n in range(2, count + 1)]
    (star,) = form_stars(documents, matches)
    assert len(star.members) == count


def test_a_roundup_that_names_its_parts_in_its_headline_joins_none_of_them() -> None:
    """Its own copies stay with it."""
    page = f"{MEDICAL}\n{FOREST}"
    title = "居民医保参保缴费通知和森林防火期通告"
    documents = [
        make_document(1, MEDICAL, title=MEDICAL_TITLE, account="a"),
        make_document(2, FOREST, title=FOREST_TITLE, account="b"),
        make_document(3, page, title=title, account="c"),
        make_document(4, page, title=title, account="d"),
    ]
    matches = [
        match
        for index, one in enumerate(documents)
        for other in documents[index + 1 :]
        if (match := compare(one, other)) is not None
    ]
    stars = form_stars(documents, matches)
    assert sorted(sorted(star.posts) for star in stars) == [[1], [2], [3, 4]]
