"""The preview's own pages, out of the templates beside this file."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aggregator.dates import SHANGHAI
from aggregator.inspection import LEVELS, describe_counts
from aggregator.model import STATE_NAMES, DraftShelf, Proof
from aggregator.preview.desk import Desk, InboxShelf

_HERE = Path(__file__).resolve().parent
STATIC = _HERE / "static"


class Pages:
    """Writes HTML. `token` goes into every page that can change something."""

    def __init__(self, token: str) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True, auto_reload=False,
        )  # fmt: skip
        self._environment.globals.update(states=STATE_NAMES, levels=LEVELS, token=token)
        self._environment.filters.update(moment=_write_moment, query=partial(urlencode))

    def write_start(self, desk: Desk, shelf: DraftShelf, waiting: InboxShelf, query: str, version: int) -> str:
        days = [(day, list(cards)) for day, cards in groupby(shelf.cards, key=lambda one: _write_day(one.changed))]
        return self._write(
            "start.html", name=desk.name, days=days, shelf=shelf, waiting=waiting, query=query, version=version
        )

    def write_one(self, desk: Desk, ask: tuple[str, str], proof: Proof, version: int) -> str:
        kind, name = ask
        named = {"path" if kind == "draft" else "code": name}
        return self._write(
            "one.html", name=desk.name, kind=kind, path=name, proof=proof, counted=describe_counts(proof.findings),
            target=name, address=f"/site/s/preview.html?{urlencode(named)}",
            report=f"/report?{urlencode(named)}" if kind == "draft" else "",
            actions=[one for one in desk.actions if one.beside == kind], version=version,
        )  # fmt: skip

    def write_report(self, proof: Proof) -> str:
        return self._write("report.html", proof=proof, counted=describe_counts(proof.findings))

    def write_message(self, message: str, remedy: str) -> str:
        return self._write("message.html", message=message, remedy=remedy)

    def _write(self, template: str, **told: object) -> str:
        return self._environment.get_template(template).render(told)


def _write_moment(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _write_day(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d}"
