"""What a folder may hold that is no plain file: links out of it, pipes, devices, odd names."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SECRET = "the-heron-keeps-this-to-itself"
"""Stands in a file beside the folder, and must never be read."""


def lay(folder: Path, beside: Path) -> list[str]:
    """Puts everything into ``folder``, and what it must not reach into ``beside``; the names laid.

    Devices are left out where the system does not allow to make them.
    """
    beside.mkdir()
    (beside / "secret.txt").write_text(SECRET, encoding="utf-8")
    return [*_links(folder, beside), *_specials(folder), *_names(folder)]


def _links(folder: Path, beside: Path) -> Iterator[str]:
    targets = {
        "link-out.txt": beside / "secret.txt",
        "link-up.txt": Path("..") / beside.name / "secret.txt",
        "link-folder": beside,
        "link-root": Path("/"),
        "link-passwd.txt": Path("/etc/passwd"),
        "link-environ.txt": Path("/proc/self/environ"),
        "link-zero.txt": Path("/dev/zero"),
        "link-stdin.txt": Path("/dev/stdin"),
        "link-itself.txt": Path("link-itself.txt"),
        "link-there.txt": Path("link-back.txt"),
        "link-back.txt": Path("link-there.txt"),
        "link-nowhere.txt": Path("gone.txt"),
        "link-below-a-file.txt": Path("plain.txt/x"),
        "link-here": Path(),
        "link-chain.txt": Path("link-out.txt"),
    }
    (folder / "plain.txt").write_text("Plain words.", encoding="utf-8")
    yield "plain.txt"
    for name, target in targets.items():
        (folder / name).symlink_to(target)
        yield name


def _specials(folder: Path) -> Iterator[str]:
    os.mkfifo(folder / "pipe.txt")
    yield "pipe.txt"
    server = socket.socket(socket.AF_UNIX)
    with suppress(OSError):  # its path may be too long for a socket
        server.bind(str(folder / "socket.txt"))
        yield "socket.txt"
    server.close()
    with suppress(PermissionError):
        os.mknod(folder / "zero.txt", 0o20666, os.makedev(1, 5))
        yield "zero.txt"
    (folder / "unreadable.txt").write_text("Nobody's words.", encoding="utf-8")
    (folder / "unreadable.txt").chmod(0)
    yield "unreadable.txt"
    (folder / "folder.pdf").mkdir()
    deep = folder
    for _ in range(60):
        deep = deep / "down"
        deep.mkdir()
    (deep / "deep.txt").write_text("Deep words.", encoding="utf-8")
    yield str((deep / "deep.txt").relative_to(folder))


def _names(folder: Path) -> Iterator[str]:
    for name in (
        "new\nline.txt",
        "tab\t.txt",
        "\x1b[31mred.txt",
        "\u202etxt.exe.txt",
        "-rf.txt",
        "$(id).txt",
        "' OR 1=1.txt",
        f"{'x' * 250}.txt",
        "no-suffix",
        "double.txt.exe",
        ".hidden.txt",
    ):
        (folder / name).write_text("Named words.", encoding="utf-8")
        yield name
    raw = os.fsencode(folder) + b"/\xff\xfe.txt"
    with open(raw, "wb") as file:  # noqa: PTH123 - no Path holds such a name
        file.write(b"Nameless words.")
    yield "\\xff\\xfe.txt"
