"""Compressed forms beside the files of the site: where asked for, always of what stands beside them."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_fixtures import LIBRARY, NOW, Item, SmallSite, list_tree, run_python

from aggregator.artifacts import find_whole, list_packed, read_path
from aggregator.plugins.stories.packing import FORMS

ENDINGS = (".gz", ".br")


@pytest.fixture
def packed_site(small_site: SmallSite) -> SmallSite:
    small_site.set_settings(PRECOMPRESS=True)
    small_site.build()
    return small_site


def find_faults(site: SmallSite) -> list[str]:
    """Forms that are missing, that nothing is beside, or that are of something else."""
    files = {path: data for path, (data, _) in list_tree(site.output).items()}
    wanted = {packed for path in files for packed in list_packed(path)}
    faults = list(wanted - files.keys())
    faults += [path for path in files.keys() - wanted if path.endswith(ENDINGS)]
    unpack = {".gz": gzip.decompress, ".br": brotli.decompress}
    return faults + [path for path in wanted & files.keys() if unpack[path[-3:]](files[path]) != files[path[:-3]]]


@pytest.mark.parametrize(
    "path",
    ["index.html", "s/abc.html", "notices/2026-03.html", "feeds/channel.rss", "theme/portal.1a2b.css", "404.html"],
)
def test_text_has_two_forms_which_lead_back_to_it(path: str) -> None:
    for packed in list_packed(path):
        assert find_whole(packed) == path
        assert (read_path(packed).kind, list_packed(packed)) == ("packed", ())
    assert [packed.removeprefix(path) for packed in list_packed(path)] == list(ENDINGS)


@pytest.mark.parametrize("path", ["files/ab/表.txt", "files/ab/x.html.gz", "theme/a.1a2b.png", "theme/a.1a2b.gz"])
def test_copies_pictures_and_archives_have_none(path: str) -> None:
    assert list_packed(path) == ()
    assert find_whole(path) == path


@given(st.binary(max_size=400), st.sampled_from(sorted(FORMS)))
def test_packing_gives_the_same_bytes_each_time_and_loses_nothing(data: bytes, ending: str) -> None:
    form = FORMS[ending]
    assert form.pack(data) == form.pack(data)
    assert form.unpack(form.pack(data)) == data


def test_without_the_setting_there_are_none(small_site: SmallSite) -> None:
    assert not [path for path in list_tree(small_site.output) if path.endswith(ENDINGS)]


def test_with_it_each_text_file_has_its_own(packed_site: SmallSite) -> None:
    assert find_faults(packed_site) == []
    assert (packed_site.output / "index.html.br").stat().st_size < (
        packed_site.output / "index.html"
    ).stat().st_size / 2
    assert list((packed_site.output / "theme").glob("portal.*.css.gz"))


def test_one_new_post_packs_what_changed_and_nothing_else(packed_site: SmallSite) -> None:
    packed_site.set_feed(
        "hedong", Item("hedong-1", "少儿图书馆绘本区焕新", LIBRARY, NOW), Item("new", "新的一篇", LIBRARY)
    )
    _, report = packed_site.publish()
    assert find_faults(packed_site) == []
    plain = {path for path in report.changed_paths if not path.endswith(ENDINGS)}
    assert {path for path in report.changed_paths if path.endswith(ENDINGS)} == {
        packed for path in plain for packed in list_packed(path)
    }


def test_forms_leave_with_their_page(packed_site: SmallSite) -> None:
    (packed_site.root / "content" / "news" / "zhongshu.md").unlink()
    _, report = packed_site.publish()
    assert "news/2026-03.html" in report.removed_paths
    assert find_faults(packed_site) == []


def test_turning_it_off_takes_all_of_them_away(packed_site: SmallSite) -> None:
    packed_site.set_settings(PRECOMPRESS=False)
    report = packed_site.build()
    assert not [path for path in list_tree(packed_site.output) if path.endswith(ENDINGS)]
    assert set(report.removed_paths) == {
        packed for path in list_tree(packed_site.output) for packed in list_packed(path)
    }


@pytest.mark.parametrize("damage", [b"", b"no gzip", gzip.compress(b"another page", mtime=0)])
def test_verifying_brings_back_a_form_that_was_altered(packed_site: SmallSite, damage: bytes) -> None:
    file = Path(packed_site.output / "index.html.gz").resolve()
    file.unlink()
    file.write_bytes(damage)
    assert packed_site.build(verify=True).changed_paths == ("index.html.gz",)
    assert find_faults(packed_site) == []


def test_pelican_alone_writes_the_same_bytes(packed_site: SmallSite) -> None:
    alone = packed_site.root / "alone"
    result = run_python("-m", "pelican", "content", "-o", str(alone), "-s", "pelicanconf.py", cwd=packed_site.root)
    assert result.status == 0, result.err
    ours = {path: data for path, (data, _) in list_tree(packed_site.output).items()}
    assert {path: data for path, (data, _) in list_tree(alone).items()} == ours
