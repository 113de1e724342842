"""What may be asked: each limit on both of its sides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from index.records import digest
from service.schemas.requests import AskRequest, BatchRequest, VerifyRequest


def refused(model, value) -> list[tuple]:
    with pytest.raises(ValidationError) as raised:
        model.model_validate(value)
    return [error["loc"] for error in raised.value.errors()]


def claim(**changes) -> dict:
    value = {"document": {"doc_id": "d"}, "span": {"start": 0, "end": 3}, "quote": {"exact": "abc"}}
    return value | changes


@pytest.mark.parametrize("length", [1, 2000])
def test_a_question_has_1_to_2000_characters_after_trimming(length):
    """White space around it is not counted and not kept; an emoji counts as one."""
    for character in "q😀é":
        asked = AskRequest(question=" \n" + character * length + "\t\u3000")
        assert asked.question == character * length


@pytest.mark.parametrize("question", ["q" * 2001, "😀" * 2001, "", " \n\t", "\u3000\u2028"])
def test_a_question_outside_is_refused(question):
    """2,001 characters, none at all, or white space only."""
    assert refused(AskRequest, {"question": question}) == [("question",)]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x92", "\ud800"])
def test_a_question_with_a_control_character_or_half_a_pair_is_refused(character):
    """They are no text; a log or a terminal must never meet them."""
    assert refused(AskRequest, {"question": f"why{character}now"}) == [("question",)]


@pytest.mark.parametrize("question", ["q" * 2001, "   "])
def test_a_question_s_length_is_told_in_characters(question):
    """Not in items, as of a list."""
    with pytest.raises(ValidationError, match=r"at (least 1|most 2000) character"):
        AskRequest(question=question)


def test_a_control_character_is_named():
    """The message says which, and where."""
    with pytest.raises(ValidationError, match=r"character 3 is the control character U\+0000"):
        AskRequest(question="why\x00")


@pytest.mark.parametrize("invisible", ["\u200b", "\ufeff\u200d", "\u2060\u00ad"])
def test_a_question_of_invisible_characters_is_refused(invisible):
    """Nothing to read is nothing to ask."""
    assert refused(AskRequest, {"question": invisible}) == [("question",)]


@pytest.mark.parametrize(
    "question", ["a\tb\nc\r\nd", "?", "¿Qué?", "👩\u200d👩\u200d👧", "מה", "1"]
)
def test_what_people_type_is_a_question(question):
    """Line ends, one character, any script, joined emoji."""
    assert AskRequest(question=question).question == question


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=2000))
def test_any_readable_text_is_a_question(question):
    """Nothing visible is refused."""
    assert AskRequest(question=question).question == question


@pytest.mark.parametrize("top_k", [1, 50, None])
def test_top_k_is_1_to_50_or_left_to_the_service(top_k):
    """Both bounds hold."""
    assert AskRequest(question="q", top_k=top_k).top_k == top_k


@pytest.mark.parametrize("top_k", [0, 51, -1, "5", 5.0, 1.5, True, [5]])
def test_top_k_is_a_whole_number_and_nothing_like_one(top_k):
    """One past each bound, and what JSON does not call an integer."""
    assert refused(AskRequest, {"question": "q", "top_k": top_k}) == [("top_k",)]


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({}, ("question",)),
        ({"question": None}, ("question",)),
        ({"question": 5}, ("question",)),
        ({"question": "q", "k": 5}, ("k",)),
        ({"question": "q", "answer": "yes"}, ("answer",)),
        ({"question": "q", "answer": 1}, ("answer",)),
        ({"question": "q", "filter": []}, ("filter",)),
        ({"question": "q", "filter": "lang = en"}, ("filter",)),
    ],
)
def test_missing_unknown_and_mistyped_fields_are_refused(value, place):
    """Nothing is ignored or guessed."""
    assert refused(AskRequest, value) == [place]


def test_a_batch_has_1_to_32_questions():
    """Both bounds hold, one past either does not."""
    for count in (1, 32):
        assert len(BatchRequest(questions=[{"question": "q"}] * count).questions) == count
    for count in (0, 33):
        assert refused(BatchRequest, {"questions": [{"question": "q"}] * count}) == [("questions",)]


def test_a_faulty_question_does_not_refuse_its_batch():
    """Items are validated one by one, later."""
    assert BatchRequest.model_validate({"questions": [{"question": ""}, 5]}).questions[1] == 5


def test_a_citation_is_accepted_with_all_or_the_least_of_its_fields():
    """Words, or their hash, or both that agree."""
    whole = claim(id="c1", lines={"start": 1, "end": 1}, page=None)
    hashed = claim(quote={"sha256": digest("abc")})
    both = claim(quote={"exact": "abc", "sha256": digest("abc")})
    assert len(VerifyRequest.model_validate({"citations": [whole, hashed, both]}).citations) == 3


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"quote": {}}, ("quote",)),
        ({"quote": {"exact": ""}}, ("quote", "exact")),
        ({"quote": {"exact": "abc", "prefix": "p" * 33}}, ("quote", "prefix")),
        ({"quote": {"exact": "abc", "suffix": "s" * 33}}, ("quote", "suffix")),
        ({"quote": {"exact": "abc", "sha256": digest("abd")}}, ("quote",)),
        ({"quote": {"sha256": "ABC"}}, ("quote", "sha256")),
        ({"span": {"start": 3, "end": 3}}, ("span",)),
        ({"span": {"start": -1, "end": 3}}, ("span", "start")),
        ({"span": {"start": 0}}, ("span", "end")),
        ({"document": {}}, ("document", "doc_id")),
    ],
)
def test_a_citation_that_contradicts_itself_is_refused(changes, place):
    """A claim that cannot be true is a fault of the request, not a verdict."""
    expected = [("citations", 0, *place)]
    assert refused(VerifyRequest, {"citations": [claim(**changes)]}) == expected


def test_1_to_50_citations_are_checked_at_once():
    """Both bounds hold, one past either does not."""
    for count in (1, 50):
        assert (
            len(VerifyRequest.model_validate({"citations": [claim()] * count}).citations) == count
        )
    for count in (0, 51):
        assert refused(VerifyRequest, {"citations": [claim()] * count}) == [("citations",)]


def test_a_quote_with_half_a_pair_is_refused():
    """No document can hold it."""
    changes = {"quote": {"exact": "ab\ud800"}}
    expected = [("citations", 0, "quote", "exact")]
    assert refused(VerifyRequest, {"citations": [claim(**changes)]}) == expected
