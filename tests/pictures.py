"""Pictures of the sample city as Chromium shows it; a program, not a test.

    python tests/pictures.py screenshots    every kind of page in every state, into screenshots/, with a sheet a kind
    python tests/pictures.py pictures       those of README and docs, into docs/pictures/

A sheet has a row each for light, dark and large type; in it the widths with script, then those without.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from page_kinds import BASE, make_city
from PIL import Image
from playwright.sync_api import Browser, Page, Route, sync_playwright
from preview_fixtures import run_preview
from site_fixtures import CITY_NOW, ROOT, SmallSite
from site_server import serve_site

WIDTHS = {360: 780, 390: 844, 768: 1024, 1280: 900}
"""Width -> height of the screen."""
MODES = ("light", "dark", "large")
SCREENSHOTS = ROOT / "screenshots"
CELL, GAP = (240, 640), 8
"""Pixels of a picture on a sheet, the lower end of long pages cut off, and between two."""

LOW = "@media (max-width: 899px) { .menu { position: absolute !important; } .site { position: relative; } }"
"""The bar stands where the page ends, not where the screen did."""

PICTURES = ROOT / "docs" / "pictures"
PHONE, DESKTOP, WINDOW = (390, 844), (1280, 860), (856, 760)
SHOWN = {
    "home-phone": ("home", PHONE),
    "article-phone": ("article", PHONE),
    "policies-phone": ("policies", PHONE),
    "accounts-phone": ("accounts", PHONE),
    "home-desktop": ("home", DESKTOP),
}
"""File -> (kind of page, screen)."""
MOST = 60_000
"""Bytes of a picture."""
QUALITIES = (88, 80, 72, 64, 56)

DRAFT = """---
标题: 滨江路检修停水通知
日期: 2026-11-31 09:00
部门: 栖江市自来水公司
---

11月25日（星期三）9:00至17:00，滨江路检修供水管道，滨江路1号至88号停水，请提前储水。咨询电话：0577-8821。
"""
"""What the preview shows: a draft with a mistake."""


def publish_city(root: Path) -> tuple[SmallSite, Mapping[str, str]]:
    """The sample city with a page of every kind; kind -> path."""
    shutil.copytree(ROOT / "content", root / "content")
    shutil.copy(ROOT / "pelicanconf.py", root)
    city = SmallSite(root)
    city.publish(CITY_NOW)
    return city, make_city(city)


@contextmanager
def run_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield running
        running.close()


def stay(route: Route) -> None:
    """Pages that lead on at once are looked at as they are without that."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('http-equiv="refresh"', 'name="refreshed"'))


def set_mode(page: Page, mode: str) -> None:
    page.emulate_media(color_scheme="dark" if mode == "dark" else "light", reduced_motion="reduce")
    for box in page.locator("#large-type").all():
        box.evaluate("(box, wanted) => box.checked === wanted || box.click()", mode == "large")


def take_screenshots(browser: Browser, address: str, paths: Mapping[str, str]) -> None:
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    SCREENSHOTS.mkdir()
    contexts = {script: browser.new_context(locale="zh-CN", java_script_enabled=script) for script in (True, False)}
    for kind, path in paths.items():
        (SCREENSHOTS / kind).mkdir()
        rows: dict[str, list[Image.Image]] = {mode: [] for mode in MODES}
        for script, context in contexts.items():
            page = context.new_page()
            if kind == "redirect":
                page.route(f"{address}/{path}", stay)
            page.goto(f"{address}/{path}")
            for width, height in WIDTHS.items():
                page.set_viewport_size({"width": width, "height": height})
                for mode in MODES:
                    set_mode(page, mode)
                    name = f"{width}-{mode}{'' if script else '-plain'}.jpeg"
                    page.screenshot(path=SCREENSHOTS / kind / name, full_page=True, style=LOW)
                    with Image.open(SCREENSHOTS / kind / name) as picture:
                        rows[mode].append(shrink(picture))
            page.close()
        lay_out(list(rows.values())).save(SCREENSHOTS / f"{kind}.jpeg", quality=85)


def shrink(picture: Image.Image) -> Image.Image:
    """As wide as a cell, and no higher."""
    scale = CELL[0] / picture.width
    kept = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, round(CELL[1] / scale))))
    return kept.resize((CELL[0], round(kept.height * scale)))


def lay_out(rows: list[list[Image.Image]]) -> Image.Image:
    width, height = CELL[0] + GAP, CELL[1] + GAP
    sheet = Image.new("RGB", (GAP + width * len(rows[0]), GAP + height * len(rows)), "#888")
    for down, row in enumerate(rows):
        for across, picture in enumerate(row):
            sheet.paste(picture, (GAP + across * width, GAP + down * height))
    return sheet


def take_pictures(browser: Browser, address: str, city: SmallSite, paths: Mapping[str, str]) -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, (kind, size) in SHOWN.items():
        page = open_page(browser, size)
        page.goto(f"{address}/{paths[kind]}", wait_until="networkidle")
        save_small(page.screenshot(), name)
        page.close()
    draft = city.site.content / "notices" / "滨江路停水.md"
    draft.write_text(DRAFT, encoding="utf-8")
    with run_preview(city.root) as preview:
        page = open_page(browser, WINDOW)
        page.goto(preview.address)
        page.goto(f"{preview.base}/draft?path=notices/{draft.name}")
        page.frame_locator("#frame").locator("h1").wait_for()
        page.locator("#report li").first.wait_for()
        save_small(page.screenshot(), "preview")
        page.close()


def open_page(browser: Browser, size: tuple[int, int]) -> Page:
    """A phone's picture is sharper than its screen is wide."""
    scale = 1.5 if size == PHONE else 1.0
    viewport = {"width": size[0], "height": size[1]}
    return browser.new_page(locale="zh-CN", viewport=viewport, device_scale_factor=scale)  # type: ignore[arg-type]


def save_small(png: bytes, name: str) -> None:
    """As WebP, of the best quality that a page for everybody can carry."""
    file = PICTURES / f"{name}.webp"
    with Image.open(io.BytesIO(png)) as picture:
        for quality in QUALITIES:
            picture.convert("RGB").save(file, quality=quality, method=6)
            if file.stat().st_size <= MOST:
                return
    raise SystemExit(f"{file} is larger than {MOST} bytes")


def main() -> None:
    if sys.argv[1:] not in (["screenshots"], ["pictures"]):
        raise SystemExit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        city, paths = publish_city(Path(folder) / "site")
        with serve_site(city.output, BASE) as address, run_browser() as browser:
            if sys.argv[1] == "screenshots":
                take_screenshots(browser, address, {**paths, "embed": "embed/index.html"})
            else:
                take_pictures(browser, address, city, paths)


if __name__ == "__main__":
    main()
