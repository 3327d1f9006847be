"""The API: documents that keep to their published schemas, and cost what changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from site_fixtures import BASE, BRIDGE, LIBRARY, NOW, SWIMMING, Item, SmallSite, list_tree

from aggregator.plugins.stories.api import documents
from aggregator.registry import write_withdrawal
from aggregator.store.schema import MIGRATIONS
from aggregator.store.schema.portals import PORTALS

CITY = "https://fabu.qijiang.example"
API = Path("api") / "v1"
NEW = ("北岸泵站明天例行检修，下游三个小区的水压会低一些，用水请错开早上七点。", "检修预计两小时。")


def read(site: SmallSite, name: str) -> Any:
    return json.loads((site.output / API / f"{name}.json").read_bytes())


def list_documents(site: SmallSite) -> Iterator[tuple[str, Any]]:
    """(name of its schema, document)."""
    folder = site.output / API
    for file in sorted(folder.rglob("*.json")):
        name = file.relative_to(folder).parts[0].removesuffix(".json")
        if name != "schema":
            yield {"stories": "story"}.get(name, name), json.loads(file.read_bytes())


def check_schemas(site: SmallSite) -> set[str]:
    """Hold all documents of a site against the schemas that it publishes; the names of those that were used."""
    schemas = {file.name: json.loads(file.read_bytes()) for file in (site.output / API / "schema").iterdir()}
    registry: Registry[Any] = Registry().with_resources(
        [(name, Resource.from_contents(schema)) for name, schema in schemas.items()]
    )
    used, described = set(), {field for schema in schemas.values() for field in list_described(schema)}
    for name, document in list_documents(site):
        schema = schemas[f"{name}.json"]
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
            document
        )
        assert set(list_fields(document)) <= described, name
        used.add(name)
    return used


def list_described(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        yield from schema.get("properties", {})
    for part in schema.values() if isinstance(schema, Mapping) else schema if isinstance(schema, list) else ():
        yield from list_described(part)


def list_fields(document: Any) -> Iterator[str]:
    if isinstance(document, Mapping):
        yield from document
    for part in document.values() if isinstance(document, Mapping) else document if isinstance(document, list) else ():
        yield from list_fields(part)


def find_story(site: SmallSite, title: str) -> str:
    return str(site.stories()[title]["id"])


def test_every_document_of_a_city_keeps_to_its_schema(published_city: SmallSite) -> None:
    assert check_schemas(published_city) == {
        "index", "channel", "story", "accounts", "policies", "services", "withdrawn", "changes",
    }  # fmt: skip


def test_the_index_leads_to_everything(published_city: SmallSite) -> None:
    """By the addresses that documents name: every one of them is a file of the site."""
    files = {f"{CITY}/{path}" for path in list_tree(published_city.output)}
    seen, waiting = set(), [f"{CITY}/api/v1/index.json"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        assert address in files
        document = json.loads((published_city.output / address.removeprefix(f"{CITY}/")).read_bytes())
        waiting += [one for one in list_strings(document) if "/api/v1/" in one and one.endswith(".json")]
    stories = [one for one in seen if "/api/v1/stories/" in one]
    assert len(stories) > 100
    assert any("/changes/" in one for one in seen)


def list_strings(document: Any) -> Iterator[str]:
    if isinstance(document, str):
        yield document
    for part in document.values() if isinstance(document, Mapping) else document if isinstance(document, list) else ():
        yield from list_strings(part)


def test_a_story_has_its_whole_text_with_addresses_that_lead_there_from_anywhere(small_site: SmallSite) -> None:
    target = small_site.set_draft("notices/c.md", SWIMMING, 标题="丙", 日期="2026-03-11", 编号="d-c")
    small_site.set_draft("notices/d.md", (f"见[丙]({target.name})。", *BRIDGE), 标题="丁", 日期="2026-03-11")
    small_site.publish()
    story = read(small_site, f"stories/{find_story(small_site, '丁')}")
    assert f'href="{BASE}/s/{find_story(small_site, "丙")}.html"' in story["content_html"]
    assert BRIDGE[0] in story["content_html"]
    assert story["published"] == "2026-03-11T00:00:00+08:00"


def test_policies_name_what_explains_them_and_what_took_their_place(small_site: SmallSite) -> None:
    small_site.set_draft(
        "policies/a.md",
        SWIMMING,
        标题="旧办法",
        编号="zc-1",
        日期="2026-02-01",
        替代文件="zc-2",
        文号="临政发〔2026〕1号",
    )
    small_site.set_draft("policies/b.md", LIBRARY[1:], 标题="新办法", 编号="zc-2", 日期="2026-03-01")
    small_site.publish()
    assert [one["title"] for one in read(small_site, "policies")["policies"]] == ["旧办法", "新办法"]
    small_site.set_draft("explanations/c.md", BRIDGE[1:], 标题="解读", 编号="jd-1", 日期="2026-03-02", 关联政策="zc-1")
    small_site.publish()
    old, new = read(small_site, "policies")["policies"]
    assert [one["title"] for one in old["explanations"]] == ["解读"]
    assert [one["title"] for one in old["replaced_by"]] == ["新办法"]
    assert old["policy"]["number"] == "临政发〔2026〕1号"
    assert "explanations" not in new
    check_schemas(small_site)


def test_what_is_withdrawn_purged_or_merged_is_told_without_what_it_said(small_site: SmallSite) -> None:
    small_site.set_feed("fabu", Item("fabu-2", "跨江大桥引道施工期间单车道通行", BRIDGE))
    small_site.set_feed("ranqi", Item("ranqi-2", "跨江大桥东侧养护", NEW))
    small_site.publish()
    withdrawn, purged, merged, kept = (
        find_story(small_site, title)
        for title in (
            "游泳馆恢复开放的公告",
            "少儿图书馆绘本区焕新",
            "跨江大桥东侧养护",
            "跨江大桥引道施工期间单车道通行",
        )
    )
    write_withdrawal(small_site.site.editorial, withdrawn, {"story": withdrawn, "reason": "时间有误", "date": NOW})
    with small_site.site.editorial.open("a", encoding="utf-8") as editorial:
        editorial.write(f'\n[[merge]]\nstories = ["{kept}", "{merged}"]\nreason = "一件事"\n')
    small_site.publish(NOW + timedelta(days=1))
    small_site.purge(purged, NOW + timedelta(days=1))
    gone = {one["id"]: one for one in read(small_site, "withdrawn")["stories"]}
    lost = merged if merged in gone else kept
    assert gone[withdrawn]["status"] == "withdrawn"
    assert gone[withdrawn]["reason"] == "时间有误"
    assert gone[lost]["merged_into"]["id"] in {kept, merged} - {lost}
    assert gone[lost]["since"] == "2026-03-21T12:00:00+08:00"
    assert gone[purged]["status"] == "purged"
    assert "title" not in gone[purged]
    assert read(small_site, f"stories/{purged}") == gone[purged]
    changes = read(small_site, "changes/2026-03-21")
    assert {withdrawn, purged, lost} <= set(changes["withdrawn"])
    assert changes["previous"] == f"{BASE}/api/v1/changes/2026-03-20.json"
    check_schemas(small_site)


def test_a_days_changes_are_those_of_that_day_whenever_the_site_is_built(small_site: SmallSite) -> None:
    story = find_story(small_site, "少儿图书馆绘本区焕新")
    first = (small_site.output / API / "changes" / "2026-03-20.json").read_bytes()
    assert story in json.loads(first)["new"]
    small_site.set_feed("hedong", Item("hedong-1", "少儿图书馆绘本区焕新", SWIMMING[1:], NOW - timedelta(days=40)))
    small_site.update(NOW + timedelta(days=2))
    small_site.build(NOW + timedelta(days=9))
    assert read(small_site, "changes/2026-03-22") == {
        "day": "2026-03-22", "previous": f"{BASE}/api/v1/changes/2026-03-20.json", "complete": True, "new": [],
        "changed": [story], "withdrawn": [],
    }  # fmt: skip
    assert not (small_site.output / API / "changes" / "2026-03-29.json").exists()
    assert (small_site.output / API / "changes" / "2026-03-20.json").read_bytes() == first
    assert read(small_site, "index")["changes"]["latest"].endswith("/2026-03-22.json")
    assert read(small_site, f"stories/{story}")["updated"] == "2026-03-22T12:00:00+08:00"


def test_what_expires_is_among_the_changes_of_the_day_on_which_it_does(small_site: SmallSite) -> None:
    small_site.set_draft("notices/x.md", NEW, 标题="限时公告", 日期="2026-03-19", 下线="2026-03-21 18:00")
    small_site.publish()
    story = find_story(small_site, "限时公告")
    small_site.build(NOW + timedelta(days=2))
    assert read(small_site, "changes/2026-03-21")["changed"] == [story]
    assert read(small_site, f"stories/{story}")["status"] == "expired"


def test_nobody_is_told_of_a_draft_before_its_time(small_site: SmallSite) -> None:
    small_site.set_draft("notices/x.md", NEW, 标题="还没到时间", 日期="2026-03-19", 定时="2026-03-21 08:00")
    before = {path: data for path, (data, _) in list_tree(small_site.output).items()}
    small_site.publish()
    assert {path: data for path, (data, _) in list_tree(small_site.output).items()} == before
    small_site.build(NOW + timedelta(days=1))
    story = find_story(small_site, "还没到时间")
    assert read(small_site, "changes/2026-03-21")["new"] == [story]
    assert read(small_site, f"stories/{story}")["status"] == "published"


def test_a_store_of_the_version_before_has_its_changes_by_day_as_well(small_site: SmallSite) -> None:
    small_site.set_feed("hedong", Item("hedong-1", "少儿图书馆绘本区焕新", SWIMMING[1:], NOW - timedelta(days=40)))
    small_site.publish(NOW + timedelta(days=2))
    before = {path: data for path, (data, _) in list_tree(small_site.output).items()}
    with closing(sqlite3.connect(small_site.site.store)) as store:
        # As PORTALS found it.
        store.executescript(
            "DROP TRIGGER revisions_new_amended; DROP TRIGGER placements_new_amended; DROP INDEX decisions_at; "
            "DROP TABLE amended; DROP TABLE gone; DROP TABLE ages; DROP TABLE unreported; "
            f"PRAGMA user_version = {MIGRATIONS.index(PORTALS)};"
        )
        store.execute("UPDATE facts SET value = json_set(value, '$.version', '3') WHERE key = 'listings'")
        store.commit()
    small_site.build(NOW + timedelta(days=3))
    assert {path: data for path, (data, _) in list_tree(small_site.output).items()} == before


def test_a_day_of_too_many_changes_says_so(small_site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST", 3)
    small_site.build(full=True)
    assert read(small_site, "changes/2026-03-20") == {
        "day": "2026-03-20", "complete": False, "new": [], "changed": [], "withdrawn": [],
    }  # fmt: skip


def test_nothing_new_leaves_every_file_as_it_was(small_site: SmallSite) -> None:
    before = list_tree(small_site.output)
    small_site.publish(NOW + timedelta(hours=5))
    assert list_tree(small_site.output) == before


def test_a_new_post_leaves_bytes_and_times_of_what_has_nothing_to_do_with_it(small_site: SmallSite) -> None:
    before = list_tree(small_site.output)
    small_site.set_feed(
        "fabu",
        Item("fabu-1", "燃气取暖补贴可以申请了", ("符合条件的家庭可以申请春季燃气取暖补贴。",)),
        Item("fabu-9", "泵站检修", NEW, NOW - timedelta(days=1)),
    )
    small_site.publish(NOW + timedelta(days=1))
    after = list_tree(small_site.output)
    own = {
        find_story(small_site, title)
        for title in ("泵站检修", "燃气取暖补贴可以申请了")
        if title in small_site.stories()
    }
    touched = {path for path in after if before.get(path) != after[path] and path.startswith(("api/", "sitemap"))}
    stories = {path for path in touched if path.startswith("api/v1/stories/")}
    assert touched - stories == {
        "api/v1/index.json", "api/v1/channel/2026-03.json", "api/v1/changes/2026-03-21.json",
        "sitemap.xml", "sitemap-2026-03.xml",
    }  # fmt: skip
    assert {f"api/v1/stories/{one}.json" for one in own} & stories
    assert len(stories) <= 3
    for path in ("feeds/channel.opml", "embed/community.html", "api/v1/channel/2026-02.json", "robots.txt"):
        assert before[path] == after[path]


def test_a_site_without_an_api_has_none_of_its_files(small_site: SmallSite) -> None:
    small_site.set_settings(API=False)
    small_site.build()
    assert not (small_site.output / "api").exists()
    assert (small_site.output / "sitemap.xml").exists()
