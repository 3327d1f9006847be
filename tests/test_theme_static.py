"""The theme's style sheets and pictures: contrast, budgets, and what they promise without script."""

from __future__ import annotations

import gzip
import re

import lxml.html
import pytest
from theme_pages import THEME

from aggregator.plugins.stories.cards import HUES
from aggregator.plugins.stories.globals import BRANDS

STATIC = THEME / "static"
MOTIFS = {"river", "rain", "health", "school", "bus", "home", "park", "policy", "work", "alert", "culture", "water"}

# Budgets of the design, in bytes: style sheets together after gzip, a picture as it is.
CSS_BUDGET = 10 * 1024
JS_BUDGET = 10 * 1024
MOTIF_BUDGET = 3 * 1024

# WCAG 2.2, 1.4.3: text below 24 px, or below 18.66 px in bold.
LEAST_CONTRAST = 4.5


def read_tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): ([^;]+);", block))


LARGE = "#large-type:checked ~ .site"
SCHEMES = [(brand, scheme) for brand in BRANDS for scheme in ("light", "dark", "large", "large dark")]


def read_blocks() -> dict[tuple[str, str], dict[str, str]]:
    """(media, selector) -> tokens."""
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "tokens.css").read_text(encoding="utf-8"), flags=re.S)
    blocks = {}
    for media, inner, outer, body in re.findall(
        r"@media \(([^)]*)\) \{((?:[^{}]|\{[^{}]*\})*)\}|([^{}@]+)\{([^{}]*)\}", css
    ):
        for selector, tokens in re.findall(r"([^{}]+)\{([^{}]*)\}", inner) if media else [(outer, body)]:
            blocks[media, selector.strip()] = read_tokens(tokens)
    return blocks


def read_scheme(brand: str, scheme: str) -> dict[str, str]:
    """The tokens as they hold with a house colour in a scheme, the later blocks laid over the first."""
    blocks = read_blocks()
    css_class = f".{BRANDS[brand]}"
    light, dark = "prefers-color-scheme: light", "prefers-color-scheme: dark"
    laid = [("", ":root"), ("", css_class)]
    if "dark" in scheme:
        laid += [(dark, ":root"), (dark, css_class)]
    if "large" in scheme:
        laid.append(("", LARGE))
    if scheme == "large":
        laid += [(light, LARGE), (light, f"{css_class} {LARGE}")]
    tokens: dict[str, str] = {}
    for block in laid:
        if block in blocks:
            tokens |= blocks[block]
        else:
            assert css_class == ".", block
    return tokens


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
    *(("on-banner", f"hue-{number}") for number in range(HUES)),
    *(("card", tone) for tone in ("brand", "red", "orange", "green")),
)


@pytest.mark.parametrize(("brand", "scheme"), SCHEMES)
def test_text_contrasts_with_its_ground(brand: str, scheme: str) -> None:
    tokens = read_scheme(brand, scheme)
    faint = [pair for pair in PAIRS if contrast(tokens[pair[0]], lay_over(tokens[pair[1]], WHITE)) < LEAST_CONTRAST]
    assert faint == []


def test_a_house_colour_changes_the_brand_only() -> None:
    changed = {token for (_, selector), block in read_blocks().items() if ".brand-" in selector for token in block}
    assert changed == {"brand", "on-brand", "brand-soft", "brand-line", "banner", "banner-deep"}


def test_large_type_has_the_sizes_of_the_design() -> None:
    """18, 19, 22, 25 and 29 px where the reader's own size is the usual one; targets of 60 px."""
    tokens = read_scheme("蓝", "large")
    sizes = {float(value.removesuffix("rem")) * 16 for name, value in tokens.items() if name.startswith("size-")}
    assert {18, 19, 22, 25, 29} <= sizes <= {18, 19, 20, 22, 25, 29}
    assert tokens["tap"] == "60px"


def test_large_type_asks_nothing_that_old_browsers_lack() -> None:
    """:has() came to phones in 2022: no rule may need it."""
    assert not [path.name for path in STATIC.glob("*.css") if ":has(" in path.read_text(encoding="utf-8")]


def test_titles_can_be_read_on_a_white_picture() -> None:
    """The veil behind a title on a picture is dark enough even where the picture is white."""
    tokens = read_scheme("蓝", "light")
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


def test_scripts_keep_their_budget_and_speak_to_old_browsers() -> None:
    """What came after ES2017 stops a whole script in an old WebView."""
    script = (STATIC / "portal.js").read_text(encoding="utf-8")
    assert len(gzip.compress(script.encode())) <= JS_BUDGET
    assert not re.findall(r"\?\.[a-z(\[]|\?\?|catch \{|\.\.\.[a-z]|\.flat(?:Map)?\(|replaceAll|fetch\(|eval\(", script)


def test_every_token_is_defined_and_used() -> None:
    used = set(re.findall(r"var\(--([a-z0-9-]+)", (STATIC / "portal.css").read_text(encoding="utf-8")))
    assert used == set(read_scheme("蓝", "light"))


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
