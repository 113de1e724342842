"""What a person reads in a terminal: the answer first, or plainly that there is none."""

from __future__ import annotations

import re
from copy import deepcopy
from hashlib import sha256

import pytest

from service.schemas.answer import ABSTAINED_EXAMPLE, ASK_RESPONSE_EXAMPLE, AskResponse
from service.schemas.citation import CitationModel
from service.sources import Sources
from service.terminal.answer import WIDEST, place, print_answer


@pytest.fixture
def shown(capsys, monkeypatch):
    """What is printed of a reply, by lines without the space around them."""
    monkeypatch.setenv("COLUMNS", "100")

    def show(reply, sources=Sources()) -> list[str]:
        print_answer(AskResponse.model_validate(reply), sources)
        return [line.strip(" │") for line in capsys.readouterr().out.splitlines()]

    return show


def test_an_answer_stands_first_with_its_confidence_and_source(shown):
    """Its words alone in a frame, then how sure and from where, then the passage."""
    lines = [line for line in shown(ASK_RESPONSE_EXAMPLE) if line.strip("╭╮╰╯─")]
    assert lines[0] == "About 1,700"
    assert lines[1] == "94 % sure; from [1] Drills, drills.md:5"
    assert lines[2] == "[1] Drills › Deployments"
    assert "1 of 1 passages read" in lines[-1]


@pytest.mark.parametrize(
    ("section", "told"),
    [
        (["Drills"], "[1] Drills"),
        (["Drills", "Drills"], "[1] Drills › Drills"),
        (["Deployments", "Drills"], "[1] Drills › Deployments › Drills"),
        ([], "[1] Drills"),
    ],
)
def test_a_first_heading_that_is_the_title_is_told_once(shown, section, told):
    """Any other heading stands as it is."""
    reply = deepcopy(ASK_RESPONSE_EXAMPLE)
    reply["passages"][0]["citation"]["section"] = section
    assert told in shown(reply)


def test_that_the_documents_do_not_say_stands_first(shown):
    """Then why, and the nearest passages."""
    lines = [line for line in shown(ABSTAINED_EXAMPLE) if line.strip("╭╮╰╯─")]
    assert lines[0] == "The documents do not say."
    assert "No answer in the nearest passage is sure enough" in lines[1]
    assert "related but do not answer" in " ".join(lines[2:4])
    assert "▌ About 1,700 soldiers were sent to Poland. Others stayed." in lines


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
    """With its reason where one is given."""
    reply = {**ABSTAINED_EXAMPLE, "passages": []}
    retrieved = {**reply, "status": "retrieved", "abstention": None}
    assert shown(retrieved)[0] == "No passage matches; is the filter right?"
    reason = {**ABSTAINED_EXAMPLE["abstention"], "message": "No document has 'langauge'."}
    assert shown({**reply, "abstention": reason})[0] == "No document has 'langauge'."


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


# Names a terminal shows as a link: OSC 8, the address, ST, the name, OSC 8 without address.
def links(text):
    plain = re.sub(r"\x1b\[[\d;]*m", "", text)
    return re.findall(r"\x1b\]8;[^;]*;([^\x1b]+)\x1b\\(.*?)\x1b\]8;;\x1b", plain)


@pytest.fixture
def terminal(capsys, monkeypatch):
    """What a colour terminal of 80 columns is sent, escape sequences and all."""
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "80"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)

    def show(reply, sources=Sources()) -> str:
        print_answer(AskResponse.model_validate(reply), sources)
        return capsys.readouterr().out

    return show


def with_file(folder, text="source"):
    """The example's reply, its file at hand with the bytes that were indexed."""
    (folder / "drills.md").write_text(text)
    reply = deepcopy(ASK_RESPONSE_EXAMPLE)
    document = reply["passages"][0]["citation"]["document"]
    document["source_sha256"] = sha256(b"source").hexdigest()
    return reply


def test_a_place_opens_its_file_at_the_line(terminal, tmp_path):
    """On a terminal the place is a link to the file; its own words name file and line."""
    ((address, name),) = links(terminal(with_file(tmp_path), Sources.of([tmp_path])))
    assert address == f"{(tmp_path / 'drills.md').as_uri()}#5"
    assert name.endswith("drills.md:5")


def test_a_place_below_the_present_folder_is_named_from_there(terminal, tmp_path, monkeypatch):
    """As the shell one stands in would open it."""
    monkeypatch.chdir(tmp_path.parent)
    reply = with_file(tmp_path)
    ((_, name),) = links(terminal(reply, Sources.of([tmp_path])))
    assert name == f"{tmp_path.name}/drills.md:5"


@pytest.mark.parametrize(
    ("media_type", "reach", "told"),
    [
        ("text/plain", (3, 4), "drills.md:3-4"),
        ("text/html", (3, 4), "drills.md lines 3-4 of its text"),
        ("message/rfc822", (3, 3), "drills.md line 3 of its text"),
        ("application/epub+zip", (3, 3), "drills.md line 3 of its text"),
    ],
)
def test_lines_of_an_extracted_text_are_none_of_the_file(
    terminal, tmp_path, media_type, reach, told
):
    """Its place says so, and its link opens the file and no line."""
    reply = with_file(tmp_path)
    citation = reply["passages"][0]["citation"]
    citation["document"]["media_type"] = media_type
    citation["lines"] = dict(zip(("start", "end"), reach, strict=True))
    ((address, name),) = links(terminal(reply, Sources.of([tmp_path])))
    assert name.endswith(told)
    line = "#3" if media_type == "text/plain" else ""
    assert address == f"{(tmp_path / 'drills.md').as_uri()}{line}"


def test_a_changed_or_missing_file_is_no_link(terminal, tmp_path):
    """Its lines may have moved, which is said; where nothing is known the uri stands alone."""
    out = terminal(with_file(tmp_path, "another"), Sources.of([tmp_path]))
    assert links(out) == []
    assert "the file has changed since it was indexed" in out
    (tmp_path / "drills.md").unlink()
    assert "has changed" not in terminal(ASK_RESPONSE_EXAMPLE, Sources.of([tmp_path]))


def test_nothing_but_plain_text_goes_into_a_pipe(capsys, monkeypatch, tmp_path):
    """No colour, no link, and the evidence still shows by its bar."""
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    print_answer(AskResponse.model_validate(with_file(tmp_path)), Sources.of([tmp_path]))
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "▌ About 1,700 soldiers were sent to Poland." in out


def test_no_color_is_heeded_on_a_terminal(terminal, monkeypatch):
    """Bold and underline may stay; colours (30 to 38, 90 to 97) may not."""
    monkeypatch.setenv("NO_COLOR", "1")
    codes = re.findall(r"\x1b\[([\d;]*)m", terminal(ASK_RESPONSE_EXAMPLE))
    assert codes
    assert not {code for run in codes for code in run.split(";") if code[:1] == "3" and code[1:]}


@pytest.mark.parametrize("columns", [40, 80, 300])
def test_text_keeps_to_the_window(columns, capsys, monkeypatch):
    """No line of a passage is wider than the window, nor than one reads with ease."""
    monkeypatch.setenv("COLUMNS", str(columns))
    reply = deepcopy(ASK_RESPONSE_EXAMPLE)
    passage = reply["passages"][0]
    passage["text"] += " and so forth" * 60
    print_answer(AskResponse.model_validate(reply))
    lines = [line for line in capsys.readouterr().out.splitlines() if line[:2] in ("▌ ", "  ")]
    assert len(lines) > 5
    assert max(map(len, lines)) <= min(columns, WIDEST)
    assert "".join(line[2:] for line in lines).replace(" ", "").count("andsoforth") == 60


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"page": 6, "page_label": "iv"}, "drills.md page 6 (iv)"),
        ({"page": 6, "page_label": "6"}, "drills.md page 6"),
        ({"cells": "Costs!A5:F7"}, "drills.md Costs!A5:F7"),
        ({"lines": {"start": 3, "end": 4}}, "drills.md:3-4"),
    ],
)
def test_a_place_is_told_in_the_words_of_its_format(changed, told):
    """Pages for what has pages, cells for sheets, else lines."""
    citation = ASK_RESPONSE_EXAMPLE["passages"][0]["citation"]
    assert place(CitationModel.model_validate(citation | changed)) == told
