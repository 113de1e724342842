"""Which paragraph is for what, by hand on few articles."""

from __future__ import annotations

import zlib

from service.training.sources import ONE_IN, SOURCES, chosen_sources, split_of

BY_NAME = {source.name: source for source in SOURCES}


def test_the_last_articles_of_squad_2_are_kept_aside():
    """Of twelve the last five are for tests, the three before for calibration."""
    squad = BY_NAME["squad_v2"]
    splits = [split_of(squad, None, article, 12, "any text") for article in range(12)]
    assert splits == ["train"] * 4 + ["calibration"] * 3 + ["test"] * 5


def test_a_file_s_own_split_wins():
    """Where a set names its splits, neither article nor text changes them."""
    for source in SOURCES:
        assert split_of(source, "test", 0, 12, "any text") == "test"


def test_elsewhere_one_paragraph_in_many_is_for_calibration():
    """By the paragraph's own text, so that the same text never stands on both sides."""
    texts = [f"paragraph {at}" for at in range(2000)]
    reddit = BY_NAME["reddit"]
    chosen = [text for text in texts if split_of(reddit, None, 0, 1, text) == "calibration"]
    assert chosen == [text for text in texts if zlib.crc32(text.encode()) % ONE_IN == 0]
    assert 25 < len(chosen) < 80
    assert all(split_of(reddit, None, 7, 9, text) == "calibration" for text in chosen)


def test_a_clean_choice_holds_only_stated_licences():
    """Clean leaves out exactly the sets without one, and keeps their order."""
    assert chosen_sources(clean=False) == SOURCES
    assert [source.licence for source in chosen_sources(clean=True)].count(None) == 0
    left_out = [source.name for source in SOURCES if source not in chosen_sources(clean=True)]
    assert left_out == [source.name for source in SOURCES if source.licence is None]


def test_sources_without_a_licence_stand_last():
    """Contexts are counted in order: negatives mined from all sets fit the clean ones too."""
    unstated = [source.licence is None for source in SOURCES]
    assert unstated == sorted(unstated)
    assert len(BY_NAME) == len(SOURCES)
