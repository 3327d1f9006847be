"""A feed document becomes posts: formats, damage, identity. Each fixture stands beside what it must give."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import FeedDocument, FeedError, ParsedFeed, Post
from aggregator.parse import parse_posts

FEEDS = Path(__file__).parent / "data" / "feeds"
FIXTURES = sorted(path for path in FEEDS.iterdir() if not path.name.endswith(".expected.json"))
NOW = datetime(2026, 9, 10, 12, 0, tzinfo=UTC)
URL = "https://feed.qijiang.example/rss.xml"


def read_feed(path: Path) -> ParsedFeed | FeedError:
    return parse_bytes(path.read_bytes())


def parse_bytes(body: bytes | str, content_type: str = "") -> ParsedFeed | FeedError:
    data = body.encode() if isinstance(body, str) else body
    return parse_posts(FeedDocument("qj", URL, data, content_type, base_url=URL), now=NOW)


def describe(result: ParsedFeed | FeedError) -> dict[str, object]:
    """What a fixture's twin holds: everything that isn't empty, hashes by their kind alone."""
    if isinstance(result, FeedError):
        return {"error": result.reason}
    return {
        "title": result.title,
        "warnings": list(result.warnings),
        "posts": [{name: value for name, value in describe_post(post).items() if value} for post in result.posts],
    }


def describe_post(post: Post) -> dict[str, object]:
    members = {field.name: getattr(post, field.name) for field in fields(post)}
    members.update(
        published=post.published.isoformat() if post.published else "",
        updated=post.updated.isoformat() if post.updated else "",
        attachments=[[one.url, one.title, one.media_type, one.size] for one in post.attachments],
        key=hide_hash(post.key),
        aliases=[hide_hash(alias) for alias in post.aliases],
        categories=list(post.categories),
        warnings=list(post.warnings),
    )
    del members["account"], members["genre"], members["header"]
    return members


def hide_hash(identifier: str) -> str:
    return "hash:…" if identifier.startswith("hash:") else identifier


def rss(*items: str, head: str = "<title>栖江</title><link>https://qj.example/</link>") -> str:
    return f'<rss version="2.0"><channel>{head}{"".join(f"<item>{item}</item>" for item in items)}</channel></rss>'


def posts_of(body: bytes | str) -> tuple[Post, ...]:
    result = parse_bytes(body)
    assert isinstance(result, ParsedFeed), result
    return result.posts


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_every_fixture_gives_what_its_twin_says(path):
    twin = path.with_name(f"{path.stem}.expected.json")
    assert describe(read_feed(path)) == json.loads(twin.read_text(encoding="utf-8"))


def test_the_same_bytes_give_the_same_posts():
    for path in FIXTURES:
        assert read_feed(path) == read_feed(path)


class TestWhatIsNoFeed:
    @pytest.mark.parametrize(
        ("body", "says"),
        [
            ("", "空的"),
            ("  \n\t", "空的"),
            ("<!DOCTYPE html><html><body>登录</body></html>", "网页"),
            ("<html><head><script>var a='<rss version>'</script>", "网页"),
            ("Not Found", "不是 RSS"),
            ('<?xml version="1.0"?><opml version="2.0"><body/></opml>', "不是 RSS"),
            ('{"error": "no such route"}', "没有文章列表"),
            ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id"', "JSON"),
            ("[1, 2, 3]", "没有文章列表"),
            ("[" * 100_000, "JSON"),
            ('<rss version="2.0"><channel><title>x</title><item><title>只有半', "中断"),
        ],
    )
    def test_is_an_error_that_says_so_in_chinese(self, body, says):
        result = parse_bytes(body)
        assert isinstance(result, FeedError)
        assert says in result.reason
        assert (result.account, result.url, result.status) == ("qj", URL, None)

    def test_but_a_feed_without_posts_is_a_feed(self):
        assert posts_of(rss()) == ()

    def test_and_a_text_that_looks_like_an_address_is_never_fetched(self):
        for text in ("http://127.0.0.1:9/feed", "/etc/passwd", "file:///etc/passwd"):
            assert isinstance(parse_bytes(text), FeedError)


class TestIdentity:
    def test_the_key_is_the_guid_as_the_feed_has_it(self):
        (post,) = posts_of(rss("<title>a</title><guid>HTTP://A.cn/1?utm_source=x</guid>"))
        assert post.key == "HTTP://A.cn/1?utm_source=x"
        assert "https://a.cn/1" in post.aliases

    def test_without_a_guid_it_is_the_canonical_address(self):
        (post,) = posts_of(rss("<title>a</title><link>HTTP://A.cn:80/1?utm_source=x#t</link>"))
        assert post.key == post.canonical_url == "https://a.cn/1"
        assert post.url == "HTTP://A.cn:80/1?utm_source=x#t"

    def test_without_both_it_is_a_hash_of_title_and_text(self):
        first, second = posts_of(rss("<title>a</title>", "<title>b</title>"))
        assert first.key.startswith("hash:")
        assert first.key != second.key
        assert posts_of(rss("<title>a</title>"))[0].key == first.key

    @pytest.mark.parametrize("guid", ["0", "null", "undefined", " ", "x" * 2000])
    def test_a_placeholder_is_no_guid(self, guid):
        (post,) = posts_of(rss(f"<title>a</title><link>https://a.cn/1</link><guid>{guid}</guid>"))
        assert post.key == "https://a.cn/1"

    def test_the_same_post_in_rss_atom_and_json_shares_an_alias(self):
        link = "https://qj.example/1"
        entry = f'<entry><id>urn:1</id><title>a</title><link href="{link}?spm=1"/></entry>'
        atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{entry}</feed>'
        one = json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "j1", "url": link, "title": "a"}]}
        )
        posts = [posts_of(body)[0] for body in (rss(f"<title>a</title><guid>{link}</guid>"), atom, one)]
        assert len({post.key for post in posts}) == 3
        assert set.intersection(*(set(post.aliases) for post in posts)) == {link}

    def test_an_entry_listed_twice_is_one_post(self):
        item = "<title>a</title><guid>1</guid><description>x</description>"
        assert len(posts_of(rss(item.replace(">1<", ">g1<"), item.replace(">1<", ">g1<")))) == 1

    def test_a_revision_in_the_same_feed_keeps_the_later_text(self):
        updated = "<updated>2026-09-0{0}T00:00:00Z</updated>"
        entry = f"<entry><id>urn:1</id><title>a</title>{updated}<content>text {{0}}</content></entry>"
        feed = '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{}</feed>'
        for order in ((1, 2), (2, 1)):
            (post,) = posts_of(feed.format("".join(entry.format(n) for n in order)))
            assert post.text == "text 2"

    def test_a_guid_that_different_posts_share_identifies_none_and_loses_none(self):
        posts = posts_of(rss(*(f"<title>t{n}</title><guid>g</guid><link>https://a.cn/{n}</link>" for n in range(3))))
        assert [post.key for post in posts] == ["https://a.cn/0", "https://a.cn/1", "https://a.cn/2"]
        assert all("g" not in post.aliases for post in posts)

    @pytest.mark.parametrize(
        "told",
        [
            "<link>https://a.cn/{0}</link><pubDate>2026-09-0{0}</pubDate>",
            "<link>https://a.cn/{0}</link>",
            "<pubDate>2026-09-0{0}</pubDate>",
        ],
    )
    def test_notices_of_one_guid_and_headline_are_as_many_as_their_addresses_or_days(self, told):
        item = f"<title>停水通知</title><guid>20260901</guid>{told}<description>{{0}}号大街停水。</description>"
        posts = posts_of(rss(item.format(1), item.format(2)))
        assert [post.text for post in posts] == ["1号大街停水。", "2号大街停水。"]
        assert all("20260901" not in post.aliases for post in posts)

    def test_a_link_that_different_posts_share_is_no_identity(self):
        items = (
            f"<title>今日天气</title><guid>w{n}</guid><link>https://a.cn/today</link><description>{n}度</description>"
            for n in range(3)
        )
        posts = posts_of(rss(*items))
        assert len(posts) == 3
        assert {post.canonical_url for post in posts} == {""}
        assert {post.url for post in posts} == {"https://a.cn/today"}

    def test_the_site_s_front_page_is_no_post_s_identity(self):
        (post,) = posts_of(rss("<title>a</title><link>https://qj.example/</link>"))
        assert post.key.startswith("hash:")
        assert post.canonical_url == ""

    def test_the_same_words_a_month_later_are_another_post(self):
        item = (
            "<title>停水</title><guid>s{0}</guid><description>今晚停水。</description><pubDate>2026-0{0}-01</pubDate>"
        )
        first, second = posts_of(rss(item.format(7), item.format(8)))
        assert not set(first.aliases) & set(second.aliases)

    def test_every_post_of_a_feed_has_its_own_key_and_its_key_among_its_aliases(self):
        for path in FIXTURES:
            if isinstance(feed := read_feed(path), ParsedFeed):
                assert len({post.key for post in feed.posts}) == len(feed.posts)
                assert all(post.key in post.aliases for post in feed.posts)


class TestFields:
    def test_a_missing_title_is_the_text_s_first_sentence_of_at_most_40_characters(self):
        long, short = posts_of(
            rss(f"<description>{'长' * 60}</description>", "<description>你好。再见。</description>")
        )
        assert long.title == "长" * 39 + "…"
        assert short.title == "你好。"

    def test_an_entry_with_a_link_alone_is_kept_and_one_with_nothing_is_not(self):
        (post,) = posts_of(rss("<link>https://a.cn/1</link>", "<category>x</category>"))
        assert (post.title, post.url) == ("（无标题）", "https://a.cn/1")

    def test_no_date_is_invented(self):
        undated, absurd = posts_of(rss("<title>a</title>", "<title>b</title><pubDate>2099-01-01</pubDate>"))
        assert undated.published is absurd.published is None
        assert undated.warnings == ()
        assert "2099-01-01" in absurd.warnings[0]

    def test_a_date_that_leans_on_the_moment_of_reading_is_inferred_and_told_of(self):
        (post,) = posts_of(rss("<title>a</title><pubDate>昨天 16:20</pubDate>"))
        assert post.published == datetime(2026, 9, 9, 8, 20, tzinfo=UTC)
        assert "昨天 16:20" in post.warnings[0]

    def test_an_entry_with_an_attachment_alone_is_kept_under_its_name(self):
        (post,) = posts_of(rss("<guid>g9</guid><enclosure url='https://a.cn/表.pdf' type='application/pdf'/>"))
        assert (post.title, post.attachments[0].url) == ("表.pdf", "https://a.cn/表.pdf")

    def test_what_a_json_feed_of_this_program_names_as_withdrawn_is_told_of(self):
        gone = {"items": [{"id": "j2", "url": "https://a.cn/2", "date_withdrawn": "2026-03-20T12:00:00+08:00"}, {}, 7]}
        items = [{"id": "j1", "url": "https://a.cn/1", "title": "通知", "content_html": "<p>正文</p>"}]
        feed = {"version": "https://jsonfeed.org/version/1.1", "items": items, "_withdrawn": gone}
        result = parse_bytes(json.dumps(feed))
        assert [post.key for post in result.posts] == ["j1"]
        assert isinstance(result, ParsedFeed)
        assert result.deleted == ("j2",)

    def test_what_a_json_feed_marks_as_withdrawn_is_no_post_but_told_of(self):
        items = [
            {"id": "j1", "title": "a", "withdrawn": True, "url": "https://a.cn/1?spm=2"},
            {"id": "j2", "title": "b", "withdrawn": False},
        ]
        result = parse_bytes(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))
        assert isinstance(result, ParsedFeed)
        assert [post.key for post in result.posts] == ["j2"]
        assert result.deleted == ("j1", "https://a.cn/1?spm=2", "https://a.cn/1")

    def test_dates_are_aware(self):
        (post,) = posts_of(rss("<title>a</title><pubDate>2026-09-01 08:30</pubDate>"))
        assert post.published is not None
        assert post.published.utcoffset() == timedelta(hours=8)

    def test_html_escaped_once_too_often_is_html(self):
        (post,) = posts_of(
            rss(
                "<title>a</title><description>&amp;lt;p&amp;gt;一&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;二&amp;lt;/p&amp;gt;</description>"
            )
        )
        assert post.text == "一\n二"

    def test_plain_text_keeps_its_lines(self):
        (post,) = posts_of(rss("<title>a</title><description>第一行\n第二行</description>"))
        assert post.html == "<p>第一行</p><p>第二行</p>"

    def test_a_summary_that_repeats_the_body_is_dropped(self):
        namespace = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        body = f"<content:encoded {namespace}>&lt;p&gt;一 二&lt;/p&gt;</content:encoded>"
        same, other = posts_of(
            rss(
                f"<title>a</title><description>一二</description>{body}",
                f"<title>b</title><description>摘要</description>{body}",
            )
        )
        assert (same.summary, other.summary) == ("", "摘要")

    @pytest.mark.parametrize(
        "text",
        [
            "获取全文失败",
            "该内容已被发布者删除",
            "环境异常\n当前环境异常，完成验证后即可继续访问。",
            "【抓取正文失败】",
        ],
    )
    def test_a_bridge_s_failure_text_is_no_body(self, text):
        (post,) = posts_of(rss(f"<title>a</title><guid>g1</guid><description>{text}</description>"))
        assert post.html == post.text == post.summary == ""
        assert "没有抓取到" in post.warnings[0]

    def test_but_an_article_about_such_a_failure_is_one(self):
        (post,) = posts_of(rss(f"<title>a</title><description>环境异常怎么办？{'请检查网络。' * 40}</description>"))
        assert post.text.startswith("环境异常")

    def test_a_file_without_address_takes_the_site_s_address_for_relative_links(self):
        body = rss("<title>a</title><link>/1.html</link><description>&lt;img src='x.jpg'&gt;</description>")
        result = parse_posts(FeedDocument("qj", "feeds/a.xml", body.encode()), now=NOW)
        assert isinstance(result, ParsedFeed)
        assert (result.posts[0].url, result.posts[0].image) == ("https://qj.example/1.html", "https://qj.example/x.jpg")

    def test_a_file_that_names_no_address_at_all_has_no_relative_links(self):
        links = "<a href='?from=show'>书</a><a href='//a.cn/b'>表</a><a href='https://a.cn/c'>图</a><img src='x.jpg'>"
        body = f"<rss><channel><item><title>a</title><description><![CDATA[<p>{links}</p>]]></description></item>"
        result = parse_posts(FeedDocument("qj", "feeds/a.xml", f"{body}</channel></rss>".encode()), now=NOW)
        assert isinstance(result, ParsedFeed)
        assert result.posts[0].html == '<p>书表<a href="https://a.cn/c" rel="nofollow noopener">图</a></p>'


class TestHostileFeeds:
    def test_entities_are_not_expanded_without_bound_nor_read_from_files(self):
        bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(9))
        body = f"<?xml version='1.0'?><!DOCTYPE rss [{bomb}<!ENTITY f SYSTEM 'file:///etc/passwd'>]>" + rss(
            "<title>a&l8;&f;</title><guid>g1</guid>"
        )
        result = parse_bytes(body)
        if isinstance(result, ParsedFeed):
            assert all(len(post.title) < 1000 and "root:" not in post.title for post in result.posts)

    def test_control_characters_and_lone_surrogates_do_no_harm(self):
        (post,) = posts_of(rss("<title>a\x00\x0bb</title>"))
        assert post.title == "ab"
        (post,) = posts_of('{"items": [{"id": "1x", "title": "a\\ud800b", "url": "https://a.cn/"}]}')
        assert post.title == "a\ufffdb"
        post.title.encode()

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=300))
    def test_any_bytes_give_posts_or_an_error(self, data):
        assert isinstance(parse_bytes(data), ParsedFeed | FeedError)

    @settings(max_examples=120, deadline=None)
    @given(st.data())
    def test_any_damage_to_a_feed_gives_posts_or_an_error(self, data):
        body = data.draw(st.sampled_from(FIXTURES)).read_bytes()
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 40)))
        patch = data.draw(
            st.binary(max_size=8)
            | st.sampled_from([b"<", b"]]>", b"&", b"<![CDATA[", b"<!--", b"</item>", b"\xff", b"<![", b"<!"])
        )
        result = parse_bytes(body[:start] + patch + body[end:])
        assert isinstance(result, ParsedFeed | FeedError)

    @settings(max_examples=60, deadline=None)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "id",
                            "url",
                            "title",
                            "tags",
                            "authors",
                            "attachments",
                            "content_html",
                            "date_published",
                            "size_in_bytes",
                        ]
                    ),
                    inner,
                    max_size=5,
                )
            ),
            max_leaves=12,
        )
    )
    def test_any_json_in_a_feed_s_items_gives_posts_or_an_error(self, item):
        body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]})
        assert isinstance(parse_bytes(body), ParsedFeed | FeedError)


def test_characters_that_our_own_feeds_could_not_carry_are_dropped() -> None:
    """JSON can spell any code point; XML 1.0 cannot hold them all."""
    feed = r'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"通\u0000知\u000b","content_text":"一\u0001二"}]}'
    parsed = parse_bytes(feed)
    assert isinstance(parsed, ParsedFeed)
    assert (parsed.posts[0].title, parsed.posts[0].text) == ("通知", "一二")


def test_a_date_that_leans_on_the_moment_of_reading_makes_no_name():
    item = "<title>停水</title><guid>g-1</guid><description>明天停水。</description><pubDate>3小时前</pubDate>"
    (post,) = posts_of(rss(item))
    assert post.is_date_inferred
    assert post.aliases == ("g-1",)
