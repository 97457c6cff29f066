#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whole patients: a record and the full written answer, compared to the letter.

usage: patients.py PROGRAM RULES FOLDER            compares; prints what differs
       patients.py PROGRAM RULES FOLDER --update   writes the answers anew; read them before they are kept

A case is a file of the folder: lines beginning with '#' say what was checked by whoever read the answer, a line
`run OPTIONS`, the record indented by four blanks, and below a line `answer` what the program prints. The digest of
the tables changes with every table and is not compared.
"""
import difflib
import pathlib
import re
import shlex
import subprocess
import sys

DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def answer(program, rules, options, record):
    done = subprocess.run([program, "assess", "--rules", rules, *shlex.split(options), "-"], input=record,
                          capture_output=True, text=True, encoding="utf-8", timeout=120)
    if done.returncode or done.stderr:
        return "status %d\n%s" % (done.returncode, done.stderr)
    return DIGEST.sub("<digest>", done.stdout)


def read_case(path):
    head, _, expected = path.read_text(encoding="utf-8").partition("\nanswer\n")
    lines = head.splitlines()
    options = next(line[4:] for line in lines if line.startswith("run "))
    record = "".join(line[4:] + "\n" for line in lines if line.startswith("    "))
    return head, options, record, expected


def main():
    program, rules, folder = sys.argv[1:4]
    update = sys.argv[4:] == ["--update"]
    files = sorted(pathlib.Path(folder).glob("*.txt"))
    failed = 0
    print("1..%d" % len(files))
    for number, path in enumerate(files, 1):
        head, options, record, expected = read_case(path)
        found = answer(program, rules, options, record)
        if update:
            path.write_text(head + "\nanswer\n" + found, encoding="utf-8")
        good = update or found == expected
        failed += not good
        print("%s %d - %s" % ("ok" if good else "not ok", number, path.stem))
        if not good:
            for line in difflib.unified_diff(expected.splitlines(), found.splitlines(), "expected", "found",
                                             lineterm="", n=1):
                print("# " + line)
    return 1 if failed else 0


sys.exit(main())
