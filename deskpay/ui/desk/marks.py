"""Marking why a guest was found."""

from __future__ import annotations

from deskpay.domain.spelling import marked
from deskpay.ui.components.painting import Run


def mark_matches(text: str, query: str) -> tuple[Run, ...]:
    """Return `text` in runs, with every stretch that a word of `query` names on the ground of matches."""
    runs: list[Run] = []
    end = 0
    for start, stop in marked(text, query):
        if stop <= end:
            continue
        begin = max(start, end)
        if begin > end:
            runs.append(Run(text[end:begin]))
        runs.append(Run(text[begin:stop], 600, "match.text", "match.bg"))
        end = stop
    if end < len(text) or not runs:
        runs.append(Run(text[end:]))
    return tuple(runs)
