"""What stands in the way is said, with what to do."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from index.build import build

QUESTION = "how many eggs did the curlew count?"
ASKED = "/?q=how+many+eggs+did+the+curlew+count%3F"
KEY = "correct-horse-battery"


def test_an_overloaded_service_is_asked_again_when_it_says(chromium, word_site):
    """The button waits as long as Retry-After; then the answer comes."""
    chromium.allowed = ("503",)
    with word_site(max_waiting=32) as site, ExitStack() as permits:
        service = site.app.state.service
        permits.enter_context(service.admission.admit(service.work_line, 32))
        chromium.open(site.url + ASKED)
        chromium.until_shown("#notice h2")
        assert chromium.text("#notice h2") == "It is busy"
        assert chromium.text("#notice button").startswith("Try again")
        permits.close()
        chromium.until("document.querySelector('#notice button').textContent === 'Try again'")
        chromium.click("#notice button")
        chromium.until_shown("#answer")
        assert chromium.texts("#notice h2") == []


def test_without_an_index_the_page_says_how_to_make_one_and_goes_on(chromium, tmp_path, word_site):
    """As soon as there is one, the question in the address is answered."""
    from word_encoder import WordEncoder

    chromium.allowed = ("503",)
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "one.txt").write_text("The curlew counted 1,234 eggs.")
    with word_site(index=tmp_path / "index", poll_interval=0.1) as site:
        chromium.open(site.url + ASKED)
        chromium.until_shown("#notice h2")
        assert chromium.text("#notice h2") == "No documents yet"
        assert "quoth build FOLDER" in chromium.text("#notice")
        build([documents], tmp_path / "index", WordEncoder())
        chromium.until_shown("#answer")
        assert chromium.text("#corpus") == "1 document, 1 passage"


@pytest.fixture
def keyed(word_site):
    with word_site(api_keys=KEY) as site:
        yield site


def test_a_key_is_asked_for_kept_for_the_session_and_forgotten(chromium, keyed):
    """A wrong one is told; the right one answers, serves the viewer too, and is nowhere else."""
    chromium.allowed = ("401",)
    chromium.open(keyed.url + ASKED)
    chromium.until_shown("#key")
    chromium.type("#key", "wrong-key-wrong-key")
    chromium.click(".key .primary")
    chromium.until("document.querySelector('#notice h2')?.textContent === 'Not that key'")
    chromium.type("#key", KEY)
    chromium.click(".key .primary")
    chromium.until_shown("#answer")
    assert "passages" in chromium.text("#corpus")
    assert chromium.js("return JSON.stringify({...localStorage})").find(KEY) == -1
    assert KEY not in chromium.js("return location.href + document.cookie")
    chromium.click("figcaption .title a")
    chromium.until_shown("#text mark")
    chromium.click("#back")
    chromium.until_shown("#answer")
    chromium.click("#foot button")
    chromium.until_shown("#key")
    assert chromium.js("return sessionStorage.getItem('quoth.key')") is None


def test_the_viewer_asks_for_the_key_too(chromium, keyed):
    """A shared link opens once the key is given."""
    chromium.allowed = ("401",)
    chromium.open(f"{keyed.url}/documents/{'0' * 16}#char=0,3")
    chromium.until_shown("#key")


def test_a_filter_that_is_wrong_is_told_with_its_place(chromium, hostile_site):
    """Both one that is no JSON and one that the service refuses."""
    chromium.allowed = ("422",)
    chromium.open(hostile_site.url)
    chromium.type("#question", QUESTION)
    chromium.click("#narrow summary")
    for text, said in (("{", "The filter is no JSON"), ('{"op": "no"}', "filter › op: op 'no'")):
        chromium.type("#filter", text)
        chromium.click("#ask .primary")
        chromium.until(
            "document.querySelector('#notice p')?.textContent.includes(arguments[0])", said
        )


def test_a_service_that_has_gone_is_told(chromium, word_site):
    """No reply is no empty page."""
    chromium.allowed = ("ERR_CONNECTION_REFUSED",)
    with word_site() as site:
        chromium.open(site.url)
        chromium.until("document.getElementById('corpus').textContent !== ''")
    chromium.type("#question", QUESTION)
    chromium.click("#ask .primary")
    chromium.until_shown("#notice h2")
    assert chromium.text("#notice h2") == "No reply"


def test_progress_shows_while_it_works(chromium, hostile_site):
    """The reply is busy until it is there."""
    chromium.open(hostile_site.url)
    chromium.js(
        "const real = window.fetch; window.fetch = async (...given) => {"
        "  await new Promise((go) => { window.go = go; }); return real(...given); }"
    )
    chromium.type("#question", QUESTION)
    chromium.click("#ask .primary")
    chromium.until_shown("#progress")
    assert (
        chromium.js("return document.getElementById('reply').getAttribute('aria-busy')") == "true"
    )
    chromium.js("window.go()")
    chromium.until_shown("#answer")
    assert chromium.js("return document.getElementById('progress').hidden")
