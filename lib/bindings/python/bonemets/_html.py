# SPDX-License-Identifier: Apache-2.0
"""An answer as HTML for notebooks. Everything that tables and records say is escaped."""
from __future__ import annotations

from html import escape
from typing import Any, Iterable


def _table(title: str, heads: Iterable[str], rows: list[list[Any]]) -> str:
    if not rows:
        return ""
    head = "".join(f"<th style='text-align:left'>{escape(h)}</th>" for h in heads)
    body = "".join("<tr>" + "".join(f"<td style='text-align:left'>{escape(_words(cell))}</td>" for cell in row)
                   + "</tr>" for row in rows)
    return f"<h4>{escape(title)}</h4><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _words(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (list, tuple)):
        return "; ".join(_words(c) for c in cell)
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _lesion(entry: Any) -> str:
    return f"{entry.about} {entry.lesion}" if entry.lesion and "about" in entry else str(entry.lesion or "")


def page(answer: Any) -> str:
    from ._answers import _headline, bounds

    results = [[r.label or r.id, _lesion(r), bounds(r), r.band or " or ".join(r.bands), r.missing, r.verified]
               for r in answer.results if r.state not in ("unknown", "not_applicable")]
    choices = [[c.label or c.id, _lesion(c), c.value, c.state, c.because, c.source]
               for c in answer.choices if c.value is not None]
    advice = [[a.row, _lesion(a), a.urgency, a.do_text, a.warn_text, a.because, a.source]
              for a in answer.advice]
    missing = [[m.label or m.fact, str(m.lesion or ""), m.urgency] for m in answer.missing[:20]]
    parts = [
        f"<p><b>{escape(_headline(answer.overall))}</b></p>",
        _table("Scores", ("score", "of", "value", "band", "missing", "verified"), results),
        _table("Choices", ("choice", "of", "value", "state", "because", "sources"), choices),
        _table("Considerations", ("row", "of", "urgency", "do", "warnings", "because", "sources"), advice),
        _table("Missing", ("fact", "lesion", "urgency"), missing),
        f"<p><small>{escape(answer.statement)}<br>tables {escape(answer.digest[:12])}</small></p>",
    ]
    return "<div>" + "".join(parts) + "</div>"
