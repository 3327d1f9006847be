"""What may happen to a site between two builds."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from handover_fixtures import make_picture
from site_fixtures import BASE, BRIDGE, LIBRARY, NOW, SUBSIDY, SWIMMING, Item, SmallSite

from aggregator.model import REVIEW_STEPS, FileForm, FileRequest, ReviewEntry
from aggregator.plugins.stories.filing import FEEDS, LISTS, PORTALS
from aggregator.registry import append_choices, write_withdrawal
from aggregator.registry.choices import CHOICES
from aggregator.review import chain_entry
from aggregator.store import Store

TEXTS = (SUBSIDY, BRIDGE, LIBRARY, SWIMMING)
TAGS = ("防汛", "防 汛、台风", "供水，ＡＢ", "要闻动态")
UNITS = ("临江市ranqi局", "临江 fabu", "临江市水务局", "临江市水务局、临江市hedong局", "并入局")
PICTURE = "http://pictures.linjiang.example/a.jpg"


class History:
    """A site to which something happens at each step; what, is drawn by the test."""

    def __init__(self, site: SmallSite, choice: random.Random) -> None:
        self.site, self.choice = site, choice
        self.items: dict[str, dict[str, Item]] = {"ranqi": {}, "hedong": {}}
        self.number = 0
        self.rulings: dict[str, str] = {}
        self.review = ""
        self.now = NOW

    def add_posts(self) -> None:
        """Some at once, so that months get too full for one page and empty again."""
        account = self.choice.choice(sorted(self.items))
        for _ in range(self.choice.randint(1, 5)):
            self._add_post(account)
        self._write(account)

    def _add_post(self, account: str) -> None:
        self.number += 1
        key = f"{account}-{self.number}"
        text = (f"第{self.number}件事{self.choice.random()}：" + self.choice.choice(TEXTS)[0],)
        date = NOW - timedelta(days=self.choice.choice((1, 1, 1, 2, 33, 64)), hours=self.choice.randint(0, 3))
        title = self.choice.choice(("通知", "公示", "图书馆开放", "便民办事指南")) + str(self.number)
        if self.choice.random() < 0.5:
            title = f"第{self.number}号公共汽车线路临时改道绕行的通知"
        tags = self.choice.choice(((), (), ("防汛",), ("台风", "春运")))
        self.items[account][key] = Item(key, title, text, date, tags)

    def change_post(self) -> None:
        """Another headline, text or date."""
        account = self.choice.choice(sorted(self.items))
        if self.items[account]:
            key = self.choice.choice(sorted(self.items[account]))
            former = self.items[account][key]
            self.items[account][key] = Item(
                key,
                former.title + self.choice.choice(("", "（更新）", "公告")),
                self.choice.choice((former.text, (f"改写{self.choice.random()}" + BRIDGE[1],))),
                former.date - timedelta(days=self.choice.choice((0, 40))),
            )
            self._write(account)

    def copy_post(self) -> None:
        """The same text from another account: one story of two posts, or one story less."""
        if self.items["ranqi"]:
            key = self.choice.choice(sorted(self.items["ranqi"]))
            former = self.items["ranqi"][key]
            text = self.choice.choice((TEXTS[self.choice.randrange(4)], former.text))
            self.items["ranqi"][key] = Item(key, former.title, text, former.date)
            self.items["hedong"][f"copy-{key}"] = Item(f"copy-{key}", f"转发：{former.title}", text, former.date)
            self._write("ranqi")
            self._write("hedong")

    def correct_post(self) -> None:
        """A correction of a post, or news that names it: a link between two stories, in either account."""
        known = sorted((item.title, item.date) for items in self.items.values() for item in items.values())
        title, date = self.choice.choice(known or [("跨江大桥引道施工期间单车道通行", NOW - timedelta(days=7))])
        account = self.choice.choice(sorted(self.items))
        self.number += 1
        key = f"{account}-{self.number}"
        told = (f"日前发布的《{title}》中，时间有误，应为每天{self.number}时，特此更正。", "其他内容不变，敬请谅解。")
        headline = self.choice.choice((f"更正：{title}", f"一图看懂《{title}》"))
        self.items[account][key] = Item(key, headline, told, date + timedelta(hours=self.choice.choice((1, 30))))
        self._write(account)

    def drop_correction(self) -> None:
        """A post that corrects another says something else now: a link less."""
        linked = sorted((a, k) for a, items in self.items.items() for k, one in items.items() if "《" in one.text[0])
        if linked:
            account, key = self.choice.choice(linked)
            former = self.items[account][key]
            self.items[account][key] = Item(key, f"第{self.number}号消息", (f"{key}另有安排。",), former.date)
            self._write(account)

    def rule(self) -> None:
        """Staff hides, withdraws, merges or splits, gives another reason for it, or takes it back."""
        if self.rulings and self.choice.random() < 0.3:
            del self.rulings[self.choice.choice(sorted(self.rulings))]
        else:
            self.site.update(self.now)
            with Store.open(self.site.site.store) as store:
                stories = [story for story in store.stories.load() if story.members]
                posts = {one.id: one.post for one in store.posts.load([story.members[-1].post for story in stories])}
            one, other = self.choice.sample(stories, 2)
            post = posts[one.members[-1].post]
            kind, target = self.choice.choice(
                (("hide", f'story = "{one.id}"'), ("hide", f'post = "{post.account}:{post.key}"'),
                 ("split", f'post = "{post.account}:{post.key}"'), ("merge", f'stories = ["{one.id}", "{other.id}"]'),
                 ("withdraw", f'story = "{one.id}"\nreplacement = "{other.id}"'))
            )  # fmt: skip
            self.rulings[target] = f'[[{kind}]]\n{target}\nreason = "{self.choice.choice(("核实中", "内容有误"))}"\n'
        self.site.site.editorial.write_text("\n".join([self.review, *self.rulings.values()]), encoding="utf-8")

    def demand_review(self) -> None:
        """Of all drafts, of some, or of none any more."""
        file = self.site.site.editorial
        text = file.read_text(encoding="utf-8").removeprefix(self.review) if file.exists() else ""
        choices = ("", "[review]\nrequired = true\n", '[review]\ncolumns = ["notices", "services"]\n')
        self.review = self.choice.choice([one for one in choices if one != self.review])
        file.write_text(self.review + text, encoding="utf-8")

    def pass_drafts(self) -> None:
        """Of those that wait, some are through, and others returned."""
        with Store.open(self.site.site.store) as store, store.transaction():
            for held in store.reviews.load_held().values():
                verdict = self.choice.choice(("pass", "pass", "return"))
                for step, by in zip(REVIEW_STEPS, ("zhang", "li", "wang"), strict=True):
                    entry = ReviewEntry(0, self.now, held.path, held.content, step, verdict, by, "system")
                    store.reviews.append(chain_entry(entry, store.reviews.load_head()))

    def write_draft(self) -> None:
        name = self.choice.choice(("a", "b", "c"))
        folder = self.choice.choice(("policies", "explanations", "services", "notices"))
        header = {"标题": f"稿件{name}{self.choice.randint(1, 3)}", "编号": f"d-{name}"}
        header["日期"] = self.choice.choice(("2026-03-18 10:00", "2026-02-01", "2025-12-31 23:59"))
        for key, value in (("关联政策", "d-a、d-b"), ("替代文件", "d-b"), ("置顶", "是"), ("人生事件", "结婚")):
            header.update({key: value} if self.choice.random() < 0.5 else {})
        for key, values in (("标签", TAGS), ("部门", UNITS)):
            header.update({key: self.choice.choice(values)} if self.choice.random() < 0.5 else {})
        for key in ("定时", "下线", "撤回"):
            moment = self.now + timedelta(hours=self.choice.choice((-30, -1, 1, 12, 30)))
            header.update({key: f"{moment:%Y-%m-%dT%H:%M:%SZ}"} if self.choice.random() < 0.2 else {})
        if "撤回" in header:
            header["替代"] = self.choice.choice(("d-a", "d-b", "少儿图书馆绘本区焕新", "https://a.example/"))
        for key, value in (("封面", "图 1.png"), ("附件", "表.xlsx")):
            header.update({key: value} if self.choice.random() < 0.3 else {})
        for other in self.site.site.content.glob(f"*/{name}.md"):
            other.unlink()
        linked = self.choice.choice(
            (
                "",
                "见[甲](../notices/a.md)、[乙](b.md)。",
                "![图](图 1.png)",
                "[表](表.xlsx)",
                "[站外](https://a.example/)",
            )
        )
        text = (f"{name}{self.choice.random()}：" + SWIMMING[0], linked)
        self.site.set_draft(f"{folder}/{name}.md", text, **header)

    def write_policy(self) -> None:
        """A policy with a title and a 文号 that others may bear, too, or name."""
        name = self.choice.choice(("p", "q"))
        title = self.choice.choice(
            ("关于印发《临江市燃气补贴办法》的通知", "临江市燃气补贴办法", "临江市停车收费办法（试行）")
        )
        header = {"标题": title, "日期": self.choice.choice(("2026-03-10", "2025-11-02", "2024-05-06"))}
        header.update({"编号": f"d-{name}"} if self.choice.random() < 0.5 else {})
        for key, value in (
            ("文号", self.choice.choice(("临政发〔2026〕3号", "临政发[2025]8号"))), ("有效性", "废止"),
            ("替代文件", self.choice.choice(("《临江市燃气补贴办法》", "临政发〔2026〕3号", "d-q"))),
            ("下线", "2026-03-21"),
        ):  # fmt: skip
            header.update({key: value} if self.choice.random() < 0.4 else {})
        self.site.set_draft(f"policies/{name}.md", (f"{name}{self.choice.random()}：" + BRIDGE[1],), **header)

    def drop_policy(self) -> None:
        for file in sorted(self.site.site.content.glob("policies/[pq].md"))[:1]:
            file.unlink()

    def name_policy(self) -> None:
        """An explanation, a guide or a post that names a policy by its 文号, its title or a part of it."""
        named = self.choice.choice(
            (
                "《临江市燃气补贴办法》",
                "《燃气补贴办法》",
                "临政发〔2026〕3号",
                "临政发【2025】第08号",
                "《停车收费办法》和《燃气补贴办法》",
            )
        )
        self.number += 1
        title = self.choice.choice((f"{named}解读", f"第{self.number}篇解读", f"第{self.number}件补贴的办理"))
        text = f"第{self.number}篇{self.choice.random()}，根据{named}，" + LIBRARY[1]
        if self.choice.random() < 0.4:
            account = self.choice.choice(sorted(self.items))
            key = f"{account}-{self.number}"
            self.items[account][key] = Item(key, title, (text,), NOW - timedelta(days=self.choice.choice((1, 40))))
            self._write(account)
            return
        header = {"标题": title, "日期": "2026-03-12"}
        header.update({"关联政策": named} if self.choice.random() < 0.3 else {})
        folder = self.choice.choice(("explanations", "explanations", "services", "notices"))
        self.site.set_draft(f"{folder}/e{self.number % 3}.md", (text,), **header)

    def change_beside(self) -> None:
        """A picture or an attachment beside the drafts comes, changes or goes, and no draft does."""
        for folder in ("policies", "notices"):
            for name, body in (("图 1.png", make_picture(self.choice.randint(2, 9), 2)), ("表.xlsx", b"PK")):
                file = self.site.site.content / folder / name
                file.parent.mkdir(exist_ok=True)
                if self.choice.random() < 0.3:
                    file.unlink(missing_ok=True)
                else:
                    file.write_bytes(body + str(self.choice.randint(1, 3)).encode())

    def delete_draft(self) -> None:
        drafts = sorted(self.site.site.content.glob("*/[abc].md"))
        if drafts:
            self.choice.choice(drafts).unlink()

    def wait(self) -> None:
        """Time passes: an hour, until midnight, or days."""
        self.now += self.choice.choice((timedelta(hours=1), timedelta(hours=12), timedelta(days=2)))

    def purge(self) -> None:
        """A story goes for good, whatever its feeds and files go on saying."""
        with Store.open(self.site.site.store) as store:
            stories = [story.id for story in store.stories.load() if story.members]
        if stories:
            self.site.purge(self.choice.choice(stories), self.now)

    def withdraw(self) -> None:
        """By the command; taken back with the other decisions when one of these is made or dropped."""
        with Store.open(self.site.site.store) as store:
            stories = [story.id for story in store.stories.load() if story.members]
        if stories:
            target = self.choice.choice(stories)
            entry = {"story": f"{BASE}/s/{target}.html", "reason": "有误", "date": self.now}
            write_withdrawal(self.site.site.editorial, target, entry)

    def select(self) -> None:
        """An account waits for staff from now on, or no longer."""
        account = self.choice.choice(sorted(self.items))
        if account in self.site.accounts:
            self.site.set_account(account, selection=self.choice.choice(("review", "review", "auto")))

    def choose(self) -> None:
        """Staff accepts or refuses what waits, by the command or by hand; taken back with the other decisions."""
        self.site.update(self.now)
        with Store.open(self.site.site.store) as store:
            waiting = [(note.account, note.key) for note in store.inbox.load_notes()]
        if not waiting:
            return
        chosen = [f"{account}:{key}" for account, key in self.choice.sample(waiting, min(2, len(waiting)))]
        kind = self.choice.choice(CHOICES)
        if kind == "accept" and self.choice.random() < 0.5:
            self.site.accept(*chosen, now=self.now)
        else:
            append_choices(self.site.site.editorial, kind, [{"post": name} for name in chosen])

    def change_account(self) -> None:
        account = self.choice.choice(sorted(self.site.accounts))
        name, value = self.choice.choice(
            (("name", "临江燃气新"), ("phone", "12345"), ("kind", "town"), ("kind", "department"), ("status", "closed"),
             ("status", "active"), ("rank", 90), ("organization", "并入局"), ("organization", "临江市水务局"),
             ("handle", "linjiang"), ("region", "河东区"), ("region", "临江市"), ("kind", "county"),
             ("successor", "fabu"))
        )  # fmt: skip
        self.site.set_account(account, **{name: value})

    def drop_account(self) -> None:
        self.site.accounts.pop("fabu", None)
        self.site.write_registry()

    def reorder_accounts(self) -> None:
        """The registry names the same accounts in another order, by which units and regions have their addresses."""
        names = sorted(self.site.accounts, key=lambda _: self.choice.random())
        self.site.accounts = {name: self.site.accounts[name] for name in names}
        self.site.write_registry()

    def rename_account(self) -> None:
        new = f"fabu{self.number}"
        if "fabu" in self.site.accounts:
            self.number += 1
            self.site.update(self.now)
            assert self.site.call("accounts", "rename", "fabu", new).status == 0
            self.site.accounts[new] = {**self.site.accounts.pop("fabu"), "id": new}

    def change_template(self) -> None:
        names = (
            "account.html", "base.html", "embed.html", "index.html", "sitemap.html", "404.html", "policy.html",
            "partials/pager.html", "partials/related.html", "partials/unit_accounts.html",
        )  # fmt: skip
        file = self.site.root / "theme" / "templates" / self.choice.choice(names)
        file.write_text(file.read_text(encoding="utf-8") + f"{{# {self.choice.random()} #}} \n", encoding="utf-8")

    def change_asset(self) -> None:
        file = self.site.root / "theme" / "static" / "tokens.css"
        file.write_text(f"/* {self.choice.random()} */", encoding="utf-8")

    def change_setting(self) -> None:
        names = (
            "SITENAME", "DESCRIPTION", "HOTLINE", "TIMEZONE", "MENU", "LISTS", "TOPICS", "PRECOMPRESS", "LEAVING",
            "TRUSTED_HOSTS", "FEEDS", "PORTALS",
        )  # fmt: skip
        name = self.choice.choice(names)
        values: dict[str, tuple[object, ...]] = {
            "TIMEZONE": ("UTC", "Asia/Shanghai"),
            "FEEDS": (FEEDS, ("rss",), ("atom", "json", "account", "tag", "archives"), ("atom", "archives")),
            "LISTS": (LISTS, (), ("topic", "sitemap"), ("department", "region", "tag")),
            "TOPICS": ((), (("fx", "防汛抗旱", "说明", ("防汛", "台风")),), (("fx", "春运", "", ("春运", "台风")),)),
            "PRECOMPRESS": (True, True, False),
            "LEAVING": ("mark", "page"),
            "TRUSTED_HOSTS": (("gov.cn",), ("gov.cn", "a.example")),
            "MENU": (
                (),
                (
                    (
                        "菜单",
                        (("服务", "column:services"), ("稿件", "page:d-a"), ("办公", "/x")),
                    ),
                ),
            ),
        }
        if name == "PORTALS":
            name = self.choice.choice([*PORTALS.values(), "ROBOTS_DISALLOW"])
            values[name] = (True, False) if name in PORTALS.values() else ((), ("/a/", "/b/"))
        self.site.set_settings(**{name: self.choice.choice(values.get(name, ("一", "二")))})

    def receive_picture(self) -> None:
        """A file that some post shows arrives; the mirror itself is not what is tested here."""
        body = f'<p><img src="{PICTURE}">{self.choice.random()}</p>'
        self.site.set_draft("news/p.md", (body,), 标题="有图", 编号="d-p", 日期="2026-03-01")
        self.site.publish(self.now)
        with Store.open(self.site.site.store) as store:
            form = FileForm(str(self.choice.random()).encode(), "webp", 700, 400)
            store.mirror.save(FileRequest(PICTURE, "picture"), form)

    def _write(self, account: str) -> None:
        self.site.set_feed(account, *self.items[account].values())


EVENTS: tuple[Callable[[History], None], ...] = (
    History.add_posts, History.add_posts, History.change_post, History.copy_post, History.write_draft,
    History.write_draft, History.delete_draft, History.change_account, History.drop_account, History.rename_account,
    History.change_template, History.change_asset, History.change_setting, History.receive_picture,
    History.correct_post, History.correct_post, History.drop_correction, History.rule, History.rule,
    History.wait, History.wait, History.wait, History.purge, History.withdraw,
    History.change_beside, History.change_beside, History.demand_review, History.pass_drafts, History.select,
    History.choose, History.choose, History.reorder_accounts, History.change_account,
    History.choose, History.choose, History.write_policy, History.write_policy, History.name_policy,
    History.name_policy, History.drop_policy,
)  # fmt: skip
