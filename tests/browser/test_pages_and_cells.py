"""Where a quote stands in a file that has pages, slides or cells, as a person looks it up."""

from __future__ import annotations

import pytest

from service.schemas.citation import CITATION_EXAMPLE

HERON = "how many lighthouses does the heron guard?"
PLACE = "const {place} = await import('/pages/citations.js'); return place(given[0])"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def asking(question):
    return "/?top_k=1&q=" + question.replace(" ", "+").replace("?", "%3F")


def test_a_pdf_s_answer_names_its_page_and_opens_there(chromium, paged_site):
    """By the number that is printed on it and the one that a PDF reader counts."""
    chromium.open(paged_site.url + asking(HERON))
    chromium.until_shown("#answer")
    assert chromium.text("#answer") == "8,080"
    assert "birds.pdf · page ii (page 2 of the file)" in chromium.text("figcaption")
    chromium.click("figcaption .title a")
    chromium.until_shown("#text mark")
    assert chromium.text("#text mark").strip() == (
        "The heron guards 8,080 lighthouses and sleeps in none."
    )
    assert "page ii (page 2 of the file)" in chromium.text("#quote-bar")
    chromium.click("#quote-bar .verify")
    chromium.until_shown("#quote-bar .told.good")


def test_a_table_s_answer_names_its_cells(chromium, paged_site):
    """As a spreadsheet calls them."""
    (passage,) = paged_site.ask("what price have binoculars?", top_k=1)["passages"]
    cells = passage["citation"]["cells"]
    assert cells
    chromium.open(paged_site.url + asking("what price have binoculars?"))
    chromium.until_shown("#reply .passage")
    assert f"costs.csv · {cells}" in chromium.text("#reply .passage .source")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "line 5"),
        ({"lines": {"start": 5, "end": 1007}}, "lines 5–1,007"),
        ({"page": 4}, "page 4"),
        ({"page": 4, "page_label": "4"}, "page 4"),
        ({"page": 4, "page_label": "iv"}, "page iv (page 4 of the file)"),
        ({"page": 4, "page_label": "\u202eiv"}, "page \ufffdiv (page 4 of the file)"),
        ({"cells": "Costs!A5:F7"}, "Costs!A5:F7"),
        ({"cells": "\u202eCosts!A5"}, "\ufffdCosts!A5"),
    ],
)
def test_the_place_is_told_as_one_would_look_it_up(chromium, paged_site, changed, said):
    """A label is the document's own text, and reorders nothing."""
    chromium.open(paged_site.url)
    assert chromium.module(PLACE, CITATION_EXAMPLE | changed) == said


def test_a_slide_is_called_one(chromium, paged_site):
    """Nobody leafs through a talk."""
    chromium.open(paged_site.url)
    document = CITATION_EXAMPLE["document"] | {"media_type": SLIDES}
    assert chromium.module(PLACE, CITATION_EXAMPLE | {"document": document, "page": 3}) == "slide 3"
