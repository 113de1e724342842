"""Presentations: every slide a page with its title, text, tables and notes."""

from io import BytesIO

import pptx
import pytest
from pptx.util import Inches

from index.documents.pptx import parse
from index.errors import UnreadableDocument
from index.records import Place

BOX = (Inches(1), Inches(1), Inches(3), Inches(1))


def saved(presentation) -> bytes:
    file = BytesIO()
    presentation.save(file)
    return file.getvalue()


@pytest.fixture
def deck():
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Ice\vin winter"
    frame = slide.placeholders[1].text_frame
    frame.text = "It grows in November."
    frame.add_paragraph().text = "It goes in  April."
    slide.notes_slide.notes_text_frame.text = "Say this slowly."
    deck.slides.add_slide(deck.slide_layouts[6])  # blank
    third = deck.slides.add_slide(deck.slide_layouts[5])
    third.shapes.title.text = "Numbers"
    table = third.shapes.add_table(2, 3, *BOX).table
    for column, words in enumerate(["Town", "People", "Area"]):
        table.cell(0, column).text = words
    table.cell(1, 0).merge(table.cell(1, 1))
    table.cell(1, 0).text, table.cell(1, 2).text = "Riga 605,270", "304 km²"
    group = third.shapes.add_group_shape()
    group.shapes.add_textbox(*BOX).text_frame.text = "In a group."
    group.shapes.add_group_shape().shapes.add_textbox(*BOX).text_frame.text = "Deeper."
    return deck


def test_slides_are_pages_and_titles_sections(deck):
    """In order, notes after their slide, an empty slide counted but said nowhere."""
    extract = parse(saved(deck))
    assert [(b.section, b.span.of(extract.text)) for b in extract.blocks] == [
        (("Ice in winter",), "Ice in winter"),
        (("Ice in winter",), "It grows in November."),
        (("Ice in winter",), "It goes in April."),
        (("Ice in winter",), "Say this slowly."),
        (("Numbers",), "Numbers"),
        (("Numbers",), "Town | People | Area"),
        (("Numbers",), "Riga 605,270 |  | 304 km²"),
        (("Numbers",), "In a group."),
        (("Numbers",), "Deeper."),
    ]
    third = extract.text.index("Numbers")
    assert extract.places == (Place(0, 1), Place(third - 2, 3))
    assert "It grows in November.\nIt goes in April.\n\nSay" in extract.text
    assert extract.title == "Ice in winter"


def test_merged_cells_are_said_in_every_row_and_column():
    """Each value stands below its column's name."""
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    table = slide.shapes.add_table(3, 4, *BOX).table
    rows = ["Zone|Ticket|Adult|Child", "Inner|Single|2.40|1.20", "|Day|5.10|"]
    for number, row in enumerate(rows):
        for column, words in enumerate(row.split("|")):
            table.cell(number, column).text = words
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(2, 2).merge(table.cell(2, 3))
    assert parse(saved(deck)).text.split("\n\n") == [
        "Zone | Ticket | Adult | Child",
        "Inner | Single | 2.40 | 1.20",
        "Inner | Day | 5.10 | 5.10",
    ]


def test_what_stands_on_every_slide_is_left_out(deck):
    """Footers, dates and slide numbers say nothing of their slide."""
    slide = deck.slides[0]
    for holder in deck.slide_layouts[1].placeholders:
        if "Footer" in holder.name or "Number" in holder.name:
            copied = slide.shapes._spTree
            copied.append(holder._element)
            holder.text_frame.text = "Company secret 7"
    assert "Company" not in parse(saved(deck)).text


def test_a_stated_title_wins(deck):
    """Over that of the first slide."""
    deck.core_properties.title = "Stated"
    assert parse(saved(deck)).title == "Stated"


def test_a_damaged_deck_is_a_sentence(deck):
    """Cut anywhere, or another office document."""
    whole = saved(deck)
    for end in range(4, len(whole), 5003):
        with pytest.raises(UnreadableDocument):
            parse(whole[:end])
    import docx

    file = BytesIO()
    docx.Document().save(file)
    with pytest.raises(UnreadableDocument, match=r"without ppt/presentation.xml"):
        parse(file.getvalue())
