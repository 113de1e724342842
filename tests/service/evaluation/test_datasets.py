"""Documents made of data-set records, and samples of queries."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.records import Span, digest
from service.evaluation.datasets import Query, RetrievalSet, document, paragraphs, sample

LINES = st.lists(st.sampled_from(["one two", "  three", "four\u00a0", "", "  ", "\t", "é\u0301😀"]))


@given(LINES)
def test_paragraphs_are_the_stretches_between_blank_lines(lines):
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
def test_blocks_hold_every_character_that_is_not_white_space(text):
    made = document("u", "Title", text)
    covered = {place for block in made.blocks for place in range(block.span.start, block.span.end)}
    assert all(made.text[place].isspace() for place in set(range(len(made.text))) - covered)
    assert "\r" not in made.text


def test_line_ends_become_newlines_and_the_digest_is_of_what_is_kept():
    made = document("id", " A title ", "one\r\ntwo\r\n\r\nthree\r")
    assert made.text == "one\ntwo\n\nthree\n"
    assert [block.span for block in made.blocks] == [Span(0, 7), Span(9, 14)]
    assert (made.title, made.source_sha256) == ("A title", digest(made.text))


def test_a_blank_text_gives_way_to_the_title():
    made = document("id", "Only a title", " \n ")
    assert (made.text, made.blocks[0].span.of(made.text)) == ("Only a title", "Only a title")


def test_a_sample_keeps_the_order_and_is_the_same_every_time():
    queries = tuple(Query(str(number), "?") for number in range(100))
    drawn = sample(queries, 10)
    assert drawn == sample(queries, 10)
    assert list(drawn) == sorted(set(drawn), key=queries.index)
    assert len(drawn) == 10
    assert sample(queries, None) == sample(queries, 100) == queries


def test_a_limited_set_keeps_all_documents_and_only_its_own_judgements():
    queries = tuple(Query(str(number), "?") for number in range(5))
    qrels = {query.query_id: {"d": 1} for query in queries}
    whole = RetrievalSet((document("d", "", "text"),), queries, qrels, queries[:3])
    part = whole.limited(2)
    assert part.documents == whole.documents
    assert set(part.qrels) == {query.query_id for query in part.queries}
    assert (len(part.queries), len(part.unanswerable)) == (2, 2)
