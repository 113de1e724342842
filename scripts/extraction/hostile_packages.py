"""Hostile archives: bombs, entities, passwords, names that lead out of the folder."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

from extraction.whole_files import altered, epub, member, package
from index.documents.signatures import OLE

_MIB = 1024**2
_MAIN = {
    "docx": "word/document.xml",
    "pptx": "ppt/slides/slide1.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
    "epub": "a.xhtml",
}
_LAUGHS = "<!DOCTYPE a [" + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10)
)
_SECRET = '<!DOCTYPE a [<!ENTITY a9 SYSTEM "file:///etc/passwd">'
_REMOTE = (
    '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">'
)

Case = tuple[str, Callable[[], bytes]]


def packages(whole: dict[str, bytes], is_short: bool) -> Iterator[Case]:
    """Hostile forms of each packaged format; in short, without those that take seconds."""
    for suffix, main in _MAIN.items():
        data = whole[f"whole.{suffix}"]
        for name, made in _forms(data, main).items():
            yield f"{name}.{suffix}", made
        if not is_short:
            yield (
                f"members.{suffix}",
                lambda data=data: altered(data, {f"x/{n}.xml": "<a/>" for n in range(21_000)}),
            )
            yield (
                f"large.{suffix}",
                lambda data=data, main=main: altered(data, {main: _larger(member(data, main))}),
            )
    yield from _odd(whole)
    if not is_short:
        yield (
            "bomb-600.docx",
            lambda: altered(whole["whole.docx"], {_MAIN["docx"]: bytes(600 * _MIB)}),
        )
        yield "cells.xlsx", lambda: _many_cells(whole["whole.xlsx"])


def _forms(data: bytes, main: str) -> dict[str, Callable[[], bytes]]:
    xml = member(data, main)
    body = xml[xml.index(b"?>") + 2 :] if xml.startswith(b"<?xml") else xml

    def declaring(head: str, encoding: str = "utf-8") -> bytes:
        declared = f'<?xml version="1.0" encoding="{encoding}"?>{head}]>'
        return (declared + body.decode().replace("</", "&a9;</", 1)).encode(encoding)

    return {
        "bomb": lambda: altered(data, {main: bytes(9 * _MIB)}),
        "bomb-beside": lambda: altered(data, {"media/x.bin": bytes(9 * _MIB)}),
        "nested": lambda: altered(data, {"x.zip": package({"y.zip": package({"z": bytes(_MIB)})})}),
        "laughs": lambda: altered(data, {main: declaring(_LAUGHS)}),
        "laughs-16": lambda: altered(data, {main: declaring(_LAUGHS, "utf-16")}),
        "secret": lambda: altered(data, {main: declaring(_SECRET)}),
        "remote": lambda: altered(data, {main: declaring(_REMOTE)}),
        "late-entity": lambda: altered(data, {main: declaring(" " * 70_000 + _LAUGHS)}),
        "deep-xml": lambda: altered(data, {main: b"<a>" * 5_000 + b"</a>" * 5_000}),
        "no-main": lambda: altered(data, {main: b""}),
        "names": lambda: altered(
            data, {"../../../escaped.txt": "x", "/etc/escaped": "x", "C:\\x": "x", "a\\..\\b": "x"}
        ),
        "twice": lambda: _twice(data, main),
        "false-size": lambda: _false_size(data, main),
        "locked": lambda: _locked(data),
        "encrypted": lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "xinclude": lambda: altered(data, {main: _including(xml)}),
    }


def _larger(xml: bytes) -> bytes:
    """As much text as a bomb, but text: its last element but one, thousands of times."""
    end = xml.rindex(b"</")
    filling = b"".join(b"<x>%07d words</x>" % n for n in range(2_000_000))
    return xml[:end] + filling + xml[end:]


def _including(xml: bytes) -> bytes:
    end = xml.rindex(b"</")
    include = (
        b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" '
        b'parse="text"/>'
    )
    return xml[:end] + include + xml[end:]


def _twice(data: bytes, main: str) -> bytes:
    """Two members of one name: which is read must not matter."""
    file = BytesIO(data)
    with warnings.catch_warnings(), zipfile.ZipFile(file, "a") as archive:
        warnings.simplefilter("ignore")  # zipfile knows that it is odd
        archive.writestr(main, "<a/>")
    return file.getvalue()


def _false_size(data: bytes, main: str) -> bytes:
    """The directory says that the main part inflates to ten bytes."""
    changed = bytearray(data)
    entry = changed.rindex(main.encode()) - 46
    changed[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    return bytes(changed)


def _locked(data: bytes) -> bytes:
    """Every member with the encryption bit, as a ZIP with a password has."""
    changed = bytearray(data)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 8] |= 1
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def _odd(whole: dict[str, bytes]) -> Iterator[Case]:
    """What only one of the formats can be made to do."""
    page = "<html><body><p>words</p></body></html>"
    yield "outside.epub", lambda: epub(page, "../../../../etc/passwd")
    yield "address.epub", lambda: epub(page, "file:///etc/passwd")
    yield "frame.epub", lambda: epub('<html><body><iframe src="/etc/passwd"/>words</body></html>')
    yield "script.epub", lambda: epub("<html><body><script>x()</script></body></html>")
    rels = "xl/_rels/workbook.xml.rels"
    book = whole["whole.xlsx"]
    yield (
        "outside.xlsx",
        lambda: altered(
            book,
            {rels: member(book, rels).replace(b"worksheets/sheet1.xml", b"../../../etc/passwd")},
        ),
    )
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row>'
    sheet = member(book, _MAIN["xlsx"])
    end = sheet.index(b"</sheetData>")
    yield "far-cell.xlsx", lambda: altered(book, {_MAIN["xlsx"]: sheet[:end] + far + sheet[end:]})
    for place in (b"A0", b"XFE1", b"A99999999999", b"", b"1A"):
        odd = b'<row r="9"><c r="%s"><v>1</v></c></row>' % place
        yield (
            f"cell-{place.decode() or 'nowhere'}.xlsx",
            lambda odd=odd: altered(book, {_MAIN["xlsx"]: sheet[:end] + odd + sheet[end:]}),
        )
    styles = member(whole["whole.docx"], "word/styles.xml")
    yield (
        "circle.docx",
        lambda: altered(
            whole["whole.docx"],
            {"word/styles.xml": styles.replace(b'w:val="Normal"/>', b'w:val="Heading1"/>')},
        ),
    )
    yield "dots.zip.docx", lambda: package({"..": "x", ".": "x", "/": "x"})
    yield "comment.docx", lambda: whole["whole.docx"] + b"PK\x05\x06" + bytes(70_000)
    yield "stored.docx", lambda: package({"word/document.xml": bytes(_MIB)}, zipfile.ZIP_STORED)


def _many_cells(book: bytes) -> bytes:
    """A sheet of three million cells."""
    row = b"".join(b"<c><v>%d</v></c>" % n for n in range(300))
    rows = b"".join(b'<row r="%d">%s</row>' % (n, row) for n in range(1, 10_001))
    sheet = member(book, _MAIN["xlsx"])
    start, end = sheet.index(b"<sheetData>") + 11, sheet.index(b"</sheetData>")
    return altered(book, {_MAIN["xlsx"]: sheet[:start] + rows + sheet[end:]})
