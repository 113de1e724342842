"""Countries by all their names; words that are also something else."""

from __future__ import annotations

import pytest

from service.reading.nations import COUNTRY_NAMES, nations_in, with_wider

NAMED = [
    ("The US Army and the British Navy", ["us", "uk"]),
    ("united states of america", ["us"]),
    ("the americans and the united kingdom", ["us", "uk"]),
    ("they told us a story about turkey soup", []),
    ("us troops in turkey", ["us", "turkey"]),
    ("the south koreans", ["south_korea"]),
    ("south america", []),
    ("bone china from china", ["china"]),
    ("Poles polish Polish shoes", ["poland", "poland"]),
    ("the dutch and the czechs", ["netherlands", "czech_republic"]),
    ("michael jordan went to jordan", ["jordan"]),
    ("Us and them", []),
]


@pytest.mark.parametrize(("text", "keys"), NAMED)
def test_nations_are_found_by_any_of_their_names(text, keys):
    """One key stands for a country whichever way it is called, and for nothing else."""
    assert [key for _, _, key in nations_in(text.split(), capitals_tell=True)] == keys


def test_places_are_the_words_that_name_the_nation():
    """First word and end point at the whole name, the longest there is."""
    words = "He left the United States of America gladly".split()
    assert nations_in(words, capitals_tell=True) == [(3, 7, "us")]


def test_a_part_of_korea_is_korea():
    """Who speaks of South Korea speaks of Korea, and nobody else is widened."""
    assert with_wider({"south_korea", "peru"}) == {"south_korea", "korea", "peru"}


def test_country_names_hold_no_peoples():
    """A place is named by the country, not by its people."""
    assert {"poland", "usa"} <= COUNTRY_NAMES
    assert not {"polish", "american", "dutch"} & COUNTRY_NAMES
