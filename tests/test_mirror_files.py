"""Mirrored files: stored once, asked for once, served from where they are stored, kept by a backup."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from http_server import Server
from mirror_fixtures import LATER, PDF, list_blobs, make_mirroring_site, mirror, paint, read_pictures, set_body
from pelican.settings import read_settings
from PIL import Image
from site_fixtures import NOW, SmallSite, list_tree

from aggregator.store import Store
from aggregator.store.mirror import hash_file


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return make_mirroring_site(tmp_path / "site")


# Stored once, asked for once ------------------------------------------------------------------------------------


def test_one_picture_at_two_addresses_is_stored_once(site: SmallSite, server: Server) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (31.0, 17.0, 5.0)}
    one = server.serve("/one.jpg", paint())
    two = server.serve("/two.jpg", paint(exif=exif))
    set_body(site, f'<img src="{one}"><img src="{two}">')
    updated, _ = site.publish()
    assert mirror(updated) == (2, 0, 0, 0)
    first, second = read_pictures(site)
    assert first["src"] == second["src"]
    blobs = list_blobs(site)
    assert len(blobs) == 2  # the wide and the narrow form
    for name in blobs:
        assert name.partition(".")[0] == hash_file((site.site.state / "files" / name[:2] / name).read_bytes())


def test_a_second_publish_fetches_nothing_and_changes_no_byte(site: SmallSite, server: Server) -> None:
    set_body(
        site,
        f'<img src="{server.serve("/a.jpg", paint())}"><img src="{server.url("/lost.jpg")}">',
        (server.serve("/b.pdf", PDF), "application/pdf", ""),
    )
    site.publish()
    before = list_tree(site.output.resolve())
    assert sorted(server.asked()) == ["/a.jpg", "/b.pdf", "/lost.jpg"]
    updated, built = site.publish(NOW + timedelta(minutes=30))
    assert mirror(updated) == (0, 0, 0, 1)
    assert server.asked() == []
    assert (built.rendered, built.removed) == (0, 0)
    assert list_tree(site.output.resolve()) == before


def test_files_are_a_second_name_of_what_is_stored(site: SmallSite, server: Server) -> None:
    set_body(site, f'<img src="{server.serve("/a.jpg", paint())}">')
    site.publish()
    set_body(site, f'<p>改了一句。</p><img src="{server.url("/a.jpg")}">')
    _, built = site.publish(LATER)
    assert not any(path.startswith("files/") for path in (*built.changed_paths, *built.removed_paths))
    (picture,) = read_pictures(site)
    served = site.output / picture["src"].removeprefix("../")
    assert served.stat().st_ino == (site.site.state / "files" / served.name[:2] / served.name).stat().st_ino


def test_files_of_no_published_page_leave_the_site_and_stay_in_the_store(site: SmallSite, server: Server) -> None:
    set_body(site, f'<img src="{server.serve("/a.jpg", paint())}">')
    site.publish()
    set_body(site, "<p>图片不再需要。</p>")
    _, built = site.publish(LATER)
    assert sum(path.startswith("files/") for path in built.removed_paths) == 2
    assert not (site.output / "files").exists()
    assert len(list_blobs(site)) == 2


def test_a_lost_file_takes_down_neither_page_nor_build(site: SmallSite, server: Server) -> None:
    url = server.serve("/a.jpg", paint())
    set_body(site, f'<img src="{url}">')
    site.publish()
    shutil.rmtree(site.site.state / "files")
    site.build(full=True)
    assert read_pictures(site)[0]["src"] == url


def test_no_one_alters_what_is_stored_by_mistake(site: SmallSite, server: Server) -> None:
    set_body(site, f'<img src="{server.serve("/a.jpg", paint())}">')
    site.publish()
    files = [*(site.site.state / "files").glob("*/*"), *(site.output / "files").iterdir()]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o444}


def alter(file: Path) -> None:
    """Keep the size, as a disk that fails does."""
    file.chmod(0o644)
    file.write_bytes(bytes(reversed(file.read_bytes())))


@pytest.mark.parametrize("spoil", [alter, Path.unlink])
def test_verifying_lets_go_of_files_that_are_not_what_they_say_and_they_are_fetched_again(
    site: SmallSite, server: Server, spoil: Callable[[Path], None]
) -> None:
    """What lies in the site is a second name of what is stored, so there is nothing to mend it with."""
    picture, attached = server.serve("/a.jpg", paint()), server.serve("/b.pdf", PDF)
    set_body(site, f'<img src="{picture}">', (attached, "application/pdf", ""))
    site.publish()
    before = {path: data for path, (data, _) in list_tree(site.output.resolve()).items()}
    for file in (site.site.state / "files").glob("*/*"):
        spoil(file)
    result = site.call("build", "--verify")
    assert result.status == 0
    assert "图片和附件里有 2 个已损坏或丢失" in result.out
    assert picture in result.out
    assert attached in result.out
    assert read_pictures(site)[0]["src"] == picture
    assert not (site.output / "files").exists()
    # Nobody may have another one.
    assert len(list((site.site.state / "files" / "broken").iterdir())) == (3 if spoil is alter else 0)
    assert site.build(verify=True).broken_files == ()
    site.publish()
    assert {path: data for path, (data, _) in list_tree(site.output.resolve()).items()} == before
    assert site.build(verify=True).changed_paths == ()


def test_a_published_file_that_was_altered_comes_back_from_what_is_stored(site: SmallSite, server: Server) -> None:
    set_body(site, "<p>见附件。</p>", (server.serve("/b.pdf", PDF), "application/pdf", ""))
    site.publish()
    (served,) = (site.output / "files").glob("*/*")
    served.unlink()
    served.write_bytes(b"altered")
    report = site.build(verify=True)
    assert (report.rendered, report.broken_files) == (1, ())
    (served,) = (site.output / "files").glob("*/*")
    assert served.read_bytes() == PDF


def test_pelican_alone_writes_the_same_files(site: SmallSite, server: Server, tmp_path: Path) -> None:
    set_body(site, f'<img src="{server.serve("/a.jpg", paint())}">')
    site.publish()
    settings = read_settings(str(site.site.config), override={"OUTPUT_PATH": str(tmp_path / "fresh")})
    settings["PELICAN_CLASS"](settings).run()
    ours, theirs = list_tree(site.output.resolve()), list_tree(tmp_path / "fresh")
    assert {path: data for path, (data, _) in theirs.items()} == {path: data for path, (data, _) in ours.items()}


# Backup ---------------------------------------------------------------------------------------------------------


def test_files_come_back_from_a_backup(site: SmallSite, server: Server, tmp_path: Path) -> None:
    set_body(
        site, f'<img src="{server.serve("/a.jpg", paint())}">', (server.serve("/b.pdf", PDF), "application/pdf", "")
    )
    site.publish()
    before, blobs = list_tree(site.output.resolve()), list_blobs(site)
    backup = tmp_path / "backup.zip"
    told = site.call("backup", str(backup), "--json").document
    assert told["bytes"] == backup.stat().st_size
    with zipfile.ZipFile(backup) as archive:
        stored = [one for one in archive.infolist() if one.filename.startswith("files/")]
        assert len(stored) == 3
        assert {one.compress_type for one in stored} == {zipfile.ZIP_STORED}
        assert told["files"] == 3
        assert told["files_bytes"] == sum(one.file_size for one in stored)
    shutil.rmtree(site.site.state)
    (site.root / "output").unlink()
    server.routes.clear()
    assert site.call("restore", str(backup)).status == 0
    assert list_blobs(site) == blobs
    updated, _ = site.publish(LATER)
    assert mirror(updated) == (0, 0, 0, 0)
    after = list_tree(site.output.resolve())
    assert {path: data for path, (data, _) in after.items()} == {path: data for path, (data, _) in before.items()}


@pytest.mark.parametrize("name", ["files/../../escaped.webp", "files/aa/" + "0" * 32 + ".webp", "files/aa/aaaa.webp"])
def test_a_backup_with_a_file_that_is_not_what_it_says_is_refused(site: SmallSite, tmp_path: Path, name: str) -> None:
    set_body(site, "<p>没有图片。</p>")
    site.update()
    backup = tmp_path / "backup.zip"
    assert site.call("backup", str(backup)).status == 0
    with zipfile.ZipFile(backup, "a") as archive:
        archive.writestr(name, b"something else")
    store = site.site.store.read_bytes()
    assert site.call("restore", str(backup)).status == 2
    assert site.site.store.read_bytes() == store
    assert not list(tmp_path.rglob("escaped*"))
    with Store.open(site.site.store) as opened:
        assert opened.mirror.list_files() == ()
