"""PDF: pages of known lines come back as paragraphs, with their pages, and nothing repeated."""

from dataclasses import replace

import pytest

from extraction.pdf_writer import PICTURE, Words, column, pdf
from index.documents import pdf as parser
from index.documents.pdf import FURNITURE, UNREAD_PAGES, parse
from index.documents.pdf_lines import Line
from index.errors import UnreadableDocument
from index.records import Place

HEAD = Words("Sea Ice in Winter", baseline=740, size=18, is_bold=True)
FIRST = column(
    "The ice begins to grow in the first week of November, and the harbour",
    "is closed soon after that.",
    "",
    "Ships wait in the roads until an icebreaker leads them in, which may take a",
    "day or",
)
SECOND = column(
    "longer than that in a hard winter. Pilots keep the list of those that wait.",
    "",
    "In spring the ice goes.",
)


def sections(extract):
    return [(b.section, b.is_heading, b.span.of(extract.text)) for b in extract.blocks]


def test_paragraphs_headings_and_pages():
    """A paragraph goes on over the page; the page begins inside it, at its first word there."""
    extract = parse(pdf([[HEAD, *FIRST], SECOND], labels="0 << /S /r >> 1 << /S /D /St 7 >>"))
    assert extract.text == (
        "Sea Ice in Winter\n\n"
        "The ice begins to grow in the first week of November, and the harbour\n"
        "is closed soon after that.\n\n"
        "Ships wait in the roads until an icebreaker leads them in, which may take a\n"
        "day or\n"
        "longer than that in a hard winter. Pilots keep the list of those that wait.\n\n"
        "In spring the ice goes."
    )
    second = extract.text.index("longer than")
    assert extract.places == (Place(0, 1, 0, "i"), Place(second, 2, 0, "7"))
    assert extract.title == "Sea Ice in Winter"
    assert sections(extract)[:2] == [
        (("Sea Ice in Winter",), True, "Sea Ice in Winter"),
        (("Sea Ice in Winter",), False, extract.text[19:115]),
    ]


def test_levels_of_headings_follow_their_sizes():
    """The larger heading is above the smaller one, and a second large one ends both."""
    lines = [
        Words("Report", baseline=740, size=20, is_bold=True),
        Words("Costs", baseline=700, size=14, is_bold=True),
        *column("They rose by a third, as everybody had said they would.", top=680),
        Words("Annex", baseline=600, size=20, is_bold=True),
        *column("There is none, and there will be none in the next year either.", top=580),
    ]
    assert [path for path, _, _ in sections(parse(pdf([lines])))] == [
        ("Report",),
        ("Report", "Costs"),
        ("Report", "Costs"),
        ("Annex",),
        ("Annex",),
    ]


def page_of(number: int, *lines: str) -> list[Words]:
    return [
        Words("Yearbook of the Harbour", baseline=770, size=9),
        *column(*lines),
        Words(f"Page {number} of 3", baseline=30, size=9),
    ]


def test_headers_and_footers_are_left_out_and_named():
    """They do not stand in the sentence that goes on over the page; metadata tells of them."""
    pages = [
        page_of(1, "The first thing that everybody sees is the"),
        page_of(2, "lighthouse on the mole, which is red. The second"),
        page_of(3, "thing is the crane."),
    ]
    extract = parse(pdf(pages))
    assert extract.text == (
        "The first thing that everybody sees is the\n"
        "lighthouse on the mole, which is red. The second\n"
        "thing is the crane."
    )
    assert [(at.page, extract.text[at.start :].split()[0]) for at in extract.places] == [
        (1, "The"),
        (2, "lighthouse"),
        (3, "thing"),
    ]
    assert extract.metadata[FURNITURE] == ("Yearbook of the Harbour", "Page 1 of 3")
    assert extract.metadata["pages"] == 3


def test_words_broken_at_line_ends_are_whole_again():
    """Within a page and over its end; a compound keeps its hyphen."""
    one = column(
        "The icebreaker is well-known in the harbour. No ice-",
        "breaker is better built, and the captain is as well-",
        "known as the ship. In summer they repair the light-",
    )
    two = column("house, since the lighthouse needs it. Then they rest.")
    extract = parse(pdf([one, two]))
    assert "No icebreaker is better" in extract.text.replace("\n", " ")
    assert "as well-known as the ship" in extract.text.replace("\n", " ")
    assert "repair the lighthouse, since" not in extract.text  # the line's end is kept
    assert "repair the lighthouse,\nsince the lighthouse" in extract.text
    start = extract.places[1].start
    assert extract.text[start:].startswith("since the lighthouse")


def test_columns_are_read_as_they_are_drawn():
    """The left column to its foot, then the right one; a sentence goes on between them."""
    left = column(
        "In the left column stands", "the beginning of a sentence", "that is too long for it and"
    )
    right = column("goes on at the top of the right", "column. There it ends.", left=320)
    assert parse(pdf([[*left, *right]])).text == (
        "In the left column stands\nthe beginning of a sentence\nthat is too long for it and\n"
        "goes on at the top of the right\ncolumn. There it ends."
    )


def test_pieces_of_a_line_are_put_together():
    """Words drawn one by one, and a table's cells, are one line with spaces."""
    pieces = [Words("Riga", 72), Words("605,270", 200), Words("304 km", 300)]
    assert parse(pdf([pieces])).text == "Riga 605,270 304 km"


def test_raised_digits_are_marked():
    """10^6 is not 106."""
    extract = parse(
        pdf([[Words("It is 10", 72), Words("6", 104.6, 704, 6), Words("times so", 111)]])
    )
    assert extract.text == "It is 10^6 times so"


def test_footnotes_follow_the_paragraph_they_stand_in_the_way_of():
    """A sentence goes on over the page past the notes, which come after it with their page."""
    one = [
        *column("The harbour is closed in winter, as many say who have seen it, and the con-"),
        Words("1", baseline=104, size=5),
        Words("Many said this of another harbour.", left=76, baseline=100, size=8),
    ]
    two = column(
        "tinents are far away. Pilots of all continents keep a list of the ships out there."
    )
    extract = parse(pdf([one, two]))
    assert extract.text == (
        "The harbour is closed in winter, as many say who have seen it, and the continents\n"
        "are far away. Pilots of all continents keep a list of the ships out there.\n\n"
        "1 Many said this of another harbour."
    )
    assert [(at.page, extract.text[at.start :].split()[0]) for at in extract.places] == [
        (1, "The"),
        (2, "are"),
        (1, "1"),
    ]


def test_a_page_number_is_not_joined_to_a_word_broken_above_it():
    """The word goes on over the page, and the number is furniture; F-16 stays as it is."""
    pages = [
        [*column("The icebreaker is near, and an ice-"), Words("1", 300, 60)],
        [*column("breaker needs F-", "16 aeroplanes as little as an ice-"), Words("2", 300, 60)],
        [*column("breaker needs wheels."), Words("3", 300, 60)],
    ]
    assert parse(pdf(pages)).text == (
        "The icebreaker is near, and an icebreaker\nneeds F-16 aeroplanes as little as an "
        "icebreaker\nneeds wheels."
    )


@pytest.mark.parametrize(
    ("drawn", "read"),
    [("Schr¨odinger", "Schrödinger"), ("na¨ive caf´e", "naïve café"), ("10 ´ 5 ´x", "10 ´ 5 ´x")],
)
def test_accents_drawn_over_letters_are_one_with_them(drawn, read):
    """As TeX's old fonts set them; where there is no such letter, nothing changes."""
    assert parse(pdf([[Words(drawn)]])).text == read


def test_a_scan_is_told_from_an_empty_document():
    """Pictures alone are no text; the remedy is named."""
    with pytest.raises(UnreadableDocument, match=r"no text layer: it is a scan .* OCR"):
        parse(pdf([PICTURE, PICTURE]))
    with pytest.raises(UnreadableDocument, match="no text layer"):
        parse(pdf([b""]))


def test_a_header_does_not_make_a_scan_readable():
    """A stamp on every scanned page says nothing of what the pages hold."""
    stamp = Words("Scanned by the archive", baseline=770, size=9).drawn()
    with pytest.raises(UnreadableDocument, match="no text layer"):
        parse(pdf([stamp + PICTURE] * 4))


def test_scanned_pages_among_others_are_told():
    """The text is read, and the metadata lists the pages that hold only pictures."""
    extract = parse(pdf([FIRST, PICTURE, PICTURE, SECOND, PICTURE]))
    assert extract.metadata[UNREAD_PAGES] == ("2-3", "5")
    assert extract.places[-1].page == 4


def test_what_the_file_says_of_itself():
    """Title, author, keywords and date; the title that Word makes up is none."""
    info = (
        "/Title (Ice Report) /Author (A. Ozols) /Subject (On ice) /Keywords (ice; sea, winter)"
        " /CreationDate (D:20240229120501+02'00')"
    )
    extract = parse(pdf([FIRST], info=info))
    assert extract.title == "Ice Report"
    assert extract.metadata == {
        "pages": 1,
        "author": "A. Ozols",
        "description": "On ice",
        "keywords": ("ice", "sea", "winter"),
        "date": "2024-02-29T12:05:01",
    }
    made_up = parse(pdf([[HEAD, *FIRST]], info="/Title (Microsoft Word - draft3.docx)"))
    assert made_up.title == "Sea Ice in Winter"


def test_a_password_is_asked_for_by_nobody():
    """A file that needs one is refused with the remedy; one that anybody may open is read."""
    with pytest.raises(UnreadableDocument, match="encrypted with a password; save it without"):
        parse(pdf([FIRST], password="secret"))
    assert parse(pdf([FIRST], password="")).text == parse(pdf([FIRST])).text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.4\n", "damaged or cut off"),
        (b"PK\x03\x04 something", "ZIP archive .* not a PDF; give it the suffix it has"),
        (b"Just words.", "its content is not a PDF"),
    ],
)
def test_what_is_no_pdf(data, reason):
    """Said by what it is instead."""
    with pytest.raises(UnreadableDocument, match=reason):
        parse(data)


def test_a_file_cut_off_anywhere_is_read_or_refused():
    """Nothing but UnreadableDocument; where it is read, every block is a slice of the text."""
    whole = pdf([[HEAD, *FIRST], SECOND])
    for end in range(0, len(whole), 97):
        try:
            extract = parse(whole[:end])
        except UnreadableDocument:
            continue
        assert all(block.span.of(extract.text).strip() for block in extract.blocks)


def test_too_many_pages_are_refused_before_they_are_read(monkeypatch):
    """The number is said, and the limit."""
    monkeypatch.setattr(parser, "MAX_PAGES", 2)
    with pytest.raises(UnreadableDocument, match="3 pages, over 2; split it"):
        parse(pdf([FIRST] * 3))


def test_fonts_that_say_nothing_of_letters_are_told(monkeypatch):
    """Private characters instead of letters are no text to search; a few among others are."""
    odd = Line("\ue001\ue002 \ue003", 72, 200, 700, 700, 11, False)
    monkeypatch.setattr(parser, "lines_of", lambda _page: [odd] * 3)
    with pytest.raises(UnreadableDocument, match="fonts do not say which letters"):
        parse(pdf([FIRST]))
    mixed = replace(odd, text="Letters and one \ue001 of a private kind")
    monkeypatch.setattr(parser, "lines_of", lambda _page: [mixed])
    assert parse(pdf([FIRST])).text == mixed.text
