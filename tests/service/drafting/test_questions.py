"""Questions that the rules make, word for word."""

from __future__ import annotations

import pytest

from index.records import Span
from service.drafting.questions import questions
from service.drafting.statements import statement

MADE = [
    (
        "About 1,700 US soldiers of the division are bound for Poland, said John Kirby.",
        [("How many US soldiers of the division are bound for Poland?", ("1,700", "About 1,700"))],
    ),
    (
        "In 2008, over 40 % of tenants paid the heating.",
        [
            ("What percentage of tenants paid the heating in 2008?", ("40 %", "over 40 %")),
            ("When did over 40 % of tenants pay the heating?", ("2008",)),
        ],
    ),
    (
        "Liz Truss stays in Moscow for two days, in the course of which she is busy.",
        [
            ("For how many days does Liz Truss stay in Moscow?", ("two", "two days")),
            ("Where does Liz Truss stay for two days?", ("Moscow",)),
        ],
    ),
    (
        "The new lease of the workshop costs about 740 euros a month.",
        [("How much does the new lease of the workshop cost a month?", ("740 euros",))],
    ),
    (
        "The joint exercises are called Union Courage and go on.",
        [("What are the joint exercises called?", ("Union Courage",))],
    ),
    (
        "On Monday, President Macron held talks in Moscow.",
        [
            ("When did President Macron hold talks in Moscow?", ("Monday",)),
            ("Where did President Macron hold talks on Monday?", ("Moscow",)),
            ("Who held talks in Moscow on Monday?", ("President Macron", "Macron")),
        ],
    ),
    (
        "The theatre was built in 1939 and stands in the centre.",
        [("When was the theatre built?", ("1939",))],
    ),
    (
        "The insurance of the roof expires on 30 April 2027.",
        [("When does the insurance of the roof expire?", ("30 April 2027",))],
    ),
    (
        "Germany has raised its troop numbers in Lithuania.",
        [("Which country has raised its troop numbers in Lithuania?", ("Germany",))],
    ),
    (
        "Russia and Belarus had already held joint exercises.",
        [("Which countries had already held joint exercises?", ("Russia and Belarus",))],
    ),
    (
        "The aim of the talks is to see whether peace can be revived.",
        [("What is the aim of the talks?", ("to see whether peace can be revived",))],
    ),
    (
        "Turnover of the branch grew by 12 percent in May 2021.",
        [
            ("By what percentage did Turnover of the branch grow in May 2021?", ("12 percent",)),
            ("When did Turnover of the branch grow by 12 percent?", ("May 2021",)),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "made"), MADE, ids=[text for text, _ in MADE])
def test_made_by_rule(text, made):
    """Grammatical, in the sentence's own words, the answer exactly where it stands."""
    said = statement(text, Span(0, len(text)))
    found = list(questions(said, lambda word: word.lower() if word == "The" else word))
    assert [(each.text, each.answers) for each in found] == made
    for each in found:
        assert each.answer.of(text) == each.answers[0]


@pytest.mark.parametrize(
    "text",
    [
        "Algiers lost 30 to 50 thousand inhabitants to slavers.",  # half a range is no answer
        "The treaty of both gave them these islands in return.",
        "The club was housed in two rooms of the building.",
        "The British sent out a fleet to the colony.",  # a people is no country
        "The brick is a facade against the wind and rain.",
    ],
)
def test_not_asked(text):
    """What would only be half right."""
    said = statement(text, Span(0, len(text)))
    assert said is None or list(questions(said, str)) == []
