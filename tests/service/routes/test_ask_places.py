"""Asking over pages, slides and sheets: the citation says where in the file its words stand."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pptx
import pytest

from extraction.pdf_writer import column, pdf
from index.build import build
from service.evaluation.verification import faults

pytestmark = pytest.mark.anyio

PAGES = [
    column("The harbour was founded in the year 1201 by merchants from the west."),
    column("The lighthouse on the mole was painted red by Karl in 1936."),
    column("The icebreaker leads forty ships through the ice in a hard winter."),
]
TOWNS = "Town,Founded,Mayor\nRiga,1201,Anna Ozola\nVentspils,1290,Karl Liepa\n"


@pytest.fixture(scope="module")
def places_index(encoder, tmp_path_factory):
    """One PDF with Roman numbers first, a CSV, a workbook of two sheets, a presentation."""
    folder = tmp_path_factory.mktemp("files")
    labels = "0 << /S /r /St 4 >> 2 << /S /D /P (B-) >>"
    (folder / "harbour.pdf").write_bytes(pdf(PAGES, labels=labels))
    (folder / "towns.csv").write_text(TOWNS, encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.append(["Crop", "Harvest"])
    book.active.append(["rye", 1700])
    sheet = book.create_sheet("Fish '24")
    sheet["B3"], sheet["C3"] = "Species", "Catch in tons"
    sheet["B4"], sheet["C4"] = "Baltic herring", 25900
    book.save(folder / "yields.xlsx")
    deck = pptx.Presentation()
    for title, words in [("Plans", "We dredge the canal."), ("Costs", "Dredging costs a million.")]:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text_frame.text = title, words
    file = BytesIO()
    deck.save(file)
    (folder / "plans.pptx").write_bytes(file.getvalue())
    index = tmp_path_factory.mktemp("places") / "index"
    assert len(build([folder], index, encoder).indexed) == 4
    return index


@pytest.mark.parametrize(
    ("question", "uri", "words", "place"),
    [
        ("when was the harbour founded?", "harbour.pdf", "1201 by merchants", (1, "iv", None)),
        ("who painted the lighthouse red?", "harbour.pdf", "painted red by Karl", (2, "v", None)),
        ("how many ships does the icebreaker lead?", "harbour.pdf", "forty", (3, "B-1", None)),
        ("what does dredging cost?", "plans.pptx", "a million", (2, None, None)),
        ("is Karl Liepa of Ventspils, 1290?", "towns.csv", "Karl Liepa", (None, None, "A3:C3")),
        (
            "how much rye was harvested?",
            "yields.xlsx",
            "Harvest: 1700",
            (None, None, "Sheet!A2:B2"),
        ),
        (
            "how many tons of Baltic herring were caught?",
            "yields.xlsx",
            "25900",
            (None, None, "'Fish ''24'!B4:C4"),
        ),
    ],
)
async def test_the_citation_names_page_or_cells(serve, places_index, question, uri, words, place):
    """That of the sentence or row cited, in the reply and at the citation's own address."""
    async with serve(index=places_index) as client:
        told = (await client.post("/v1/ask", json={"question": question, "top_k": 1})).json()
        citation = told["passages"][0]["citation"]
        assert citation["document"]["uri"] == uri
        assert words in citation["quote"]["exact"]
        assert (citation["page"], citation["page_label"], citation["cells"]) == place
        text = (await client.get(citation["links"]["text"])).text
        assert faults(citation, text) == []
        doc_id, span = citation["document"]["doc_id"], citation["span"]
        again = await client.get(f"/v1/documents/{doc_id}/citation", params=span)
        assert {**again.json(), "id": citation["id"]} == citation
