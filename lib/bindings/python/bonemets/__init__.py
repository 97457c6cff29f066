# SPDX-License-Identifier: Apache-2.0
"""Scores, triage and treatment considerations for bone and spinal metastases.

    import bonemets

    bonemets.score("sins", frame)                                # a data frame of any kind
    bonemets.assess({"lesions": [{"level": "T12"}]}, "sins")     # one patient

doc/python.md shows the rest. It is not a medical device: it supports the treating team.
"""
from __future__ import annotations

import datetime
import json
import operator
import os
import re
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Iterable, Mapping

from . import _core
from ._answers import FULL, JSON, TEXT, Assessment, Entry, parse
from ._errors import ColumnsWarning, Error, Problem, RefusedCellsWarning, Status, UnknownName, problems, words_of
from ._frames import Kept, is_frame, is_stream, open_frame
from ._names import meant
from ._records import instant, is_missing, plain, record_of, split_name, written

__all__ = ["Assessment", "Cohort", "ColumnsWarning", "Entry", "Error", "Guidelines", "Patient", "Problem",
           "RefusedCellsWarning", "Status", "UnknownName", "assess", "load", "score"]
__version__ = _core.version()

_ROWS_A_THREAD = 250_000
_COUNT_BAD, _SKIP_COLUMNS, _ITEMS, _MISSING = 1, 2, 3, 4


# ---- guidelines ----


class Guidelines:
    """A verified set of guideline tables. It never changes and may be shared between threads."""

    def __init__(self, core: _core.Guidelines):
        self._core = core
        self.digest: str = core.digest
        self.warnings: list[Problem] = problems(core.warnings)

    @property
    def guidelines(self) -> list[Entry]:
        """`id`, `title`, `status`, … of each table."""
        return parse(self._core.explain(None, JSON))

    def facts(self, key: str | None = None) -> Any:
        """The vocabulary, or one fact of it: type, unit, options."""
        if key is not None and self._core.fact(key) is None:
            raise self._no_fact(key)
        return parse(self._core.describe_facts(key, JSON))

    def _no_fact(self, key: str) -> UnknownName:
        return UnknownName(f"there is no fact {key!r}{meant(key, [fact.id for fact in self.facts()])}", key)

    def _members(self, key: str) -> list[str]:
        return [option.id if isinstance(option, Entry) else str(option) for option in self.facts(key).options]

    def explain(self, id: str | None = None) -> str:
        """A table, fact, row or note as a person reads it; without an id the list of all tables."""
        return self._explain(id, TEXT)

    def table(self, id: str) -> Entry:
        """A guideline as data: its scores with items, points and bands, its choices, rows and sources."""
        return parse(self._explain(id, JSON))

    def _explain(self, id: str | None, format: int) -> str:
        try:
            return self._core.explain(id, format)
        except Error as error:
            if id is None or error.status != Status.FACT:
                raise
            names = [name for table in self.guidelines for name in (table.id, *self._ids(table.id))]
            names += [fact.id for fact in self.facts()]
        raise UnknownName(f"there is no table, score, choice, fact, row or note {id!r}{meant(id, names)}")

    def _ids(self, table: str) -> list[str]:
        entry = parse(self._core.explain(table, JSON))
        return [one.id for part in ("scores", "equations", "choices") for one in entry.get(part, ())]

    def patient(self, record: Mapping[str, Any] | None = None, **options: Any) -> Patient:
        return Patient(record, rules=self, **options)

    def assess(self, record: Mapping[str, Any] | None, guideline: str | None = None, **options: Any) -> Assessment:
        return Patient(record, rules=self, **options).assess(guideline)

    def cohort(self, targets: str | Iterable[str], **options: Any) -> Cohort:
        return Cohort(targets, rules=self, **options)

    def score(self, targets: str | Iterable[str], frame: Any, **options: Any) -> Any:
        return Cohort(targets, rules=self, **options).score(frame)

    def __repr__(self) -> str:
        return f"<bonemets.Guidelines: {len(self.guidelines)} tables, digest {self.digest[:12]}>"


def load(rules: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None = None, *, only: str | None = None,
         with_restricted: bool = False, include_unverified: bool = False) -> Guidelines:
    """The tables built into the library, or those of files and directories.

    only: one of the tables that are built in, which loads faster.
    with_restricted: also tables whose form has an owner. include_unverified: also those that are off.
    """
    if isinstance(rules, (str, os.PathLike)):
        rules = [rules]
    paths = None if rules is None else tuple(os.fsencode(path) for path in rules)
    if paths is not None and only is not None:
        raise TypeError("`only` names one of the tables that are built in")
    try:
        return Guidelines(_core.load(paths, only, with_restricted, include_unverified))
    except Error as error:
        if only is None or error.status != Status.FACT:
            raise
    every = load(with_restricted=True, include_unverified=True)
    raise UnknownName(f"there is no table {only!r} built in{meant(only, [table.id for table in every.guidelines])}")


@lru_cache(maxsize=1)
def _load_default() -> Guidelines:
    return load()


_default_lock = threading.Lock()


def _default() -> Guidelines:
    with _default_lock:
        return _load_default()


# ---- one patient ----


class Patient:
    """What is known about one patient. One thread at a time.

    record: facts as in a patient record: `{"primary": "breast_hr_pos", "lesions": [{"level": "T8"}]}`.
    now: the present, for hours that are left. profile: such as `dutch_2015`.
    """

    def __init__(self, record: Mapping[str, Any] | None = None, *, rules: Guidelines | None = None,
                 now: str | datetime.datetime | None = None, profile: str | None = None):
        self.rules = rules or _default()
        self._core = _core.patient(self.rules._core)
        self._said: dict[str, int] = {}
        if record is not None:
            self._take(record_of(record, self.rules._core.fact, self.rules._members))
        self._settings(now, profile)

    def _take(self, record: dict[str, Any]) -> None:
        for name, value in record.items():
            if value is not None:
                self._count(name if isinstance(value, list) and not self.rules._core.fact(name) else "facts",
                            len(value) if isinstance(value, list) and not self.rules._core.fact(name) else 1)
        try:
            self._core.read("record", json.dumps(record, allow_nan=False).encode())
        except Error as error:  # lines and columns are of a text that nobody has seen
            raise Error(error.status, error.message, [p._replace(file=None, line=None, column=None)
                                                      for p in error.problems]) from None

    def _count(self, what: str, more: int = 1) -> None:
        self._said[what] = self._said.get(what, 0) + more

    @classmethod
    def read(cls, path: str | os.PathLike[str], *, rules: Guidelines | None = None,
             now: str | datetime.datetime | None = None, profile: str | None = None) -> Patient:
        """From a file in YAML or JSON."""
        with open(path, "rb") as file:
            text = file.read()
        return cls.parse(text, name=os.fspath(path), rules=rules, now=now, profile=profile)

    @classmethod
    def parse(cls, text: str | bytes, *, name: str = "record", rules: Guidelines | None = None,
              now: str | datetime.datetime | None = None, profile: str | None = None) -> Patient:
        """From a text in YAML or JSON."""
        self = cls(rules=rules)
        self._core.read(name, written(text, name).encode() if isinstance(text, str) else text)
        self._count(f"from {name}", 0)
        self._settings(now, profile)
        return self

    def _settings(self, now: str | datetime.datetime | None, profile: str | None) -> None:
        if now is not None:
            self._core.set_now(instant(now))
            self._count(f"now {instant(now)}", 0)
        if profile is not None:
            self._core.set_profile(profile)
            self._count(f"profile {profile}", 0)

    def add(self, kind: str = "lesion", **facts: Any) -> int:
        """Adds a record, such as a lesion, with facts that need no unit; returns its number. Where facts
        are refused all of them are told, and the record is there with the others."""
        try:
            record = self._core.add_record(kind)
        except Error as error:
            if error.status != Status.FACT:
                raise
            kinds = sorted({fact.about for fact in self.rules.facts()} - {"patient"})
            raise UnknownName(f"there is no kind of record {kind!r}; there are {', '.join(kinds)}") from None
        self._count(f"{kind}s")
        refused: list[Error] = []
        for fact, value in facts.items():
            try:
                self.set(fact, value, lesion=record)
            except Error as error:
                refused.append(error)
        if len(refused) == 1:
            raise refused[0]
        if refused:
            raise Error(refused[0].status, refused[0].message, [p for error in refused for p in error.problems])
        return record

    def set(self, fact: str, value: Any, unit: str | None = None, *, lesion: int = 0) -> None:
        """Sets a fact: a number or a pair of bounds, with its unit; an option, or a list of options of
        which one holds; a list of those members of a set that are present; an instant, or a pair of
        them; None (also NaN, NA, NaT) makes it unknown."""
        known = self.rules._core.fact(fact)
        if known is None:
            raise self.rules._no_fact(fact)
        value = plain(value, fact)
        if value is None:
            self._core.set_unknown(lesion, fact)
            return
        self._count("facts")
        self._set(known[0], fact, value, unit, lesion)

    def _set(self, type_: str, fact: str, value: Any, unit: str | None, lesion: int) -> None:
        several = value if isinstance(value, list) else [value]
        if any(isinstance(one, (list, dict)) or is_missing(one) for one in several):
            raise TypeError(f"{fact}: a list holds options, members or bounds, and none that is missing")
        if type_ == "set":
            self._core.set_members(lesion, fact, [str(member) for member in several])
        elif type_ in ("count", "quantity", "instant"):
            if not 1 <= len(several) <= 2:
                raise TypeError(f"{fact}: bounds are a pair")
            low, high = several[0], several[-1]
            if type_ == "instant" and isinstance(low, str):
                self._core.set_instant(lesion, fact, low, high if len(several) == 2 else None)
            elif isinstance(low, str) or isinstance(high, str):
                raise TypeError(f"{fact}: this takes a number, and its unit beside it")
            else:
                self._set_number(fact, low, high, unit, lesion)
        else:
            words = ["yes" if one is True else "no" if one is False else str(one) for one in several]
            self._core.set_codes(lesion, fact, words)

    def _set_number(self, fact: str, low: float, high: float, unit: str | None, lesion: int) -> None:
        try:
            self._core.set_number(lesion, fact, low, high, unit)
        except Error as error:
            if error.status != Status.UNIT or unit is not None:
                raise
            _, own = self.rules._core.fact(fact) or ("", None)
            hint = f"; it stands behind the number: set({fact!r}, NUMBER, {own!r})"
            told = [error.problems[0]._replace(message=error.message + hint), *error.problems[1:]]
            raise Error(error.status, error.message, told) from None

    def __repr__(self) -> str:
        parts = [f"{count} {what if count > 1 else what.removesuffix('s')}" if count else what
                 for what, count in self._said.items()]
        return f"<bonemets.Patient: {', '.join(parts) or 'nothing is known'}>"

    def assess(self, guideline: str | None = None) -> Assessment:
        """The answer of one guideline, or of all."""
        return Assessment(self._core.assess(guideline))


def assess(record: Mapping[str, Any] | Patient, guideline: str | None = None, *,
           rules: Guidelines | None = None, **options: Any) -> Assessment:
    """The answer for one patient, by one guideline or all."""
    if isinstance(record, Patient):
        return record.assess(guideline)
    return Patient(record, rules=rules, **options).assess(guideline)


# ---- many patients ----


class Cohort:
    """Evaluates data frames, a patient a row.

    targets: ids of scores, equations and choices (`sins`, `spine_selection.strategy`), of guidelines, or
        `*`; one or several.
    columns: facts of columns that are called otherwise, {"pain": "sins_pain", "crea": "creatinine [umol/L]"};
        None passes one over.
    units: units of columns of numbers, {"creatinine": "umol/L"}, by the column or the fact that it holds;
        `creatinine [umol/L]` says it too.
    others: what to do with columns that name no fact: "refuse", or "skip".
    keep: columns that are copied to the front of the answer, such as an identifier; they need name no fact.
        Those that hold facts, or lists of records, are read all the same.
    items: also the items of each score, `ID.items.ITEM.low` and `.high`. missing: also the facts that could
        still change an answer, `ID.missing`, a list in each row: empty where it is certain, null where the
        answer does not apply. Rows that are not certain are then evaluated one by one.
    on_error: what to do with a cell that is refused: "refuse" the frame; or "count": it is unknown, and a
        warning tells the counts and the first of them. Not of streams.
    profile: such as `dutch_2015`. threads: how many; None: by the rows and processors there are.

    After each call of score() these tell of it: `rows`; `rows_by_columns`, those that were complete or
    folded; `refused`, counts of refused cells by column and reason; `problems`, what is odd about columns
    that were passed over, and the first of these cells of each column; `skipped`, columns that name no fact.
    """

    def __init__(self, targets: str | Iterable[str], *, rules: Guidelines | None = None,
                 columns: Mapping[str, str | None] | None = None, units: Mapping[str, str] | None = None,
                 others: str = "refuse", keep: str | Iterable[str] = (), items: bool = False,
                 missing: bool = False, on_error: str = "refuse", profile: str | None = None,
                 threads: int | None = None):
        if others not in ("refuse", "skip"):
            raise ValueError("`others` is 'refuse' or 'skip'")
        if on_error not in ("refuse", "count"):
            raise ValueError("`on_error` is 'refuse' or 'count'")
        self.rules = rules or _default()
        if is_frame(targets) or isinstance(targets, Mapping):
            raise TypeError("the targets come first, then the frame: score(\"sins\", frame)")
        self.targets = _names("targets", targets)
        self.columns, self.units = _named("columns", columns), _named("units", units)
        self.keep = list(dict.fromkeys(_names("keep", keep)))
        self._units_of_facts()
        self.items, self.missing = items, missing
        self.others, self.on_error, self.profile, self.threads = others, on_error, profile, _whole_number(threads)
        self.rows = 0
        self.rows_by_columns = 0
        self.refused: dict[str, dict[str, int]] = {}
        self.problems: list[Problem] = []
        self.skipped: list[str] = []
        self._batch()  # what is wrong with the arguments is told at once

    def _units_of_facts(self) -> None:
        """Units that stand behind a fact, or are given by its name, are those of the column that holds it."""
        holders: dict[str, list[str]] = {}
        for column, said in self.columns.items():
            fact, unit = split_name(said) if said is not None else (None, None)
            if fact is not None:
                self.columns[column] = fact
                holders.setdefault(fact, []).append(column)
            if unit is not None and self.units.setdefault(column, unit) != unit:
                raise ValueError(f"column {column!r}: `columns` and `units` name two units of it")
        for name in [name for name in self.units if name not in self.columns and len(holders.get(name, ())) == 1]:
            column, unit = holders[name][0], self.units.pop(name)
            if self.units.setdefault(column, unit) != unit:
                raise ValueError(f"column {column!r}: `units` names two units of it, one by the fact {name!r}")

    def _batch(self, keep: Iterable[str] = ()) -> _core.Batch:
        batch = _core.batch(self.rules._core, self.targets)
        batch.set_option(_COUNT_BAD, self.on_error == "count")
        batch.set_option(_SKIP_COLUMNS, self.others == "skip")
        batch.set_option(_ITEMS, bool(self.items))
        batch.set_option(_MISSING, bool(self.missing))
        for column in keep:
            batch.keep(column)
        if self.profile is not None:
            batch.set_profile(self.profile)
        for column in {**self.columns, **self.units}:  # of numbers in lists of records: `lesions.collapse_pct`
            batch.map(column, self.columns.get(column, column.rpartition(".")[2]), self.units.get(column))
        return batch

    def score(self, frame: Any) -> Any:
        """The answers, a row for each, as the kind of frame that it was given."""
        if is_stream(frame):
            import pyarrow
            return pyarrow.RecordBatchReader.from_stream(self.stream(frame))
        passed = [name for name, fact in self.columns.items() if fact is None]
        opened = open_frame(frame, Kept(self.keep, [name for name in self.keep if self._is_read(name)], passed))
        pieces = self._pieces(opened.table.lengths, opened.whole)
        count = max(1, min(self._threads(sum(opened.table.lengths)), len(pieces)))
        batches = [self._batch(() if opened.keeps else self.keep) for _ in range(count)]
        odd = [self._bind(batch, opened.table) for batch in batches][0]
        answers, told = _run(batches, opened.table, pieces)
        self._count(batches, told)
        self._warn(odd)
        out = opened.back(answers)
        if isinstance(getattr(out, "attrs", None), dict):  # of pandas
            out.attrs["bonemets"] = self._about()
        return out

    def _bind(self, batch: _core.Batch, table: _core.Table) -> list[Problem]:
        try:
            return problems(batch.bind(table))
        except Error as error:
            raise self._with_hint(error, table.names) from None

    def _with_hint(self, error: Error, names: list[str]) -> Error:
        """What to do about columns that name no fact."""
        strays = [p.path for p in error.problems if p.status == Status.FACT and p.path in names and p.path not in self.columns]
        if not strays:
            return error
        some = ", ".join(f'"{name}"' for name in strays[:3]) + (", …" if len(strays) > 3 else "")
        hint = f"columns that are no facts: keep=[{some}] puts them beside the answer, others=\"skip\" passes them over"
        return Error(error.status, error.message, error.problems, hint)

    def _warn(self, odd: list[Problem]) -> None:
        self.problems = odd + self.problems
        if odd:
            warnings.warn(ColumnsWarning(odd), stacklevel=_outside())

    def _is_read(self, column: str) -> bool:
        """Whether it holds a fact or a list of records, by its name."""
        if column in self.columns:
            return self.columns[column] is not None
        if self.rules._core.fact(re.split(r"[.\[ ]", column, maxsplit=1)[0]) is not None:
            return True
        return column in {f"{fact.about}s" for fact in self.rules.facts() if fact.about != "patient"}

    def _about(self) -> dict[str, Any]:
        """What became of the last frame, as plain data."""
        cells = [{"row": p.line, "column": p.path, "reason": p.status.name.lower(), "message": p.message}
                 for p in self.problems]
        return {"digest": self.rules.digest, "version": __version__, "rows": self.rows,
                "by_columns": self.rows_by_columns, "refused": self.refused, "problems": cells,
                "skipped": self.skipped}

    def stream(self, frame: Any) -> _core.Stream:
        """Answers that are worked out while they are read, with the memory of one chunk: something with
        `__arrow_c_stream__`, to be read once. Errors come from who reads it, as text; a cell that is
        refused is one, for nobody could be told counts."""
        if self.on_error == "count":
            raise ValueError("a stream is evaluated as it is read, so nobody could be told of refused cells: "
                             "`on_error` is 'refuse' for streams")
        stream, odd = self._batch(self.keep).stream(frame.__arrow_c_stream__())
        self.problems = []
        self._warn(problems(odd))
        return stream

    def _threads(self, rows: int) -> int:
        if self.threads is not None:
            return self.threads
        available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return min(available, 1 + rows // _ROWS_A_THREAD)

    def _pieces(self, lengths: list[int], whole: bool) -> list[tuple[int, int, int, int]]:
        """Chunk, first row, rows, and rows before: about as many as there are threads."""
        rows = sum(lengths)
        most = rows if whole else max(-(-rows // self._threads(rows)), 1)
        pieces, before = [], 0
        for chunk, length in enumerate(lengths):
            pieces += [(chunk, first, min(most, length - first), before + first)
                       for first in range(0, max(length, 1), max(most, 1))]
            before += length
        return pieces

    def _count(self, batches: list[_core.Batch], told: list[Problem]) -> None:
        counts = [batch.counts() for batch in batches]
        self.rows, self.rows_by_columns, bad = (sum(one) for one in zip(*counts))
        self.refused, self.problems = {}, sorted(told, key=lambda problem: problem.line or 0)
        self.skipped = [column for column, fact, _, _ in batches[0].columns()
                        if fact is None and self.columns.get(column, column) is not None
                        and column not in self.keep]
        for batch in batches if bad else []:
            for column, _, _, reasons in batch.columns():
                for status, n in reasons:
                    by_reason = self.refused.setdefault(column, {})
                    reason = Status(status).name.lower()
                    by_reason[reason] = by_reason.get(reason, 0) + n
        if self.refused:
            warnings.warn(RefusedCellsWarning(self.refused, self.problems), stacklevel=_outside())

    def __repr__(self) -> str:
        parts = [", ".join(self.targets)]
        if self.rows:
            parts.append(f"{self.rows} rows")
        if self.refused:
            parts.append("refused: " + words_of(self.refused))
        if self.skipped:
            parts.append("skipped: " + ", ".join(self.skipped))
        return f"<bonemets.Cohort: {' | '.join(parts)}>"


def _named(option: str, said: Any) -> dict[str, Any]:
    """Options that are said of columns, by their names."""
    if said is None:
        return {}
    values = list(said.values()) if isinstance(said, Mapping) else [0]
    if not all(isinstance(value, str) or value is None and option == "columns" for value in values):
        example = '{"pain": "sins_pain"}' if option == "columns" else '{"creatinine": "umol/L"}'
        raise TypeError(f"`{option}` is a dict of texts by the names of columns, such as {example}")
    return {written(str(name), option): value if value is None else written(value, option) for name, value in said.items()}


def _names(option: str, said: Any) -> list[str]:
    names = [said] if isinstance(said, str) else list(said) if hasattr(said, "__iter__") else [said]
    if not all(isinstance(name, str) for name in names):
        raise TypeError(f"`{option}` is a text, or a list of texts")
    return [written(name, option) for name in names]


def _whole_number(threads: Any) -> int | None:
    if threads is None:
        return None
    if isinstance(threads, bool) or not hasattr(threads, "__index__"):
        raise TypeError("`threads` is a whole number from 1, or None")
    if operator.index(threads) < 1:
        raise ValueError("`threads` is a whole number from 1")
    return operator.index(threads)


def _outside() -> int:
    """The level, for warnings, of whoever called this package."""
    level, frame = 1, sys._getframe(1)
    here = os.path.dirname(__file__)
    while frame.f_back is not None and os.path.dirname(frame.f_code.co_filename) == here:
        level, frame = level + 1, frame.f_back
    return level


def _run(batches: list[_core.Batch], table: _core.Table,
         pieces: list[tuple[int, int, int, int]]) -> tuple[_core.Table, list[Problem]]:
    if not pieces:  # no chunk at all, but answers have a schema
        return batches[0].empty(), []
    if len(batches) == 1:
        answers = [batches[0].run(table, *piece) for piece in pieces]
    else:
        free = list(batches)

        def run(piece: tuple[int, int, int, int]) -> tuple[_core.Table, list[tuple[Any, ...]]]:
            batch = free.pop()
            try:
                return batch.run(table, *piece)
            finally:
                free.append(batch)

        with ThreadPoolExecutor(len(batches)) as pool:
            answers = list(pool.map(run, pieces))
    tables = [table for table, _ in answers]
    told = problems([entry for _, entries in answers for entry in entries])
    return tables[0] if len(tables) == 1 else _core.table_of_tables(tables), told


def score(targets: str | Iterable[str], frame: Any, *, rules: Guidelines | None = None, **options: Any) -> Any:
    """Evaluates a data frame: polars, pyarrow, pandas, DuckDB, whatever speaks the Arrow capsules, or a
    dict of lists. Returns the same kind, a row for each row. Options are those of Cohort."""
    return Cohort(targets, rules=rules, **options).score(frame)
