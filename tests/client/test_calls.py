"""Batches keep to the service's limits, which the client knows by number."""

from __future__ import annotations

import json

import httpx
from hypothesis import given
from hypothesis import strategies as st

from quoth_client import calls
from service.schemas import requests

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=2000)


def test_the_limits_are_the_service_s():
    """A number changed there is changed here."""
    assert (calls.QUESTIONS, calls.CITATIONS) == (requests.BATCH_QUESTIONS, requests.CITATIONS)
    assert calls.BODY_BYTES == requests.BODY_BYTES
    assert calls.VERIFY_BODY_BYTES == requests.VERIFY_BODY_BYTES
    assert calls.DOCUMENTS == requests.DOCUMENTS_PER_PAGE


def bodies(questions):
    """What httpx would send for them."""
    for call in calls.ask_many(questions, None, None, True):
        yield httpx.Request(call.method, "http://localhost" + call.path, json=call.json).content


@given(st.lists(WORDS, max_size=8), st.integers(1, 12))
def test_every_question_is_sent_once_and_no_body_is_too_large(some, times):
    """In their order; what they are written in does not matter."""
    questions = some * times
    sent = []
    for body in bodies(questions):
        assert len(body) <= requests.BODY_BYTES
        asked = json.loads(body)["questions"]
        assert 1 <= len(asked) <= requests.BATCH_QUESTIONS
        sent += [one["question"] for one in asked]
    assert sent == questions


def test_as_few_requests_are_made_as_the_limits_allow():
    """Short questions go by 32, long ones by the bytes of a body."""
    assert [len(json.loads(body)["questions"]) for body in bodies(["why?"] * 65)] == [32, 32, 1]
    sizes = [len(body) for body in bodies(["x" * 2000] * 64)]
    assert len(sizes) == 3
    assert min(sizes[:-1]) > requests.BODY_BYTES - 2200


def test_one_that_is_too_large_by_itself_is_sent_by_itself():
    """The service says then what is wrong with it."""
    sizes = [len(body) for body in bodies(["why?", "x" * 70_000, "who?"])]
    assert len(sizes) == 3
