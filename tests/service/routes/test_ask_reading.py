"""Asking over HTTP where passages are read: answers, abstentions, and who is kept waiting."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from word_reader import WordReader, calibration, loaded

from index.build import build
from service.evaluation.verification import answer_faults
from service.reading.calibration import save_calibration
from service.schemas.answer import AskResponse

pytestmark = pytest.mark.anyio

# By the words they share with the passage, of 8: confidences of .725 and .6125; .7 is needed.
STATED = "how many American soldiers were sent to Poland?"
UNSTATED = "how many Chinese soldiers were sent to Poland?"
PATIENT = {"read_budget_ms": 60_000}


async def ask(client, question=STATED, **body):
    return (await client.post("/v1/ask", json={"question": question} | body)).json()


async def test_an_answer_can_be_checked_by_what_the_service_serves(serve):
    """Its words stand at its span in the document's text, inside the evidence that is cited."""
    async with serve(loaded(), **PATIENT) as client:
        told = await ask(client)
        assert (told["status"], told["answer"]["text"]) == ("answered", "1,700")
        citations = [passage["citation"] for passage in told["passages"]]
        texts = {}
        for citation in citations:
            reply = await client.get(citation["links"]["text"])
            texts[citation["document"]["uri"]] = reply.content.decode()
        assert answer_faults(told["answer"], citations, texts.__getitem__) == []
        assert told["reading"] == {"passages_read": 4, "passages_to_read": 4, "complete": True}
        AskResponse.model_validate(told)


async def test_what_is_not_stated_is_abstained_from(serve):
    """With reason, best confidence and threshold; the passages are there all the same."""
    async with serve(loaded(), **PATIENT) as client:
        told = await ask(client, UNSTATED)
    assert (told["status"], told["answer"]) == ("abstained", None)
    assert told["abstention"]["reason"] == "not_stated"
    assert told["abstention"]["best_confidence"] == pytest.approx(0.6125)
    assert len(told["passages"]) == 4


async def test_a_batch_is_read_question_by_question(serve):
    """Each has the status it has alone, also the one that wants no answer."""
    plain = {"question": STATED, "answer": False}
    questions = [{"question": STATED}, {"question": UNSTATED}, plain]
    async with serve(loaded(), **PATIENT) as client:
        told = (await client.post("/v1/ask:batch", json={"questions": questions})).json()
    statuses = [result["reply"]["status"] for result in told["results"]]
    assert statuses == ["answered", "abstained", "retrieved"]


async def test_reading_keeps_nobody_waiting(serve):
    """It happens on a worker thread: while it is held the service goes on answering others."""

    class Held(WordReader):
        began, go = threading.Event(), threading.Event()

        def read(self, question, passages, keep_reading):
            if question == STATED:
                self.began.set()
                assert self.go.wait(10)
            return super().read(question, passages, keep_reading)

    reader = Held()
    async with serve(loaded(reader), **PATIENT) as client:
        asked = asyncio.create_task(ask(client))
        await asyncio.to_thread(reader.began.wait, 5)
        reader.threads.clear()
        assert (await client.get("/livez")).status_code == 200
        assert (await ask(client, UNSTATED))["status"] == "abstained"
        assert not asked.done()
        reader.go.set()
        assert (await asked)["status"] == "answered"
    assert reader.threads
    assert all(name.startswith("read") for name in reader.threads)


async def test_an_answer_that_does_not_match_is_withheld(serve, monkeypatch):
    """The request fails rather than answer wrongly."""
    async with serve(loaded(), **PATIENT) as client:
        monkeypatch.setattr("service.reading.conclusion.Span.of", lambda *_: "2,000")
        reply = await client.post("/v1/ask", json={"question": STATED})
    assert (reply.status_code, reply.json()["type"]) == (500, "/problems/citation-mismatch")
    assert "2,000" not in reply.text


async def test_statuses_and_reading_are_counted(serve):
    """Answered, abstained with its reason, read in time or not; nothing read counts as nothing."""
    async with serve(loaded(), read_budget_ms=0) as client:
        await ask(client)
        await ask(client, UNSTATED)
        await ask(client, answer=False)
        text = (await client.get("/metrics")).text
    counted = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    for status in ("answered", "abstained", "retrieved"):
        assert counted["quoth_questions_total", status] == 1
    assert counted["quoth_abstentions_total", "not_stated"] == 1
    assert counted["quoth_passages_read_count",] == counted["quoth_passages_read_sum",] == 2
    assert counted["quoth_passages_unread_total",] == 6
    assert counted["quoth_stage_seconds_count", "read"] == 2
    assert counted["quoth_stage_seconds_count", "search"] == 3


async def test_each_reading_is_a_log_line(serve, caplog):
    """The outcome with its confidence and how much was read, never the question or the answer."""
    caplog.set_level("INFO", "quoth")
    async with serve(loaded(), **PATIENT) as client:
        await client.post("/v1/ask", json={"question": UNSTATED}, headers={"X-Request-ID": "r7"})
        await ask(client, answer=False)
    (line,) = [record for record in caplog.records if record.name == "quoth.questions"]
    assert (line.request_id, line.outcome, line.reason) == ("r7", "abstained", "not_stated")
    assert line.confidence == pytest.approx(0.6125)
    assert (line.passages_read, line.passages_to_read) == (4, 4)
    assert "Chinese" not in str(vars(line))


async def test_the_index_tells_who_reads(serve):
    """The reader, its limits, and what its confidence rests on; nulls without one."""
    settings = {"read_depth": 7, "read_budget_ms": 80, "abstain_below": 0.4}
    async with serve(loaded(), **settings) as client:
        told = (await client.get("/v1/index")).json()
    fitted = {"n": 12, "ece": 0.03, "fitted_on": "hand", "corpus": False}
    assert told["reader"] == {
        "name": "words",
        "weights_sha256": "5e" * 32,
        "base_sha256": "ba" * 32,
        "scales_sha256": None,
        "runtime": "torch",
        "precision": "float32",
        "depth": 7,
        "budget_ms": 80.0,
        "alone_ms": None,
        "threshold": 0.4,
        "calibration": fitted,
    }
    assert told["calibration"] == fitted
    async with serve() as client:
        told = (await client.get("/v1/index")).json()
    assert (told["reader"], told["calibration"]) == (None, None)


async def test_a_corpus_own_calibration_is_picked_up_while_serving(
    serve, tmp_path, seed_folder, encoder
):
    """Written beside the index it holds from the next look on; removed, it is given up again."""
    build([seed_folder], tmp_path / "index", encoder)
    own = calibration(threshold=0.6, fitted_on="my questions", n=40)
    async with serve(loaded(), index=tmp_path / "index", poll_interval=3600, **PATIENT) as client:
        refresh = client.app.state.service.snapshots.refresh
        assert (await ask(client, UNSTATED))["status"] == "abstained"
        save_calibration(own, tmp_path / "index" / "calibration.json")
        await refresh()
        assert (await ask(client, UNSTATED))["status"] == "answered"
        told = (await client.get("/v1/index")).json()["reader"]
        assert (told["threshold"], told["calibration"]["corpus"]) == (0.6, True)
        assert told["calibration"]["n"] == 40
        # The threshold told is that of as many passages as there are: four, half of the way to 16.
        (judge,) = own.judges
        both = replace(own, judges=(judge, replace(judge, searched=16.0, threshold=0.8)))
        save_calibration(both, tmp_path / "index" / "calibration.json")
        await refresh()
        told = (await client.get("/v1/index")).json()
        assert told["snapshot"]["passages"] == 4
        assert told["reader"]["threshold"] == pytest.approx(0.7)
        (tmp_path / "index" / "calibration.json").unlink()
        await refresh()
        assert (await ask(client, UNSTATED))["status"] == "abstained"
