"""What an index holds, as a person reads it."""

from __future__ import annotations

from index.build import Unread
from index.pointer import read_pointer
from index.snapshot import Snapshot
from service.index_contents import index_contents
from service.terminal.contents import print_documents, print_index, print_unread, sized


def test_documents_are_listed_with_their_counts(capsys, seed_index, seed_folder):
    """A row each, then their number."""
    print_documents(Snapshot.open(seed_index).documents, 0)
    lines = capsys.readouterr().out.splitlines()
    kitchen = next(line for line in lines if line.startswith("notes/kitchen.txt"))
    text = (seed_folder / "notes" / "kitchen.txt").read_text(encoding="utf-8")
    assert kitchen.split()[-1] == str(len(text))
    assert lines[-1].startswith("3 documents, ")


def test_a_hostile_name_stays_on_its_row(capsys):
    """Neither controls nor markup nor line ends of a file's name do anything."""
    print_unread([Unread("[red]e\x1b[2Jv\nil", "failed", "no\u202e text")])
    out = capsys.readouterr().out
    assert out.split() == ["failed", "[red]e\N{REPLACEMENT CHARACTER}[2Jv", "il", "no\N{REPLACEMENT CHARACTER}", "text"]  # fmt: skip  # noqa: E501
    assert out.count("\n") == 1


def test_failures_come_before_what_was_skipped(capsys):
    """Somebody must look at them."""
    print_unread([Unread("a.jpg", "skipped", "type"), Unread("z.txt", "failed", "empty")])
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == ["z.txt", "a.jpg"]


def test_the_index_tells_version_encoder_and_sizes(capsys, seed_index):
    """In at most 80 columns."""
    print_index(index_contents(seed_index))
    out = capsys.readouterr().out
    version = read_pointer(seed_index).version
    assert f"snapshot     {version}, published " in out
    assert "nothing: it is the first" in out
    assert "all-MiniLM-L6-v2" in out
    assert f"{version} (answers)" in out
    assert max(map(len, out.splitlines())) <= 80


def test_sizes_are_in_units_of_a_thousand():
    """Rounded to what one would say."""
    told = [sized(count) for count in (0, 999, 1000, 1550, 99_600, 999_600, 2_340_000_000)]
    assert told == ["0 B", "999 B", "1.0 kB", "1.6 kB", "100 kB", "1.0 MB", "2.3 GB"]
