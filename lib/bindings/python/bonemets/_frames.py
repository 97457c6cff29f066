# SPDX-License-Identifier: Apache-2.0
"""From data frames of any kind to tables of the extension, and from answers back to the same kind."""
from __future__ import annotations

import array as arrays
import datetime
from typing import Any, Callable, Collection, Mapping

from . import _core
from ._errors import Status, refusal
from ._records import NO_ZONE, cells_of, is_column, is_missing, is_rows, narrow, rows_of, scalar, shortest, written


class Frame:
    """A table, and how an answer becomes what the table was."""

    def __init__(self, table: _core.Table, back: Callable[[_core.Table], Any], whole: bool = False,
                 keeps: bool = False):
        self.table = table
        self.back = back
        self.whole = whole  # the answer must be one chunk
        self.keeps = keeps  # columns that are kept are put in front by `back`; else the batch copies them


class Kept:
    """Columns that stand in front of the answer as they are, and which of them are facts or lists of records
    as well, or are neither because somebody said so."""

    def __init__(self, names: Collection[str] = (), facts: Collection[str] = (), passed: Collection[str] = ()):
        self.names = names
        self.facts = facts
        self.passed = passed

    def check(self, columns: Collection[str]) -> None:
        for name in columns:
            written(name, "the name of a column")
        for name in self.names:
            if name not in columns:
                raise refusal(Status.FACT, f"there is no column '{name}', which is to be kept", name)

    def is_read(self, name: str, cells: Callable[[], list[Any]]) -> bool:
        """Records are never dropped because their column is kept too."""
        if name not in self.names or name in self.facts:
            return True
        return name not in self.passed and _hold_records(cells())

    def put(self, out: dict[str, Any], kept: Callable[[str], Any]) -> dict[str, Any]:
        for name in self.names:
            if name in out:
                raise refusal(Status.TYPE, f"'{name}' cannot be kept: the answer has a column of that name", name)
        return {**{name: kept(name) for name in self.names}, **out}


class _Batch:
    """The only chunk of a table, for those who want no stream."""

    def __init__(self, table: _core.Table):
        self.table = table

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[Any, ...]:
        return self.table.array()


def package_of(frame: Any) -> str:
    return type(frame).__module__.partition(".")[0]


def is_stream(frame: Any) -> bool:
    """Something that is read once, and can be longer than memory."""
    return package_of(frame) == "pyarrow" and type(frame).__name__ == "RecordBatchReader"


def is_frame(thing: Any) -> bool:
    """A frame of any kind, but not a dict, which could be other things."""
    return hasattr(thing, "__arrow_c_stream__") or hasattr(thing, "__arrow_c_array__") or hasattr(thing, "columns")


def open_frame(frame: Any, kept: Kept = Kept()) -> Frame:
    type_ = str(getattr(frame, "type", getattr(frame, "dtype", ""))).lower()
    if is_column(frame) and not type_.startswith("struct"):  # which has columns of its own
        raise TypeError("this is one column, or one row, and no data frame: a column goes in with its name, "
                        "score(\"sins\", {\"level\": column}), and a row into assess(row, \"sins\")")
    if package_of(frame) == "pandas" and hasattr(frame, "columns"):
        return _open_pandas(frame, kept)
    if isinstance(frame, Mapping):
        return _open_mapping(frame, kept)
    if hasattr(frame, "__arrow_c_stream__"):
        return Frame(_core.table_of_stream(frame.__arrow_c_stream__()), _back(frame))
    if hasattr(frame, "__arrow_c_array__"):
        return Frame(_core.table_of_array(*frame.__arrow_c_array__()), _back(frame), True)
    hint = "; collect() it first" if type(frame).__name__ == "LazyFrame" else ""
    if isinstance(frame, str):
        hint = "; the targets come first, then the frame: score(\"sins\", frame)"
    raise TypeError(f"a value of type {type(frame).__name__} is no data frame: it speaks no Arrow capsules and is no "
                    f"dict of lists{hint}")


def _back(frame: Any) -> Callable[[_core.Table], Any]:
    package, name = package_of(frame), type(frame).__name__
    if package == "polars":
        import polars
        return polars.DataFrame
    if package == "pyarrow":
        import pyarrow
        return pyarrow.table if name != "RecordBatch" else lambda table: pyarrow.record_batch(_Batch(table))
    if package in ("duckdb", "_duckdb"):
        import duckdb
        import pyarrow
        return lambda table: duckdb.from_arrow(pyarrow.table(table))
    return lambda table: table


# ---- dict of lists ----

def settle(item: Any) -> Any:
    """What a cell says that is neither None, number, truth value nor text."""
    if isinstance(item, (list, tuple, set, frozenset)):
        return "; ".join(str(member) for member in item) or "none"
    if isinstance(item, (datetime.datetime, datetime.date)):
        if getattr(item, "tzinfo", None) is not None:
            raise TypeError(NO_ZONE)
        return None if item != item else item.isoformat()
    if hasattr(item, "item"):  # a scalar of numpy
        return scalar(item)
    if type(item).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(item, "__float__"):
        return float(item)
    raise TypeError(f"a value of type {type(item).__name__} is neither a number, a truth value, a text, a date nor a list of members")


def _is_list(cell: Any) -> bool:
    return isinstance(cell, (list, tuple)) or type(cell).__name__ == "ndarray"


def _hold_records(values: list[Any]) -> bool:
    """Lists that hold a record, or data frames that are some."""
    for cell in values:
        if is_rows(cell) or _is_list(cell) and any(isinstance(item, Mapping) for item in cell):
            return True
        if not _is_list(cell) and not is_missing(cell):
            return False
    return False


def _are_lists(values: list[Any]) -> bool:
    """Lists of records, or lists that are all empty, which could be."""
    seen = False
    for cell in values:
        if _is_list(cell):
            seen = True
            if any(item is not None for item in cell):
                return any(isinstance(item, Mapping) for item in cell)
        elif not is_missing(cell):
            return False
    return seen


def _of_records(name: str, values: list[Any]) -> tuple[Any, ...]:
    """Lists of dicts: the facts of all records as columns, and where the records of each row end."""
    records, ends, bits, nulls = [], arrays.array("i", [0]), bytearray((len(values) + 7) // 8), 0
    for row, cell in enumerate(values):
        if _is_list(cell):
            records.extend(cell)
            bits[row // 8] |= 1 << row % 8
        elif is_missing(cell):
            nulls += 1
        else:
            raise TypeError(f"column {name!r}: some cells are lists of records, but not row {row + 1}")
        ends.append(len(records))
    for record in records:
        if not isinstance(record, Mapping) and record is not None:
            raise TypeError(f"column {name!r}: a list holds something beside records, which are dicts of facts")
    keys = dict.fromkeys(str(key) for record in records if record is not None for key in record)
    columns = [_of_list(key, [None if record is None else record.get(key) for record in records]) for key in keys]
    return name, "+l", len(values), nulls, (bytes(bits), ends.tobytes()), columns


def _of_list(name: str, values: list[Any]) -> tuple[Any, ...]:
    if is_rows(next((cell for cell in values if not is_missing(cell) and not _is_list(cell)), None)):
        values = [rows_of(cell) if is_rows(cell) else cell for cell in values]
    if _are_lists(values):
        return _of_records(name, values)
    try:
        format, nulls, buffers = _core.column(values, settle)
    except TypeError as error:
        raise TypeError(f"column {name!r}: {error}") from None
    return name, format, len(values), nulls, buffers, None


def _of_dict(name: str, values: Any) -> list[Any]:
    """The cells of a column of a dict."""
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise TypeError(f"column {name!r}: a {type(values).__name__} is no column; a column is a list, with a cell for each row")
    if isinstance(values, (Mapping, set, frozenset)) or is_rows(values) or getattr(values, "ndim", 1) != 1:
        raise TypeError(f"column {name!r}: a {type(values).__name__} is no column; a column is a list, with a cell for each "
                        "row, in which several records of a row are a list of dicts")
    if is_column(values):
        return cells_of(values)
    if getattr(values, "typecode", getattr(values, "format", None)) == "f":  # an array of Python
        return [shortest(cell) for cell in values]
    return list(values)


def _open_mapping(frame: Mapping[str, Any], kept: Kept) -> Frame:
    columns = {str(name): _of_dict(str(name), values) for name, values in frame.items()}
    if len(columns) < len(frame):
        raise ValueError("two columns have the same name")
    rows = {len(values) for values in columns.values()}
    if len(rows) > 1:
        raise ValueError("the columns are not of one length")
    kept.check(columns)
    read = [_of_list(name, cells) for name, cells in columns.items() if kept.is_read(name, lambda: cells)]
    table = _core.table_of_columns(read, rows.pop() if rows else 0)
    return Frame(table, lambda answer: kept.put(to_lists(answer), columns.__getitem__), keeps=True)


def _valid(bits: Any, rows: int) -> list[int]:
    if bits is None:
        return [1] * rows
    return [byte >> bit & 1 for byte in memoryview(bits) for bit in range(8)][:rows]


def _lists(values: Any, bits: Any, texts: list[str], ends: Any) -> list[Any]:
    words = [texts[place] for place in memoryview(values).cast("i")]
    places = memoryview(ends).cast("i").tolist()
    return [words[first:end] if valid else None
            for first, end, valid in zip(places, places[1:], _valid(bits, len(places) - 1))]


def _cells(values: Any, bits: Any, texts: list[str] | None, ends: Any) -> list[Any]:
    if isinstance(values, tuple):  # answers about the records of each row
        inner, places = _cells(*values[1:]), memoryview(ends).cast("i").tolist()
        return [inner[first:end] if valid else None
                for first, end, valid in zip(places, places[1:], _valid(bits, len(places) - 1))]
    if ends is not None:
        return _lists(values, bits, texts or [], ends)
    cells: list[Any] = memoryview(values).cast("d" if texts is None else "b").tolist()
    if texts is not None:
        return [texts[code] if valid else None for code, valid in zip(cells, _valid(bits, len(cells)))]
    if bits is not None:
        return [x if valid else None for x, valid in zip(cells, _valid(bits, len(cells)))]
    return cells


def to_lists(answer: _core.Table) -> dict[str, list[Any]]:
    out: dict[str, list[Any]] = {}
    for chunk in range(len(answer.lengths)):
        for name, *column in answer.columns(chunk):
            out.setdefault(name, []).extend(_cells(*column))
    return out


# ---- pandas, of any version, without pyarrow ----

_FORMATS = {"i1": "c", "u1": "C", "i2": "s", "u2": "S", "i4": "i", "u4": "I", "i8": "l", "u8": "L",
            "f4": "f", "f8": "g"}


def _bits(valid: Any) -> tuple[int, Any]:
    import numpy
    nulls = len(valid) - int(numpy.count_nonzero(valid))
    return nulls, numpy.packbits(valid, bitorder="little").data if nulls else None


def _of_numpy(name: str, array: Any) -> tuple[Any, ...]:
    import numpy
    array = numpy.ascontiguousarray(array)
    if array.dtype.byteorder == ">":
        array = array.astype(array.dtype.newbyteorder("="))
    if narrow(array.dtype) == "e":
        different, places = numpy.unique(array, return_inverse=True)
        array = numpy.array([shortest(float(x), "e") for x in different], dtype="f8")[places]
    if array.dtype.kind == "b":
        return name, "b", len(array), 0, (None, numpy.packbits(array, bitorder="little").data), None
    if array.dtype.str[1:] not in _FORMATS:
        array = array.astype("f8")
    nulls, bits = _bits(array == array) if array.dtype.kind == "f" else (0, None)
    if nulls == len(array):
        return name, "n", len(array), nulls, (), None
    if array.dtype.kind == "f":
        array = _whole(array)
    return name, _FORMATS[array.dtype.str[1:]], len(array), nulls, (bits, array.view("u1").data), None


def _whole(array: Any) -> Any:
    """Integers that are kept as floats, such as where some can be missing. They can also name options."""
    import numpy
    for part in (array[:1000], array):  # most columns with a fraction have one soon
        filled = numpy.where(part == part, part, 0)
        with numpy.errstate(invalid="ignore"):  # what is too large for an integer is not equal to it
            cells = filled.astype("i8")
        if not ((cells == filled).all() and -2**53 < cells.min() and cells.max() < 2**53):
            return array
    return cells


def _of_category(name: str, series: Any) -> tuple[Any, ...]:
    codes = series.cat.codes.to_numpy()
    if getattr(series.cat.categories, "tz", None) is not None:
        raise TypeError(f"column {name!r}: {NO_ZONE}")
    entries = [settle(entry) if not isinstance(entry, (str, int, float)) else entry
               for entry in cells_of(series.cat.categories)]
    if not all(isinstance(entry, str) for entry in entries):
        return _of_list(name, [None if code < 0 else entries[code] for code in codes])
    _, *dictionary = _of_list(name, entries)
    if not entries:
        return name, "n", len(codes), len(codes), (), None
    nulls, bits = _bits(codes >= 0)
    kept = codes if not nulls else codes.clip(min=0)
    return (name, _FORMATS[codes.dtype.str[1:]], len(codes), nulls, (bits, kept.view("u1").data),
            tuple(dictionary))


def _of_series(name: str, series: Any) -> tuple[Any, ...]:
    kind = series.dtype.kind if hasattr(series.dtype, "kind") else "O"
    if type(series.dtype).__name__ == "CategoricalDtype":
        return _of_category(name, series)
    if kind in "biuf" and type(series.dtype).__module__.partition(".")[0] == "numpy":
        return _of_numpy(name, series.to_numpy())
    if kind in "iuf":  # a type of pandas that can be null
        size = 8 if kind != "f" else getattr(series.dtype, "itemsize", 8)
        return _of_numpy(name, series.to_numpy(dtype=f"f{size}", na_value=float("nan")))
    if kind == "M":
        if series.dt.tz is not None:
            raise TypeError(f"column {name!r}: {NO_ZONE}")
        series = series.dt.strftime("%Y-%m-%dT%H:%M:%S")
    return _of_list(name, _objects_of(series))


def _objects_of(series: Any) -> list[Any]:
    cells: list[Any] = series.astype(object).where(series.notna(), None).tolist()
    return cells


def _is_read(name: str, series: Any, kept: Kept) -> bool:
    objects = getattr(series.dtype, "kind", "O") == "O"
    return kept.is_read(name, lambda: _objects_of(series) if objects else [])


def _open_pandas(frame: Any, kept: Kept) -> Frame:
    if not frame.columns.is_unique:
        raise ValueError("two columns have the same name")
    labels = {str(name): name for name in frame.columns}
    kept.check(labels)
    columns = [_of_series(str(name), frame[name]) for name in frame.columns if _is_read(str(name), frame[name], kept)]
    table = _core.table_of_columns(columns, len(frame))

    def back(answer: _core.Table) -> Any:
        import pandas
        out = kept.put(_to_arrays(answer), lambda name: frame[labels[name]].array.copy())
        return pandas.DataFrame(out, index=frame.index, copy=False)

    return Frame(table, back, keeps=True)


def _part(values: Any, bits: Any, texts: list[str] | None) -> Any:
    import numpy
    cells = numpy.frombuffer(values, dtype="f8" if texts is None else "i1")
    if bits is None:
        return cells
    valid = numpy.unpackbits(numpy.frombuffer(bits, dtype="u1"), count=len(cells), bitorder="little")
    return numpy.where(valid, cells, numpy.nan if texts is None else -1).astype(cells.dtype, copy=False)


def _objects(cells: list[Any]) -> Any:
    import numpy
    out = numpy.empty(len(cells), dtype=object)
    out[:] = cells
    return out


def _to_arrays(answer: _core.Table) -> dict[str, Any]:
    import numpy
    import pandas
    chunks = [answer.columns(chunk) for chunk in range(len(answer.lengths))]
    out: dict[str, Any] = {}
    for same in zip(*chunks):
        name, texts = same[0][0], same[0][3]
        if same[0][4] is not None:
            out[name] = _objects([cell for _, *column in same for cell in _cells(*column)])
            continue
        parts = [_part(values, bits, texts) for _, values, bits, _, _ in same]
        cells = parts[0] if len(parts) == 1 else numpy.concatenate(parts)
        out[name] = cells if texts is None else pandas.Categorical.from_codes(cells, categories=texts)
    return out
