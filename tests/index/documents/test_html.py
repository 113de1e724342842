"""HTML files become titled, dated, sectioned text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.html import parse
from index.records import Block, Span

PAGE = """<!doctype html><html lang="en-GB"><head><title> The  <b>title</b> &amp; more</title>
<meta name="Author" content="Ann  Desk"><meta name="author" content="Second">
<meta property="og:title" content="OG"><meta name=description content="About it">
<meta property="article:published_time" content="2022-02-10T12:00:00Z">
<meta name="keywords" content="army, , navy ">
</head><body><svg><title>icon</title></svg><h1>Head</h1><p>Text.</p><time datetime="1999"></body>"""


def texts_of(data):
    extract = parse(data if isinstance(data, bytes) else data.encode())
    return [block.span.of(extract.text) for block in extract.blocks]


def test_what_a_page_says_of_itself():
    """Title, language, author, description, date and keywords; the first of each wins."""
    extract = parse(PAGE.encode())
    assert extract.title == "The <b>title</b> & more".replace("<b>", "<span>").replace(
        "</b>", "</span>"
    )
    assert extract.metadata == {
        "lang": "en-GB",
        "author": "Ann Desk",
        "description": "About it",
        "date": "2022-02-10T12:00:00Z",
        "keywords": ("army", "navy"),
    }
    assert extract.text == "Head\n\nText."
    assert extract.blocks == (
        Block(Span(0, 4), ("Head",), is_heading=True),
        Block(Span(6, 11), ("Head",)),
    )


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("<title></title><meta property='og:title' content='OG'><h1>H", "OG"),
        ("<p>x<h2>H <b>two</b></h2>", "H two"),
        ("<svg><title>icon</title></svg>x", None),
    ],
)
def test_titles(source, title):
    """<title>, else og:title, else the first heading."""
    assert parse(source.encode()).title == title


def test_a_date_in_the_text():
    """Without a stated date, the first <time> tells it."""
    assert parse(b"<p>On <time datetime='2022-02-01'>Tuesday</time>").metadata == {
        "date": "2022-02-01"
    }


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ('<meta charset="windows-1251"><p>Привет'.encode("cp1251"), "cp1251"),
        (
            b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>'
            + "Привет".encode("cp1251"),
            "cp1251",
        ),
        ('<?xml version="1.0" encoding="windows-1251"?><p>Привет</p>'.encode("cp1251"), "cp1251"),
        ("\ufeff<meta charset=latin1><p>Привет".encode("utf-16-le"), "utf-16-le"),
        ('<meta charset="latin1"><p>Привет'.encode(), None),
    ],
)
def test_encodings(data, encoding):
    """A byte order mark, then valid UTF-8, then what the page declares."""
    extract = parse(data)
    assert extract.text == "Привет"
    assert extract.metadata.get("encoding") == encoding


def test_xhtml_closes_its_empty_elements():
    """<title/> and <div/> of XML do not swallow what follows; <br/> stays a line's end."""
    source = '<?xml version="1.0"?><html><head><title/><script src="x"/></head><body><div/>a<br/>b'
    assert texts_of(source) == ["a\nb"]


def test_an_empty_main_falls_back_to_the_page():
    """Where a script would have filled the content, what else is there is read."""
    assert texts_of("<header>Site</header><main></main>") == ["Site"]
    assert texts_of("<header>Site</header><main>Text</main>") == ["Text"]


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 100_000 + "deep" + "</div>" * 100_000,
        "<table><tr><td>" * 30_000 + "deep",
        "<b><p>" * 30_000 + "deep",
        "".join(f"<font size={row}><p>" for row in range(5000)) + "deep",
        "<foo>" * 30_000 + "</bar>" * 30_000 + "deep",
        "<ul><li>" * 30_000 + "deep",
        "<pre>" * 30_000 + "deep",
    ],
    ids=lambda source: source[:12],
)
def test_hostile_depth_is_read(source):
    """A hundred thousand open elements neither overflow nor stall, and the text is found."""
    assert texts_of(source)[-1].endswith("deep")


@pytest.mark.parametrize(
    "source", ["", "<p>", "<a" * 200_000, "<!--" * 200_000, "<script>" * 50_000]
)
def test_pages_without_text(source):
    """Markup alone has no blocks, however much of it there is."""
    assert texts_of(source) == []


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_text_survives_escaping(text):
    """A paragraph's words are exactly the words written, entities decoded."""
    escaped = "".join(
        f"&#{ord(character)};" for character in text if character not in "\ufffe\uffff"
    )
    decoded = parse(f"<p>{escaped}</p>".encode()).text
    shown = "".join(character for character in text if character not in "\ufffe\uffff")
    assert " ".join(decoded.split()) == " ".join(shown.split())
