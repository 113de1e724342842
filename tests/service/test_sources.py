"""From a uri back to the file."""

from __future__ import annotations

from hashlib import sha256

import pytest

from index.documents.folder import walk
from service.sources import FILE, Sources


@pytest.fixture
def folders(tmp_path):
    for name in ("notes/a.md", "notes/sub/b.txt", "reports/a.md", "single.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    "names", [["notes"], ["notes", "reports"], ["single.md"], ["notes", "single.md"], ["."]]
)
def test_every_uri_of_a_build_is_found_again(folders, names, monkeypatch):
    """Whatever was built, the walk's own pairs of uri and file come back, saved or not."""
    monkeypatch.chdir(folders)
    paths = [folders / name for name in names] if names != ["."] else [type(folders)(".")]
    sources, _ = walk(paths)
    assert sources
    known = Sources.of(paths)
    known.save(folders)
    (folders / FILE).rename(folders / "kept")
    for source in sources:
        assert known.path_of(source.uri) == source.path
    (folders / "kept").rename(folders / FILE)
    assert Sources.read(folders) == known


def test_a_changed_file_is_told_from_the_one_indexed(folders):
    """By its bytes."""
    known = Sources.of([folders / "notes"])
    before = sha256(b"notes/a.md").hexdigest()
    assert known.unchanged("a.md", before) == folders / "notes/a.md"
    (folders / "notes/a.md").write_text("another")
    assert known.unchanged("a.md", before) is None
    assert known.unchanged("gone.md", before) is None


@pytest.mark.parametrize("uri", ["../single.md", "sub/../../single.md", "sub", "", "gone.md"])
def test_nothing_beside_the_folder_is_found(folders, uri):
    """A uri leads to a file below its root, or nowhere."""
    assert Sources.of([folders / "notes"]).path_of(uri) is None


@pytest.mark.parametrize("text", ["", "[]", '{"roots": 3}', '{"roots": [["a"]]}', "{"])
def test_what_is_kept_may_be_broken(tmp_path, text):
    """Then nothing is known, and nothing fails."""
    (tmp_path / FILE).write_text(text)
    assert Sources.read(tmp_path) == Sources()
