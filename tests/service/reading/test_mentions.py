"""Shares worked out by hand before the code was run."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reading.mentions import missing_share

TROOPS = "About 1,700 American soldiers were sent to Poland in February."

JUDGED = [
    # (question, passage, missing mentions, mentions)
    ("How many Chinese soldiers were sent to Poland?", TROOPS, 1, 2),
    ("How many US troops were sent to Poland?", TROOPS, 0, 2),
    ("How many U.S. troops were sent to Poland?", TROOPS, 0, 2),
    ("how many us troops were sent to poland?", TROOPS, 0, 2),
    ("how many chinese soldiers were sent to poland", TROOPS, 1, 2),
    ("how many russian soldiers were sent to germany", TROOPS, 2, 2),
    ("How many soldiers from the United States went to Poland?", TROOPS, 0, 2),
    ("How many Americans went to Poland's border?", TROOPS, 0, 2),
    ("Did 1700 soldiers go?", TROOPS, 0, 1),
    ("Did 1,700 soldiers go?", "They were 1700.", 0, 1),
    ("Did 1,800 soldiers go?", TROOPS, 1, 1),
    ("Who went in February?", TROOPS, 0, 1),
    ("who went in march", TROOPS, 1, 1),
    ("Who went in February 2014?", TROOPS, 1, 2),
    ("who went on monday", "They left on Monday.", 0, 1),
    ("How many soldiers were sent?", TROOPS, 0, 0),
    ("What happened?", "", 0, 0),
    ("what did he tell us", TROOPS, 0, 0),
    ("what is the us made of", TROOPS, 0, 1),
    ("who is us president", "They gave us bread.", 1, 1),
    ("Who is the President of France?", "The French head of state", 1, 2),
    ("Who is the French president?", "France elected him.", 0, 1),
    ("Who leads Britain?", "the United Kingdom's prime minister", 0, 1),
    ("Who leads the UK?", "The British prime minister", 0, 1),
    ("Who leads Great Britain?", "In Russia", 1, 1),
    ("who leads russia", "the russian president", 0, 1),
    ("Who leads Russia?", "the Russians' president", 0, 1),
    ("Is Germany larger than Italy?", "German and Italian lakes", 0, 2),
    ("Is Germany larger than Italy?", "German lakes", 1, 2),
    ("American or British?", "a Briton", 1, 2),
    ("NASA launched which probe?", "Launched by nasa.", 0, 1),
    ("NASA launched which probe?", "Launched by ESA.", 1, 1),
    ("Which probe did NASA launch?", "Launched by NASA.", 0, 1),
    ("On which day did Anna leave?", "Anna left.", 0, 1),
    ("In Kraków, who was king?", "the king of Krakow", 0, 1),
    ("In Krakow, who was king?", "the king of KRAKÓW", 0, 1),
    ("Where is Coca-Cola made?", "Coca Cola is a drink", 0, 2),
    ("Where is Coca-Cola made?", "cola is a drink", 1, 2),
    ("What is Anna's dog called?", "Anna has a dog", 0, 1),
    ("What is Anna’s dog called?", "Bea has a dog", 1, 1),
    ("What did the Beatles sing?", "each Beatle sang", 0, 1),
    ("Who played for the Boston Celtics?", "Boston is a town", 1, 2),
    ("What did J.K. Rowling write?", "J. K. Rowling wrote it", 0, 2),
    ("What is South Korea's capital?", "The South Korean capital is Seoul", 0, 1),
    ("What is South Korea's capital?", "the North Korean capital", 1, 1),
    ("what is the capital of korea", "the South Korean capital", 0, 1),
    ("what is the capital of turkey", "Turkish towns", 0, 1),
    ("how long do you roast turkey", "at 180 degrees", 0, 0),
    ("how do you polish shoes", "with a cloth", 0, 0),
    ("how many polish soldiers were there", "Poland had many", 0, 1),
    ("how big is china", "the Chinese economy", 0, 1),
    ("how is fine china made", "from clay", 0, 0),
    ("What may happen?", "Nothing", 0, 0),
    ("what happened in may", "In May, nothing.", 0, 1),
    ("What happened in May 2010?", "In May, nothing.", 1, 2),
    ("When did the 82nd division leave?", "The 82nd Airborne Division", 0, 1),
    ("When did the 82nd division leave?", "82 men", 1, 1),
    ("What did the 2 brothers build?", "two brothers built it", 0, 1),
    ("What two brothers built it?", "the Wrights", 0, 0),
    ("WHO WROTE HAMLET?", "Shakespeare wrote it", 0, 0),
    ("Who Is The King Of Spain?", "the Spanish king", 0, 1),
    ("What is the South American river?", "The American river", 1, 2),
    ("Which 1990s band was it?", "a band of the 1990s", 0, 1),
    ("Did it cost 5%?", "5 per cent", 0, 1),
    ("Who met Anna, Anna or Bea?", "Bea", 1, 2),
    ("what did the dutch sell", "The Netherlands sold tulips", 0, 1),
    ("What did I do?", "nothing", 0, 0),
    ("who ruled saudi arabia", "a Saudi king", 0, 1),
]


@pytest.mark.parametrize(("question", "passage", "missing", "mentions"), JUDGED)
def test_shares_are_those_counted_by_hand(question, passage, missing, mentions):
    """The share is what is missing over what is mentioned, and 0 where nothing is."""
    assert missing_share(question, passage) == pytest.approx(missing / max(1, mentions))


@given(st.text(), st.text())
def test_any_text_gives_a_share(question, passage):
    """Whatever is asked of whatever passage, the share lies between 0 and 1."""
    assert 0.0 <= missing_share(question, passage) <= 1.0


NAMES = ["Zorblat", "Kwendi", "Mirova", "Tuskan", "Ébrol", "Chinese", "Peru", "1914", "3,500"]


@given(st.sets(st.sampled_from(NAMES), min_size=1), st.sets(st.sampled_from(NAMES)), st.booleans())
def test_each_mention_put_into_the_passage_lowers_the_share_by_its_part(asked, held, upper):
    """With n mentions asked and h of them held, in any case, the share is (n - h) / n."""
    passage = "it says " + " and ".join(sorted(held))
    passage = passage.upper() if upper else passage
    share = missing_share("What of " + ", ".join(sorted(asked)) + "?", passage)
    assert share == pytest.approx((len(asked) - len(asked & held)) / len(asked))


@given(st.text(string.ascii_lowercase, min_size=4, max_size=9).map(lambda word: f"xq{word}"))
def test_a_question_quoted_whole_misses_nothing(name):
    """A passage that repeats the question holds all that it mentions."""
    question = f"how many chinese ships did {name.capitalize()} send to 3 ports in april 1914"
    assert missing_share(question, question) == 0.0
    assert missing_share(question, question.casefold()) == 0.0
