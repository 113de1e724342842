"""Citations: verified in the browser, copied in three formats."""

from __future__ import annotations

import json

import pytest

QUESTION = "how many US troops went to Poland?"
ANSWER = "figcaption"


@pytest.fixture
def asked(chromium, seeds_site):
    """The page with its reply; clipboard writes are kept in ``window.copied``."""
    chromium.open(f"{seeds_site.url}/?q={QUESTION.replace(' ', '+')}")
    chromium.until_shown("#answer")
    chromium.js(
        "Object.defineProperty(navigator, 'clipboard', {value: "
        "{writeText: async (text) => { window.copied = text; }}})"
    )
    return seeds_site.ask(QUESTION)["passages"][0]["citation"]


def copied(chromium, number):
    chromium.click(f"{ANSWER} .copy:nth-of-type({number})")
    chromium.until_shown(f"{ANSWER} .told.good")
    return chromium.js("return window.copied")


def test_verify_hashes_the_text_in_the_browser(chromium, asked):
    """The hash that the browser reckons is the citation's."""
    chromium.click(f"{ANSWER} .verify")
    chromium.until_shown(f"{ANSWER} .told.good")
    assert asked["quote"]["sha256"] in chromium.text(f"{ANSWER} .told")


def test_verify_tells_a_text_that_is_not_the_quote(chromium, asked):
    """A byte of the fetched text is changed on its way: that is no longer the quote."""
    chromium.js(
        "const real = window.fetch; window.fetch = async (path, options) => {"
        "  const reply = await real(path, options);"
        "  if (!path.includes('/text?')) return reply;"
        "  const bytes = new Uint8Array(await reply.arrayBuffer()); bytes[0] ^= 1;"
        "  return new Response(bytes); }"
    )
    chromium.click(f"{ANSWER} .verify")
    chromium.until_shown(f"{ANSWER} .told.bad")
    assert asked["quote"]["sha256"] in chromium.text(f"{ANSWER} .told")


def test_the_json_copy_is_the_citation(chromium, asked):
    """What is pasted is what the API gave."""
    assert json.loads(copied(chromium, 3)) == asked


def test_the_markdown_copy_quotes_and_names_its_source(chromium, asked, seeds_site):
    """A quotation with title, link, place and hash."""
    text = copied(chromium, 1)
    first, *_, last = text.splitlines()
    assert first == f"> {asked['quote']['exact']}"
    assert f"[{asked['document']['title']}]({seeds_site.url}{asked['links']['view']}" in last
    assert "line 31" in last
    assert asked["quote"]["sha256"] in last


@pytest.mark.usefixtures("asked")
def test_the_bibtex_copy_is_balanced_whatever_a_title_holds(chromium, hostile_site):
    """Braces of a title do not end a field; special characters are escaped."""
    assert copied(chromium, 2).startswith("@misc{quoth-")
    citation = hostile_site.ask("how many grams does the kestrel weigh?")["passages"][0]["citation"]
    render = "const {COPIES} = await import('/pages/citations.js'); return COPIES.BibTeX(given[0])"
    text = chromium.module(render, citation)
    assert citation["document"]["title"].startswith("<script>")
    assert text.count("{") == text.count("}")
    assert "\\textbraceleft{}\\textbraceright{}\\textbackslash{}" in text
    assert "author" in text


@pytest.mark.usefixtures("asked")
def test_the_markdown_copy_escapes_what_would_be_markup(chromium, hostile_site):
    """No tag, image or link of a document comes alive where the citation is pasted."""
    from markdown_it import MarkdownIt

    citation = hostile_site.ask("how many grams does the kestrel weigh?")["passages"][0]["citation"]
    render = (
        "const {COPIES} = await import('/pages/citations.js'); return COPIES.Markdown(given[0])"
    )
    html = MarkdownIt("commonmark").render(chromium.module(render, citation))
    for tag in ("<script", "<svg", "<img", "<iframe", "<b "):
        assert tag not in html
    assert html.count("<a ") == 1


@pytest.mark.parametrize(
    ("names", "told"),
    [(["T"], ""), (["T", "a"], "a"), (["a", "T"], "a › T"), (["T", "T"], "T"), ([], "")],
)
@pytest.mark.usefixtures("asked")
def test_a_first_heading_that_is_the_title_is_told_once(chromium, names, told):
    """The section stands beside the title."""
    render = (
        "const { section } = await import('/pages/citations.js');"
        "return section({ document: { title: 'T' }, section: given[0] });"
    )
    assert chromium.module(render, names) == told


def test_without_a_clipboard_the_text_is_there_to_copy(chromium, asked):
    """Where the browser gives no access, the citation stands selected in a field."""
    chromium.js("navigator.clipboard.writeText = async () => { throw new Error('no'); }")
    chromium.click(f"{ANSWER} .copy")
    chromium.until_shown(f"{ANSWER} .told textarea")
    chosen = (
        "const f = document.activeElement; return f.value.slice(f.selectionStart, f.selectionEnd)"
    )
    assert asked["quote"]["exact"] in chromium.js(chosen)
