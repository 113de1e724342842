"""Documents made of data-set records, and samples of queries."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.records import Span, digest
from service.evaluation.datasets import Query, RetrievalSet, document, paragraphs, sample

LINES = st.lists(st.sampled_from(["one two", "  three", "four\u00a0", "", "  ", "\t", "é\u0301😀"]))


@given(LINES)
def test_paragraphs(lines):
    """Paragraphs are the stretches between blank lines, trimmed."""
    text = "\n".join(lines)
    expected, stretch = [], []
    for line in [*lines, ""]:
        if line.strip():
            stretch.append(line)
        elif stretch:
            expected.append("\n".join(stretch).strip())
            stretch = []
    assert [span.of(text) for span in paragraphs(text)] == expected


@given(st.text(alphabet="ab \n\r\t\u2028😀", max_size=40))
def test_blocks_cover_the_text(text):
    """Whatever is in no block is white space."""
    made = document("u", "Title", text)
    covered = {place for block in made.blocks for place in range(block.span.start, block.span.end)}
    assert all(made.text[place].isspace() for place in set(range(len(made.text))) - covered)
    assert "\r" not in made.text


def test_line_ends():
    """Line ends become newlines and the digest is of what is kept."""
    made = document("id", " A title ", "one\r\ntwo\r\n\r\nthree\r")
    assert made.text == "one\ntwo\n\nthree\n"
    assert [block.span for block in made.blocks] == [Span(0, 7), Span(9, 14)]
    assert (made.title, made.source_sha256) == ("A title", digest(made.text))


def test_blank_text():
    """A blank text gives way to the title, so that the document can be found."""
    made = document("id", "Only a title", " \n ")
    assert (made.text, made.blocks[0].span.of(made.text)) == ("Only a title", "Only a title")


def test_sample():
    """A sample keeps the old order and is the same every time."""
    queries = tuple(Query(str(number), "?") for number in range(100))
    drawn = sample(queries, 10)
    assert drawn == sample(queries, 10)
    assert list(drawn) == sorted(set(drawn), key=queries.index)
    assert len(drawn) == 10
    assert sample(queries, None) == sample(queries, 100) == queries


def test_limited_set():
    """A limited set keeps all documents and only its own queries' judgements."""
    queries = tuple(Query(str(number), "?") for number in range(5))
    qrels = {query.query_id: {"d": 1} for query in queries}
    whole = RetrievalSet((document("d", "", "text"),), queries, qrels, queries[:3])
    part = whole.limited(2)
    assert part.documents == whole.documents
    assert set(part.qrels) == {query.query_id for query in part.queries}
    assert (len(part.queries), len(part.unanswerable)) == (2, 2)
