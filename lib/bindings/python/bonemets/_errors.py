# SPDX-License-Identifier: Apache-2.0
"""Errors of the library as exceptions."""
from __future__ import annotations

from enum import IntEnum
from typing import Any, Mapping, NamedTuple, Sequence


class Status(IntEnum):
    """The status codes of bonemets.h."""

    OTHER = 1
    ARGUMENT = 2
    MEMORY = 3
    LIMIT = 4
    IO = 5
    YAML = 6
    RULE = 7
    FACT = 8
    TYPE = 9
    UNIT = 10
    RANGE = 11
    SPACE = 12

    @classmethod
    def _missing_(cls, value: object) -> Status:
        return cls.OTHER


class Problem(NamedTuple):
    """One thing that is wrong, or worth a warning, and where. In a table of rows `path` is the column
    and `line` the row, from 1."""

    message: str
    file: str | None
    line: int | None
    column: int | None
    path: str | None
    status: Status
    severity: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        if self.file is None and self.line is not None:
            place = f"row {self.line}" if self.column is None else f"line {place}"
        return ": ".join(part for part in (place, self.path, self.message) if part)


_SEVERITIES = {1: "error", 2: "warning", 3: "note"}


def problems(entries: Sequence[tuple[Any, ...]]) -> list[Problem]:
    return [Problem(message or "", file, line if line > 0 else None, column if column > 0 else None,
                    path, Status(status), _SEVERITIES.get(severity, "error"))
            for message, file, line, column, path, status, severity in entries]


class Error(ValueError):
    """What bonemets refused, and why. `status` is that of the call, `code` its name (`range`, `unit`,
    `fact`, …); `message`, `file`, `line`, `column` and `path` are of the first of `problems`."""

    def __init__(self, status: int, name: str, problems: Sequence[Problem] = (), hint: str = ""):
        self.status = Status(status)
        self.problems = [p for p in problems if p.severity == "error"] or list(problems)
        first = self.problems[0] if self.problems else None
        self.message = first.message if first else name
        self.file = first.file if first else None
        self.line = first.line if first else None
        self.column = first.column if first else None
        self.path = first.path if first else None
        super().__init__("\n".join([*map(str, self.problems), *([hint] if hint else [])]) or name)

    @property
    def code(self) -> str:
        return self.status.name.lower()


def refusal(status: Status, message: str, path: str) -> Error:
    """An error about a column, in the words of the library."""
    return Error(status, message, [Problem(message, None, None, None, path, status, "error")])


def words_of(refused: Mapping[str, Mapping[str, int]]) -> str:
    """Counts of cells in words: `level: 3 (type); age: 1 (range), 2 (unit)`."""
    return "; ".join(f"{column}: " + ", ".join(f"{n} ({reason})" for reason, n in by.items())
                     for column, by in refused.items())


class UnknownName(Error, KeyError):
    """An error about a name that there is not: of a fact, a table, a score. It is a KeyError too."""

    def __init__(self, message: str, path: str | None = None):
        super().__init__(Status.FACT, message, [Problem(message, None, None, None, path, Status.FACT, "error")])

    __str__ = ValueError.__str__


class RefusedCellsWarning(UserWarning):
    """Cells of a frame were refused and taken as unknown. `refused` has their counts by column and
    reason; `problems` the first of each column, by row, with what is wrong."""

    MOST = 20

    def __init__(self, refused: dict[str, dict[str, int]], problems: Sequence[Problem] = ()):
        self.refused = refused
        self.problems = list(problems)
        count = sum(sum(by.values()) for by in refused.values())
        shown = self.problems[:self.MOST]
        lines = [f"{count} cell{'s were' if count != 1 else ' was'} refused and taken as unknown: "
                 f"{words_of(refused)}", *map(str, shown)]
        if count > len(shown):
            lines.append(f"and {count - len(shown)} more")
        super().__init__("\n".join(lines))


class ColumnsWarning(UserWarning):
    """Columns that are passed over, although they may have been meant as facts. `problems` has each with its
    name, in `path`, and what is odd about it."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


def make(status: int, name: str, entries: Sequence[tuple[Any, ...]]) -> Error:
    """Called by the extension."""
    return Error(status, name, problems(entries))
