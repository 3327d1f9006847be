"""Why two posts are, or are not, one story: all that was decided about them, in the order in which it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.cluster import judge
from aggregator.errors import ConfigError
from aggregator.model import BoundRuling, Document, Explanation, Fingerprint, Registry, Rulings, Step, Story, Verdict
from aggregator.pipeline.rulings import KINDS, Unbound, find_named_founder, find_post, find_story
from aggregator.store import Store
from aggregator.store.candidates import MIN_OVERLAP, MIN_SHARED, estimate_containment


@dataclass(frozen=True, slots=True)
class _Pair:
    documents: tuple[Document, Document]
    stories: tuple[Story, Story]

    @property
    def posts(self) -> frozenset[int]:
        return frozenset(document.post for document in self.documents)


def explain_pair(one: str, other: str, registry: Registry, store: Store) -> Explanation:
    """What staff's word, the index and the texts say of the posts that `one` and `other` name.

    Each is an address of ours or of the original, a story's id, or `account:key`; a story stands for its lead, one
    that was merged into another for the post that founded it. Raises ConfigError where there is no such post.
    """
    posts = _find_named(one, store), _find_named(other, store)
    if posts[0] == posts[1]:
        raise ConfigError(f"“{one}”和“{other}”是同一篇文章。", "写两篇不同的文章。")
    index = store.candidates({account.id: account for account in registry.accounts}, registry.stories.window)
    documents = {document.post: document for document in index.load_documents(posts)}
    stories = {member.post: story for story in store.stories.load_of(posts) for member in story.members}
    for name, post in zip((one, other), posts, strict=True):
        if post not in documents or post not in stories:
            raise ConfigError(f"“{name}”没有发布：已被撤回，或由编辑部撤下，或还没有进入频道。", "换一篇已发布的文章。")
    pair = _Pair((documents[posts[0]], documents[posts[1]]), (stories[posts[0]], stories[posts[1]]))
    rulings = store.rulings.load()
    verdict = judge(*pair.documents)
    found = posts[1] in index.find_candidates(posts[0])
    leads = {one.post: one for one in index.load_documents(sorted({story.lead for story in pair.stories}))}
    steps = (
        _tell_rulings(pair, rulings),
        _tell_candidates(pair, store.index.take_fingerprints(posts, store.index.load_common()), found=found),
        *verdict.steps,
        *_tell_parting(pair, verdict, rulings, found=found),
        *_tell_leads(pair, leads),
    )
    links = {(link.story, link.other): link for link in store.stories.load_links()}
    link = links.get((pair.stories[0].id, pair.stories[1].id))
    stored = {one.id: one for one in store.posts.load(posts, bodies=False)}
    return Explanation((stored[posts[0]], stored[posts[1]]), pair.stories, link, steps)


def _find_named(name: str, store: Store) -> int:
    posts = store.rulings.find_posts(name)
    if len(posts) == 1:
        return posts[0]
    story = find_story(name, store)
    if isinstance(story, Unbound):
        found = find_post(name, "", store) if posts else story
        if isinstance(found, Unbound):
            raise ConfigError(f"{found.message}。", f"{found.remedy}。")
        return found
    founder = find_named_founder(name, story, store)
    return story.lead if founder == story.founder else founder


def _tell_rulings(pair: _Pair, rulings: Rulings) -> Step:
    told = [_tell_ruling(ruling, pair) for ruling in rulings.bound if ruling.posts & pair.posts]
    if not told:
        return Step("编辑部的决定", "没有", "editorial.toml 里没有提到这两篇")
    return Step("编辑部的决定", "有", "；".join(told))


def _tell_ruling(ruling: BoundRuling, pair: _Pair) -> str:
    titles = [f"《{one.title}》" for one in pair.documents if one.post in ruling.posts]
    reason = f"（{ruling.reason}）" if ruling.reason else ""
    return f"{KINDS[ruling.kind]} {'、'.join(titles)}{reason}"


def _tell_candidates(pair: _Pair, prints: dict[int, Fingerprint], *, found: bool) -> Step:
    one, other = (prints[document.post] for document in pair.documents)
    shared = len(set(one.grams) & set(other.grams))
    overlap = estimate_containment(one.grams, other.grams) if one.grams and other.grams else 0.0
    urls = {document.canonical_url for document in pair.documents}
    is_text, is_title = bool(one.exact) and one.exact == other.exact, bool(set(one.titles) & set(other.titles))
    told = [
        "原文链接相同" if len(urls) == 1 and urls != {""} else "原文链接不同",
        "全文指纹相同" if is_text else "全文指纹不同",
        "标题指纹相同" if is_title else "标题指纹不同",
        f"少见片段 {len(one.grams)} 个和 {len(other.grams)} 个，相同 {shared} 个（至少要 {MIN_SHARED} 个），"
        f"估计重合 {overlap:.0%}（至少要 {MIN_OVERLAP:.0%}）",
        f"相隔 {abs(pair.documents[0].date - pair.documents[1].date).days} 天",
    ]
    if not found and is_text and is_title:
        # The index shows one of the posts of one headline and text on behalf of all.
        return Step("查找", "由代表比对", "；".join((*told, "标题、全文都相同的几篇，只取一篇同别的比对")))
    return Step("查找", "会比对" if found else "不会比对", "；".join(told))


def _tell_parting(pair: _Pair, verdict: Verdict, rulings: Rulings, *, found: bool) -> Iterator[Step]:
    """Why two posts that match stand in two stories, where no other lead and none of staff's decisions says it."""
    one, other = pair.stories
    is_ruled = any(ruling.posts & pair.posts for ruling in rulings.bound)
    if one.id == other.id or is_ruled or verdict.match is None or verdict.match.is_link:
        return
    if not found:
        yield Step("归并", "两条", "查找时没有找到，所以没有比对过")
    elif {one.lead, other.lead} == pair.posts:
        # Of two leads that match, the better takes the other in, unless `cluster.stars` found one to be a roundup.
        yield Step("归并", "两条", "其中一篇还载有别的消息，是多条消息的汇编，不同其中任何一条归并")


def _tell_leads(pair: _Pair, leads: dict[int, Document]) -> Iterator[Step]:
    one, other = pair.stories
    if one.id == other.id:
        if one.lead not in pair.posts:
            yield from _tell_memberships(pair)
        yield Step("结果", "同一条", f"主稿是《{leads[one.lead].title}》（{leads[one.lead].account}）")
        return
    for story, document in ((one, pair.documents[1]), (other, pair.documents[0])):
        lead = leads[story.lead]
        if lead.post not in pair.posts:
            last = judge(lead, document).steps[-1]
            yield Step("与主稿比对", last.outcome, f"《{document.title}》与《{lead.title}》：{last.detail}")
    yield Step("结果", "两条", f"主稿分别是《{leads[one.lead].title}》和《{leads[other.lead].title}》")


def _tell_memberships(pair: _Pair) -> Iterator[Step]:
    """A story's members match its lead, and need not match one another."""
    members = {member.post: member for member in pair.stories[0].members}
    for document in pair.documents:
        member = members[document.post]
        yield Step("与主稿比对", f"{member.score:.0%}", f"《{document.title}》：{member.reason}")
