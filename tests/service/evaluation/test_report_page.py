"""The page: nothing in it runs, and everything hostile is text."""

from __future__ import annotations

from html.parser import HTMLParser

from service.evaluation.failures import Failure, Shown, Why
from service.evaluation.reading import ReadQuestion, reading_figures
from service.evaluation.report_page import POLICY, report_page
from service.evaluation.results import Panel, SetResult, Setting, Verified

EVIL = "</style><script>alert(1)</script><img src=x onerror=alert(2)> & \" ' \u202e\x1b[2J"
PANELS = (Panel("documents", {"hybrid": {"MRR@10": {"q1": 0.5, "q2": 1.0}}}),)
VOID = {"meta", "br", "img", "link", "input"}


class Parsed(HTMLParser):
    """The page as a browser takes it apart; fails where tags are not closed in order."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.words, self._open = [], "", []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words += data


def page_of(words, reading=None):
    """A page whose every text is ``words``."""
    shown = Shown(words, words, 1)
    texts, places = (words,), (shown,)
    failures = [Failure(words, words, why, texts, texts, places, places, words, 0.5) for why in Why]
    given = SetResult(
        name=words,
        layout="own questions",
        setting=Setting(words, "ab" * 32, {}, {}, words, 1, 1, 5, {"reader": words}),
        panels=PANELS,
        verified=Verified(4, texts),
        counts={"questions": 9},
        failures=tuple(failures),
        reading=reading,
        notes=texts,
    )
    return report_page([given], [words], words)


def test_hostile_words_are_text():
    """No element but the page's own, no attribute that runs, no address out of the page."""
    parsed, plain = Parsed(page_of(EVIL)), Parsed(page_of("plain"))
    assert [tag for tag, _ in parsed.elements] == [tag for tag, _ in plain.elements]
    assert "script" not in {tag for tag, _ in parsed.elements}
    for _, attributes in parsed.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        assert attributes.get("href", "#").startswith("#")
    assert parsed.words.count("<script>alert(1)</script>") > 20
    assert "\u202e" not in parsed.words
    assert "\x1b" not in parsed.words


def test_the_policy_allows_nothing_to_load():
    """Stated before anything else could be loaded."""
    elements = Parsed(page_of("plain")).elements
    metas = [at for tag, at in elements if tag == "meta"]
    assert metas[1] == {"http-equiv": "Content-Security-Policy", "content": POLICY}
    assert POLICY.startswith("default-src 'none'")


def test_every_reason_leads_to_its_questions():
    """Each link's target is there, with the number of failures beside it."""
    parsed = Parsed(page_of("plain"))
    targets = [at["href"][1:] for tag, at in parsed.elements if tag == "a"]
    ids = [at["id"] for tag, at in parsed.elements if tag == "h2" and "id" in at]
    assert targets == ids
    assert len(ids) == len(Why)
    assert f"{9 - len(Why)} of 9 questions went well" in parsed.words


def test_pictures_stand_in_the_page():
    """Both, as elements of it, and nothing of them is loaded from elsewhere."""
    questions = [ReadQuestion(str(n), n % 2 > 0, ("x",), "x", n / 20) for n in range(20)]
    page = page_of("plain", reading_figures(questions, 0.4))
    parsed = Parsed(page)
    assert [tag for tag, _ in parsed.elements].count("svg") == 2
    links = [at.get("xlink:href", "#") for _, at in parsed.elements]
    assert all(link.startswith("#") for link in links)
    assert "<?xml" not in page


def test_a_set_without_own_questions_has_figures_only():
    """Such as a public one."""
    setting = Setting("MiniLM", "ab" * 32, {}, {}, "version", 1, 1, 5)
    given = SetResult("scifact", "BEIR", setting, PANELS, Verified(10))
    parsed = Parsed(report_page([given], [], "evaluate"))
    assert "BEIR set" in parsed.words
    assert "hybrid" in parsed.words
