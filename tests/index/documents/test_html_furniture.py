"""Menus, dialogs and cookie notices that only their names tell, and what merely looks like one."""

import pytest

from index.documents.html import parse

TEXT = "<h1>Fares</h1><p>A day ticket costs £5.10, also at night. Children ride for half of it.</p>"
READ = ["Fares", "A day ticket costs £5.10, also at night. Children ride for half of it."]
LINKS = '<ul><li><a href="/">Home</a> | <li><a href="/f">Fares 2025</a></ul>'
COOKIES = "We use cookies."


def texts(source: str) -> list[str]:
    extract = parse(source.encode())
    return [block.span.of(extract.text) for block in extract.blocks]


@pytest.mark.parametrize(
    "furniture",
    [
        f'<div role="dialog">{COOKIES}</div>',
        f'<section role="AlertDialog">{COOKIES}</section>',
        f'<div aria-modal="true">{COOKIES}</div>',
        '<div role="search">Search the site</div>',
        "<search>Search the site</search>",
        f'<div class="x cookie-banner">{COOKIES}</div>',
        f'<div id="CookieConsent">{COOKIES}</div>',
        f'<p class="consent__popup">{COOKIES}</p>',
        f'<div id="menu">{LINKS}</div>',
        f'<ul class="list nav">{LINKS}</ul>',
        f'<div class="NavBar">{LINKS}</div>',
        f'<div role="menubar">{LINKS}</div>',
    ],
)
def test_what_names_itself_furniture_is_left_out(furniture):
    """Before the text and behind it, within its content too."""
    assert texts(furniture + TEXT) == READ
    assert texts(TEXT + furniture) == READ
    assert texts(f"<main>{furniture}{TEXT}</main>") == READ


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ('<div id="menu"><a href="/s">Soup</a> £4.50, with bread from here</div>', "Soup"),
        ('<div class="menu">Soup of the day</div>', "Soup of the day"),
        ('<div class="menu-item navigated">Text</div>', "Text"),
        ('<section id="cookies">We set two.</section>', "We set two."),
        ('<div class="consent">Parents consent.</div>', "Parents consent."),
        ('<h2 id="cookie-notice">On cookies</h2>', "On cookies"),
        (f'<div class="cookie-notice">{"A policy of many words. " * 80}</div>', "A policy"),
        ('<span class="menu">File</span>', "File"),
        ('<table><tr><td class="nav"><a href="/">Home</a></td><td>1</td></table>', "Home | 1"),
    ],
)
def test_what_merely_looks_like_it_is_kept(kept, said):
    """Dishes and prices, a section on cookies or on consent, a policy."""
    assert any(said in text for text in texts(TEXT + kept))


def test_names_of_places_outside_the_content_are_a_menu():
    """Where a page marks its content, a menu needs no links; figures make it none."""
    article = f"<article>{TEXT}</article>"
    assert texts(f'<div id="menu"><ul><li>Bills<li>Leaks</ul></div>{article}') == READ
    assert texts(f'<div id="menu">Soup 4.50</div>{article}') == ["Soup 4.50", *READ]


def test_roles_of_header_and_footer_are_what_their_tags_are():
    """Left out where the page marks its content, else kept."""
    around = '<div role="banner">Town</div>{}<div role="contentinfo">Tel. 1</div>'
    assert texts(around.format(f"<main>{TEXT}</main>")) == READ
    assert texts(around.format(TEXT)) == ["Town", *READ, "Tel. 1"]


@pytest.mark.parametrize(
    "page",
    [
        f'<p>Town</p><div role="dialog">{TEXT}</div>',
        f'<p>Town</p><div role="search">{TEXT}</div>',
        f'<p>Town</p><div aria-modal="true">{TEXT}</div>',
    ],
)
def test_a_page_whose_text_is_in_a_dialog_is_read(page):
    """What is left out is never more than what is left."""
    assert texts(page) == ["Town", *READ]


def test_a_page_of_nothing_else_is_read():
    """A list of links, a notice alone."""
    assert texts(f'<div id="menu">{LINKS}</div>') == ["Home |", "Fares 2025"]
    assert texts(f'<div id="cookie-notice">{COOKIES}</div>') == [COOKIES]


def test_looking_has_an_end():
    """Menus within menus of a million words are neither looked at forever nor lost."""
    page = '<div class="menu">' * 500 + "<i>word 1</i> " * 40_000
    assert texts(page)[-1].count("word 1") == 40_000
