"""Some four hundred files that are broken, or made to harm whoever opens them.

A case is a name and what makes its bytes, so that large ones take memory only in their turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from random import Random

from extraction.hostile_packages import packages
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
    yield from _texts(3_000 if is_short else 20_000)
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


def _texts(deep: int) -> Iterator[Case]:
    """What text formats can be made to hold, nested so deep."""
    contents: dict[str, bytes] = {
        "empty.pdf": b"",
        "blank.docx": b" \n\t",
        "nul.txt": b"words\0words" * 50,
        "nul.csv": b"a,b\n\0,1\n",
        "nul.json": b'{"a": "\0"}',
        "escaped-nul.json": b'{"a": "\\u0000 words"}',
        "invalid.txt": b"words \xff\xfe\xfa\x80 words\n" * 40,
        "invalid.json": b'{"a": "\xff\xfe"}',
        "half-pair.json": b'{"a": "\\ud800"}',
        "half-pair.txt": b"words \xed\xa0\x80 words",
        "bidi.md": "# \u202eevil\u202c\n\n\u2066\u2067words\u2069 \u202e0001\u202c".encode(),
        "bidi.csv": "\u202ename,\u2066b\n1,2\n".encode(),
        "marks.txt": ("\ufeff" * 5000 + "words " + "\u0301" * 5000).encode(),
        "utf16-odd.txt": "\ufeffwords".encode("utf-16-le") + b"x",
        "utf7.html": b"<meta charset=utf-7>+ADw-script+AD4-x()+ADw-/script+AD4-",
        "wrong-charset.html": b"<meta charset='\xff\xff'><p>words",
        "deep.json": b"[" * deep + b"]" * deep,
        "deep-objects.json": b'{"a":' * deep + b"1" + b"}" * deep,
        "deep-150.json": b'{"a":' * 150 + b'"words"' + b"}" * 150,
        "deep.jsonl": b"[" * deep,
        "deep.html": b"<div>" * deep + b"words",
        "deep-lists.html": b"<ul><li>" * deep + b"words",
        "deep-tables.html": b"<table><tr><td>" * (deep // 6) + b"words",
        "unclosed.html": b"<p " + b"a=" * 50_000,
        "deep.md": b">" * deep + b" words",
        "deep-lists.md": b"".join(b" " * n + b"- a\n" for n in range(deep // 60)),
        "links.md": b"[" * deep + b"](" * deep,
        "stars.md": b"*a **a " * deep,
        "deep.rst": b"".join(b" " * n + b"* a\n\n" for n in range(deep // 60)),
        "include.rst": b".. include:: /etc/passwd\n\n.. raw:: html\n   :file: /etc/passwd\n",
        "outline.rst": b"\n\n".join(b"T\n" + bytes([mark]) * 3 for mark in b'=-~^"*+#<>:._`'),
        "substitution.rst": b"|a|\n\n.. |a| replace:: |b|\n.. |b| replace:: |a|\n",
        "front-matter.md": b"---\na: &a [*a, *a]\nb: !!python/object/apply:os.system [id]\n---\nx",
        "laughs.md": _yaml_bomb(),
        "quote.csv": b'a,b\n"never closed,1\n' + b"x,2\n" * 500,
        "formula.csv": b"=cmd|' /C calc'!A0,b\n@SUM(1),2\n",
        "wide.csv": b",".join([b"a"] * deep) + b"\n1,2\n",
        "no-body.eml": b"From: a@b",
        "header.eml": b"Subject: " + b"=?utf-8?q?a?= " * (deep // 6) + b"\n\nwords",
        "deep.eml": b"From: a@b\nContent-Type: message/rfc822\n\n" * (deep // 6)
        + b"From: a@b\n\nwords",
        "parts.eml": b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n"
        + b"--x\n\na\n" * (deep // 2),
        "boundary.eml": b"From: a@b\nContent-Type: multipart/mixed; boundary=\n\n--\n\nwords",
        "external.eml": b"From: a@b\nContent-Type: message/external-body; access-type=local-file;"
        b" name=/etc/passwd\n\n\nwords",
        "name.eml": b"From: a@b\nContent-Disposition: attachment; filename=../../../x\n\nwords",
        "xinclude.html": b'<?xml version="1.0"?><html xmlns:xi="http://www.w3.org/2001/XInclude">'
        b'<body><xi:include href="file:///etc/passwd" parse="text"/>words</body></html>',
        "laughs.xhtml": b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;">'
        b"]><html><body><p>&b; words</p></body></html>",
        "iframe.html": b'<iframe src="file:///etc/passwd"></iframe><p>words</p>',
    }
    for name, data in contents.items():
        yield name, lambda data=data: data


def _yaml_bomb() -> bytes:
    """Each name nine times the one before: nine to the ninth."""
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(["---", *lines, "---", "words"]).encode()


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
