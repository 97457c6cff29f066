# SPDX-License-Identifier: Apache-2.0
"""What somebody may have meant who wrote a name that there is not."""
from __future__ import annotations

import difflib
from typing import Iterable


def alike(word: str, names: Iterable[str], most: int = 3) -> list[str]:
    """The names that are most like the word: written alike, or with the word in them."""
    by_small = {name.lower(): name for name in names}
    small = word.lower()
    found = difflib.get_close_matches(small, by_small, n=most, cutoff=0.7)
    if len(small) >= 3:
        found += [name for name in sorted(by_small, key=len) if small in name and name not in found]
    return [by_small[name] for name in found[:most]]


def meant(word: str, names: Iterable[str]) -> str:
    """`; did you mean 'a' or 'b'?`, or nothing."""
    found = [repr(name) for name in alike(word, names)]
    if not found:
        return ""
    return f"; did you mean {', '.join(found[:-1])}{' or ' if len(found) > 1 else ''}{found[-1]}?"
