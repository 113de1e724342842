"""Nothing from a document is ever run, and nothing it does moves a highlight."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from highlights import marked

REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
QUESTIONS = {
    "how many grams does the kestrel weigh?": "4,211",
    "how many eggs did the curlew count?": "1,234",
    "how many feathers has the bittern?": "77",
    "how many eggs did the owl count?": "512",
}


@pytest.fixture(params=QUESTIONS)
def told(request, chromium, hostile_site):
    told = hostile_site.ask(request.param)
    assert told["answer"]["text"] == QUESTIONS[request.param]
    chromium.open(f"{hostile_site.url}/?q={quote(request.param)}")
    chromium.until_shown("#answer")
    return told


def test_a_reply_runs_nothing_and_marks_exactly(told, chromium):
    """Text, evidence and answer are the API's to the last character."""
    assert chromium.text("#answer") == told["answer"]["text"]
    for passage in told["passages"]:
        at = f"#passage-{passage['rank']}"
        assert chromium.text(f"{at} .words") == passage["text"]
        assert chromium.text(f"{at} mark") == marked(passage, "evidence", "related")
        assert chromium.text(f"{at} strong") == marked(passage, "answer")
        assert chromium.text(f"{at} .title a bdi") == passage["citation"]["document"]["title"]
        assert chromium.text(f"{at} .path") == passage["citation"]["document"]["uri"]
    harmless(chromium)


def test_the_viewer_runs_nothing_and_marks_exactly(told, chromium):
    """Nor does the browser's check of the hash fail on any character."""
    citation = told["passages"][0]["citation"]
    chromium.click("figcaption .title a")
    chromium.until_shown("#text mark")
    assert chromium.text("#text mark") == citation["quote"]["exact"]
    assert chromium.text("#about h1") == citation["document"]["title"]
    assert not set(chromium.driver.title) & set(REORDERING)
    chromium.click("#quote-bar .verify")
    chromium.until_shown("#quote-bar .told.good")
    harmless(chromium)


def harmless(chromium):
    """No script of theirs ran, and no element or link of theirs exists."""
    assert chromium.js("return typeof window.hacked") == "undefined"
    assert (
        chromium.js(
            "return document.querySelectorAll('main :is(script, img, svg, iframe, b)').length"
        )
        == 0
    )
    links = chromium.js("return [...document.links].map((a) => a.href)")
    assert all(link.startswith("http://127.0.0.1") for link in links)
    handlers = "return [...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames())"
    assert not [name for name in chromium.js(handlers) if name.startswith("on")]


def test_characters_that_reorder_are_shown_and_shut_in(chromium, hostile_site):
    """A number written backwards is seen as it stands, and its override as what it is."""
    chromium.open(f"{hostile_site.url}/?q={quote('how many grams does the kestrel weigh?')}")
    chromium.until_shown("#answer")
    codes = chromium.js(
        "return [...document.querySelectorAll('.control')].map((e) => e.dataset.code)"
    )
    assert {"U+202E", "U+202C", "U+2069"} <= set(codes)
    # Drawn left to right: each digit stands right of the one before it.
    drawn = chromium.js("""
        const quoted = document.querySelector('.quoted');
        const walker = document.createTreeWalker(quoted, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf('0001');
            if (at < 0) continue;
            return [0, 1, 2, 3].map((place) => {
                const range = document.createRange();
                range.setStart(walker.currentNode, at + place);
                range.setEnd(walker.currentNode, at + place + 1);
                return range.getBoundingClientRect().left;
            });
        }""")
    assert drawn == sorted(set(drawn))


def test_a_hostile_question_runs_nothing_either(chromium, hostile_site):
    """It comes out of an address that anybody can send."""
    question = (
        "<img src=x onerror=window.hacked=true> kestrel '\"><script>window.hacked=true</script>"
    )
    chromium.open(f"{hostile_site.url}/?q={quote(question)}")
    chromium.until("document.querySelector('#reply > section')")
    chromium.open(hostile_site.url)
    chromium.until_shown("#recent")
    assert chromium.texts("#recent-list bdi") == [question]
    harmless(chromium)


def test_markup_cannot_even_be_written_by_a_script(chromium, hostile_site):
    """The policy refuses it: a mistake of ours would fail, not run."""
    chromium.allowed = ("TrustedHTML", "Trusted")
    chromium.open(hostile_site.url)
    refused = (
        "try { document.body.innerHTML = '<b>'; return 'written'; } catch (e) { return e.name; }"
    )
    assert chromium.module(refused) == "TypeError"


def test_nothing_is_wider_than_a_phone(chromium, hostile_site):
    """Names and words without a space break."""
    from chromium import PHONE

    chromium.look(PHONE)
    chromium.open(f"{hostile_site.url}/?q={quote('how many feathers has the bittern?')}")
    chromium.until_shown("#answer")
    assert chromium.js("return document.documentElement.scrollWidth") == PHONE[0]
    chromium.js("document.querySelector('figcaption .title a').click()")
    chromium.until_shown("#text mark")
    assert chromium.js("return document.documentElement.scrollWidth") == PHONE[0]
