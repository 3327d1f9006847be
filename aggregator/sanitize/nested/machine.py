"""All that documents have done so far, as an automaton's states and moves: each is found out by the writer once."""

from __future__ import annotations

from typing import NamedTuple

from aggregator.sanitize.nested.pieces import CLOSES, INDENT, Hole, Step, read_steps
from aggregator.sanitize.roles import Ending, Kind, end_role, start_role
from aggregator.sanitize.writer import START, ArticleWriter, Frozen

_MAX_DEPTH = 100
"""Elements within elements; the tree has a limit of its own."""

MOST_MOVES = 5000
_LONGEST_RUN = 4000
"""Characters. With the moves that are remembered: some 20 MB at most."""

_MARK = "\x01"
"""Stands for words and pictures where it is found out what surrounds them."""
HREF = "\x02"
"""Stands for the attribute of the link that is open; there is but one at a time."""

_SAMPLES = (*(f"{before}{INDENT}{_MARK}{behind}" for before in ("", " ") for behind in ("", " ")), " ")
_Key = tuple[tuple[str, ...], tuple[int, ...], int, Frozen]


class _State:
    """Where a document stands: all that its past means to what may follow."""

    __slots__ = ("key", "moves")

    def __init__(self, key: _Key) -> None:
        self.key = key
        """Names of the open elements; what is due at their ends; how many are open around and with the one that is
        left out (0 outside of such); the writer."""
        self.moves: dict[tuple[str, int], _Move] = {}
        """Run and hole -> what they do."""


class _Move(NamedTuple):
    """What is written for a run and the hole behind it."""

    markup: str
    state: _State
    shows: bool
    """Whether the words or the picture are written."""
    is_indented: bool
    """Whether the words begin a block, which strips them of more than of plain spaces."""
    is_linked: bool
    """Whether the markup names the link."""
    takes_link: bool


class _Machine:
    """All that documents have done so far: found out by the writer once, and looked up ever after."""

    def __init__(self) -> None:
        self._states: dict[_Key, _State] = {}
        self._found = 0

    def start(self) -> _State:
        return self._state(((), (), 0, START))

    def find_move(self, state: _State, run: str, hole: int) -> _Move | None:
        """None for what takes a tree to tell."""
        names, endings, dropped_at, frozen = state.key
        search = _Search(list(names), list(endings), dropped_at, ArticleWriter(frozen))
        steps = read_steps(run)
        if steps is None or not search.take(steps):
            return None
        takes_link = search.fill(hole)
        if takes_link is None:
            return None
        before, shown, _ = search.writer.take_pieces().partition(_MARK)
        markup = before.removesuffix(INDENT)
        following = self._state((tuple(search.names), tuple(search.endings), search.dropped_at, search.writer.freeze()))
        move = _Move(markup, following, bool(shown), markup == before, HREF in before, takes_link)
        if len(run) <= _LONGEST_RUN:
            self._found += 1
            state.moves[run, hole] = move
        if self._found > MOST_MOVES:
            self._states.clear()
            self._found = 0
        return move

    def _state(self, key: _Key) -> _State:
        return self._states.setdefault(key, _State(key))


MACHINE = _Machine()


class _Search:
    """A run on its way to the writer."""

    def __init__(self, names: list[str], endings: list[int], dropped_at: int, writer: ArticleWriter) -> None:
        self.names = names
        self.endings = endings
        self.dropped_at = dropped_at
        self.writer = writer

    def take(self, steps: tuple[Step, ...]) -> bool:
        """Whether all of them are understood."""
        names = self.names
        for step in steps:
            if step.is_silent:
                continue
            if len(names) > _MAX_DEPTH or (step.element and step.name in ("a", "img")):
                # Such a link or picture would have been a hole, if it were written in the usual way.
                return False
            if step.is_end:
                if not names or names.pop() != step.name:
                    return False
                ending = self.endings.pop()
                if not self.dropped_at:
                    end_role(self.writer, ending)
                elif len(names) < self.dropped_at:
                    self.dropped_at = 0
            elif names and names[-1] in step.closes:
                return False
            elif step.is_void:
                if not self.dropped_at and step.role.kind == Kind.ATOM and step.name != "img":
                    (self.writer.add_break if step.name == "br" else self.writer.add_rule)()
            else:
                names.append(step.name)
                self._start(step)
        return True

    def fill(self, hole: int) -> bool | None:
        """Whether a link begins that is written; None where one may not stand."""
        writer = self.writer
        if hole in (Hole.LINK, Hole.NO_LINK, Hole.DROPPED_LINK):
            if self.names and self.names[-1] in CLOSES["a"]:
                return None
            self.names.append("a")
            is_taken = not self.dropped_at and hole == Hole.LINK and writer.start_mark("a", HREF)
            self.endings.append(Ending.MARK if is_taken else Ending.NOTHING)
            if hole == Hole.DROPPED_LINK and not self.dropped_at:
                self.dropped_at = len(self.names)
            return is_taken
        if hole == Hole.END:
            if self.names:
                return None
            writer.part()
        elif not self.dropped_at:
            if hole == Hole.PICTURE:
                writer.add_picture(_MARK)
            elif hole <= Hole.SPACE:
                writer.add_text(_SAMPLES[hole])
        return False

    def _start(self, step: Step) -> None:
        if self.dropped_at:
            self.endings.append(Ending.NOTHING)
            return
        self.endings.append(start_role(self.writer, step.role, step.element, ""))
        if step.role.kind == Kind.DROPPED:
            self.dropped_at = len(self.names)
