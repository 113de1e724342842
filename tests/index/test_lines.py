"""Lines that were broken on purpose, and those that a width broke."""

from textwrap import fill

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lines import line_starts
from index.records import Span
from index.sentences import split_sentences


def begun(text: str) -> list[str]:
    """The first words of the lines that begin something."""
    return [text[at:].split(maxsplit=1)[0] for at in line_starts(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Labels, whatever the width; times; bullets.
        ("**Landlord:** Mrs Pryce\n**Tenants:** D. Okafor and B. Lind", ["**Tenants:**"]),
        ("1912: A reading room opens\n1923: It moves", ["1923:"]),
        ("Flight FI 431 from Glasgow\n09:50 Arrive in Keflavik", ["09:50"]),
        ("Bring with you\n- A coat, a hat and boots for rain", ["-"]),
        # The next word had room: ten of forty characters are there.
        ("SATURDAY\nWe meet at the station and take a train", ["We"]),
        # It had none, or goes on with no capital, or the line says that it does.
        ("The roof of the old mill was mended by T.\nBrand in May.", []),
        ("He left\nthe house of his father in the late spring", []),
        ("Best wishes,\nAnna Lund of the old mill at Thornby Lane", []),
        ("Members of the\nRoyal Society of London for Natural Knowledge", []),
        # A list's number belongs to what follows.
        ("1.\nThe tenant pays the rent on the first of a month.", []),
        # Most lines were, and the longest could be.
        ("Anna Lund\nThe Old Mill at Thornby\nKent\nEngland", ["The", "Kent", "England"]),
        ("one line", []),
        ("", []),
    ],
)
def test_by_hand(text, expected):
    """What begins a line of its own."""
    assert begun(text) == expected


WORDS = st.lists(st.text("abcdeABC", min_size=1, max_size=9), max_size=60)


@given(WORDS, st.integers(20, 60))
def test_what_a_width_broke_begins_nothing(words, width):
    """However many of its words have capitals."""
    wrapped = fill(" ".join(words), width, break_long_words=False)
    assert begun(wrapped) == []


@given(st.lists(st.text("xyz ", max_size=40).map(str.strip), min_size=1, max_size=8))
def test_each_labelled_line_is_a_sentence(values):
    """Of a list of names and values, be they long or short or none."""
    lines = [f"Name{at}: {value}".strip() for at, value in enumerate(values)]
    text = "\n".join(lines)
    assert [own.of(text) for own in split_sentences(text, Span(0, len(text)))] == lines
