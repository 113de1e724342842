"""Light and dark, phone and desktop, and what axe-core finds amiss."""

from __future__ import annotations

import pytest

from chromium import DESKTOP, PHONE

ANSWERED = "/?q=how+many+US+troops+went+to+Poland%3F&top_k=2"
ABSTAINED = "/?q=how+many+Chinese+soldiers+were+sent+to+Poland%3F&top_k=2"
WAITS = {
    "start": ("/", "#foot:not(:empty)"),
    "answer": (ANSWERED, "#answer"),
    "abstention": (ABSTAINED, "#reply h2.none"),
    "viewer": (None, "#text mark"),
    "gone": (f"/documents/{'0' * 16}", "#notice h2"),
    "faulty": ("/?q=x&filter=no", "#notice h2"),
}


def visit(chromium, site, state):
    path, shown = WAITS[state]
    if path is None:
        passage = site.ask("how many US troops went to Poland?", top_k=1)["passages"][0]
        path = passage["citation"]["links"]["view"]
    chromium.open(site.url + path)
    chromium.until_shown(shown)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("state", WAITS)
def test_axe_finds_nothing_serious(chromium, seeds_site, axe, state, size, scheme):
    """No violation that is serious or critical, in any state of the page; nothing overflows."""
    chromium.allowed = ("404", "422")
    chromium.look(size, scheme)
    visit(chromium, seeds_site, state)
    chromium.js(axe)
    found = chromium.module("return (await axe.run(document)).violations")
    grave = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    told = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in grave]
    assert told == []
    assert chromium.js("return document.documentElement.scrollWidth") <= size[0]


def test_axe_would_find_something(chromium, seeds_site, axe):
    """An unlabelled field and pale words are found: the test above can fail."""
    visit(chromium, seeds_site, "start")
    chromium.js(
        "const words = document.createElement('p'); words.textContent = 'pale';"
        "words.style.color = '#ddd'; words.style.background = '#fff';"
        "document.querySelector('main').append(words, document.createElement('input'))"
    )
    chromium.js(axe)
    found = chromium.module("return (await axe.run(document)).violations.map((rule) => rule.id)")
    assert {"color-contrast", "label"} <= set(found)


def brightness(chromium):
    """Of the page's ground, 0 to 255."""
    colour = chromium.js("return getComputedStyle(document.body).backgroundColor")
    return sum(float(part) for part in colour.strip("rgb()").split(",")[:3]) / 3


def test_dark_follows_the_system_and_the_switch_wins(chromium, seeds_site):
    """What is chosen holds on the next page and after coming back."""
    visit(chromium, seeds_site, "answer")
    assert brightness(chromium) > 200
    chromium.look(DESKTOP, "dark")
    assert brightness(chromium) < 60
    chromium.js("theme.value = 'light'; theme.dispatchEvent(new Event('change'))")
    assert brightness(chromium) > 200
    visit(chromium, seeds_site, "viewer")
    assert brightness(chromium) > 200
    chromium.js("theme.value = ''; theme.dispatchEvent(new Event('change'))")
    assert brightness(chromium) < 60
