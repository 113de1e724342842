"""What a person reads in a terminal: the answer first, or plainly that there is none."""

from __future__ import annotations

from copy import deepcopy

import pytest

from service.schemas.answer import ABSTAINED_EXAMPLE, ASK_RESPONSE_EXAMPLE, AskResponse
from service.terminal import print_answer


@pytest.fixture
def shown(capsys, monkeypatch):
    """What is printed of a reply, by lines without the space around them."""
    monkeypatch.setenv("COLUMNS", "100")

    def show(reply) -> list[str]:
        print_answer(AskResponse.model_validate(reply))
        return [line.strip(" │") for line in capsys.readouterr().out.splitlines()]

    return show


def test_an_answer_stands_first_with_its_confidence_and_source(shown):
    """Its words alone in a frame, then how sure and from where, then the passage."""
    lines = [line for line in shown(ASK_RESPONSE_EXAMPLE) if line.strip("╭╮╰╯─")]
    assert lines[0] == "About 1,700"
    assert lines[1] == "94 % sure; from [1] Drills, drills.md:5"
    assert lines[2] == "[1] Drills  Drills › Deployments"
    assert "1 of 1 passages read" in lines[-1]


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ({"page": 3, "page_label": "iv"}, "drills.md page 3 (iv)"),
        ({"page": 3, "page_label": "3"}, "drills.md page 3"),
        ({"page": 3}, "drills.md page 3"),
        ({"cells": "Costs!A5:F7"}, "drills.md Costs!A5:F7"),
    ],
)
def test_pages_and_cells_are_told_where_there_are_some(shown, place, told):
    """They say more of a PDF or a sheet than lines of its text do."""
    reply = deepcopy(ASK_RESPONSE_EXAMPLE)
    reply["passages"][0]["citation"] |= place
    lines = shown(reply)
    assert any(line.endswith(f"Drills, {told}") for line in lines)
    assert any(line.startswith(f"{told}  characters") for line in lines)


def test_that_the_documents_do_not_say_stands_first(shown):
    """Then why, and the nearest passages."""
    lines = [line for line in shown(ABSTAINED_EXAMPLE) if line.strip("╭╮╰╯─")]
    assert lines[0] == "The documents do not say."
    assert "No answer in the nearest passage is sure enough" in lines[1]
    assert "related but do not answer" in " ".join(lines[2:4])
    assert "About 1,700 soldiers were sent to Poland. Others stayed." in lines


def test_passages_beside_a_question_too_long_are_not_called_read(shown):
    """Nobody knows whether they answer."""
    abstention = {**ABSTAINED_EXAMPLE["abstention"], "reason": "question_too_long"}
    text = " ".join(shown({**ABSTAINED_EXAMPLE, "abstention": abstention}))
    assert "The question is too long to be answered." in text
    assert "The nearest passages, which were not read:" in text


def test_other_passages_that_give_the_answer_are_counted(shown):
    """They stand below with it."""
    reply = deepcopy(ASK_RESPONSE_EXAMPLE)
    second = deepcopy(reply["passages"][0])
    second["rank"], second["citation"]["id"] = 2, "c2"
    reply["passages"].append(second)
    reply["answer"]["also"] = ["c2"]
    assert any(line.endswith("drills.md:5, and in 1 more below") for line in shown(reply))


def test_what_was_not_read_is_told(shown):
    """In the line that closes."""
    reading = {"passages_read": 3, "passages_to_read": 10, "complete": False}
    assert "3 of 10 passages read" in shown({**ABSTAINED_EXAMPLE, "reading": reading})[-1]


def test_without_a_reader_there_are_passages_only(shown):
    """As before there was one."""
    reply = {**ABSTAINED_EXAMPLE, "status": "retrieved", "abstention": None, "reading": None}
    lines = shown(reply)
    assert lines[0].startswith("[1] Drills")
    assert "read" not in lines[-1].split("snapshot")[1]


def test_no_passage_is_told_in_one_line(shown):
    """Whether or not there is a reader."""
    for status, abstention in (("retrieved", None), ("abstained", ABSTAINED_EXAMPLE["abstention"])):
        reply = {**ABSTAINED_EXAMPLE, "status": status, "abstention": abstention, "passages": []}
        assert shown(reply)[0] == "No passage matches; is the filter right?"


def test_an_answer_cannot_steer_the_terminal(shown):
    """Nor draw with markup; line ends in it are spaces."""
    reply = deepcopy(ASK_RESPONSE_EXAMPLE)
    reply["answer"]["text"] = "[red]1,700\x1b[2J\nmen[/]"
    lines = shown(reply)
    assert "[red]1,700\N{REPLACEMENT CHARACTER}[2J men[/]" in lines
    assert "\x1b" not in "".join(lines)


def test_a_title_cannot_steer_the_terminal(shown):
    """Nor can a section or a name, in the source or above a passage."""
    reply = deepcopy(ASK_RESPONSE_EXAMPLE)
    citation = reply["passages"][0]["citation"]
    citation["document"] |= {"title": "Dri\x1b[2Jlls", "uri": "dri\x1b]lls.md"}
    citation["section"] = ["Deploy\x1b[0mments"]
    assert "\x1b" not in "".join(shown(reply))
