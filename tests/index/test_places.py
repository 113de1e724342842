"""Pages and cells as a snapshot keeps them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.places import PLACE, Places, PlacesWriter, cells
from index.records import Document, Place, Span


def document(uri: str, text: str, *places: Place) -> Document:
    return Document(uri, uri, "text/plain", text, "0" * 64, (), places=places)


@st.composite
def collections(draw) -> list[Document]:
    documents = []
    for number in range(draw(st.integers(1, 4))):
        text = "x" * draw(st.integers(1, 12))
        starts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4, unique=True)))
        places = [
            Place(start, page=page, label=draw(st.sampled_from(["", "i", "A-1"])))
            for page, start in enumerate(starts, start=1)
        ]
        documents.append(document(f"{number}.pdf", text, *places))
    return documents


@given(documents=collections(), data=st.data())
def test_any_span_stands_where_a_walk_through_the_places_says(tmp_path_factory, documents, data):
    """Halving over all documents finds what looking at one from its start finds."""
    folder = tmp_path_factory.mktemp("places")
    with PlacesWriter(folder) as writer:
        for row, each in enumerate(documents):
            writer.add(row, each.places)
    stored = Places.open(folder)
    assert [*stored.faults([len(each.text) for each in documents])] == []
    row = data.draw(st.integers(0, len(documents) - 1))
    one = documents[row]
    start = data.draw(st.integers(0, len(one.text) - 1))
    end = data.draw(st.integers(start + 1, len(one.text)))

    def at(offset: int) -> Place | None:
        return ([None] + [p for p in one.places if p.start <= offset])[-1]

    expected = None if at(start) is None else (at(start), at(end - 1))
    assert stored.of(row, Span(start, end)) == expected


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        (Place(0, row=5, label="Costs!A:F"), Place(9, row=7, label="Costs!A:F"), "Costs!A5:F7"),
        (Place(0, row=5, label="A:C"), Place(0, row=5, label="A:C"), "A5:C5"),
        (Place(0, row=1, label="B:Z"), Place(0, row=2, label="A:AA"), "A1:AA2"),
        (
            Place(0, row=2, label="'Q1 ''24'!A:B"),
            Place(0, row=2, label="'Q1 ''24'!A:B"),
            "'Q1 ''24'!A2:B2",
        ),
        (Place(0, row=3, label="'a!b'!C:C"), Place(0, row=3, label="'a!b'!C:C"), "'a!b'!C3:C3"),
        (Place(0, page=5, label="iv"), Place(0, page=5, label="iv"), None),
    ],
)
def test_cells_are_named_as_spreadsheets_name_them(first, last, named):
    """The widest columns of both rows; pages have no cells."""
    assert cells(first, last) == named


@pytest.mark.parametrize(
    ("rows", "labels", "fault"),
    [
        ([(2, 0, 1, 0, 0)], [""], "place 0 names a document that is not there"),
        ([(0, 11, 1, 0, 0)], [""], "place 0 lies beyond its document's text"),
        ([(0, 0, 1, 0, 1)], [""], "place 0 names no label"),
        ([(0, 0, 1, 1, 0)], [""], "place 0 is neither a page nor a row"),
        ([(0, 0, 0, 0, 0)], [""], "place 0 is neither a page nor a row"),
        ([(0, 5, 1, 0, 0), (0, 4, 2, 0, 0)], [""], "place 1 is before the place before it"),
        ([(1, 0, 1, 0, 0), (0, 0, 1, 0, 0)], [""], "place 1 is before the place before it"),
        ([(0, 0, 1, 0, 0)], [7], "places.npy or labels.json is no table of its kind"),
    ],
)
def test_a_damaged_table_is_told(rows, labels, fault):
    """Each fault by itself, with the row it is in."""
    assert [*Places(np.array(rows, dtype=PLACE), labels).faults([10, 10])] == [fault]
