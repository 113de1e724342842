"""The document viewer: long texts, changed texts, places that are not there."""

from __future__ import annotations

from hashlib import sha256

import pytest

QUESTION = "how many lighthouses did the dotterel see?"


def document(site, uri):
    documents = site.json("/v1/documents?limit=200")["documents"]
    return next(each for each in documents if each["uri"] == uri)


def test_a_long_text_opens_at_its_evidence_and_grows_to_the_whole(chromium, hostile_site):
    """Only a window is fetched; at both ends more comes, until the page holds the very text."""
    citation = hostile_site.ask(QUESTION)["passages"][0]["citation"]
    assert citation["document"]["uri"] == "large.txt"
    about = document(hostile_site, "large.txt")
    assert about["characters"] > 200_000
    chromium.open(hostile_site.url + citation["links"]["view"])
    chromium.until_shown("#text mark")
    assert chromium.sees("#text mark")
    assert chromium.text("#text mark") == citation["quote"]["exact"]
    assert len(chromium.text("#text .words")) < about["characters"] / 2
    chromium.until("""(() => {
        const edges = [...document.querySelectorAll('.edge')].filter((edge) => !edge.hidden);
        edges.forEach((edge) => edge.click());
        return edges.length === 0; })()""")
    assert chromium.text("#text .words") == hostile_site.get(about["links"]["text"]).decode()
    assert chromium.text("#text mark") == citation["quote"]["exact"]


def test_reading_upwards_keeps_the_place(chromium, hostile_site):
    """Text that comes above does not push what one reads out of sight."""
    citation = hostile_site.ask(QUESTION)["passages"][0]["citation"]
    chromium.open(hostile_site.url + citation["links"]["view"])
    chromium.until_shown("#text mark")
    chromium.until("document.querySelector('.edge').hidden === false")
    chromium.js("""
        window.first = document.querySelector('#text .words').children[1];
        first.scrollIntoView({behavior: 'instant', block: 'center'});
        window.before = document.querySelector('#text .words').children.length;
        window.stood = first.getBoundingClientRect().top;""")
    chromium.until("document.querySelector('#text .words').children.length > before")
    assert abs(chromium.js("return first.getBoundingClientRect().top - stood")) < 3


def test_without_a_place_it_opens_at_the_beginning(chromium, hostile_site):
    """Nothing is marked, and the title is there."""
    about = document(hostile_site, "astral.txt")
    chromium.open(f"{hostile_site.url}/documents/{about['doc_id']}")
    chromium.until_shown("#text .words")
    text = hostile_site.get(about["links"]["text"]).decode()
    assert chromium.text("#text .words") == text
    assert "\ufeffThe curlew" in text
    assert chromium.texts("#text mark") == []
    assert chromium.js("return document.getElementById('quote-bar').hidden")


def test_a_quote_that_begins_with_a_byte_order_mark_is_marked_exactly(chromium, hostile_site):
    """Browsers drop a leading U+FEFF when they decode; an offset must not shift by it."""
    about = document(hostile_site, "astral.txt")
    text = hostile_site.get(about["links"]["text"]).decode()
    start = text.index("\ufeff")
    end = text.index("🥚") + 1
    chromium.open(f"{hostile_site.url}/documents/{about['doc_id']}#char={start},{end}")
    chromium.until_shown("#text mark")
    assert chromium.text("#text mark") == text[start:end]
    decode = "const {decoded} = await import('/pages/api.js');"
    decode += "return decoded(new Uint8Array(given[0]).buffer)"
    assert chromium.module(decode, list("\ufeffa😀".encode())) == "\ufeffa😀"


@pytest.mark.parametrize("other", [sha256(b"other words").hexdigest(), "3f9a", "xyz"])
def test_a_text_that_has_changed_is_told_and_not_marked(chromium, seeds_site, other):
    """The link's hash is not that of what stands there now, or was cut short on its way."""
    citation = seeds_site.ask("how many US troops went to Poland?")["passages"][0]["citation"]
    chromium.open(f"{seeds_site.url}{citation['links']['view']};sha256={other}")
    chromium.until_shown("#notice h2")
    assert chromium.text("#notice h2") == "The text has changed"
    assert chromium.texts("#text mark") == []
    assert chromium.js("return document.getElementById('quote-bar').hidden")


def test_an_unknown_document_is_told(chromium, seeds_site):
    """It may have been there once."""
    chromium.allowed = ("404",)
    chromium.open(f"{seeds_site.url}/documents/{'0' * 16}#char=1,2")
    chromium.until_shown("#notice h2")
    assert chromium.text("#notice h2") == "No such document"


def test_a_place_beyond_the_text_marks_nothing(chromium, seeds_site):
    """Nor does one that ends before it begins, or is no place at all."""
    about = seeds_site.json("/v1/documents")["documents"][0]
    for place in (f"1,{about['characters'] + 1}", "9,3", "x", "-1,5", "1,99999999999999999999"):
        chromium.open(f"{seeds_site.url}/documents/{about['doc_id']}#char={place}")
        chromium.until_shown("#text .words")
        assert chromium.texts("#text mark") == []


def test_another_fragment_goes_to_another_place(chromium, seeds_site):
    """Without loading the page anew."""
    about = seeds_site.json("/v1/documents")["documents"][0]
    text = seeds_site.get(about["links"]["text"]).decode()
    chromium.open(f"{seeds_site.url}/documents/{about['doc_id']}#char=423,533")
    chromium.until_shown("#text mark")
    chromium.js("location.hash = 'char=5342,5527'")
    chromium.until(
        "document.querySelector('#text mark')?.textContent === arguments[0]", text[5342:5527]
    )
    assert chromium.sees("#text mark")
