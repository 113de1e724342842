"""Words broken at line ends, put together as the document spells them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.hyphens import Hyphens
from index.documents.pdf_lines import BROKEN_WORD as B

WORD = st.text(st.sampled_from("abcdeäöж"), min_size=4, max_size=9)


@given(
    st.lists(st.tuples(WORD, st.integers(1, 3)), min_size=1, max_size=8, unique_by=lambda w: w[0])
)
def test_words_the_document_holds_whole_are_mended_to_them(broken):
    """Wherever a word is broken, it comes out as it stands elsewhere."""
    whole = " ".join(word for word, _ in broken)
    torn = " ".join(word[:place] + B + word[place:] for word, place in broken)
    assert Hyphens([whole, torn]).mended(torn) == whole


@given(WORD, WORD)
def test_compounds_the_document_holds_keep_their_hyphen(left, right):
    """``well-known`` broken at its hyphen is ``well-known``, not ``wellknown``."""
    torn = f"{left}{B}{right}"
    assert Hyphens([f"a {left}-{right} b", torn]).mended(torn) == f"{left}-{right}"


@pytest.mark.parametrize(
    ("torn", "mended"),
    [
        (f"North{B}South", "North-South"),  # a capital begins no syllable
        (f"a 10{B}year plan", "a 10-year plan"),
        (f"{B}", "-"),
        (f"pre{B} text", "pre- text"),
    ],
)
def test_what_is_no_broken_word(torn, mended):
    """Written by hand; the document breaks no other word."""
    assert Hyphens([torn]).mended(torn) == mended


def test_two_whole_words_are_a_compound():
    """Both parts stand in the document by themselves, the whole does not."""
    lines = ["the rest of the day", f"a rest{B}day comes"]
    assert Hyphens(lines).mended(lines[1]) == "a rest-day comes"


def test_a_document_that_breaks_words_breaks_unknown_ones_too():
    """Known breaks are of one kind, so an unknown word is taken to be of it."""
    lines = ["example question", f"exam{B}ple", f"ques{B}tion", f"zir{B}kel"]
    assert Hyphens(lines).mended(f"zir{B}kel") == "zirkel"
    lines = ["well-known old-age", f"well{B}known", f"old{B}age", f"zir{B}kel"]
    assert Hyphens(lines).mended(f"zir{B}kel") == "zir-kel"


@pytest.mark.parametrize(
    ("whole", "torn", "mended"),
    [
        ("It was confirmed.", f"could not con{B}firm it", "could not confirm it"),
        ("To confirm it", f"was con{B}firmed", "was confirmed"),
        ("Confirmation, confirms", f"Con{B}firm it", "Confirm it"),
        # What other forms do not tell, or tell of the other part alone.
        ("It is firm.", f"could not con{B}firm it", "could not con-firm it"),
        ("He is wellknit, knowing.", f"a well{B}known man", "a well-known man"),
        ("Unknown, knownness", f"a well{B}known man", "a well-known man"),
        ("Wells and welling", f"a well{B}known man", "a well-known man"),
        ("tens", f"te{B}n", "te-n"),
        ("Signed and resigned.", f"to re{B}mit", "to re-mit"),
    ],
)
def test_a_lone_broken_word_is_mended_by_its_other_forms(whole, torn, mended):
    """Written by hand; the hyphen of a compound stays, for none of its forms is written as one."""
    lines = [whole, *["plain words of a line"] * 60, torn]
    assert Hyphens(lines).mended(torn) == mended


@given(WORD, WORD, st.lists(WORD, max_size=8))
def test_words_of_the_parts_alone_join_nothing(left, right, words):
    """Only what holds both parts in a row may."""
    lines = [
        *(f"{word} {left}{word[0]} {word}{right}" for word in words if word != right),
        "x " * 9,
    ]
    known = " ".join(lines)
    torn = f"{left}{B}{right}"
    if f"{left}{right[:2]}" not in known:
        assert Hyphens([*lines, *["plain"] * 99, torn]).mended(torn) == f"{left}-{right}"
