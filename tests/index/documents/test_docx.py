"""Word documents: made with python-docx or by hand, read in the order of a reader."""

import zipfile
from io import BytesIO

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from index.documents.docx import parse
from index.documents.parsing import parse as read
from index.errors import UnreadableDocument


def saved(document) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def with_body(xml: str, notes: str = "") -> bytes:
    """A document whose body is ``xml``; ``notes`` is the content of its footnotes."""
    document = docx.Document()
    body = document.element.body
    root = parse_xml(f"<w:body {nsdecls('w')} {MORE_SPACES}>{xml}</w:body>")
    for element in reversed(list(root)):
        body.insert(0, element)
    data = saved(document)
    return _with_footnotes(data, notes) if notes else data


MORE_SPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def _with_footnotes(data: bytes, notes: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/_rels/document.xml.rels":
                relation = f'<Relationship Id="n1" Type="{RELATION}" Target="footnotes.xml"/>'
                part = part.replace(b"</Relationships>", f"{relation}</Relationships>".encode())
            if name == "[Content_Types].xml":
                kind = f'<Override PartName="/word/footnotes.xml" ContentType="{TYPE}"/>'
                part = part.replace(b"</Types>", f"{kind}</Types>".encode())
            new.writestr(name, part)
        new.writestr("word/footnotes.xml", f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>")
    return file.getvalue()


def blocks(data: bytes):
    extract = parse(data)
    return [(b.section, b.span.of(extract.text)) for b in extract.blocks]


def test_headings_paragraphs_lists_and_tables():
    """Blocks in their order, each under its headings; a row is a block."""
    document = docx.Document()
    document.add_paragraph("Harbour Report", style="Title")
    document.add_heading("Ships", 1)
    document.add_paragraph("Six ships came.").add_run(" None  left.").bold = True
    document.add_heading("Cargo", 2)
    document.add_paragraph("timber", style="List Bullet")
    table = document.add_table(2, 3)
    for cell, words in zip(
        table._cells, ["Ship", "Tons", "Flag", "Aija", "900", "LV"], strict=True
    ):
        cell.text = words
    document.add_heading("Weather", 1)
    broken = document.add_paragraph("Cold")
    broken.runs[0].add_break(WD_BREAK.LINE)
    broken.add_run("and dry.\tStill.")
    document.core_properties.author = "A. Ozols"
    extract = parse(saved(document))
    assert [(b.section, b.span.of(extract.text)) for b in extract.blocks] == [
        ((), "Harbour Report"),
        (("Ships",), "Ships"),
        (("Ships",), "Six ships came. None left."),
        (("Ships", "Cargo"), "Cargo"),
        (("Ships", "Cargo"), "timber"),
        (("Ships", "Cargo"), "Ship | Tons | Flag"),
        (("Ships", "Cargo"), "Aija | 900 | LV"),
        (("Weather",), "Weather"),
        (("Weather",), "Cold\nand dry. Still."),
    ]
    assert extract.title == "Harbour Report"
    assert extract.metadata["author"] == "A. Ozols"


def test_a_stated_title_wins_and_an_outline_level_makes_a_heading():
    """As a file says it, whatever its styles are called."""
    data = with_body(
        '<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>Deep</w:t></w:r></w:p>'
        '<w:p><w:pPr><w:outlineLvl w:val="9"/></w:pPr><w:r><w:t>Body</w:t></w:r></w:p>'
    )
    assert blocks(data) == [(("Deep",), "Deep"), (("Deep",), "Body")]
    document = docx.Document()
    document.core_properties.title = "Stated"
    document.add_heading("Other", 1)
    assert parse(saved(document)).title == "Stated"


def test_styles_based_on_headings_are_headings():
    """And a circle of styles, which a broken file may say, ends."""
    document = docx.Document()
    own = document.styles.add_style("Own heading", 1)
    own.base_style = document.styles["Heading 2"]
    one, other = (document.styles.add_style(name, 1) for name in ("One", "Other"))
    one.base_style, other.base_style = other, one
    document.add_paragraph("Mine", style=own)
    document.add_paragraph("Round", style=one)
    assert blocks(saved(document)) == [(("Mine",), "Mine"), (("Mine",), "Round")]


def test_tracked_changes_are_read_as_accepted():
    """Insertions and moves to are in; deletions and moves from are out; so are field codes."""
    data = with_body(
        "<w:p><w:r><w:t>It is </w:t></w:r>"
        "<w:del><w:r><w:delText>cold</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>warm</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t> away</w:t></w:r></w:moveFrom>"
        '<w:r><w:instrText>PAGE</w:instrText></w:r><w:hyperlink w:anchor="x"><w:r>'
        "<w:t> here</w:t></w:r></w:hyperlink><w:r><w:noBreakHyphen/><w:t>x</w:t></w:r></w:p>"
    )
    assert blocks(data) == [((), "It is warm here\N{NON-BREAKING HYPHEN}x")]


def test_content_controls_and_formulas_are_text():
    """Whatever frames a word, it is read once."""
    data = with_body(
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Framed</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><m:oMath><m:r><m:t>E=mc</m:t></m:r></m:oMath></w:p>"
    )
    assert blocks(data) == [((), "Framed"), ((), "E=mc")]


BOX = "<w:txbxContent><w:p><w:r><w:t>Boxed</w:t></w:r></w:p></w:txbxContent>"


def test_a_text_box_follows_its_paragraph_once():
    """Its form for older programs, which says the same again, is passed over."""
    data = with_body(
        "<w:p><w:r><w:t>Before </w:t></w:r><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><wps:txbx>{BOX}</wps:txbx></mc:Choice>'
        f"<mc:Fallback><w:pict>{BOX}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t>after.</w:t></w:r></w:p>"
    )
    assert blocks(data) == [((), "Before after."), ((), "Boxed")]


def test_notes_follow_the_paragraph_that_calls_them():
    """A sentence is not cut by its footnote."""
    data = with_body(
        '<w:p><w:r><w:t>A claim</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        "<w:r><w:t> goes on.</w:t></w:r></w:p><w:p><w:r><w:t>Next.</w:t></w:r></w:p>",
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>'
        "<w:r><w:t>Its source.</w:t></w:r></w:p></w:footnote>",
    )
    assert blocks(data) == [((), "A claim goes on."), ((), "Its source."), ((), "Next.")]


def test_merged_and_nested_cells():
    """A cell that is all of its row is said once; a table in a cell is read into it."""
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Both"
    table.cell(1, 0).text = "left"
    inner = table.cell(1, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "a", "b"
    assert blocks(saved(document)) == [((), "Both"), ((), "left | a b")]


def merged_table(rows: list[str], *merges: tuple[int, int, int, int]) -> bytes:
    document = docx.Document()
    table = document.add_table(len(rows), rows[0].count("|") + 1)
    for number, row in enumerate(rows):
        for column, words in enumerate(row.split("|")):
            table.cell(number, column).text = words
    for top, left, bottom, right in merges:
        table.cell(top, left).merge(table.cell(bottom, right))
    return saved(document)


def test_merged_cells_are_said_in_every_row_and_column():
    """Each value stands below its column's name, whichever way its cell was merged."""
    rows = ["Zone|Ticket|Adult|Child", "Inner|Single|2.40|1.20", "|Day|5.10|", "Outer|Day|7|3"]
    assert [text for _, text in blocks(merged_table(rows, (1, 0, 2, 0), (2, 2, 2, 3)))] == [
        "Zone | Ticket | Adult | Child",
        "Inner | Single | 2.40 | 1.20",
        "Inner | Day | 5.10 | 5.10",
        "Outer | Day | 7 | 3",
    ]
    both = merged_table(["Zone|Ticket|Adult|Child", "Inner|Day|free|", "Outer|Day||"], (1, 2, 2, 3))
    assert [text for _, text in blocks(both)][1:] == [
        "Inner | Day | free | free",
        "Outer | Day | free | free",
    ]


def test_rows_that_begin_further_right_and_merges_of_nothing():
    """Columns left out are empty; a cell that goes on with none above is one of its own."""
    row = (
        "<w:tr>{}<w:tc>{}<w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
        "<w:tc>{}<w:p>{}</w:p></w:tc></w:tr>"
    )
    before = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
    goes_on = "<w:tcPr><w:vMerge/></w:tcPr>"
    restart = '<w:tcPr><w:gridSpan w:val="x"/><w:vMerge w:val="restart"/></w:tcPr>'
    data = with_body(
        "<w:tbl>"
        + row.format("", goes_on, "a", restart, "<w:r><w:t>b</w:t></w:r>")
        + row.format(before, goes_on, "own", "", "<w:r><w:t>c</w:t></w:r>")
        + row.format("", "", "d", goes_on, "")
        + "</w:tbl>"
    )
    assert [text for _, text in blocks(data)] == ["a | b", "| own | c", "d | own"]


def test_headers_and_footers_are_not_running_text():
    """They stand on every page and belong to none of its sentences."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Header"
    document.sections[0].footer.paragraphs[0].text = "Footer"
    document.add_paragraph("Body.")
    assert blocks(saved(document)) == [((), "Body.")]


def test_a_damaged_document_is_a_sentence():
    """Cut anywhere: refused or read, and never another error."""
    document = docx.Document()
    document.add_paragraph("Body.")
    whole = saved(document)
    for end in range(4, len(whole), 4099):
        with pytest.raises(UnreadableDocument):
            parse(whole[:end])
    with zipfile.ZipFile(BytesIO(whole)) as old:
        file = BytesIO()
        with zipfile.ZipFile(file, "w") as new:
            new.writestr("word/document.xml", old.read("word/document.xml"))
    with pytest.raises(UnreadableDocument, match="damaged, or no Word document"):
        parse(file.getvalue())


def test_a_member_that_fails_its_checksum_is_told():
    """Wherever the reading comes upon it."""
    with zipfile.ZipFile(BytesIO(saved(docx.Document()))) as old:
        file = BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as new:
            for name in old.namelist():
                new.writestr(name, old.read(name))
    data = bytearray(file.getvalue())
    data[data.rindex(b"</w:styles>", 0, data.index(b"PK\x01\x02")) - 9] ^= 1
    with pytest.raises(UnreadableDocument, match=r"Bad CRC-32.*may be damaged"):
        read(bytes(data), "a.docx")
