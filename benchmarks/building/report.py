"""The figures as tables, with what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

Figures = Mapping[str, float]

FULL, NEW = (0.5, 0.3), (0.2, 0.03)
"""Ours over Hugo, at the smaller and the larger number of posts."""

GROWTH, DRESSED, FEEDS, PUBLISH = 1.5, 2.0, 0.25, 4.0
MEMORY = 200
"""MB."""


def print_head() -> None:
    print("\nseconds; processor seconds of the whole process tree in brackets")
    print(f"{'posts':>9} {'files':>8} {'full build':>18} {'one new post':>18} {'nothing new':>12}")


def print_million(figures: Figures) -> None:
    _print_ours(1_000_000, figures, "ours")


def print_report(figures: Mapping[str, Figures], sizes: tuple[int, int], large: int) -> None:
    small = figures[f"{sizes[0]}"]
    for size in sizes:
        one = figures[f"{size}"]
        print(
            f"{size:>9} {one['hugo files']:>8.0f} {one['hugo']:>9.2f} ({one['hugo processor']:>6.2f}) "
            f"{'the same':>18} {'the same':>12}  Hugo, its best run"
        )
        _print_ours(size, one, "ours")
    _print_ours(large, figures[f"{large}"], "ours")
    _print_ours(sizes[0], figures["portal"], "ours, themes/portal and all plugins")
    markdown, peers = figures["markdown"], figures["peers"]
    print(
        f"{sizes[0]:>9} {markdown['files']:>8.0f} {markdown['publish']:>9.2f} ({markdown['publish processor']:>6.2f}) "
        f"{'':>31}  ours, publish from Markdown files, while Hugo's best was {markdown['hugo']:.2f}"
    )
    for name in ("pelican", "eleventy"):
        if name in peers:
            print(f"{sizes[0]:>9} {peers[f'{name} files']:>8.0f} {peers[name]:>9.2f} {'':>40}  {name}, its own lists")
        else:
            print(f"{'':9} {name}: not run, as it could not be installed")
    _print_ratios(_list_ratios(figures, sizes, large, small))


def print_feeds(figures: Mapping[str, Figures]) -> None:
    for size, one in figures.items():
        for name, label in (("full", "and all plugins"), ("without", "without feeds and API")):
            print(
                f"{size:>9} {'':>8} {one[name]:>9.2f} ({one[f'{name} processor']:>6.2f}) {'':>31}  "
                f"ours, themes/portal {label}, posts of WeChat's size"
            )
    _print_ratios(
        (f"feeds and API / full build, {size}, WeChat's size", 1 - one["without"] / one["full"], FEEDS)
        for size, one in figures.items()
    )


def _print_ratios(ratios: Iterable[tuple[str, float, float]]) -> None:
    print("\nthe targets are meant for 10,000, 50,000 and 100,000 posts")
    print(f"{'':56} {'is':>8} {'target':>8}")
    for name, value, target in ratios:
        print(f"{name:56} {value:>8.3f} {target:>8.3f}{'' if value <= target else '  missed'}")


def _print_ours(posts: int, one: Figures, name: str) -> None:
    memory = f", {one['memory']:.0f} MB" if "memory" in one else ""
    print(
        f"{posts:>9} {one['files']:>8.0f} {one['full']:>9.2f} ({one['full processor']:>6.2f}) "
        f"{one['new']:>9.2f} ({one['new processor']:>6.2f}) {one['nothing']:>12.2f}  {name}{memory}"
    )


def _list_ratios(
    figures: Mapping[str, Figures], sizes: tuple[int, int], large: int, small: Figures
) -> Iterator[tuple[str, float, float]]:
    for size, full, new in zip(sizes, FULL, NEW, strict=True):
        one = figures[f"{size}"]
        yield f"full build, ours / Hugo, {size}", one["full"] / one["hugo"], full
        yield f"one new post, ours / Hugo, {size}", one["new"] / one["hugo"], new
    most = figures[f"{large}"]
    yield f"one new post at {large} / at {sizes[0]}", most["new"] / small["new"], GROWTH
    for size in (*sizes, large):
        one = figures[f"{size}"]
        yield f"nothing new / one new post, {size}", one["nothing"] / one["new"], 1.0
    yield f"memory of one new post, {large}, MB", most["memory"], MEMORY
    portal = figures["portal"]
    yield f"one new post, portal / bare theme, {sizes[0]}", portal["new"] / small["new"], DRESSED
    markdown = figures["markdown"]
    yield f"publish from Markdown, ours / Hugo, {sizes[0]}", markdown["publish"] / markdown["hugo"], PUBLISH
