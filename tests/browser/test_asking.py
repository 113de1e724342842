"""From the question to the highlighted evidence in its document, as a person goes."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

from highlights import marked
from index.build import build
from word_encoder import WordEncoder

QUESTION = "how many US troops went to Poland?"
UNANSWERABLE = "how many Chinese soldiers were sent to Poland?"
QUOTED = "#reply .quoted"
ENTER, TAB = "\ue007", "\ue004"


def ask(chromium, site, question=QUESTION, **more):
    chromium.open(f"{site.url}/?{urlencode({'q': question, **more})}")
    chromium.until("document.querySelector('#reply > section')")


def test_the_corpus_is_named_with_its_size(chromium, seeds_site):
    """Before anything is asked one sees what will answer."""
    chromium.open(seeds_site.url)
    shot = seeds_site.json("/v1/index")["snapshot"]
    chromium.until("document.getElementById('corpus').textContent !== ''")
    size = f"{shot['documents']} document, {shot['passages']} passages"
    assert chromium.text("#corpus") == f"seeds · {size}"


def test_from_the_question_to_the_evidence_in_its_document(chromium, seeds_site):
    """It stands large and highlighted; a click opens the document with the evidence in view."""
    told = seeds_site.ask(QUESTION)
    best = told["passages"][0]
    chromium.open(seeds_site.url)
    chromium.type("#question", QUESTION)
    chromium.click("#ask .primary")
    chromium.until_shown("#answer")
    assert chromium.text("#answer") == told["answer"]["text"] == "About 1,700"
    assert chromium.text(QUOTED) == best["citation"]["quote"]["exact"]
    assert chromium.text(f"{QUOTED} strong") == "About 1,700"
    percent = f"{100 * told['answer']['confidence']:.0f}\u00a0%"
    assert chromium.text(".confidence").startswith(percent)

    chromium.click("figcaption .title a")
    chromium.until_shown("#text mark")
    assert chromium.text("#text mark") == best["citation"]["quote"]["exact"]
    assert chromium.text("#text mark strong") == "About 1,700"
    assert chromium.sees("#text mark")
    assert (
        chromium.text("#text .words") == seeds_site.get(best["citation"]["links"]["text"]).decode()
    )
    bar = chromium.text("#quote-bar")
    for fact in (best["citation"]["document"]["title"], best["citation"]["section"][0], "line 31"):
        assert fact in bar
    chromium.click("#back")
    chromium.until_shown("#answer")


def test_each_passage_shows_its_text_highlights_and_scores(chromium, seeds_site):
    """All as the API gives them, by another count of characters."""
    told = seeds_site.ask(QUESTION)
    ask(chromium, seeds_site)
    for passage in told["passages"]:
        at = f"#passage-{passage['rank']}"
        assert chromium.text(f"{at} .words") == passage["text"]
        assert chromium.text(f"{at} mark") == marked(passage, "evidence", "related")
        assert chromium.text(f"{at} strong") == marked(passage, "answer")
        shown = dict(zip(chromium.texts(f"{at} dt"), chromium.texts(f"{at} dd"), strict=True))
        assert shown["relevance"] == f"{passage['scores']['relevance']:.2f}"
        assert shown["meaning"] == f"{passage['scores']['dense']:.2f}"


def test_every_citation_opens_at_its_own_quote(chromium, seeds_site):
    """Whatever the rank: what is marked in the document is that passage's quote."""
    told = seeds_site.ask(QUESTION)
    ask(chromium, seeds_site)
    script = "return [...document.querySelectorAll('.passage .title a')].map((a) => a.href)"
    links = chromium.js(script)
    assert len(links) == len(told["passages"]) == 5
    for link, passage in zip(links, told["passages"], strict=True):
        assert link.startswith(seeds_site.url + passage["citation"]["links"]["view"])
        chromium.open(link)
        chromium.until_shown("#text mark")
        assert chromium.text("#text mark") == passage["citation"]["quote"]["exact"]
        assert chromium.sees("#text mark")


def test_the_start_page_shows_what_there_is_to_read(chromium, hostile_site, seeds_site):
    """The first documents by their titles, each leading to its text; none where a question is."""
    chromium.open(hostile_site.url)
    chromium.until_shown("#documents")
    listed = hostile_site.json("/v1/documents?limit=6")
    assert chromium.texts("#documents-list a bdi") == [
        document["title"] for document in listed["documents"]
    ]
    chromium.open(seeds_site.url)
    chromium.until_shown("#documents")
    chromium.click("#documents-list a")
    chromium.until_shown("#text .words")
    assert "1,700" in chromium.text("#text .words")
    ask(chromium, seeds_site, QUESTION)
    chromium.until("document.querySelector('#documents-list a')")
    assert not chromium.js("return document.getElementById('documents').checkVisibility()")


def test_many_documents_are_counted(chromium, word_site, tmp_path):
    """Six are named, the rest is a number."""
    documents = tmp_path / "documents"
    documents.mkdir()
    for number in range(9):
        (documents / f"{number}.txt").write_text(f"The owl counted {number} eggs.")
    build([documents], tmp_path / "index", WordEncoder())
    with word_site(index=tmp_path / "index") as site:
        chromium.open(site.url)
        chromium.until_shown("#documents")
        assert chromium.texts("#documents-list li")[-1] == "and 3 more"
        assert len(chromium.texts("#documents-list a")) == 6


def test_an_abstention_is_told_plainly(chromium, seeds_site):
    """No answer, the reason, and passages that say they do not answer."""
    told = seeds_site.ask(UNANSWERABLE)
    assert told["status"] == "abstained"
    ask(chromium, seeds_site, UNANSWERABLE)
    assert chromium.text("#reply h2.none") == "The documents do not say"
    assert told["abstention"]["message"] in chromium.text("#reply .head")
    assert chromium.texts("#answer") == []
    tags = chromium.texts(".passage .tag")
    assert tags == ["Related, but does not answer"] * len(told["passages"])


def test_what_was_not_read_in_time_is_said(chromium, word_site):
    """With no time for a second passage, the rest is counted and marked."""
    with word_site(read_budget_ms=0) as site:
        told = site.ask("how many eggs did the owl count?")
        reading = told["reading"]
        assert reading["passages_read"] == 1 < reading["passages_to_read"]
        ask(chromium, site, "how many eggs did the owl count?")
        unread = reading["passages_to_read"] - 1
        said = f"{unread} of the {reading['passages_to_read']} nearest passages could not be read"
        assert said in chromium.text("#reply .budget")
        unread_shown = sum(p["scores"]["relevance"] is None for p in told["passages"])
        assert chromium.texts(".passage dd").count("not read") == unread_shown > 0


def test_a_question_has_an_address_that_can_be_shared(chromium, seeds_site):
    """Question, filter and number of passages come back from it, and back goes back."""
    chromium.open(seeds_site.url)
    chromium.type("#question", QUESTION)
    chromium.click("#narrow summary")
    chromium.type("#path", "ukraine")
    chromium.type("#top_k", "2")
    chromium.click("#ask .primary")
    chromium.until_shown("#answer")
    assert len(chromium.texts(".passage")) == 2
    address = chromium.js("return location.href")
    chromium.open(address)
    chromium.until_shown("#answer")
    assert chromium.js("return [question.value, path.value, top_k.value]") == [
        QUESTION,
        "ukraine",
        "2",
    ]
    assert len(chromium.texts(".passage")) == 2
    wanted = json.dumps({"op": "prefix", "field": "uri", "value": "elsewhere"})
    chromium.open(f"{seeds_site.url}/?q={quote(QUESTION)}&filter={quote(wanted)}")
    chromium.until_shown("#reply h2.none")
    assert chromium.text("#reply h2.none") == "Nothing was found"


def test_recent_questions_stay_in_the_browser_until_cleared(chromium, seeds_site):
    """They are listed newest first, lead back to their reply, and can be cleared."""
    for question in (QUESTION, UNANSWERABLE):
        ask(chromium, seeds_site, question)
    chromium.open(seeds_site.url)
    chromium.until_shown("#recent")
    assert chromium.texts("#recent-list a") == [UNANSWERABLE, QUESTION]
    chromium.click("#recent-list li:last-child a")
    chromium.until_shown("#answer")
    chromium.open(seeds_site.url)
    chromium.click("#recent-clear")
    chromium.until("document.getElementById('recent').hidden")
    chromium.open(seeds_site.url)
    assert chromium.js("return localStorage.length") == 0


def test_the_keyboard_alone_is_enough(chromium, seeds_site):
    """Ask, reach the source, open it, and verify, with no pointer."""
    chromium.open(seeds_site.url)
    chromium.until("document.activeElement.id === 'question'")
    chromium.press(QUESTION, ENTER)
    chromium.until_shown("#answer")
    tab_to(chromium, "document.activeElement.matches('figcaption .title a')")
    chromium.press(ENTER)
    chromium.until("document.activeElement.id === 'quote'")
    assert chromium.sees("#quote")
    chromium.js("document.activeElement.blur(); scrollTo(0, 0); getSelection().empty()")
    tab_to(chromium, "document.activeElement.matches('.verify')")
    chromium.press(ENTER)
    chromium.until_shown(".told.good")


def tab_to(chromium, condition):
    for _ in range(30):
        if chromium.js(f"return {condition}"):
            return
        chromium.press(TAB)
    raise AssertionError(f"30 tabs did not lead to {condition}")


def test_what_is_heard_is_the_answer(chromium, seeds_site):
    """The live region tells answer, sureness and number in one sentence."""
    told = seeds_site.ask(QUESTION)["answer"]
    ask(chromium, seeds_site)
    said = chromium.text("#status")
    assert said.startswith("Answered: About 1,700.")
    assert f"{100 * told['confidence']:.0f}\u00a0%" in said
