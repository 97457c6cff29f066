#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the cases of a text file through the program, each in a fresh folder.

usage: run.py PROGRAM RULES CASES.txt        RULES: the folder that `rules` copies

A case is these lines; the first word says what the line does:
  case NAME            begins a case
  file PATH            writes the indented lines that follow it
  bytes PATH TEXT      writes TEXT, in which \\n, \\x00 and the like are bytes
  repeat PATH N TEXT   writes TEXT N times
  folder PATH          makes an empty folder
  rules                copies the small tables of the tests to rules/
  edit PATH OLD => NEW replaces OLD, which must stand there exactly once
  run ARGUMENTS        runs the program
  status N             expected exit status
  says TEXT            TEXT must stand in what it prints; any number of these
  silent TEXT          TEXT must not
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

SECONDS = 2 * float(os.environ.get("SLOWER", "1"))  # a sanitizer or valgrind needs more


def read_cases(path):
    cases = []
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("    ") and cases:
            cases[-1][1][-1][2].append(line[4:])
        elif line.startswith("case "):
            cases.append((line[5:], []))
        elif line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            cases[-1][1].append((word, rest, []))
    return cases


def raw(text):
    return text.encode().decode("unicode_escape").encode("latin-1")


def edit(text):
    path, _, change = text.partition(" ")
    old, new = (raw(part).decode() for part in change.split(" => "))
    whole = pathlib.Path(path).read_text(encoding="utf-8")
    assert whole.count(old) == 1, f"{old!r} stands {whole.count(old)} times in {path}"
    pathlib.Path(path).write_text(whole.replace(old, new), encoding="utf-8")


def prepare(word, rest, lines, rules):
    if word == "file":
        pathlib.Path(rest).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    elif word == "bytes":
        path, text = rest.split(" ", 1)
        pathlib.Path(path).write_bytes(raw(text))
    elif word == "repeat":
        path, count, text = rest.split(" ", 2)
        pathlib.Path(path).write_bytes(raw(text) * int(count))
    elif word == "folder":
        pathlib.Path(rest).mkdir(parents=True)
    elif word == "rules":
        shutil.copytree(rules, "rules")
    elif word == "edit":
        edit(rest)
    else:
        raise ValueError(f"unknown word {word}")


def execute(program, arguments):
    start = time.monotonic()
    try:
        done = subprocess.run([program, *shlex.split(arguments)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    except subprocess.TimeoutExpired:
        return None, "", time.monotonic() - start
    return done.returncode, done.stdout.decode("utf-8", "replace"), time.monotonic() - start


def judge(steps, program, rules):
    wrong, status, text = [], None, ""
    for word, rest, lines in steps:
        if word == "run":
            status, text, seconds = execute(program, rest)
            if status is None or seconds > SECONDS:
                wrong.append(f"took {seconds:.1f} s")
            if re.search(r"Sanitizer|runtime error:", text):
                wrong.append("a sanitizer complained")
        elif word == "status":
            if status != int(rest):
                wrong.append(f"exit status {status}, not {rest}")
        elif word == "says":
            if rest not in text:
                wrong.append(f"does not say: {rest}")
        elif word == "silent":
            if rest in text:
                wrong.append(f"says: {rest}")
        else:
            prepare(word, rest, lines, rules)
    return wrong, text


def main(program, rules, path):
    program, rules = os.path.abspath(program), os.path.abspath(rules)
    cases = read_cases(path)
    failed = 0
    print(f"1..{len(cases)}")
    for number, (name, steps) in enumerate(cases, 1):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            wrong, text = judge(steps, program, rules)
            os.chdir("/")
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        for line in wrong + (text.splitlines()[:20] if wrong else []):
            print(f"# {line[:300]}")
        failed += bool(wrong)
    return 1 if failed or not cases else 0


sys.exit(main(*sys.argv[1:]))
