"""Hand-written stand-ins: the store's side of clustering in memory, builders of posts and documents, notices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from aggregator.cluster import compare_pairs, find_pairs, place_posts
from aggregator.model import (
    LOCAL_ACCOUNT,
    NO_RULINGS,
    CandidateIndex,
    Document,
    Draft,
    Fingerprint,
    Match,
    Post,
    Rulings,
    Story,
    StoryChanges,
)
from aggregator.text import fingerprint

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))
MIN_SHARED = 3

MEDICAL_TITLE = "关于做好2026年度城乡居民医保参保缴费工作的通知"
MEDICAL = """各有关单位：
为做好2026年度城乡居民基本医疗保险参保缴费工作，现将有关事项通知如下。
集中参保缴费期为2026年9月1日至12月25日，个人缴费标准为每人每年400元，财政补助标准为每人每年700元。
参保人可通过微信小程序、银行网点或者社区服务站缴费，未在集中缴费期内参保的居民设置三个月待遇等待期。
新生儿自出生之日起九十日内办理参保登记并缴费的，自出生之日起享受居民医保待遇，不设等待期。
困难群众个人缴费部分由城乡医疗救助资金按规定给予全额或者定额资助，无需本人垫付。
咨询电话：0512-68001234。
栖江市医疗保障局
2026年8月28日"""
MEDICAL_TRADITIONAL = """各有關單位：
為做好2026年度城鄉居民基本醫療保險參保繳費工作，現將有關事項通知如下。
集中參保繳費期為2026年9月1日至12月25日，個人繳費標準為每人每年400元，財政補助標準為每人每年700元。
參保人可通過微信小程序、銀行網點或者社區服務站繳費，未在集中繳費期內參保的居民設置三個月待遇等待期。
新生兒自出生之日起九十日內辦理參保登記並繳費的，自出生之日起享受居民醫保待遇，不設等待期。
困難群眾個人繳費部分由城鄉醫療救助資金按規定給予全額或者定額資助，無需本人墊付。
諮詢電話：0512-68001234。
棲江市醫療保障局
2026年8月28日"""
EXCERPT = "\n".join(MEDICAL.splitlines()[1:4])
QUESTIONS = """为方便居民理解，现就常见问题补充说明如下。
问：外地户籍的学生可以在本市参保吗？答：在本市就读的学生不受户籍限制，均可在学校所在地参保登记。
问：已经参加职工医保的人员还需要缴费吗？答：不需要，同一时期不得重复参加两种基本医疗保险。"""

FOREST_TITLE = "森林防火期通告"
FOREST = """各镇街、园区，广大市民朋友：
为加强冬春季森林防火工作，自2026年11月1日至2027年3月31日全市进入森林防火期，现将有关事项通告如下。
防火期内严禁携带火种进山，严禁在林区吸烟、烧纸、野炊、燃放烟花爆竹，违者由林业主管部门依法处罚。
发现森林火情请立即拨打12119报警，讲清起火地点、火势大小和联系方式，并在确保安全的前提下等候指引。
栖江市林业局"""

FAILURE = "抱歉，您访问的文章暂时无法显示，可能是网络不稳定，也可能已经被发布者删除。请稍后刷新页面再试。"
FAILURE += (
    "如果多次刷新之后仍然不能显示，请与网站管理员联系，把您看到的情况告诉我们，我们会尽快处理，感谢您的理解和支持。"
)


def outage(road: str = "枫桥路", day: str = "11月21日") -> str:
    """A notice of a water outage, on the template that all of them are written on."""
    return f"""尊敬的用户：
因供水管道改造施工，我公司定于2026年{day}22:00至次日6:00对{road}沿线区域暂停供水。
影响范围为{road}两侧的居民小区、沿街商铺和企事业单位，届时水压可能降低或者无水。
请您提前做好储水准备，恢复供水初期水质可能短暂浑浊，属正常现象，放水数分钟后即可恢复清澈。
给您带来的不便敬请谅解，咨询电话：0512-68005678。
栖江市自来水有限公司"""


def make_document(
    post: int, text: str, *, title: str = "", account: str = "", key: str = "", url: str = "",
    date: datetime = NOON, rank: int = 50, names: tuple[str, ...] = (), attribution: str = "",
) -> Document:  # fmt: skip
    """A document of an account of its own, unless told otherwise."""
    account = account or f"account{post}"
    return Document(
        post, account, key or f"key{post}", title or text[:20], url, text, date, rank, names or (account,), attribution
    )


ORIGINAL = make_document(1, MEDICAL, title=MEDICAL_TITLE, account="yb", names=("栖江医保", "栖江市医疗保障局"))
OUTAGE = make_document(1, outage(), title="停水通知", account="water")


def copy_of(original: Document, text: str = "", **changes) -> Document:
    """What another account made of it."""
    other = replace(original, post=2, account="other", key="key2", names=("别处",), text=text or original.text)
    return replace(other, **changes)


def make_post(key: str = "guid-1", *, account: str = "water", title: str = "", text: str = "", **fields) -> Post:
    """A post whose aliases are its key and its address, as parsing gives them."""
    title = title or f"关于{key}的通知"
    text = text or f"{title}的正文，请广大市民知悉并相互转告。"
    aliases = fields.pop("aliases", tuple(name for name in (key, fields.get("canonical_url", "")) if name))
    return Post(account=account, key=key, title=title, text=text, html=f"<p>{text}</p>", aliases=aliases, **fields)


def make_draft(path: str, title: str, text: str, *, number: str = "", genre: str = "notice") -> Draft:
    """A draft as reading gives it: its key is the 编号 if it has one, else its path."""
    key = number or path
    post = make_post(key, account=LOCAL_ACCOUNT, title=title, text=text, genre=genre, aliases=(key, f"path:{path}"))
    return Draft(path, f"{title}|{text}|{number}", post)


def find_matches(posts: Sequence[int], index: CandidateIndex) -> tuple[Match, ...]:
    """What these posts have to do with any other that the index finds for them."""
    return tuple(match for some in find_pairs(posts, index) for match in compare_pairs(*some))


class FakeIndex:
    """A CandidateIndex in memory that keeps what it is told, as the store does."""

    def __init__(self) -> None:
        self.documents: dict[int, Document] = {}
        self.fingerprints: dict[int, Fingerprint] = {}
        self.matches: dict[tuple[int, int], Match] = {}
        self.stories: dict[str, Story] = {}

    def find_candidates(self, post: int) -> Sequence[int]:
        if post not in self.documents:
            return []
        own, known = self.documents[post], self.fingerprints[post]
        grams, titles = set(known.grams), set(known.titles)
        return [
            number
            for number, other in sorted(self.documents.items())
            if number != post
            and (
                (own.canonical_url and own.canonical_url == other.canonical_url)
                or (known.exact and known.exact == self.fingerprints[number].exact)
                or titles.intersection(self.fingerprints[number].titles)
                or len(grams.intersection(self.fingerprints[number].grams)) >= MIN_SHARED
            )
        ]

    def load_documents(self, posts: Sequence[int]) -> Sequence[Document]:
        return [self.documents[post] for post in posts if post in self.documents]

    def load_matches(self, posts: Sequence[int]) -> Sequence[Match]:
        return [match for pair, match in self.matches.items() if set(pair) & set(posts)]

    def load_stories(self, posts: Sequence[int]) -> Sequence[Story]:
        asked = set(posts)
        return [
            story
            for _, story in sorted(self.stories.items())
            if {story.founder, story.lead, *(member.post for member in story.members)} & asked
        ]

    def find_founder(self, story: str) -> int | None:
        return self.stories[story].founder if story in self.stories else None

    def place(
        self, documents: Iterable[Document], gone: Iterable[int] = (), rulings: Rulings = NO_RULINGS
    ) -> StoryChanges:
        """One run: these posts are new or changed, those are withdrawn; what follows from it is kept."""
        documents, gone = tuple(documents), tuple(gone)
        prints = {document.post: fingerprint(document.text, document.title) for document in documents}
        self.documents.update((document.post, document) for document in documents)
        self.fingerprints.update(prints)
        for post in gone:
            self.documents.pop(post, None)
            self.fingerprints.pop(post, None)
        found = find_matches([*prints], self)
        placed = {*prints, *gone}
        reached = placed.union(*(pair for pair in self.matches if placed & set(pair)))
        self.matches = {pair: match for pair, match in self.matches.items() if not placed & set(pair)}
        self.matches.update(((match.a, match.b), match) for match in found)
        return self.rule(rulings, reached)

    def rule(self, rulings: Rulings, posts: Iterable[int]) -> StoryChanges:
        """Place these posts by staff's word as it is now."""
        changes = place_posts(sorted(posts), self, rulings)
        for story in changes.stories:
            moved = {member.post for member in story.members}
            for other in self.stories.values():
                if other.id != story.id and moved & {member.post for member in other.members}:
                    kept = tuple(member for member in other.members if member.post not in moved)
                    self.stories[other.id] = replace(other, members=kept)
            self.stories[story.id] = story
        return changes

    def partition(self) -> frozenset[frozenset[int]]:
        """Which posts stand together, whatever their stories are called."""
        return frozenset(
            frozenset(member.post for member in story.members) for story in self.stories.values() if story.members
        )

    def story_of(self, post: int) -> Story:
        """The story a live post is in."""
        return next(story for story in self.stories.values() if post in {member.post for member in story.members})

    def addresses(self) -> dict[str, str]:
        """Story id -> "live", "withdrawn" or the id it redirects to."""
        return {
            story.id: story.merged_into or ("live" if story.members else "withdrawn") for story in self.stories.values()
        }
