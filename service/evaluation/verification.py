"""A returned citation or answer checked against the text it points into, with no code of the
service.

Nothing here may import what makes citations: a fault shared by both would go unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any


def faults(citation: Mapping[str, Any], text: str) -> list[str]:
    """What is wrong with a citation as the API replies it; empty where it verifies.

    ``text`` is the document's canonical text, taken from elsewhere than the reply. Checked
    are the slices in code points, UTF-16 units and UTF-8 bytes, the words around the quote,
    the lines, and both hashes.
    """
    try:
        exact = citation["quote"]["exact"]
        start, end = _ends(citation["span"])
        checks = {
            "the quote is empty": exact != "",
            "span does not slice to the quote": text[start:end] == exact,
            "utf16 does not slice to the quote": _sliced(text, "utf-16-le", citation["utf16"], 2)
            == exact,
            "bytes do not slice to the quote": _sliced(text, "utf-8", citation["bytes"], 1)
            == exact,
            "quote.sha256 is not the quote's": citation["quote"]["sha256"] == _sha256(exact),
            "text_sha256 is not the text's": citation["document"]["text_sha256"] == _sha256(text),
            "prefix does not stand before the quote": text[:start].endswith(
                citation["quote"]["prefix"]
            ),
            "suffix does not stand after the quote": text[end:].startswith(
                citation["quote"]["suffix"]
            ),
            "lines are not the quote's": _ends(citation["lines"]) == _lines(text, start, end),
        }
    except (KeyError, TypeError, ValueError) as error:
        return [f"the citation is incomplete: {error!r}"]
    return [fault for fault, holds in checks.items() if not holds]


def answer_faults(
    answer: Mapping[str, Any],
    citations: Sequence[Mapping[str, Any]],
    text_of: Callable[[str], str],
) -> list[str]:
    """What is wrong with a reply's answer, given the reply's citations; empty where it verifies.

    ``text_of`` gives a uri's canonical text. The answer must be a slice of the text, inside
    the evidence that its citation quotes, and name citations that are there.
    """
    try:
        by_id = {citation["id"]: citation for citation in citations}
        start, end = _ends(answer["span"])
        others = set(answer["also"])
        cited = by_id.get(answer["citation"])
        if cited is None:
            return [f"no citation has the id {answer['citation']!r}"]
        first, last = _ends(cited["span"])
        text = text_of(cited["document"]["uri"])
        checks = {
            "the answer is empty": answer["text"] != "",
            "span does not slice to the answer": text[start:end] == answer["text"],
            "the answer leaves its evidence": first <= start and end <= last,
            "confidence is no probability": 0 <= answer["confidence"] <= 1,
            "also names a citation that is not there": others <= by_id.keys(),
            "also names the answer's own citation": answer["citation"] not in others,
        }
    except (KeyError, TypeError, ValueError) as error:
        return [f"the answer is incomplete: {error!r}"]
    return [fault for fault, holds in checks.items() if not holds]


def _ends(span: Mapping[str, int]) -> tuple[int, int]:
    return span["start"], span["end"]


def _sliced(text: str, encoding: str, span: Mapping[str, int], unit: int) -> str:
    """The slice in units of ``unit`` bytes of ``encoding``; a cut character is no match."""
    start, end = _ends(span)
    piece = text.encode(encoding)[start * unit : end * unit]
    return piece.decode(encoding, errors="replace")


def _lines(text: str, start: int, end: int) -> tuple[int, int]:
    """1-based lines of the first and the last character of ``[start, end)``."""
    return text.count("\n", 0, start) + 1, text.count("\n", 0, end - 1) + 1


def _sha256(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()
