"""Several questions at once: one encoder call, results in order, each fault its own."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.anyio

QUESTION = "how many US troops went to Poland?"
FACT = "About 1,700 American soldiers were sent to Poland."


async def test_a_batch_is_one_encoder_call_with_results_in_order(client, held_encoder):
    """Each result is what the question gets when asked alone."""
    asked = [{"question": QUESTION}, {"question": "how is bread baked?", "top_k": 1}]
    held_encoder.calls.clear()
    told = (await client.post("/v1/ask:batch", json={"questions": asked})).json()
    assert held_encoder.calls == [[item["question"] for item in asked]]
    assert [result["problem"] for result in told["results"]] == [None, None]
    for item, result in zip(asked, told["results"], strict=True):
        alone = (await client.post("/v1/ask", json=item)).json()
        assert result["reply"]["question"] == item["question"]
        assert [passage["citation"] for passage in result["reply"]["passages"]] == [
            passage["citation"] for passage in alone["passages"]
        ]
        assert result["reply"]["snapshot"] == told["snapshot"] == alone["snapshot"]


async def test_a_faulty_question_of_a_batch_is_a_problem_of_its_own(client):
    """The others are answered; each fault is pointed to from the body's root."""
    questions = [
        {"question": " "},
        {"question": QUESTION},
        {"question": "q", "filter": {"op": "like"}},
        {"question": "q", "top_k": 51, "x": 1},
        7,
    ]
    reply = await client.post("/v1/ask:batch", json={"questions": questions})
    assert reply.status_code == 200
    results = reply.json()["results"]
    assert FACT in results[1]["reply"]["passages"][0]["citation"]["quote"]["exact"]
    assert results[1]["problem"] is None
    pointers = [
        sorted(fault["pointer"] for fault in result["problem"]["errors"])
        for result in results
        if result["problem"]
    ]
    assert pointers == [
        ["#/questions/0/question"],
        ["#/questions/2/filter/op"],
        ["#/questions/3/top_k", "#/questions/3/x"],
        ["#/questions/4"],
    ]
    assert {result["problem"]["status"] for result in results if result["problem"]} == {422}
    assert "should be an object" in results[4]["problem"]["detail"]


@pytest.mark.parametrize("count", [0, 33])
async def test_a_batch_outside_1_to_32_is_refused_whole(client, count):
    """422 at the list itself."""
    reply = await client.post("/v1/ask:batch", json={"questions": [{"question": "q"}] * count})
    assert reply.status_code == 422
    assert [fault["pointer"] for fault in reply.json()["errors"]] == ["#/questions"]


async def test_the_largest_batch_is_answered(client):
    """32 questions, one call, 32 replies."""
    questions = [{"question": f"number {n}", "top_k": 1} for n in range(32)]
    told = (await client.post("/v1/ask:batch", json={"questions": questions})).json()
    asked = [result["reply"]["question"] for result in told["results"]]
    assert asked == [item["question"] for item in questions]
