"""The commands as a person runs them: what they print, what they return, how they fail."""

from __future__ import annotations

import json
import os
import shutil
import socket
from hashlib import sha256
from pathlib import Path

import pytest
from word_reader import loaded

from index.pointer import SNAPSHOTS, read_pointer
from service.answerer import answer_question
from service.cli import app, main
from service.commands.options import FAILED, INTERRUPTED, OK, PARTIAL
from service.reading.loading import ALONE_MS

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "how many US troops went to Poland?"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("QUOTH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QUOTH_READER", "none")


@pytest.fixture(autouse=True)
def _loaded(encoder, monkeypatch):
    """The commands use the encoder that is loaded already, which they cannot tell apart."""
    monkeypatch.setattr("service.models.load_encoder", lambda *_: encoder)


@pytest.fixture
def run(capsys):
    """Runs a command in this process: its exit code, standard output and standard error."""

    def run_command(*arguments):
        try:
            main([str(argument) for argument in arguments])
            code = 0
        except SystemExit as stop:
            code = stop.code or 0
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_command


def test_building_tells_what_was_indexed(run, tmp_path):
    """Complete success is exit code 0 and a table of counts; a second build finds nothing new."""
    code, out, _ = run("build", ROOT / "seeds", "--index", tmp_path / "index")
    assert code == 0
    assert "1 indexed, 0 skipped, 0 failed" in out
    assert "0 truncated" in out
    assert " 0 unchanged" in out
    code, out, _ = run("build", ROOT / "seeds", "--index", tmp_path / "index")
    assert code == 0
    assert "nothing has changed" in out


def test_a_partial_build_says_so_and_names_each_file(run, tmp_path):
    """A failed file makes exit code 3, is named with its reason, and the rest is published."""
    documents = tmp_path / "documents"
    shutil.copytree(ROOT / "seeds", documents)
    (documents / "empty.txt").write_bytes(b"")
    (documents / "photo.jpg").write_bytes(b"\xff\xd8")
    code, out, _ = run("build", documents, "--index", tmp_path / "index")
    assert code == 3
    assert "1 indexed, 1 skipped, 1 failed" in out
    rows = [line.split(maxsplit=2) for line in out.splitlines()]
    assert [row[:2] for row in rows[:2]] == [["failed", "empty.txt"], ["skipped", "photo.jpg"]]
    assert rows[1][2].startswith("type not supported: .jpg")
    code, out, _ = run("build", documents, "--index", tmp_path / "index", "--json")
    *progress, told = [json.loads(line) for line in out.splitlines()]
    assert {each["event"] for each in progress} == {"progress"}
    assert (code, told["event"], told["complete"]) == (3, "report", False)
    assert [item["uri"] for item in told["unread"]] == ["empty.txt", "photo.jpg"]
    assert told["version"] == read_pointer(tmp_path / "index").version


def test_a_quiet_build_says_only_what_failed(run, tmp_path):
    """Nothing where all is well; each failure and its exit code where not."""
    (tmp_path / "good.txt").write_text("The lease ends on 30 April 2027.", encoding="utf-8")
    index = ("--index", tmp_path / ".index")
    assert run("build", tmp_path, *index, "--quiet") == (0, "", "")
    (tmp_path / "empty.txt").write_bytes(b"")
    code, out, err = run("build", tmp_path, *index, "-q")
    assert (code, out) == (3, "")
    assert "failed empty.txt: " in err
    assert err.count("\n") == 1


def test_a_program_is_told_of_a_build_that_failed(run, tmp_path):
    """The last object says why and what still answers; the exit code is 1."""
    (tmp_path / "good.txt").write_text("The lease ends on 30 April 2027.", encoding="utf-8")
    index = ("--index", tmp_path / ".index", "--json")
    run("build", tmp_path, *index)
    (tmp_path / "good.txt").unlink()
    code, out, err = run("build", tmp_path, *index)
    told = json.loads(out.splitlines()[-1])
    assert (code, told["event"]) == (1, "failed")
    assert err == f"quoth: {told['reason']}\n"
    assert told["published"] == read_pointer(tmp_path / ".index").version
    assert f"snapshot {told['published']} stays published" in err


def test_listing_the_documents_and_what_is_none(run, tmp_path):
    """The same three lists for people and programs."""
    (tmp_path / "lease.txt").write_text("It ends on 30 April 2027.", encoding="utf-8")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    index = ("--index", tmp_path / ".index")
    run("build", tmp_path, *index)
    assert run("documents", *index)[1].splitlines()[1].split()[0] == "lease.txt"
    assert "photo.jpg" in run("documents", *index, "--unread")[1]
    told = json.loads(run("documents", *index, "--json")[1])
    assert [each["uri"] for each in told["documents"]] == ["lease.txt"]
    assert {"photo.jpg"} <= {each["uri"] for each in told["unread"]}
    assert run("documents", "--index", tmp_path / "none")[0] == 1


def test_describing_the_index(run, seeds_index):
    """For people and programs; no model is loaded for it."""
    version = read_pointer(seeds_index).version
    assert version in run("index", "--index", seeds_index)[1]
    assert json.loads(run("index", "--index", seeds_index, "--json")[1])["version"] == version
    code, _, err = run("index", "--index", "nowhere")
    assert (code, err.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    "command",
    [*(command.name or command.callback.__name__ for command in app.registered_commands)],
)
def test_every_command_has_help_with_an_example(run, command):
    """Whoever asks for help can copy a line."""
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"quoth {command} " in out.partition("Example")[2]


def test_the_exit_codes_are_in_the_help(run):
    """All that the commands end with."""
    words = " ".join(run("--help")[1].split())
    for code in (OK, FAILED, 2, PARTIAL, INTERRUPTED):
        assert f"{code} " in words.partition("Exit codes: ")[2]


def test_asking_shows_the_answer_s_passage_with_its_place(run, seeds_index):
    """The first passage holds 1,700, and its line is one a terminal can open."""
    code, out, _ = run("ask", QUESTION, "--index", seeds_index, "--top-k", 1)
    assert code == 0
    assert "About 1,700" in out
    line = next(
        number
        for number, text in enumerate(
            (ROOT / "seeds" / "ukraine-crisis-drills.md").read_text().split("\n"), start=1
        )
        if "About 1,700" in text
    )
    assert f"ukraine-crisis-drills.md:{line}" in out


def test_asking_in_json_gives_a_citation_to_check(run, seeds_index):
    """The quote is what the file holds at its span, and its sha256 is the quote's."""
    code, out, _ = run("ask", QUESTION, "--index", seeds_index, "--json")
    assert code == 0
    citation = json.loads(out)["passages"][0]["citation"]
    text = (ROOT / "seeds" / citation["document"]["uri"]).read_text(encoding="utf-8")
    quote = text[citation["span"]["start"] : citation["span"]["end"]]
    assert "1,700" in quote
    assert quote == citation["quote"]["exact"]
    assert sha256(quote.encode()).hexdigest() == citation["quote"]["sha256"]


def test_asking_reads_where_there_is_a_reader(run, seed_index, monkeypatch):
    """The answer stands first; in JSON it is the API's reply; a corpus' calibration is used."""
    monkeypatch.setattr("service.models.open_reader", lambda *_: loaded())
    stated = "how many American soldiers were sent to Poland?"
    code, out, _ = run("ask", stated, "--index", seed_index)
    assert code == 0
    assert out.index("1,700") < out.index("72 % sure; from [1] Drills near the border, drills.md:")
    told = json.loads(run("ask", stated, "--index", seed_index, "--json")[1])
    assert (told["status"], told["answer"]["text"]) == ("answered", "1,700")
    monkeypatch.setenv("QUOTH_ABSTAIN_BELOW", "0.9")
    assert "The documents do not say." in run("ask", stated, "--index", seed_index)[1]


def test_asking_once_takes_more_time_to_read_unless_told(run, seeds_index, monkeypatch):
    """The service's 150 ms are for many who wait for each other; who sets them has them."""
    asked = []

    def spy(encoded, opened, request_id, others_wait):
        asked.append((opened.reading.alone_ms, others_wait()))
        return answer_question(encoded, opened, request_id, others_wait=others_wait)

    monkeypatch.setattr("service.asking.answer_question", spy)
    run("ask", QUESTION, "--index", seeds_index)
    monkeypatch.setenv("QUOTH_READ_BUDGET_MS", "150")
    run("ask", QUESTION, "--index", seeds_index)
    assert asked == [(ALONE_MS, False), (None, False)]


def test_a_reader_that_cannot_be_loaded_stops_asking_and_serving(
    run, seeds_index, monkeypatch, tmp_path
):
    """One sentence that names the folder; nothing is served without what was asked for."""
    monkeypatch.setenv("QUOTH_READER", str(tmp_path / "moved"))
    for arguments in (("ask", QUESTION), ("serve", "--port", 0)):
        code, _, err = run(*arguments, "--index", seeds_index)
        assert code == 1
        assert err.startswith("quoth: QUOTH_READER names ")
        assert "moved" in err
        assert err.strip().count("\n") == 0


def test_the_original_article_answers_too(run, tmp_path):
    """Plain text of one's own is asked by the same commands."""
    (tmp_path / "note.txt").write_text(
        "Lease of the workshop\n\nThe lease began in May 2021.\n\nIt ends on 30 April 2027, and "
        "may be extended by two years.\n",
        encoding="utf-8",
    )
    run("build", tmp_path / "note.txt", "--index", tmp_path / "index")
    code, out, _ = run("ask", "when does the lease end?", "--index", tmp_path / "index")
    assert code == 0
    assert "note.txt:" in out
    assert "30 April 2027" in out


def test_verifying_finds_a_changed_byte(run, seeds_index, tmp_path):
    """Whole is exit code 0; damaged is 1, naming the file and the remedy."""
    assert run("verify", "--index", seeds_index)[0] == 0
    shutil.copytree(seeds_index, tmp_path / "index")
    folder = tmp_path / "index" / SNAPSHOTS / read_pointer(seeds_index).version
    texts = bytearray((folder / "texts.utf8").read_bytes())
    texts[100] ^= 1
    (folder / "texts.utf8").write_bytes(bytes(texts))
    code, out, err = run("verify", "--index", tmp_path / "index")
    assert code == 1
    assert "texts.utf8 has sha256" in out
    assert "rebuild it with `quoth build`" in err


@pytest.mark.parametrize(
    ("arguments", "ends", "words"),
    [
        (("build", "no-such-folder"), 1, ["no-such-folder", "no such file"]),
        (("ask", "why?", "--index", "nowhere"), 1, ["nowhere", "quoth build"]),
        (("verify", "--index", "nowhere"), 1, ["nowhere", "quoth build"]),
        (("ask", "   "), 2, ["question"]),
        (("ask", "x" * 2001), 2, ["question", "2000"]),
        (("ask", "why?", "--top-k", "51"), 2, ["--top-k", "51", "from 1 to 50"]),
        (("ask", "why?", "--filter", "{"), 2, ["--filter", "JSON"]),
        (("ask", "why?", "--filter", "author=Ines"), 2, ["is no filter", '{"op": "eq", "field"']),
        (("ask", "why?", "--filter", "3"), 2, ["'3' is no filter", '{"op": "eq", "field"']),
        (("ask", "why?", "--filter", '{"op": "like"}', "--index", "nowhere"), 2, ["like"]),
        (("serve", "--host", "0.0.0.0"), 2, ["--host is '0.0.0.0'", "QUOTH_API_KEYS"]),
        (("serve", "--port", "70000"), 2, ["--port is '70000'", "65535"]),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(run, arguments, ends, words):
    """The exit code, that of wrong usage for what no option, filter or question can be, and one
    line that names the thing and the remedy; no traceback.
    """
    code, out, err = run(*arguments)
    assert (code, out) == (ends, "")
    assert err.strip().count("\n") == 0
    for word in words:
        assert word in err


def test_mcp_without_its_sdk_names_the_extra(run, monkeypatch):
    """One sentence, before anything is loaded."""
    monkeypatch.setattr("service.mcp.door.find_spec", lambda _name: None)
    code, out, err = run("mcp")
    assert (code, out) == (1, "")
    assert ".[mcp]" in err


def test_a_missing_folder_is_told_before_anything_is_loaded_or_made(run, tmp_path, monkeypatch):
    """A slip of the keyboard costs no model's loading and leaves no folder behind."""
    monkeypatch.setattr("service.models.load_encoder", lambda *_: pytest.fail("loaded"))
    code, _, err = run("build", tmp_path / "typo", "--index", tmp_path / "index")
    assert code == 1
    assert f"cannot build from {tmp_path / 'typo'}: no such file or folder" in err
    assert not (tmp_path / "index").exists()


def test_a_failing_file_system_is_told_in_one_sentence(run, tmp_path, monkeypatch):
    """An error of the operating system names its file, and is no traceback."""

    def full(*_):
        raise OSError(28, "No space left on device", "vectors.npy")

    monkeypatch.setattr("service.building.build", full)
    code, _, err = run("build", tmp_path, "--index", tmp_path / "index")
    assert (code, err.strip()) == (1, "quoth: vectors.npy: No space left on device")


def test_an_empty_folder_is_named(run, tmp_path):
    """There is nothing to publish, and nothing is."""
    (tmp_path / "hollow").mkdir()
    code, _, err = run("build", tmp_path / "hollow", "--index", tmp_path / "index")
    assert code == 1
    assert "hollow" in err
    assert not (tmp_path / "index" / "current.json").exists()


def test_an_unknown_setting_stops_every_command(run, monkeypatch):
    """A misspelt variable is not ignored; the nearest one is offered."""
    monkeypatch.setenv("QUOTH_INDX", "somewhere")
    code, _, err = run("verify")
    assert code == 2
    assert "QUOTH_INDX is no setting; did you mean QUOTH_INDEX?" in err


def test_a_document_cannot_steer_the_terminal(run, tmp_path):
    """Escape sequences and rich's own markup in a document are shown, not obeyed."""
    (tmp_path / "evil.txt").write_text(
        "The troops \x1b[2J\x1b]0;owned\x07 are [bold red]1,700[/] in Poland.", encoding="utf-8"
    )
    run("build", tmp_path / "evil.txt", "--index", tmp_path / "index")
    code, out, _ = run("ask", "troops in Poland", "--index", tmp_path / "index")
    assert code == 0
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "[bold red]1,700[/]" in out


def test_a_port_in_use_is_told_before_anything_is_loaded(run, seeds_index, monkeypatch):
    """The message names host, port and how to choose another; nothing is said to be loading."""
    monkeypatch.setattr("service.serving.create_app", lambda *_: pytest.fail("loaded"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, out, err = run("serve", "--index", seeds_index, "--port", port)
    assert (code, out) == (2, "")
    assert f"cannot listen on 127.0.0.1 port {port}" in err
    assert "--port" in err


def test_drafting_questions_and_asking_them(run, tmp_path, seeds_index):
    """Drafts are told from questions: refused as they are, measured once a person passed one."""
    path = tmp_path / "questions.jsonl"
    code, out, err = run("questions", ROOT / "seeds", "--output", path, "--count", 3)
    assert (code, out) == (0, "")
    assert err.startswith("3 drafts with an answer, ")
    assert run("questions", ROOT / "seeds", "-o", path)[0] == 2  # nothing is written over
    evaluate = ("evaluate", path, "--index", seeds_index, "--reader", "none", "-q")
    code, out, _ = run(*evaluate)
    assert code == 1
    assert "holds drafts only" in out
    first, *others = path.read_text(encoding="utf-8").splitlines()
    lines = [first.replace('"draft": true, ', ""), *others]
    path.write_text("\n".join(lines), encoding="utf-8")
    code, out, _ = run(*evaluate)
    assert code == 0
    assert "1 questions, 1 judged" in out
    assert f"drafts left out: {len(others)}" in out


def test_drafts_go_to_standard_output(run):
    """One JSON object a line, told apart from what is said of them."""
    code, out, _ = run("questions", ROOT / "seeds", "--count", 2, "--unanswerable", 0)
    assert code == 0
    assert [json.loads(line)["draft"] for line in out.splitlines()] == [True, True]


def test_ctrl_c_ends_any_command_in_one_sentence(run, monkeypatch, seeds_index):
    """Exit code 130, as a shell has it for SIGINT, and no traceback."""

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("service.asking.ask_once", interrupted)
    code, out, err = run("ask", QUESTION, "--index", seeds_index)
    assert (code, out, err.count("\n")) == (INTERRUPTED, "", 1)
