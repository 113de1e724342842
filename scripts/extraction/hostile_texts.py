"""Hostile texts: letters that are none, nesting without end, references to other files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

Case = tuple[str, Callable[[], bytes]]


def texts(deep: int) -> Iterator[Case]:
    """What text formats can be made to hold, nested or repeated so often."""
    for name, data in {**_letters(), **_nested(deep), **_meanings()}.items():
        yield name, lambda data=data: data


def _letters() -> dict[str, bytes]:
    """Bytes that are no text, or text that is not what it looks like."""
    return {
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
    }


def _nested(deep: int) -> dict[str, bytes]:
    """More of one thing within another than any document has."""
    return {
        "deep.json": b"[" * deep + b"]" * deep,
        "deep-objects.json": b'{"a":' * deep + b"1" + b"}" * deep,
        "deep.jsonl": b"[" * deep,
        "deep.html": b"<div>" * deep + b"words",
        "deep-lists.html": b"<ul><li>" * deep + b"words",
        "deep-tables.html": b"<table><tr><td>" * (deep // 6) + b"words",
        "spans.html": b"<table>" + b"<tr><td rowspan=65534 colspan=1000>words<td>a" * (deep // 20),
        "many-spans.html": b"<table><tr>"
        + b"<td colspan=63 rowspan=0>words" * 500
        + b"<tr><td>a" * (deep // 6),
        "empty-rows.html": b"<table><tr><td rowspan=0>a<td>b" + b"<tr>" * deep,
        "menus.html": b"<div class=menu>" * 500 + b"words <i>1</i>" * (deep // 6),
        "details.html": b"<details><summary>a</summary>b" * (deep // 6),
        "terms.html": b"<table><tr><td><dl>" + b"<dt>a<dd>b" * (deep // 3),
        "deep.md": b">" * deep + b" words",
        "deep-lists.md": b"".join(b" " * n + b"- a\n" for n in range(deep // 60)),
        "links.md": b"[" * deep + b"](" * deep,
        "stars.md": b"*a **a " * deep,
        "deep.rst": b"".join(b" " * n + b"* a\n\n" for n in range(deep // 60)),
        "wide.csv": b",".join([b"a"] * deep) + b"\n1,2\n",
        "header.eml": b"Subject: " + b"=?utf-8?q?a?= " * (deep // 6) + b"\n\nwords",
        "deep.eml": b"From: a@b\nContent-Type: message/rfc822\n\n" * (deep // 6)
        + b"From: a@b\n\nwords",
        "parts.eml": b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n"
        + b"--x\n\na\n" * (deep // 2),
    }


def _meanings() -> dict[str, bytes]:
    """What asks its reader to open, run or expand something."""
    return {
        "deep-150.json": b'{"a":' * 150 + b'"words"' + b"}" * 150,
        "unclosed.html": b"<p " + b"a=" * 50_000,
        "include.rst": b".. include:: /etc/passwd\n\n.. raw:: html\n   :file: /etc/passwd\n",
        "outline.rst": b"\n\n".join(b"T\n" + bytes([mark]) * 3 for mark in b'=-~^"*+#<>:._`'),
        "substitution.rst": b"|a|\n\n.. |a| replace:: |b|\n.. |b| replace:: |a|\n",
        "front-matter.md": b"---\na: &a [*a, *a]\nb: !!python/object/apply:os.system [id]\n---\nx",
        "laughs.md": _yaml_bomb(),
        "quote.csv": b'a,b\n"never closed,1\n' + b"x,2\n" * 500,
        "formula.csv": b"=cmd|' /C calc'!A0,b\n@SUM(1),2\n",
        "no-body.eml": b"From: a@b",
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


def _yaml_bomb() -> bytes:
    """Each name nine times the one before: nine to the ninth."""
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(["---", *lines, "---", "words"]).encode()
