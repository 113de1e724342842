"""Passage → windows: the few sentences at a time that are encoded, one vector each.

One vector for a whole passage blurs its topics; a question asks about one. So a passage's
cosine is that of its best window. Each word is still encoded once, so it costs no more time
than whole passages do, and two to three times the vectors (figures: ARCHITECTURE.md).
"""

from __future__ import annotations

from collections.abc import Sequence


def cut_windows(lengths: Sequence[int], window_tokens: int) -> list[range]:
    """Sentences, by their word pieces, as runs of about ``window_tokens`` each, evenly filled.

    Every sentence is in one run, whole. With ``window_tokens`` 0 there is one run of all.

    >>> cut_windows([30, 30, 30, 40], 64)
    [range(0, 2), range(2, 4)]
    """
    total = sum(lengths)
    count = max(1, round(total / window_tokens)) if window_tokens else 1
    runs: list[range] = []
    before, last = 0, -1
    for at, length in enumerate(lengths):
        # A sentence belongs to the run in whose even share its middle lies.
        own = min(count - 1, int((before + length / 2) * count / total)) if total else 0
        before += length
        if own != last:
            runs.append(range(at, at + 1))
            last = own
        else:
            runs[-1] = range(runs[-1].start, at + 1)
    return runs
