"""Judged by hand before the code was run; what no one can judge is 0."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reading.answer_types import type_match

JUDGED = [
    # How many, how much and their kin ask for a quantity.
    ("How many US troops went to Poland?", "About 1,700", 1.0),
    ("How many US troops went to Poland?", "1,700 American soldiers", 1.0),
    ("How many US troops went to Poland?", "Poland", -1.0),
    ("How many US troops went to Poland?", "the 82nd Airborne Division", -1.0),
    ("How many US troops went to Poland?", "in March 2014", -1.0),
    ("How many US troops went to Poland?", "on Tuesday", -1.0),
    ("How many US troops went to Poland?", "about half", 0.0),
    ("How many US troops went to Poland?", "half of the 1,700", 1.0),
    ("how many people died in the fire?", "two thirds", 0.0),
    ("What share of the troops went to Poland?", "about half", 1.0),
    ("how many us troops went to poland", "several", 0.0),
    ("how many us troops went to poland", "none", 0.0),
    ("how many people died in the fire?", "twenty-five", 1.0),
    ("how many people died in the fire?", "two dozen", 1.0),
    ("how many people died in the fire?", "more than a hundred", 1.0),
    ("how many people died in the fire?", "most of the villagers", 0.0),
    ("how many eggs", "a dozen", 1.0),
    ("how many of them left", "a third", 1.0),
    ("how many of them left", "half of them", 1.0),
    ("How much did the bridge cost?", "$5 million", 1.0),
    ("How much did the bridge cost?", "€300m", 1.0),
    ("How much did the bridge cost?", "the city council", -1.0),
    ("How much sleep do adults need?", "7-9 hours", 1.0),
    ("How long did the war last?", "six years", 1.0),
    ("How long did the war last?", "from 1914 to 1918", 0.0),
    ("How long did the war last?", "Napoleon", -1.0),
    ("How long did the war last?", "until the spring", 0.0),
    ("How far is the moon?", "384,400 km", 1.0),
    ("how old was he when he died", "81", 1.0),
    ("how tall is the tower", "330 metres", 1.0),
    ("how big is a blue whale", "Antarctica", -1.0),
    ("how high does it fly", "up to 10,000ft", 1.0),
    ("how often is the census held", "every ten years", 1.0),
    ("how often is the census held", "twice a year", 1.0),
    ("how often is the census held", "annually", 1.0),
    ("What percentage of voters stayed at home?", "45%", 1.0),
    ("What percentage of voters stayed at home?", "forty per cent", 1.0),
    ("What percentage of voters stayed at home?", "the opposition", -1.0),
    ("What percentage of voters stayed at home?", "25", 1.0),
    ("What percentage of voters stayed at home?", "between 40 and 1,000", 1.0),
    ("What share of the troops went to Poland?", "1,700", -1.0),
    ("What proportion of them left?", "three-fourths", 1.0),
    ("What proportion of them left?", "one in five", 1.0),
    ("What is the population of Malta?", "about half a million", 1.0),
    ("What is the population of Malta?", "Valletta", -1.0),
    ("What was the price of oil?", "US$71 a barrel", 1.0),
    ("At what age do cats stop growing?", "two", 1.0),
    ("What number of ships sank?", "eleven", 1.0),
    ("When the war ended, how many soldiers were left?", "40,000", 1.0),
    # When and in what year ask for a time.
    ("When did the war end?", "1945", 1.0),
    ("When did the war end?", "8 May 1945", 1.0),
    ("when did the war end", "may 1945", 1.0),
    ("When did the war end?", "on Tuesday", 1.0),
    ("When did the war end?", "in the 19th century", 1.0),
    ("When did the war end?", "Berlin", -1.0),
    ("When did the war end?", "1,700 soldiers", -1.0),
    ("When did the war end?", "$5 million", -1.0),
    ("When did the war end?", "yesterday", 0.0),
    ("When did the war end?", "after the siege", 0.0),
    ("When does the shop open?", "9:30 am", 1.0),
    ("When does the shop open?", "at noon", 1.0),
    ("when does the bus leave", "half past seven", 0.0),
    ("In what year was Einstein born?", "1879", 1.0),
    ("In what year was Einstein born?", "Ulm", -1.0),
    ("in which year did rome fall", "476", 1.0),
    ("What month does school start?", "September", 1.0),
    ("what day of the week is market day", "thursday", 1.0),
    ("which century did dante live in", "the fourteenth century", 1.0),
    ("In what decade was it built?", "the 1990s", 1.0),
    ("When did the last ice age end?", "11,600 BP", 1.0),
    ("In what century did it begin?", "11th", 0.0),
    ("How much did it grow?", "sevenfold", 0.0),
    # Who asks for a name, which needs no capital.
    ("Who wrote Hamlet?", "William Shakespeare", 1.0),
    ("who wrote hamlet", "shakespeare", 0.0),
    ("Who wrote Hamlet?", "1603", -1.0),
    ("Who wrote Hamlet?", "in March 1603", -1.0),
    ("Who wrote Hamlet?", "about 1,700", -1.0),
    ("who paid for the bridge", "the city council", 0.0),
    ("Who paid for the bridge?", "The city council", 0.0),
    ("Who paid for the bridge?", "the European Union", 1.0),
    ("To whom was the letter sent?", "Queen Victoria", 1.0),
    ("whose idea was it", "20 per cent", -1.0),
    # Where asks for a place.
    ("Where were the soldiers sent?", "Poland", 1.0),
    ("where were the soldiers sent", "poland", 1.0),
    ("Where were the soldiers sent?", "to the eastern border", 0.0),
    ("Where were the soldiers sent?", "1,700", -1.0),
    ("Where were the soldiers sent?", "February 2022", -1.0),
    ("What does a bag of plaster cost?", "18.70", 1.0),
    ("what did the boat weigh", "fine", -1.0),
    ("What does it do?", "18.70", 0.0),
    ("What did Gull Sand I cost to build?", "122 MW", -1.0),
    ("What did Gull Sand I cost to build?", "£122 million", 1.0),
    ("What is the price of a ticket?", "ten days", -1.0),
    ("What is the price of a ticket?", "two pounds", 1.0),
    ("What is the price of a ticket?", "5.20", 1.0),
    ("How much does the tour cost?", "nothing", 0.0),
    ("How heavy is the K3?", "2.4 kg", 1.0),
    ("How heavy is the K3?", "ten years", -1.0),
    ("How heavy is the K3?", "ten", 0.0),
    ("How heavy is the K3?", "4.9", 1.0),
    ("what does the bell weigh", "£300", -1.0),
    ("what does the bell weigh", "three tonnes", 1.0),
    ("What is the weight of the bell?", "12 pounds", 1.0),
    # A mail address has an @.
    ("What is Konrad Falk's email?", "extension 241", -1.0),
    ("What is Konrad Falk's email?", "falk@scales.example", 1.0),
    ("To which e-mail address do I send it?", "help@scales.example", 1.0),
    ("When was the email sent?", "on Monday", 1.0),
    # Nothing can be said.
    ("What happened when the war ended?", "the soldiers went home", 0.0),
    # A number or a time by itself is no reason; whatever else may be one.
    ("Why did they leave?", "1945", -1.0),
    ("Why did they leave?", "on Tuesday", -1.0),
    ("Why did they leave?", "the famine of 1945", 0.0),
    ("Why did he ring the president?", "Joe Biden", 0.0),
    ("Under what circumstances would London send its soldiers?", "1,000", -1.0),
    ("What time zone is Poland in?", "Central European Time", 0.0),
    ("What is the name of the man who shot Lincoln?", "1865", 0.0),
    ("What is the number one song?", "Yesterday", 0.0),
    ("What colour is it?", "blue", 0.0),
    ("", "", 0.0),
    ("How many?", "", 0.0),
]


@pytest.mark.parametrize(("question", "answer", "expected"), JUDGED)
def test_kinds_are_told_as_a_person_would(question, answer, expected):
    """An answer is the kind asked for, is not, or nobody can say."""
    assert type_match(question, answer) == expected


@given(st.text(), st.text())
def test_any_text_gives_one_of_three_values(question, answer):
    """Whatever is asked and answered, the feature is -1, 0 or 1."""
    assert type_match(question, answer) in (-1.0, 0.0, 1.0)


@given(
    st.sampled_from(["how many", "when did", "who", "where was", "what year"]), st.text(max_size=30)
)
def test_any_answer_to_a_real_question_gives_one_of_three_values(head, answer):
    """A question of a known kind is not upset by an odd answer either."""
    assert type_match(f"{head} it", answer) in (-1.0, 0.0, 1.0)


@given(st.integers(0, 10**12), st.sampled_from(["soldiers", "dollars", "%", "miles"]))
def test_every_number_with_its_unit_is_a_quantity_and_no_time(number, unit):
    """Digits with a unit answer "how many"; they never answer "when"."""
    answer = f"{number:,} {unit}"
    assert type_match("How many were there?", answer) == 1.0
    assert type_match("When was it?", answer) == -1.0


@given(st.integers(1000, 2099), st.sampled_from("January April July October".split()))
def test_every_date_is_a_time_and_no_name_nor_quantity(year, month):
    """A month and a year answer "when", and neither "who", "where" nor "how many"."""
    date = f"{month} {year}"
    assert type_match("When was it?", date) == 1.0
    for question in ("Who was it?", "Where was it?", "How many were there?"):
        assert type_match(question, date) == -1.0
