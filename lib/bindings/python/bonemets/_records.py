# SPDX-License-Identifier: Apache-2.0
"""What Python has about a patient becomes a record as JSON has it. Cells say what they say in a frame."""
from __future__ import annotations

import datetime
import decimal
import math
import struct
from typing import Any, Callable, Mapping

from ._errors import Status, refusal

NO_ZONE = "instants have no time zone: all are read off one clock"

# The type of a fact, and its unit; None when there is no such fact.
Describe = Callable[[str], "tuple[str, str | None] | None"]
Options = Callable[[str], "list[str]"]


def is_missing(value: Any) -> bool:
    """None, NaN, pandas.NA, NaT, an empty text: all say nothing."""
    if value is None or isinstance(value, str):
        return not value
    if type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, (float, decimal.Decimal)) and value != value


def shortest(number: float, format: str = "f") -> float:
    """The shortest decimal that is this number in 32 bits ("f"), or 16 ("e"): 1.4 and not 1.39999998,
    which would lie below a limit of 1.4."""
    if not math.isfinite(number):
        return number
    bits = struct.pack(format, number)
    for digits in range(1, 10):
        said = float(f"{number:.{digits}g}")
        try:
            if struct.pack(format, said) == bits:
                return said
        except OverflowError:  # rounded up beyond the largest
            continue
    return number


_NARROW = {"Float32": "f", "float": "f", "torch.float32": "f", "halffloat": "e", "torch.float16": "e"}


def narrow(type_: Any) -> str | None:
    """Whether a type, of a column or scalar of some package, has fewer bits than a number of Python."""
    if getattr(type_, "kind", None) == "f":  # of numpy and pandas
        return {2: "e", 4: "f"}.get(type_.itemsize)
    return _NARROW.get(str(type_))


def scalar(value: Any) -> Any:
    """What a scalar of numpy holds, as Python has it."""
    format = narrow(getattr(value, "dtype", None))
    held = value.item()
    if format is not None:
        return shortest(held, format)
    return float(held) if hasattr(held, "item") else held  # there are numbers that Python has not


def cells_of(column: Any) -> list[Any]:
    """The cells of a column of a frame, or of a row; numbers as they were written."""
    if type(getattr(column, "dtype", None)).__name__ == "CategoricalDtype":
        entries = cells_of(column.cat.categories)
        return [None if code < 0 else entries[code] for code in column.cat.codes]
    if hasattr(column, "to_numpy") and hasattr(column, "array"):  # of pandas, which would widen numbers
        cells = list(column.array)
    else:
        give = getattr(column, "to_list", None) or getattr(column, "to_pylist", column.__iter__)
        cells = list(give())
    format = narrow(getattr(column, "dtype", getattr(column, "type", None)))
    if format is None:
        return cells
    return [shortest(float(cell), format) if isinstance(cell, float) or hasattr(cell, "item") else cell for cell in cells]


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The rows of a data frame, as dicts."""
    if len({str(name) for name in frame.columns}) < len(frame.columns):
        raise ValueError("two columns have the same name")
    columns = [(str(name), cells_of(frame[name])) for name in frame.columns]
    return [{name: cells[row] for name, cells in columns} for row in range(frame.shape[0])]


def instant(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            raise TypeError(NO_ZONE)
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    return value.isoformat() if isinstance(value, datetime.date) else value


def is_rows(value: Any) -> bool:
    """A data frame, of pandas or polars."""
    return hasattr(value, "columns") and hasattr(value, "to_dict") and hasattr(value, "shape")


def is_column(value: Any) -> bool:
    """A single column or row of pandas or polars, or an array of Arrow."""
    return type(value).__name__ in ("Series", "Index", "ChunkedArray") or (
        type(value).__module__.startswith("pyarrow") and type(value).__name__.endswith("Array"))


def as_mapping(value: Any) -> Mapping[str, Any] | None:
    """A dict, a row of pandas, a named tuple."""
    if isinstance(value, Mapping):
        return value
    if hasattr(value, "_asdict"):
        return value._asdict()
    if hasattr(value, "index") and hasattr(value, "items") and hasattr(value, "to_dict"):
        return dict(zip(value.index, cells_of(value)))
    return None


def written(text: str, where: str) -> str:
    """The text, if it is one in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:  # whose message shows the text
        place = where.encode("ascii", "backslashreplace").decode()
        raise refusal(Status.TYPE, "this is no text in Unicode: it has half of a surrogate pair", place) from None
    return text


def plain(value: Any, where: str) -> Any:
    """The value as JSON can have it: None, truth values, numbers, texts, lists and dicts of them."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:  # a scalar of numpy
        value = scalar(value) if type(value).__name__ not in ("datetime64", "timedelta64") else value.astype("M8[us]").item()
    if is_missing(value):
        return None
    if isinstance(value, str):
        return written(value, where)
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, (float, decimal.Decimal)):
        if not math.isfinite(value):
            raise ValueError(f"{where}: infinity cannot stand in a record")
        return float(f"{value:.15g}")  # records have no more digits; cut-offs know of far fewer
    if isinstance(value, (datetime.datetime, datetime.date)):
        try:
            return instant(value)
        except TypeError as error:
            raise TypeError(f"{where}: {error}") from None
    if isinstance(value, Mapping):
        return {written(str(key), f"{where}.{key}"): plain(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)) or (hasattr(value, "tolist") and hasattr(value, "ndim")):
        items = value if isinstance(value, (list, tuple)) else sorted(value) if hasattr(value, "union") else list(value)
        return [plain(item, f"{where}[{i}]") for i, item in enumerate(items, 1)]
    raise TypeError(f"{where}: a value of type {type(value).__name__} cannot stand in a record; it takes numbers, truth values, texts, "
                    "dates, and lists and dicts of them")


class _Record:
    """Facts by name, as a frame or a dict says them."""

    def __init__(self, describe: Describe, options: Options):
        self.describe, self.options = describe, options

    def record(self, said: Mapping[str, Any], where: str = "") -> dict[str, Any]:
        out: dict[str, Any] = {}
        members: dict[str, dict[str, bool | None]] = {}
        for name, value in said.items():
            place = f"{where}.{name}" if where else str(name)
            written(str(name), place)
            fact, unit = split_name(str(name))
            known = self.describe(fact)
            set_, dot, member = fact.partition(".")
            if known is None and dot and (self.describe(set_) or ("",))[0] == "set":
                members.setdefault(set_, {})[member] = self.truth(plain(value, place), place)
            elif known is not None and fact in out:
                raise ValueError(f"{place}: two entries are about {fact!r}")
            elif known is not None:
                out[fact] = self.fact(plain(value, place), known[0], unit, fact, place)
            else:
                out[str(name)] = self.others(value, place)
        for set_, by_member in members.items():
            self.add_members(out, set_, by_member, where)
        return out

    def others(self, value: Any, place: str) -> Any:
        """A list of records, such as lesions; or what the library will refuse by name."""
        if is_rows(value):
            return [self.record(row, f"{place}[{i}]") for i, row in enumerate(rows_of(value), 1)]
        if isinstance(value, (list, tuple)):
            rows = [(as_mapping(row), row) for row in value]
            return [plain(row, f"{place}[{i}]") if said is None else self.record(said, f"{place}[{i}]")
                    for i, (said, row) in enumerate(rows, 1)]
        said = as_mapping(value)
        return plain(value, place) if said is None else self.record(said, place)

    def fact(self, value: Any, type_: str, unit: str | None, fact: str, place: str) -> Any:
        if value is None:
            return None
        if unit is not None and type_ not in ("quantity", "count"):
            raise ValueError(f"{place}: {unit!r} is not a unit that fits {fact!r}")
        if unit is not None:
            return _with_unit(value, unit, place)
        if type_ == "set" and isinstance(value, str):
            members = [member.strip() for member in value.split(";")]
            return [] if members == ["none"] and "none" not in self.options(fact) else members
        if type_ == "set" and isinstance(value, (int, float)) and not isinstance(value, bool):
            return [value]
        if type_ == "flag" and isinstance(value, (int, float)) and value in (0, 1):
            return bool(value)
        return value

    def truth(self, value: Any, place: str) -> bool | None:
        words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
        if value is None or isinstance(value, bool):
            return value
        if value in (0, 1):
            return bool(value)
        if not isinstance(value, str) or value not in words:
            raise ValueError(f"{place}: this is neither yes nor no")
        return words[value]

    def add_members(self, out: dict[str, Any], set_: str, said: Mapping[str, bool | None], where: str) -> None:
        options = self.options(set_)
        for member in said:
            if member not in options:
                raise ValueError(f"{where}.{set_}.{member}: {member!r} is no member of the set {set_!r}".lstrip("."))
        if set_ in out:
            raise ValueError(f"{where}.{set_}: a set stands either as a whole or by its members".lstrip("."))
        if any(value is not None for value in said.values()):
            out[set_] = {"present": [member for member, value in said.items() if value],
                         "unknown": [option for option in options if said.get(option) is None]}


def split_name(name: str) -> tuple[str, str | None]:
    """`creatinine [umol/L]`: the fact and the unit."""
    at = name.find("[")
    return (name[:at].rstrip(" "), name[at + 1:-1]) if at > 0 and name.endswith("]") else (name, None)


def _with_unit(value: Any, unit: str, place: str) -> str:
    """A bare number is in the unit of its name; a text may have one of its own."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"{place}: where the name has a unit the value is a number")
    if isinstance(value, str):
        try:
            float(value.lstrip("<>= "))
        except ValueError:
            return value
        return value if unit == "1" else f"{value} {unit}"
    number = format(decimal.Decimal(repr(value)), "f")  # the same number, without an exponent
    return f"{number} {unit}" if unit != "1" else number


def record_of(said: Any, describe: Describe, options: Options) -> dict[str, Any]:
    if isinstance(said, (str, bytes)):
        raise TypeError("a record is a dict or a row; a text in YAML or JSON is read by Patient.parse(), and the "
                        "id of a guideline comes second: assess(record, \"sins\")")
    if is_rows(said):
        raise TypeError("a data frame holds many patients: score() takes it whole, and assess() a row of it, such as "
                        "frame.iloc[0]")
    mapping = as_mapping(said)
    if mapping is None:
        raise TypeError(f"a record is a dict or a row, not a {type(said).__name__}")
    return _Record(describe, options).record(mapping)
