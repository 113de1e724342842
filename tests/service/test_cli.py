"""The commands as a person runs them: what they print, what they return, how they fail."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from hashlib import sha256
from pathlib import Path

import pytest

from index.pointer import SNAPSHOTS, read_pointer
from service.cli import main

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "how many US troops went to Poland?"
COMMAND = [sys.executable, "-c", "from service.cli import main; main()"]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("QUOTH_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _loaded(encoder, monkeypatch):
    """The commands use the encoder that is loaded already, which they cannot tell apart."""
    monkeypatch.setattr("index.encoder.load_encoder", lambda _name: encoder)
    monkeypatch.setattr("service.asking.load_encoder", lambda _name: encoder)


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
    assert "failed  empty.txt: " in out
    assert "skipped photo.jpg: type not supported: .jpg" in out
    code, out, _ = run("build", documents, "--index", tmp_path / "index", "--json")
    told = json.loads(out)
    assert (code, told["complete"]) == (3, False)
    assert [item["uri"] for item in told["unread"]] == ["empty.txt", "photo.jpg"]
    assert told["version"] == read_pointer(tmp_path / "index").version


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
    ("arguments", "words"),
    [
        (("build", "no-such-folder"), ["no-such-folder", "no such file"]),
        (("ask", "why?", "--index", "nowhere"), ["nowhere", "quoth build"]),
        (("verify", "--index", "nowhere"), ["nowhere", "quoth build"]),
        (("ask", "   "), ["question"]),
        (("ask", "x" * 2001), ["question", "2000"]),
        (("ask", "why?", "--top-k", "51"), ["QUOTH_TOP_K", "51", "from 1 to 50"]),
        (("ask", "why?", "--filter", "{"), ["--filter", "JSON"]),
        (("serve", "--host", "0.0.0.0"), ["QUOTH_API_KEYS", "0.0.0.0"]),
        (("serve", "--port", "70000"), ["QUOTH_PORT", "70000", "65535"]),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(run, arguments, words):
    """Exit code 1 and one line that names the thing and the remedy; no traceback."""
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert err.strip().count("\n") == 0
    for word in words:
        assert word in err


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
    assert code == 1
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_port_in_use_is_told_before_anything_is_loaded(run, seeds_index):
    """The message names host, port and how to choose another."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, _, err = run("serve", "--index", seeds_index, "--port", port)
    assert code == 1
    assert f"cannot listen on 127.0.0.1 port {port}" in err
    assert "--port" in err


def test_a_real_server_answers_and_stops_gracefully(seeds_index):
    """As its own process: it says where to ask, answers there, and ends with code 0 on SIGTERM."""
    port = _free_port()
    server = subprocess.Popen(
        [*COMMAND, "serve", "--index", str(seeds_index), "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        site = f"http://127.0.0.1:{port}"
        assert site in server.stdout.readline()
        assert f"{site}/v1/ask" in server.stdout.readline()
        _wait_until_ready(site)
        asked = urllib.request.Request(
            f"{site}/v1/ask",
            data=json.dumps({"question": QUESTION}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=30) as reply:
            told = json.load(reply)
        citation = told["passages"][0]["citation"]
        with urllib.request.urlopen(site + citation["links"]["text"], timeout=30) as reply:
            text = reply.read().decode()
        quote = text[citation["span"]["start"] : citation["span"]["end"]]
        assert "1,700" in quote
        assert quote == citation["quote"]["exact"]
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def _wait_until_ready(site: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{site}/readyz", timeout=60):
                return
        except urllib.error.URLError:
            time.sleep(0.25)
    raise AssertionError("the server was not ready within a minute")
