"""The theme's style sheets and pictures: contrast, budgets, and what they promise without script."""

from __future__ import annotations

import gzip
import re

import lxml.html
import pytest
from theme_pages import THEME

STATIC = THEME / "static"
MOTIFS = {"river", "rain", "health", "school", "bus", "home", "park", "policy", "work", "alert", "culture", "water"}

# Budgets of the design, in bytes: style sheets together after gzip, a picture as it is.
CSS_BUDGET = 10 * 1024
MOTIF_BUDGET = 3 * 1024

# WCAG 2.2, 1.4.3: text below 24 px, or below 18.66 px in bold.
LEAST_CONTRAST = 4.5


def read_tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): ([^;]+);", block))


def read_schemes() -> dict[str, dict[str, str]]:
    """The tokens as they hold in each scheme, the later blocks laid over the first."""
    css = (STATIC / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r"^(?:@media \(([a-z-]+: [a-z0-9]+)\) \{\n  )?(:root[^{]*)\{(.*?)\n ?\s?\}", css, re.S | re.M)
    found = {(media, selector.strip()): read_tokens(body) for media, selector, body in blocks}
    plain = found["", ":root"]
    dark = plain | found["prefers-color-scheme: dark", ":root"]
    large = plain | found["prefers-color-scheme: light", ":root:has(#large-type:checked)"]
    return {"light": plain, "dark": dark, "large": large}


Rgb = tuple[float, float, float]


def read_colour(value: str) -> tuple[Rgb, float]:
    if value.startswith("#"):
        return (int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)), 1.0
    red, green, blue, alpha = (float(part) for part in re.findall(r"[\d.]+", value))
    return (red, green, blue), alpha


def lay_over(value: str, ground: Rgb) -> Rgb:
    colour, alpha = read_colour(value)
    red, green, blue = (top * alpha + below * (1 - alpha) for top, below in zip(colour, ground, strict=True))
    return red, green, blue


def luminance(colour: Rgb) -> float:
    """Relative luminance of WCAG 2."""
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str, ground: Rgb) -> float:
    light, dark = sorted((luminance(lay_over(colour, ground)), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


WHITE: Rgb = (255, 255, 255)
PAIRS = (
    *((colour, ground) for colour in ("text", "quiet", "brand", "link") for ground in ("bg", "soft", "card")),
    *((tone, f"{tone}-soft") for tone in ("brand", "red", "orange", "green")),
    ("on-brand", "brand"),
    ("on-banner", "banner"),
    ("on-banner", "banner-deep"),
)


@pytest.mark.parametrize("scheme", ["light", "dark", "large"])
@pytest.mark.parametrize(("colour", "ground"), PAIRS)
def test_text_contrasts_with_its_ground(scheme: str, colour: str, ground: str) -> None:
    tokens = read_schemes()[scheme]
    assert contrast(tokens[colour], lay_over(tokens[ground], WHITE)) >= LEAST_CONTRAST


def test_titles_can_be_read_on_a_white_picture() -> None:
    """The veil behind a title on a picture is dark enough even where the picture is white."""
    tokens = read_schemes()["light"]
    css = (STATIC / "portal.css").read_text(encoding="utf-8")
    strengths = re.findall(r"rgba\(var\(--veil\), ([\d.]+)\) calc", css)
    assert strengths
    for strength in strengths:
        assert contrast(tokens["on-banner"], lay_over(f"rgba({tokens['veil']}, {strength})", WHITE)) >= LEAST_CONTRAST


def test_style_sheets_keep_their_budget_and_load_nothing() -> None:
    sheets = [path.read_text(encoding="utf-8") for path in sorted(STATIC.glob("*.css"))]
    # Two a page: the embedded one has a small sheet in place of the portal's.
    assert len(sheets) <= 3
    assert sum(len(gzip.compress(sheet.encode())) for sheet in sheets) <= CSS_BUDGET
    for sheet in sheets:
        assert "@import" not in sheet
        assert "@font-face" not in sheet
        assert all(address.startswith('"data:image/svg+xml,') for address in re.findall(r"url\(([^)]*)", sheet))


def test_every_token_is_defined_and_used() -> None:
    used = set(re.findall(r"var\(--([a-z0-9-]+)", (STATIC / "portal.css").read_text(encoding="utf-8")))
    assert used == set(read_schemes()["light"])


@pytest.mark.parametrize("motif", sorted(MOTIFS))
def test_motif_is_small_and_has_its_own_size(motif: str) -> None:
    source = (STATIC / "motifs" / f"{motif}.svg").read_bytes()
    assert len(source) <= MOTIF_BUDGET
    drawing = lxml.html.fragment_fromstring(source.decode())
    assert (drawing.get("width"), drawing.get("height")) == ("940", "400")
    assert b"<script" not in source


def test_there_is_a_picture_for_every_motif() -> None:
    assert {path.stem for path in (STATIC / "motifs").iterdir()} == MOTIFS


def test_behaviour_without_script_is_in_the_style_sheet() -> None:
    """Focus ring of 3 px, reduced motion, print with addresses, large type, tap targets."""
    css = (STATIC / "portal.css").read_text(encoding="utf-8")
    for rule in (
        "outline: 3px solid",
        "prefers-reduced-motion",
        "@media print",
        "attr(href)",
        "var(--tap)",
        "object-fit: cover",
    ):
        assert rule in css
