"""What counts as a change, on a real file system."""

from __future__ import annotations

import shutil
import threading
from queue import Empty, Queue

import pytest
import watchfiles

from service import watching
from service.watching import changes


@pytest.fixture
def told(monkeypatch, tmp_path):
    """Starts watching paths on a thread; each change is put into the queue returned."""
    monkeypatch.setattr(watching, "LOOK", 50)
    monkeypatch.setattr(watching, "DEBOUNCE", 200)
    monkeypatch.setattr(watching, "STEP", 50)
    ended = threading.Event()
    threads = []

    def start(*paths):
        found = Queue()

        def watch():
            for _ in changes(paths, tmp_path / "notes" / "index"):
                if ended.is_set():
                    return
                found.put("changed")

        threads.append(threading.Thread(target=watch, daemon=True))
        threads[-1].start()
        assert found.get(timeout=10) == "changed"  # at once: the first build
        return found

    yield start
    ended.set()


def is_quiet(found):
    try:
        found.get(timeout=0.7)
    except Empty:
        return True
    return False


@pytest.fixture
def notes(tmp_path):
    (tmp_path / "notes" / "index").mkdir(parents=True)
    (tmp_path / "notes" / "a.txt").write_text("one")
    return tmp_path / "notes"


def test_a_burst_is_one_change(told, notes):
    """Ten files written at once are built once."""
    found = told(notes)
    for number in range(10):
        (notes / f"{number}.txt").write_text("new")
    assert found.get(timeout=10) == "changed"
    assert is_quiet(found)


def test_hidden_files_and_the_index_do_not_count(told, notes):
    """A build must not set off the next."""
    found = told(notes)
    (notes / ".swap").write_text("x")
    (notes / ".git").mkdir()
    (notes / ".git" / "HEAD").write_text("x")
    (notes / "index" / "current.json").write_text("{}")
    assert is_quiet(found)


def test_a_single_file_is_followed_through_an_editor_s_save(told, notes):
    """Which puts another file in its place; files beside it do not count."""
    found = told(notes / "a.txt")
    (notes / "b.txt").write_text("beside")
    assert is_quiet(found)
    (notes / "fresh").write_text("two")
    (notes / "fresh").replace(notes / "a.txt")
    assert found.get(timeout=10) == "changed"


def test_a_folder_that_vanishes_and_returns_is_watched_again(told, notes):
    """Its going and its coming are changes, and what happens in it afterwards is."""
    found = told(notes)
    shutil.rmtree(notes)
    assert found.get(timeout=10) == "changed"
    notes.mkdir()
    assert found.get(timeout=10) == "changed"
    while not is_quiet(found):
        pass
    (notes / "new.txt").write_text("again")
    assert found.get(timeout=10) == "changed"


def deleted_and_made(notes):
    shutil.rmtree(notes)
    notes.mkdir()


def swapped(notes):
    notes.rename(notes.with_name("old"))
    notes.mkdir()


@pytest.mark.parametrize("replace", [deleted_and_made, swapped])
def test_a_folder_replaced_between_two_looks_is_watched_again(told, notes, replace):
    """As a checkout or a copy does it; the watch held on to the one that was there before."""
    found = told(notes)
    replace(notes)
    assert found.get(timeout=10) == "changed"
    while not is_quiet(found):
        pass
    (notes / "new.txt").write_text("again")
    assert found.get(timeout=10) == "changed"


def test_a_folder_gone_for_the_moment_in_which_watching_begins_is_watched(told, notes, monkeypatch):
    """The system refuses to watch it then; it is tried again."""
    refused = []

    def watch(*folders, **options):
        if not refused:
            refused.append(folders)
            raise FileNotFoundError(folders[0])
        yield from watchfiles.watch(*folders, **options)

    monkeypatch.setattr(watching, "watch", watch)
    found = told(notes)
    assert refused
    (notes / "new.txt").write_text("again")
    assert found.get(timeout=10) == "changed"


def test_what_does_not_count_hides_nothing(told, notes):
    """While something writes a hidden file all the time, the first build is begun, and a single
    file beside it is followed.
    """
    ended = threading.Event()

    def write():
        while not ended.wait(0.02):
            (notes / ".swap").write_text("x")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = told(notes, notes.with_name("single.txt"))
        assert is_quiet(found)
        notes.with_name("single.txt").write_text("new")
        assert found.get(timeout=10) == "changed"
    finally:
        ended.set()
        writer.join()


def test_a_link_is_followed_where_it_leads_now(told, notes):
    """As a deployment switches it: that is a change, and so is what happens there then."""
    later, link = notes.with_name("later"), notes.with_name("link")
    later.mkdir()
    link.symlink_to(notes)
    found = told(link)
    notes.with_name("next").symlink_to(later)
    notes.with_name("next").replace(link)
    assert found.get(timeout=10) == "changed"
    while not is_quiet(found):
        pass
    (later / "new.txt").write_text("new")
    assert found.get(timeout=10) == "changed"
