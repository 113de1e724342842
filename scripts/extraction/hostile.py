"""Some four hundred files that are broken, or made to harm whoever opens them.

A case is a name and what makes its bytes, so that large ones take memory only in their turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from random import Random

from extraction.hostile_packages import packages
from extraction.hostile_texts import texts
from extraction.pdf_writer import Words, column, pdf
from extraction.whole_files import whole_files
from index.documents.signatures import OLE

Case = tuple[str, Callable[[], bytes]]
"""A file name, and its content once it is wanted."""

_CUTS = (0.02, 0.2, 0.5, 0.8, 0.95, 0.999)
_FLIPS = 8
_HOLES = 3
_MIB = 1024**2


def cases(is_short: bool = False) -> Iterator[Case]:
    """All of them; in short a sixth of the broken ones, and nothing that is slow by its size."""
    broken = [*_broken(whole_files())]
    yield from broken[::6] if is_short else broken
    yield from _misnamed(whole_files())
    yield from packages(whole_files(), is_short)
    yield from texts(3_000 if is_short else 20_000)
    yield from _pdfs()
    if not is_short:
        yield from _huge()


def _broken(whole: dict[str, bytes]) -> Iterator[Case]:
    for name, data in whole.items():
        stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
        for share in _CUTS:
            yield (
                f"cut-{share}-{stem}{suffix}",
                lambda data=data, share=share: data[: int(len(data) * share)],
            )
        for seed in range(_FLIPS):
            yield (
                f"flipped-{seed}-{stem}{suffix}",
                lambda data=data, seed=seed: _flipped(data, seed),
            )
        for seed in range(_HOLES):
            yield f"hole-{seed}-{stem}{suffix}", lambda data=data, seed=seed: _hole(data, seed)


def _flipped(data: bytes, seed: int) -> bytes:
    """One bit in a hundred bytes, twenty at most."""
    random, changed = Random(seed), bytearray(data)
    for _ in range(min(20, 1 + len(data) // 100)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _hole(data: bytes, seed: int) -> bytes:
    start = Random(seed).randrange(len(data))
    return data[:start] + bytes(512) + data[start + 512 :]


def _misnamed(whole: dict[str, bytes]) -> Iterator[Case]:
    """Each under the next one's suffix, and as a PDF."""
    names = [*whole]
    for name, other in zip(names, [*names[1:], names[0]], strict=True):
        yield f"really-{name}{PurePosixPath(other).suffix}", lambda name=name: whole[name]
        yield f"as-pdf-{name}.pdf", lambda name=name: whole[name] if name != "whole.pdf" else OLE
    yield "really-png.docx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100)
    yield "really-program.txt", lambda: b"\x7fELF\x02\x01\x01" + bytes(100)


def _pdfs() -> Iterator[Case]:
    """What PDFs can be made to be."""
    plain = pdf([column("Words on a page.")])
    contents = {
        "password.pdf": pdf([column("Words.")], password="secret"),
        "no-password.pdf": pdf([column("Words.")], password=""),
        "no-pages.pdf": pdf([]),
        "no-xref.pdf": plain[: plain.index(b"xref")],
        "false-xref.pdf": plain.replace(b"0000000", b"9999999"),
        "loop-of-pages.pdf": plain.replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]"),
        "false-count.pdf": plain.replace(b"/Count 1", b"/Count 2000000000"),
        "false-length.pdf": plain.replace(b"/Length ", b"/Length 99999999"),
        "loop-of-labels.pdf": pdf([column("Words.")], labels="0 << /S /r >>").replace(
            b"/PageLabels <<", b"/PageLabels << /Kids [1 0 R]"
        ),
        "far-away.pdf": pdf([[Words("Far", 1e9, -1e9, 1e9)]]),
        "no-size.pdf": pdf([[Words("Small", size=0)]]),
        "no-font.pdf": plain.replace(b"/Helvetica", b"/" + b"x" * 5000),
        "unending.pdf": pdf([b"q " * 100_000 + b"BT /F1 9 Tf (words) Tj"]),
        "long-title.pdf": pdf([column("Words.")], info=f"/Title ({'t' * 100_000})"),
        "one-letter-lines.pdf": pdf([[Words("x", 72 + n % 50, 700 - n % 90) for n in range(2000)]]),
    }
    for name, data in contents.items():
        yield name, lambda data=data: data


def _huge() -> Iterator[Case]:
    """What is slow or large by its size alone."""
    page = column("The same words on each page,", "and no others.")
    yield "10000-pages.pdf", lambda: pdf([page] * 10_000)
    yield "25000-pages.pdf", lambda: pdf([page] * 25_000)
    yield "one-line.txt", lambda: b"word " * (8 * _MIB)
    yield "no-space.txt", lambda: b"x" * (20 * _MIB)
    yield "too-large.txt", lambda: b"words\n" * (11 * _MIB)
    yield "short-paragraphs.txt", lambda: b"a\n\n" * (4 * _MIB)
    yield "rows.csv", lambda: b"a,b\n" + b"1,2\n" * 1_500_000
    yield "one-field.csv", lambda: b"a,b\n1," + b"x" * (20 * _MIB)
    yield "numbers.json", lambda: b"[" + b"1," * 2_000_000 + b"1]"
    yield "names.json", lambda: b"{" + b'"a": {"b": 1},' * 500_000 + b'"a": 1}'
    yield "lines.jsonl", lambda: b'{"a": "words"}\n' * 500_000
    yield "paragraphs.html", lambda: b"<p>words" * 500_000
    yield "attributes.html", lambda: b"<p " + b"a='b' " * 1_000_000 + b">words</p>"
    yield "brackets.md", lambda: b"[a](" * 200_000
    yield "table.md", lambda: b"|a|b|\n|-|-|\n" + b"|1|2|\n" * 200_000
    yield "lists.rst", lambda: b"* words\n" * 100_000
    yield "body.eml", lambda: b"From: a@b\nSubject: x\n\n" + b"words words\n" * 1_000_000
