"""Pages and cells in the browser: a citation into a PDF or a sheet says where it stands there."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("question", "uri", "place", "words"),
    [
        ("how many eggs counted the bittern?", "birds.pdf", "page 2 (\ufffdiv)", "512 eggs"),
        ("what stands in the reeds?", "birds.pdf", "page 1,", "heron"),
        ("kestrel weight?", "birds.csv", "cells A", "kestrel"),
    ],
)
def test_the_place_stands_with_the_quote(chromium, places_site, question, uri, place, words):
    """Below the passage that is found, and in the viewer that its citation opens."""
    citation = places_site.ask(question)["passages"][0]["citation"]
    assert citation["document"]["uri"] == uri
    chromium.open(places_site.url + citation["links"]["view"])
    chromium.until_shown("#text mark")
    assert words in chromium.text("#text mark")
    assert place in chromium.text("#quote-bar")
    chromium.open(f"{places_site.url}/?q={question}")
    chromium.until(f"document.body.textContent.includes({place!r})")
