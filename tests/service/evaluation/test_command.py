"""The command: what it is told, what it prints, how it exits."""

from __future__ import annotations

import pytest

from service.evaluation.command import main


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in (
        "QUOTH_DATA",
        "QUOTH_ENCODER",
        "QUOTH_INDEX",
        "QUOTH_TOP_K",
        "QUOTH_READER",
        "QUOTH_READ_DEPTH",
    ):
        monkeypatch.delenv(name, raising=False)


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    shown = capsys.readouterr()
    return stopped.value.code or 0, shown.out, shown.err


def test_suite_without_data(capsys, monkeypatch, tmp_path):
    """Without data the whole suite is skipped, says so, and counts as done."""
    code, out, _ = run(capsys, "--all")
    assert code == 0
    assert out == "skipped: no data folder is named; give --data DIR or set QUOTH_DATA\n"
    monkeypatch.setenv("QUOTH_DATA", str(tmp_path / "gone"))
    code, out, _ = run(capsys, "--all")
    assert code == 0
    assert f"skipped: no evaluation sets are in {tmp_path / 'gone'}" in out


@pytest.mark.parametrize("arguments", [["--set", "scifact"], ["--all", "--data", "gone"]])
def test_named_data_missing(capsys, arguments):
    """What somebody named must be there."""
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (1, "")
    assert err.startswith("quoth: no ")


def test_no_such_path(capsys, tmp_path):
    """A path that is no set ends as one sentence."""
    code, _, err = run(capsys, str(tmp_path / "gone"))
    assert code == 1
    assert err.startswith(f"quoth: {tmp_path / 'gone'} does not exist; expected a folder with")
    assert err.count("\n") == 1


def test_no_arguments(capsys):
    """Nothing to do is wrong usage."""
    code, _, err = run(capsys)
    assert code == 2
    assert "--set NAME or --all" in err


def test_named_reader_missing(capsys, data):
    """A reader that is named must be there."""
    code, _, err = run(capsys, str(data / "squad.json"), "--reader", str(data / "gone"), "-q")
    assert code == 1
    assert err.startswith("quoth: ")
    assert "gone" in err


def test_no_reader(capsys, data):
    """Without a reader nothing is read, and what needs one says so."""
    squad = str(data / "squad.json")
    code, out, _ = run(capsys, squad, "--reader", "none", "-q")
    assert code == 0
    assert "re-ranked" not in out
    code, out, _ = run(capsys, squad, "--reader", "none", "--paragraph", "-q")
    assert code == 1
    assert "cannot be read: there is no reader" in out


def test_depth_out_of_range(capsys, data):
    """A depth that the service would refuse is refused here too."""
    code, _, err = run(capsys, str(data / "squad.json"), "--read-depth", "0")
    assert (code, err) == (1, "quoth: --read-depth is '0': give a number from 1 to 50\n")


def test_report_page(capsys, data, tmp_path):
    """The page is written and named; where it cannot be, that is told before anything is loaded."""
    page = tmp_path / "report.html"
    squad = str(data / "squad.json")
    code, out, _ = run(capsys, squad, "--reader", "none", "-q", "--report", str(page))
    assert code == 0
    assert out.endswith(f"report: {page}\n")
    assert "squad.json" in page.read_text(encoding="utf-8")
    code, out, err = run(capsys, squad, "--report", str(tmp_path / "gone" / "r.html"))
    assert (code, out) == (1, "")
    assert "there is no folder" in err
