# SPDX-License-Identifier: Apache-2.0
"""The answer for one patient as plain Python objects."""
from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from . import _core
from ._errors import UnknownName
from ._html import page
from ._names import meant

TEXT, JSON, MARKDOWN, FULL = 1, 2, 3, 4
_RESULTS, _CHOICES = 1, 2


class Entry(dict[str, Any]):
    """A dict whose keys are attributes too: `entry.low` is `entry["low"]`."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]


def parse(text: str) -> Any:
    return json.loads(text, object_hook=Entry)


def number(x: float | None) -> str:
    return "?" if x is None else f"{x:g}"


def bounds(result: Entry) -> str:
    """A result in a few words: `11`, `8 to 18`, `unknown`."""
    if result.state in ("unknown", "not_applicable") and result.low is None:
        return result.state.replace("_", " ")
    if result.state == "not_applicable":
        return "not applicable"
    span = number(result.low)
    if result.low != result.high:
        span += f" to {number(result.high)}"
    return f"{span} {result.unit}" if result.get("unit") not in (None, "1") else span


class Assessment:
    """What the tables say about a patient. It never changes and may be shared between threads."""

    def __init__(self, core: _core.Assessment):
        self._core = core

    @cached_property
    def _json(self) -> Entry:
        return parse(self._core.write(JSON))

    def to_dict(self) -> dict[str, Any]:
        """The whole answer, as doc/json.md describes it."""
        return json.loads(self._core.write(JSON))

    def to_json(self) -> str:
        return self._core.write(JSON)

    def to_text(self, full: bool = False) -> str:
        return self._core.write(FULL if full else TEXT)

    def to_markdown(self) -> str:
        return self._core.write(MARKDOWN)

    @property
    def results(self) -> list[Entry]:
        """Scores and equations: `id`, `lesion`, `state`, `low`, `high`, `band`, `items`, `missing`, …"""
        return self._json.results

    @property
    def choices(self) -> list[Entry]:
        """Outcomes of decision tables: `guideline`, `id`, `lesion`, `state`, `value`, `because`, …"""
        return self._json.choices

    @property
    def advice(self) -> list[Entry]:
        """Rows that speak: `row`, `do_text`, `warn_text`, `urgency`, `because`, `source`, …"""
        return self._json.advice

    @property
    def missing(self) -> list[Entry]:
        """Facts that can still change something, the most urgent first: `fact`, `label`, `urgency`."""
        return self._json.missing

    @property
    def assumed(self) -> list[Entry]:
        return self._json.assumed

    @property
    def undecided(self) -> list[Entry]:
        return self._json.undecided

    @property
    def notes(self) -> list[Entry]:
        return self._json.notes

    @property
    def overall(self) -> Entry:
        """`urgency`, `within_h`, `row`, `possible_urgency`, …"""
        return self._json.overall

    @property
    def sources(self) -> dict[str, str]:
        return self._json.sources

    @property
    def digest(self) -> str:
        """Which tables gave this answer."""
        return self._json.digest

    @property
    def statement(self) -> str:
        """What to show under every answer."""
        return self._json.statement

    def result(self, id: str, lesion: int | None = None) -> Entry:
        """The score or equation of that id; of several lesions, the one of that number."""
        return _only(self.results, id, lesion, "result")

    def choice(self, id: str, lesion: int | None = None) -> Entry:
        """The choice `CHOICE` or `GUIDELINE.CHOICE`."""
        return _only(self.choices, id, lesion, "choice")

    def what_if(self, id: str, lesion: int | None = None) -> Entry:
        """Changes of single facts that would alter a result or choice, the smallest first."""
        for list_, entries in ((_RESULTS, self.results), (_CHOICES, self.choices)):
            if any(_is(entry, id) for entry in entries):
                entry = _only(entries, id, lesion, "entry")
                place = next(i for i, other in enumerate(entries) if other is entry)
                return parse(self._core.what_if(list_, place, JSON))
        names = [name for entry in [*self.results, *self.choices] for name in _names(entry)]
        raise UnknownName(f"there is no result or choice {id!r} in this answer{meant(id, names)}")

    def next_questions(self, most: int = 5) -> list[Entry]:
        """What to find out next, with what each answer decides."""
        return parse(self._core.next_questions(most, JSON)).questions

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        lines = [f"<bonemets.Assessment: {_headline(self.overall)}"]
        shown = [r for r in self.results if r.state in ("known", "partly")]
        for r in shown[:8]:
            band = f", {r.band}" if r.band else ""
            lines.append(f"  {r.id}{_of(r.lesion)}: {bounds(r)}{band}")
        if len(shown) > 8:
            lines.append(f"  and {len(shown) - 8} more results")
        if self.missing:
            facts = ", ".join(m.fact + _of(m.lesion) for m in self.missing[:4])
            lines.append(f"  missing: {facts}" + (" …" if len(self.missing) > 4 else ""))
        return "\n".join(lines) + ">"

    def _repr_html_(self) -> str:
        return page(self)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def _of(lesion: int) -> str:
    return f"@{lesion}" if lesion else ""


def _headline(overall: Entry) -> str:
    urgency = overall.urgency or "none"
    words = urgency.replace("_", " ")
    if overall.within_h is not None:
        words += f" within {number(overall.within_h)} h"
    if overall.row:
        words += f" [{overall.row}]"
    possible = overall.possible_urgency
    if possible and possible != urgency:
        words += f", possibly {possible.replace('_', ' ')}"
    return "urgency " + words


def _names(entry: Entry) -> tuple[str, str]:
    return entry.id, f"{entry.guideline}.{entry.id}"


def _is(entry: Entry, id: str) -> bool:
    return id in _names(entry)


def _only(entries: list[Entry], id: str, lesion: int | None, what: str) -> Entry:
    of_id = [e for e in entries if _is(e, id)]
    found = [e for e in of_id if lesion in (None, e.lesion)]
    if not of_id:
        hint = meant(id, [name for e in entries for name in _names(e)])
        raise UnknownName(f"there is no {what} {id!r} in this answer{hint}")
    if not found:
        raise UnknownName(f"there is no {what} {id!r} of lesion {lesion}, but of {', '.join(str(e.lesion) for e in of_id)}")
    if len(found) > 1:
        of = ", ".join(f"{e.guideline}.{e.id}@{e.lesion}" for e in found)
        raise UnknownName(f"{id} is one of {of}: say of which lesion or guideline")
    return found[0]
