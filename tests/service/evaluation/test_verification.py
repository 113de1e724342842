"""Citations checked against the text, by code that makes none."""

from __future__ import annotations

import ast
import copy
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import service.evaluation.verification as verification
from service.evaluation.verification import answer_faults, faults

TEXT = "Première ligne 😀.\nZwei 𝒳 drei. Ende\nfin"


def cite(text, start, end):
    """A citation as the API describes it, made by counting character by character."""
    units = {"utf16": [0], "bytes": [0]}
    for character in text:
        units["utf16"].append(units["utf16"][-1] + (2 if ord(character) > 0xFFFF else 1))
        units["bytes"].append(units["bytes"][-1] + len(character.encode()))
    return {
        "document": {"text_sha256": sha256(text.encode()).hexdigest()},
        "span": {"start": start, "end": end},
        **{name: {"start": at[start], "end": at[end]} for name, at in units.items()},
        "lines": {
            "start": 1 + text[:start].count("\n"),
            "end": 1 + text[: end - 1].count("\n"),
        },
        "quote": {
            "exact": text[start:end],
            "prefix": text[max(0, start - 5) : start],
            "suffix": text[end : end + 5],
            "sha256": sha256(text[start:end].encode()).hexdigest(),
        },
    }


@given(st.text(alphabet="ab\n é😀𝒳\u0301\u202e", min_size=1, max_size=30), st.data())
def test_true_citations(text, data):
    """A true citation verifies in any text."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert faults(cite(text, start, end), text) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("quote", "exact"), "Zwei", "span does not slice to the quote"),
        (("quote", "sha256"), "0" * 64, "quote.sha256 is not the quote's"),
        (("quote", "prefix"), "x", "prefix does not stand before the quote"),
        (("quote", "suffix"), "x", "suffix does not stand after the quote"),
        (("document", "text_sha256"), "0" * 64, "text_sha256 is not the text's"),
        (("span",), {"start": 1, "end": 9}, "span does not slice to the quote"),
        (("utf16",), {"start": 18, "end": 30}, "utf16 does not slice to the quote"),
        (("bytes",), {"start": 18, "end": 30}, "bytes do not slice to the quote"),
        (("lines",), {"start": 1, "end": 2}, "lines are not the quote's"),
    ],
)
def test_untruths(path, value, fault):
    """Each untruth is found and named."""
    citation = cite(TEXT, 18, 30)
    assert faults(citation, TEXT) == []
    damaged = copy.deepcopy(citation)
    place = damaged
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    assert fault in faults(damaged, TEXT)


def test_empty_quote():
    """An empty quote is a fault wherever it stands."""
    assert "the quote is empty" in faults(cite(TEXT, 3, 3), TEXT)


def test_missing_part():
    """A citation without one of its parts is incomplete."""
    citation = cite(TEXT, 0, 5)
    del citation["utf16"]
    assert faults(citation, TEXT) == ["the citation is incomplete: KeyError('utf16')"]


def test_independence():
    """The check shares no code with what it checks."""
    source = Path(verification.__file__).read_text(encoding="utf-8")
    imported = {
        name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or node.names[0].name]
    }
    assert imported == {"__future__", "collections.abc", "hashlib", "typing"}


def answer(**changed):
    """ "Zwei 𝒳" of TEXT, cited by the sentence around it."""
    cited = cite(TEXT, 18, 30) | {"id": "c1"}
    cited["document"] = cited["document"] | {"uri": "a.md"}
    given = {"text": "Zwei 𝒳", "span": {"start": 18, "end": 24}, "confidence": 0.5}
    given |= {"citation": "c1", "also": []} | changed
    return answer_faults(given, [cited, cited | {"id": "c2"}], {"a.md": TEXT}.__getitem__)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({}, None),
        ({"also": ["c2"]}, None),
        ({"text": "Drei"}, "span does not slice to the answer"),
        ({"span": {"start": 19, "end": 24}}, "span does not slice to the answer"),
        ({"text": "ligne", "span": {"start": 9, "end": 14}}, "the answer leaves its evidence"),
        ({"text": "", "span": {"start": 18, "end": 18}}, "the answer is empty"),
        ({"citation": "c3"}, "no citation has the id 'c3'"),
        ({"also": ["c4"]}, "also names a citation that is not there"),
        ({"also": ["c1"]}, "also names the answer's own citation"),
        ({"confidence": 1.5}, "confidence is no probability"),
        ({"span": None}, "the answer is incomplete: TypeError"),
    ],
)
def test_answer_faults(changed, fault):
    """An answer must be a slice of the text, inside the evidence of a citation that is there."""
    found = answer(**changed)
    assert not found if fault is None else any(one.startswith(fault) for one in found)
