"""EPUB: books packed by hand, read in the order of their spine."""

import zipfile
from io import BytesIO

import pytest

from index.documents.epub import parse
from index.errors import UnreadableDocument

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="{}" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>Sea and Ice</dc:title><dc:creator>A. Ozols</dc:creator>
<dc:language>en</dc:language></metadata>
<manifest>
<item id="two" href="text/second%20part.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/first.xhtml" media-type="application/xhtml+xml"/>
<item id="out" href="../../outside.xhtml" media-type="application/xhtml+xml"/>
<item id="css" href="a.css" media-type="text/css"/>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
</manifest>
<spine><itemref idref="one"/><itemref idref="two"/><itemref idref="css"/><itemref idref="one"/>
<itemref idref="gone"/></spine></package>"""
FIRST = """<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>
<body><h1>Ice</h1><p>It grows<br/>slowly.<script>bad()</script></p>
<ol><li>One</li><li>Two</li></ol></body></html>"""
SECOND = """<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Sea</h1><h2>Waves</h2>
<p>Größer &amp; höher.</p></body></html>"""


def book(**changes: str | None) -> bytes:
    members = {
        "META-INF/container.xml": CONTAINER.format("OEBPS/book.opf"),
        "OEBPS/book.opf": PACKAGE,
        "OEBPS/text/first.xhtml": FIRST,
        "OEBPS/text/second part.xhtml": SECOND,
        "OEBPS/nav.xhtml": "<html><body><p>Contents</p></body></html>",
        "outside.xhtml": "<html><body><p>Outside.</p></body></html>",
        **changes,
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for name, text in members.items():
            if text is not None:
                archive.writestr(name, text)
    return file.getvalue()


def test_chapters_in_the_order_of_the_spine():
    """Each once, under its own headings; what is not in the spine is not read."""
    extract = parse(book())
    assert [(b.section, b.span.of(extract.text)) for b in extract.blocks] == [
        (("Ice",), "Ice"),
        (("Ice",), "It grows\nslowly."),
        (("Ice",), "One"),
        (("Ice",), "Two"),
        (("Sea",), "Sea"),
        (("Sea", "Waves"), "Waves"),
        (("Sea", "Waves"), "Größer & höher."),
    ]
    assert extract.title == "Sea and Ice"
    assert extract.metadata == {"author": "A. Ozols", "lang": "en"}


ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:CipherData>
<enc:CipherReference URI="{}"/></enc:CipherData></enc:EncryptedData></encryption>"""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"META-INF/container.xml": "<container/>"}, "names no book"),
        ({"META-INF/container.xml": "<contai"}, "XML is damaged"),
        ({"META-INF/container.xml": None}, "archive without META-INF/container.xml"),
        ({"OEBPS/book.opf": None}, r"lacks OEBPS/book.opf"),
        ({"OEBPS/text/first.xhtml": None}, r"lacks OEBPS/text/first.xhtml"),
        (
            {"META-INF/encryption.xml": ENCRYPTION.format("OEBPS/text/first.xhtml")},
            "encrypted .DRM.",
        ),
        ({"META-INF/container.xml": CONTAINER.format("../../../etc/passwd")}, "archive lacks"),
    ],
)
def test_what_cannot_be_read_says_why(changes, reason):
    """Broken, locked, or pointing out of the book."""
    with pytest.raises(UnreadableDocument, match=reason):
        parse(book(**changes))


def test_scrambled_fonts_are_no_lock():
    """Only the chapters matter."""
    scrambled = {"META-INF/encryption.xml": ENCRYPTION.format("OEBPS/font.otf")}
    assert parse(book(**scrambled)).text == parse(book()).text


def test_a_spine_that_leaves_the_book_reads_nothing_outside(tmp_path, monkeypatch):
    """Names are looked up in the archive only, wherever they point."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.xhtml").write_text("<html><body>secret</body></html>")
    package = PACKAGE.replace("text/first.xhtml", "../secret.xhtml")
    with pytest.raises(UnreadableDocument, match="lacks"):
        parse(book(**{"OEBPS/book.opf": package}))
