"""The reader in use: what it is shown, how long it may read, and what it is calibrated by."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from word_reader import BY_MARGIN, STEPS, WordReader, calibration, loaded

from index.build import build
from index.openvino_runtime import CompiledModel, openvino
from index.retriever import Retriever
from index.runtimes import usable_processors
from index.snapshot import Snapshot
from service.errors import ReaderUnavailable
from service.reader import (
    calibrated_for,
    open_reader,
    read_in_time,
    retrieved_passages,
    unread,
)
from service.reading.calibration import Judge, save_calibration
from service.reading.features import Retrieved
from service.reading.loading import ReadingSettings
from service.reading.records import ShownPassage

QUESTION = "how many soldiers?"


def passages(*texts: str) -> list[Retrieved]:
    """Best first as retrieved: each a tenth below the one before."""
    return [
        Retrieved(ShownPassage("", text), 0.5, 1.0, 0.9 - at / 10) for at, text in enumerate(texts)
    ]


class Clock:
    """Goes on by ``step`` seconds each time it is looked at."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def alone() -> bool:
    """Nobody waits."""
    return False


@pytest.mark.parametrize(
    ("budget_ms", "read"),
    [
        (0, 1),  # one always is
        (15, 2),  # begun at 10 ms, so it ends at 25: asked at 20, yes; at 30, no
        (35, 4),  # it ends at 45: yes at 20, 30 and 40
        (1000, 5),  # all of the depth
    ],
)
def test_the_budget_bounds_how_many_are_read(budget_ms, read):
    """A clock that goes on 10 ms a look; the reader asks it before each but the first."""
    own = WordReader()
    found = read_in_time(
        QUESTION,
        passages(*(f"{n} soldiers" for n in range(8))),
        loaded(own),
        ReadingSettings(depth=5, budget_ms=budget_ms),
        3,
        8,
        Clock(0.010),
        lambda: True,
    )
    assert (found.read, found.to_read, len(own.read_passages)) == (read, 5, read)
    assert [score is not None for score in found.relevance] == [True] * read + [False] * (8 - read)
    assert len(found.order) == 3


@pytest.mark.parametrize(
    ("alone_ms", "come_at", "read"),
    [
        (None, 99, 2),  # no other budget: as above, asked at 20 and 30 ms
        (35, 99, 4),  # it ends at 45: yes at 20, 30 and 40
        (1000, 99, 5),
        (1000, 2, 3),  # at 20 within the budget, at 30 alone; by 40 others have come
        (1000, 1, 2),  # others are there at 30
        (5, 99, 2),  # a shorter one takes nothing away
    ],
)
def test_who_keeps_nobody_waiting_may_take_longer(alone_ms, come_at, read):
    """The budget of 15 ms holds from when others are in work, who are looked for only beyond it."""
    looks = iter(range(1, 9))
    found = read_in_time(
        QUESTION,
        passages(*(f"{n} soldiers" for n in range(8))),
        loaded(),
        ReadingSettings(5, 15, alone_ms=alone_ms),
        3,
        8,
        Clock(0.010),
        lambda: next(looks) >= come_at,
    )
    assert (found.read, found.to_read) == (read, 5)


def test_the_passage_that_answers_is_put_first():
    """With 2 of 3 words, relevance 1/(1+e^-(4/3)); with none 1/(1+e^4): .8 + .396 > .9 + .009."""
    found = read_in_time(
        "many soldiers where",
        passages("Bread is baked.", "Many of the 1,700 soldiers stay."),
        loaded(),
        ReadingSettings(),
        2,
        9,
        Clock(0),
        alone,
    )
    assert found.order == (1, 0)
    assert found.relevance == pytest.approx([0.0179862, 0.7913915], abs=1e-6)
    assert (found.best.passage, found.best.text) == (1, "1,700")
    assert found.best.confidence == pytest.approx(0.05 + 0.9 * 2 / 3)


def test_a_question_too_long_is_retrieved_for_and_not_read():
    """The order stays, nothing is relevant or an answer, and it is said."""
    found = read_in_time(
        "long?",
        passages("a", "b", "c"),
        loaded(WordReader(longest=4)),
        ReadingSettings(2),
        2,
        9,
        Clock(0),
        alone,
    )
    assert (found.order, found.relevance, found.best) == ((0, 1), (None, None, None), None)
    assert (found.read, found.to_read, found.too_long) == (0, 2, True)


def test_without_passages_nothing_is_read():
    """A filter may leave none."""
    own = WordReader()
    found = read_in_time(QUESTION, [], loaded(own), ReadingSettings(), 5, 0, Clock(0), alone)
    assert (found.order, found.best, found.to_read, own.threads) == ((), None, 0, set())


def test_what_is_not_read_stays_in_its_order():
    """The first of the hits, none with a relevance."""
    assert unread([None] * 3, 2).order == (0, 1)
    assert unread([None] * 3, 5).order == (0, 1, 2)
    assert unread([None] * 3, 5).relevance == (None, None, None)


def test_a_passage_is_shown_under_its_title_and_section(seed_index, encoder):
    """As it was encoded: a heading that repeats the title is named once."""
    snapshot = Snapshot.open(seed_index)
    hits = Retriever(snapshot, encoder).search("How many soldiers were sent to Poland?", 8)
    shown = retrieved_passages(snapshot, hits)
    for hit, passage in zip(hits, shown, strict=True):
        stored = snapshot.passage(hit.row)
        assert passage.shown.text == stored.span.of(snapshot.text(stored.document_row))
        assert (passage.dense, passage.lexical, passage.fused) == (
            hit.dense,
            hit.lexical,
            hit.fused,
        )
    titles = {passage.shown.title for passage in shown}
    assert any(passage.shown.breaks for passage in shown)
    for passage in (passage.shown for passage in shown):
        lines = [at + 1 for at, sign in enumerate(passage.text) if sign == "\n"]
        # Where a line begins that is no empty one; sentences of these documents keep to a line.
        begun = [at for at in lines if passage.text[at : at + 1].strip()]
        assert list(passage.breaks) == begun
    assert "Drills near the border › Deployments" in titles
    assert "garden › Garden › Spring" in titles or "Garden › Spring" in titles


def test_a_passage_within_a_table_is_shown_its_columns(tmp_path, encoder):
    """By the table's first line, which stands in the passage before; the first has it itself."""
    rows = "".join(f"| mooring {n} | {n} metres |\n" for n in range(60))
    text = f"# Quay\n\n| Place | Depth |\n|---|---|\n{rows}"
    (tmp_path / "quay.md").write_text(text, encoding="utf-8")
    build([tmp_path / "quay.md"], tmp_path / "index", encoder)
    snapshot = Snapshot.open(tmp_path / "index")
    shown = retrieved_passages(snapshot, Retriever(snapshot, encoder).search("mooring", 9))
    assert len(shown) > 1
    for passage in (passage.shown for passage in shown):
        within = "Place" not in passage.text
        assert passage.columns == (("Place", "Depth") if within else None)


def test_headings_and_records_are_told(tmp_path, encoder):
    """By position, those of a passage's path; and an array's object, but not what stands above."""
    (tmp_path / "pool.md").write_text("# Pool\n\n## Is it heated?\n\nYes. To 24 degrees.\n")
    record = '{"season": "summer", "boats": [{"name": "Heron", "length": 4}, {"age": 3}]}'
    (tmp_path / "boats.json").write_text(record)
    build([tmp_path / "pool.md", tmp_path / "boats.json"], tmp_path / "index", encoder)
    snapshot = Snapshot.open(tmp_path / "index")
    hits = Retriever(snapshot, encoder).search("pool boats", 9)
    shown = {one.shown.text: one.shown for one in retrieved_passages(snapshot, hits)}
    pool = shown["# Pool\n\n## Is it heated?\n\nYes. To 24 degrees."]
    assert (pool.headings, pool.is_record) == ((0, 1), False)
    records = {text: one.is_record for text, one in shown.items() if one is not pool}
    assert records == {"season: summer": False, "name: Heron\nlength: 4": True, "age: 3": True}


def test_what_names_columns_is_a_heading_too(tmp_path, encoder):
    """With its rule; a row is none."""
    table = "Ports are these.\n\n| Port | Used by |\n|---|---|\n| 7443 | clients |\n| 22 | us |\n"
    (tmp_path / "ports.md").write_text(table)
    build([tmp_path / "ports.md"], tmp_path / "index", encoder)
    snapshot = Snapshot.open(tmp_path / "index")
    hits = Retriever(snapshot, encoder).search("ports", 1)
    (ports,) = (one.shown for one in retrieved_passages(snapshot, hits))
    named = [ports.text[at:].partition("\n")[0] for at in ports.sentences]
    assert [named[at] for at in ports.headings] == ["| Port | Used by |"]


def test_none_is_no_reader():
    """The word switches reading off."""
    assert open_reader("none") is None


def test_a_reader_has_read_once_before_it_is_asked(monkeypatch, tmp_path):
    """No question pays for the model's first call; where none is shipped there is none."""
    own = WordReader()
    monkeypatch.setattr(
        "service.reader.load_reader",
        lambda folder, _wanted: {tmp_path: loaded(own), None: None}[folder],
    )
    assert open_reader(tmp_path).reader is own
    assert len(own.read_passages) == 1
    assert open_reader(None) is None


def test_nothing_is_compiled_when_the_first_question_is_read(monkeypatch):
    """By itself or beside another, after the shipped reader is open; compiling takes most of a
    question's time, which then is missing for its passages.
    """
    reader = open_reader(None).reader
    compiled = []
    monkeypatch.setattr(CompiledModel, "_compiled", lambda *_: compiled.append(1))
    passages = [ShownPassage("", "Anna came.")] * 3
    together = Barrier(2, timeout=30)
    infer = openvino.InferRequest.infer

    def beside_another(*given, **named):
        together.wait()
        return infer(*given, **named)

    reader.read("Who came?", passages, lambda: True)
    if usable_processors() == 1:  # where two questions are read one after the other
        assert not compiled
        return
    monkeypatch.setattr(openvino.InferRequest, "infer", beside_another)
    with ThreadPoolExecutor(2) as threads:
        readings = list(
            threads.map(lambda who: reader.read(who, passages, lambda: True), ["Who?", "Why?"])
        )
    assert len(readings) == 2
    assert not compiled


def test_a_folder_that_is_none_is_named(tmp_path):
    """The sentence says which setting names it."""
    with pytest.raises(ReaderUnavailable, match=r"QUOTH_READER names .*nowhere"):
        open_reader(tmp_path / "nowhere")


def test_a_corpus_own_calibration_is_used(tmp_path):
    """The one beside the index, where it was fitted on this reader; else the reader's own."""
    shipped = loaded()
    assert calibrated_for(shipped, tmp_path) is shipped
    own = calibration(threshold=0.31, fitted_on="my questions")
    save_calibration(own, tmp_path / "calibration.json")
    found = calibrated_for(shipped, tmp_path)
    assert found.reader is shipped.reader
    assert found.calibration == own


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": 1}',
        '{"format": 2}',
        '{"format": 3}',
        json.dumps(calibration(reader_sha256="00" * 32).to_json()),
        json.dumps(calibration(choosing=replace(BY_MARGIN, features=("luck",))).to_json()),
        json.dumps(
            calibration(
                judges=(Judge(1.0, replace(BY_MARGIN, weights=(1.0, 1.0)), STEPS, 0.5),)
            ).to_json()
        ),
        json.dumps(calibration(judges=(Judge(1.0, BY_MARGIN, (), 0.5),)).to_json()),
        json.dumps(calibration(choosing=replace(BY_MARGIN, bias=float("nan"))).to_json()),
        json.dumps(calibration(choosing=replace(BY_MARGIN, bias="much")).to_json()),
    ],
)
def test_a_calibration_that_does_not_fit_is_ignored_with_one_line(tmp_path, caplog, text):
    """Cut short, of another format or reader, or with numbers that make no confidence."""
    shipped = loaded()
    (tmp_path / "calibration.json").write_text(text, encoding="utf-8")
    assert calibrated_for(shipped, tmp_path) is shipped
    (line,) = [record for record in caplog.records if record.name == "quoth.reader"]
    assert (line.levelname, line.message) == ("WARNING", "corpus calibration ignored")
    assert line.reason
