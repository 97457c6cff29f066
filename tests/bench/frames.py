# SPDX-License-Identifier: Apache-2.0
"""bonemets.score("sins", frame) against the C batch call on the same columns, for what is installed of
pandas, pyarrow and polars. Processor time of the process, best of five; with two threads, time that passes.

usage: frames.py [ROWS [MISSING %]]      (PYTHONPATH: the package)
"""
import importlib.util
import sys
import time

import bonemets
import numpy
from bonemets import _core, _frames

rows, missing = int((sys.argv[1:] + ["10000000"])[0]), float((sys.argv[2:] + ["0"])[0]) / 100
rules = bonemets.load(only="sins")
random = numpy.random.default_rng(1)
columns = {}  # codes, -1 where there is none, and options
for fact in ("level", "sins_pain", "lesion_type", "alignment", "sins_collapse", "posterolateral"):
    options = [option.id for option in rules.facts(fact).options][:-1 if fact == "level" else None]
    codes = random.integers(0, len(options), rows).astype("int8")
    columns[fact] = numpy.where(random.random(rows) < missing, -1, codes).astype("int8"), options


def frames():
    if importlib.util.find_spec("pandas"):
        import pandas
        yield "pandas", pandas.DataFrame({name: pandas.Categorical.from_codes(*column)
                                          for name, column in columns.items()})
    if importlib.util.find_spec("pyarrow"):
        import pyarrow
        table = pyarrow.table({name: pyarrow.DictionaryArray.from_arrays(
            pyarrow.array(codes, mask=codes < 0), options) for name, (codes, options) in columns.items()})
        yield "pyarrow", table
        if importlib.util.find_spec("polars"):
            import polars
            yield "polars, Enum", polars.DataFrame(table).with_columns(
                polars.col(name).cast(polars.String).cast(polars.Enum(options)) for name, (_, options) in columns.items())
            yield "polars, String", polars.DataFrame(table).cast(polars.String)


def seconds(act, clock=time.process_time):
    times = []
    for _ in range(5):
        start = clock()
        act()
        times.append(clock() - start)
    return min(times)


print(f"SINS of {rows} rows, {missing:.0%} of the cells missing")
for name, frame in frames():
    table = _frames.open_frame(frame).table
    batch = _core.batch(rules._core, ["sins"])
    batch.bind(table)

    def call():
        return [batch.run(table, i, 0, length, 0) for i, length in enumerate(table.lengths)]

    def score(threads):
        return lambda: rules.score("sins", frame, threads=threads)

    alone, whole = seconds(call), seconds(score(1))
    two = seconds(call, time.perf_counter) / seconds(score(2), time.perf_counter)
    print(f"  {name:15} C call {rows / alone / 1e6:5.1f} million a second; score() {alone / whole:.2f} of it, "
          f"with two threads {two:.2f}")
