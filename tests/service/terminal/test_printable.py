"""Text from documents, made harmless to terminals."""

from __future__ import annotations

import doctest
import unicodedata
from pathlib import Path
from urllib.parse import unquote, urlparse

from hypothesis import given
from hypothesis import strategies as st

from service.terminal import printable as module
from service.terminal.printable import file_link, one_line, printable

# Marks that turn the direction of writing, as the bidirectional algorithm lists them.
BIDI = [0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]


def test_the_examples_hold():
    """The docstrings' own."""
    assert doctest.testmod(module).failed == 0


@given(st.text())
def test_no_control_character_passes(text):
    """Every character has its place, so highlights keep theirs; none is a control."""
    shown = printable(text)
    assert len(shown) == len(text)
    controls = {c for c in shown if unicodedata.category(c) == "Cc"}
    assert controls <= {"\n", "\t"}
    assert not {c for c in one_line(text) if unicodedata.category(c) == "Cc"}


def test_marks_of_direction_are_shown():
    """A name cannot be written backwards."""
    for mark in map(chr, BIDI):
        assert printable(f"a{mark}b") == "a\N{REPLACEMENT CHARACTER}b"


def test_letters_of_every_script_pass():
    """Hebrew, accents put on by themselves, joined emoji; wide spaces become plain ones."""
    text = "שלום e\u0301 👩\u200d🚒 75\xa0km"
    assert printable(text) == text.replace("\xa0", " ")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_a_link_is_ascii_and_names_the_file(name):
    """However hostile the name, nothing in the address ends or steers the escape sequence."""
    path = Path("/notes") / name.replace("/", "-")
    link = file_link(path, line=3)
    assert link.isascii()
    assert link.isprintable()
    assert unquote(urlparse(link).path) == str(path)
    assert urlparse(link).fragment == "3"
