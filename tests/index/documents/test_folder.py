"""A folder is walked in a stable order, and nothing outside it is touched."""

import os
import socket
from contextlib import nullcontext
from pathlib import Path

import pytest

from index.documents.folder import Skipped, Source, walk
from index.errors import InvalidSource


def make(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    return root


def uris(paths, **options):
    return [source.uri for source in walk(paths, **options)[0]]


def reasons(paths, **options):
    return {item.uri: item.reason for item in walk(paths, **options)[1]}


def test_documents_in_the_order_of_their_uris(tmp_path):
    """Uris are relative, with forward slashes, ordered by code point."""
    make(tmp_path, "b.md", "a/z.txt", "a.txt", "a/é.html", "B.MD", "a/b/c.htm")
    sources, skipped = walk([tmp_path])
    assert [s.uri for s in sources] == ["B.MD", "a.txt", "a/b/c.htm", "a/z.txt", "a/é.html", "b.md"]
    assert sources[1] == Source(tmp_path / "a.txt", "a.txt")
    assert skipped == []


def test_hidden_and_unknown_are_listed(tmp_path):
    """What is skipped is named with its reason; a hidden folder is not entered."""
    make(tmp_path, "a.md", ".hidden.md", ".git/x.md", "photo.JPG", "Makefile")
    assert uris([tmp_path]) == ["a.md"]
    assert walk([tmp_path])[1] == [
        Skipped(".git", "hidden"),
        Skipped(".hidden.md", "hidden"),
        Skipped("Makefile", "type not supported: no suffix"),
        Skipped("photo.JPG", "type not supported: .JPG"),
    ]


def test_one_file(tmp_path):
    """A file named directly is known by its name, and may be hidden."""
    make(tmp_path, "sub/a.md", "sub/.b.md", "sub/c.mp3")
    assert uris([tmp_path / "sub/a.md"]) == ["a.md"]
    assert uris([tmp_path / "sub/.b.md"]) == [".b.md"]
    assert reasons([tmp_path / "sub/c.mp3"]) == {"c.mp3": "type not supported: .mp3"}


def test_several_paths_carry_their_folders_names(tmp_path):
    """With several paths each uri begins with its folder's name."""
    make(tmp_path, "one/a.md", "two/a.md", "two/.x", "three.md")
    paths = [tmp_path / "two", tmp_path / "one", tmp_path / "three.md"]
    assert uris(paths) == ["one/a.md", "three.md", "two/a.md"]
    assert reasons(paths) == {"two/.x": "hidden"}


def test_the_current_folder(tmp_path, monkeypatch):
    """ "." is the folder it is, not a hidden one."""
    make(tmp_path, "a.md")
    monkeypatch.chdir(tmp_path)
    assert walk([Path()])[0] == [Source(tmp_path / "a.md", "a.md")]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["x/docs", "y/docs"], "x/docs and .*y/docs have the same name"),
        (["x", "x/docs"], "x and .*x/docs overlap"),
        (["x/docs", "x/docs/../docs"], "overlap"),
        (["x/docs", "x/docs/a.md"], "overlap"),
        (["nowhere"], "nowhere: no such file"),
        (["x/docs/a.md/b"], "not a directory"),
    ],
)
def test_paths_that_cannot_be_built_from(tmp_path, names, message):
    """Missing, overlapping and same-named paths are refused by name."""
    make(tmp_path, "x/docs/a.md", "y/docs/b.md")
    with pytest.raises(InvalidSource, match=message):
        walk([tmp_path / name for name in names])


def test_links_are_followed_only_within_the_folder(tmp_path):
    """Each link is read once, or listed with its reason."""
    make(
        tmp_path, "docs/real.md", "docs/.store/kept.md", "docs/sub/x.md", "secret.md", "docs/z.bin"
    )
    docs = tmp_path / "docs"
    links = {
        "again.md": "real.md",
        "kept.md": ".store/kept.md",
        "kept2.md": ".store/kept.md",
        "out.md": "../secret.md",
        "absolute.md": str(tmp_path / "secret.md"),
        "sub2": "sub",
        "up": "..",
        "self": ".",
        "gone.md": "nothing.md",
        "loop.md": "loop.md",
        "out2.md": "out.md",
        "z.md": "z.bin",
        "bin.zip": ".store/kept.md",
    }
    for name, target in links.items():
        (docs / name).symlink_to(target)
    sources, skipped = walk([docs])
    assert [(s.uri, s.path) for s in sources] == [
        ("kept.md", docs / ".store/kept.md"),
        ("real.md", docs / "real.md"),
        ("sub/x.md", docs / "sub/x.md"),
        ("z.md", docs / "z.bin"),
    ]
    assert {item.uri: item.reason for item in skipped} == {
        ".store": "hidden",
        "again.md": "link to real.md, which is read already",
        "kept2.md": "link to kept.md, which is read already",
        "out.md": "link leaves the folder",
        "absolute.md": "link leaves the folder",
        "out2.md": "link leaves the folder",
        "up": "link leaves the folder",
        "sub2": "link to a folder",
        "self": "link to a folder",
        "gone.md": "link to nothing",
        "loop.md": "link to nothing",
        "bin.zip": "type not supported: .zip",
        "z.bin": "type not supported: .bin",
    }


def test_a_folder_beside_with_a_longer_name_is_outside(tmp_path):
    """docs-private does not lie in docs, though its name begins so."""
    make(tmp_path, "docs/a.md", "docs-private/b.md")
    (tmp_path / "docs/b.md").symlink_to(tmp_path / "docs-private/b.md")
    assert reasons([tmp_path / "docs"]) == {"b.md": "link leaves the folder"}


def test_a_root_that_is_a_link(tmp_path):
    """A folder may be named by a link; a loop of links is no folder."""
    make(tmp_path, "real/a.md")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "loop").symlink_to("loop")
    assert walk([tmp_path / "link"])[0] == [Source(tmp_path / "real/a.md", "a.md")]
    with pytest.raises(InvalidSource, match="loop"):
        walk([tmp_path / "loop"])


def test_pipes_and_sockets_are_never_opened(tmp_path, monkeypatch):
    """They are listed; a folder with a pipe named like a document does not hang the build."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.md")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.md")
        (tmp_path / "link.md").symlink_to("pipe.md")
        reason = "neither a file nor a folder (a socket, pipe or device)"
        assert reasons([tmp_path]) == {
            "pipe.md": reason,
            "socket.md": reason,
            "link.md": "link to neither a file nor a folder",
        }
    with pytest.raises(InvalidSource, match="neither a file nor a folder"):
        walk([tmp_path / "pipe.md"])


def test_a_folder_that_cannot_be_listed(tmp_path, monkeypatch):
    """A closed subfolder is a failure that stops nothing; a closed root is refused."""
    make(tmp_path, "a.md", "closed/b.md", "z/c.md", "photo.jpg")
    scandir = os.scandir

    def refuse(path):
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert uris([tmp_path]) == ["a.md", "z/c.md"]
    remedy = "make it readable for this user, or move it out of the folder"
    assert walk([tmp_path])[1] == [
        Skipped("closed", f"permission denied; {remedy}", is_failure=True),
        Skipped("photo.jpg", "type not supported: .jpg"),
    ]
    with pytest.raises(InvalidSource, match="closed: permission denied"):
        walk([tmp_path / "closed"])


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FileNotFoundError(2, "No such file"), "it vanished while the folder was listed; build "),
        (OSError(5, "Input/output error"), "input/output error; see to the disk it lies on, "),
    ],
)
def test_an_entry_that_cannot_be_looked_at_is_a_failure(tmp_path, monkeypatch, error, reason):
    """A document may be missing through it, so it is not passed over by rule."""

    class Broken:
        name = "broken.md"
        path = str(tmp_path / name)

        def is_symlink(self):
            raise error

    monkeypatch.setattr(os, "scandir", lambda _: nullcontext([Broken()]))
    (found,) = walk([tmp_path])[1]
    assert found.uri == "broken.md"
    assert found.is_failure
    assert found.reason.startswith(reason)


def test_a_link_that_cannot_be_followed_is_a_failure(tmp_path, monkeypatch):
    """Behind a closed door may lie a document; a link to nothing surely has none."""
    make(tmp_path, "a.md")
    for name in ("shut.md", "gone.md"):
        (tmp_path / name).symlink_to(f"nowhere/{name}")
    realpath = os.path.realpath

    def refuse(path, **options):
        if Path(path).name == "shut.md":
            raise PermissionError(13, "Permission denied", str(path))
        return realpath(path, **options)

    monkeypatch.setattr(os.path, "realpath", refuse)
    skipped = walk([tmp_path])[1]
    assert [(item.uri, item.is_failure) for item in skipped] == [
        ("gone.md", False),
        ("shut.md", True),
    ]
    assert "link to nothing" in skipped[0].reason
    assert "make it readable" in skipped[1].reason


def test_names_that_are_no_utf8_are_listed(tmp_path):
    """Such a name could be in no uri; it is shown escaped and its folder not entered."""
    make(tmp_path, "a.md")
    folder = os.fsencode(tmp_path)
    try:
        Path(os.fsdecode(folder + b"/caf\xe9")).mkdir()
        Path(os.fsdecode(folder + b"/caf\xe9/x.md")).write_text("x")
        Path(os.fsdecode(folder + b"/\xff.md")).write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert uris([tmp_path]) == ["a.md"]
    reason = "its name is not valid UTF-8; rename it"
    assert reasons([tmp_path]) == {"caf\\xe9": reason, "\\xff.md": reason}


def test_the_index_folder_is_left_out(tmp_path):
    """An index that lies among the documents is not indexed, nor through a link."""
    make(tmp_path, "a.md", "index/text.md")
    (tmp_path / "link.md").symlink_to("index/text.md")
    assert uris([tmp_path], exclude=tmp_path / "sub/../index") == ["a.md"]
    assert reasons([tmp_path], exclude=tmp_path / "index") == {
        "index": "the index itself",
        "link.md": "link into the index itself",
    }


def test_an_empty_folder_is_no_error_here(tmp_path):
    """Whether nothing is enough is for the build to say."""
    assert walk([tmp_path]) == ([], [])


def test_folders_nest_without_bound(tmp_path):
    """Hundreds of levels are walked without recursion."""
    deep = tmp_path
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "x.md").write_text("x")
    assert uris([tmp_path]) == ["d/" * 300 + "x.md"]
