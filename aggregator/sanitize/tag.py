"""An element as the rules of cleaning see it: its name and its attributes, with a tree behind them or without."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree


class Tag(dict[str, str]):
    """A start tag that stands for its element, and answers as lxml's would; a dict, as dicts answer fastest."""

    __slots__ = ("tag",)

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        super().__init__(attributes)
        self.tag = tag

    def iterancestors(self) -> Iterator[etree._Element]:
        """None that a rule asks for: `nested` leaves documents with such elements to the tree."""
        return iter(())


Element = etree._Element | Tag
