"""Sentences nobody wrote before, the same for the same seed: what generated files are full of."""

from __future__ import annotations

from random import Random

_WHO = (
    "the harbour master|the lighthouse keeper|a committee of engineers|the well-known "
    "cartographer|the municipal archive|an independent laboratory|the long-distance ferry|the "
    "administration|Dr. Ozols|the North-Eastern Shipping Company|a nineteen-year-old apprentice|"
    "the meteorological institute|everybody on the island|the second icebreaker"
).split("|")
_DID = (
    "examined|reconstructed|photographed|misunderstood|recommended|postponed|redistributed|"
    "described|underestimated|documented|repaired|catalogued|overhauled|internationalised"
).split("|")
_WHAT = (
    "the hydrographic instruments|every agreement of the preceding decade|the so-called "
    "Wintersberg manuscripts|the responsibilities of neighbouring municipalities|an extraordinary "
    "collection of correspondence|the refrigeration equipment|the state-of-the-art observatory|"
    "the transcontinental telegraph|a considerable proportion of the shipments|the commemorative "
    "inscription|the infrastructure of the waterfront"
).split("|")
_WHEN = (
    "in the winter of {year}|on the {day}th of November {year}|after {number} weeks of "
    "deliberation|at a cost of {number},{rest:03} crowns|for the {day}th time|in {number}.{day} "
    "hours|without any explanation whatsoever|(as reported in volume {day}, p. {number})|because "
    "the circumstances had unexpectedly changed"
).split("|")
_THEN = (
    "; nevertheless, the disagreement continued|, which surprised nobody|, although temperatures "
    "fell to -{day} °C|, and {number} % of the passengers complained||||, “as might have been "
    "expected”|: a remarkable achievement"
).split("|")


class Prose:
    """A stream of words from one seed."""

    def __init__(self, seed: int | str) -> None:
        self.random = Random(seed)

    def sentence(self) -> str:
        """One sentence with its full stop."""
        parts = [self.random.choice(each) for each in (_WHO, _DID, _WHAT, _WHEN, _THEN)]
        words = "{} {} {} {}{}.".format(*parts).format(
            year=self.random.randint(1700, 2024),
            day=self.random.randint(4, 19),
            number=self.random.randint(20, 90),
            rest=self.random.randint(0, 999),
        )
        return words[0].upper() + words[1:]

    def paragraph(self, sentences: int = 5) -> str:
        return " ".join(self.sentence() for _ in range(sentences))

    def paragraphs(self, count: int, sentences: int = 5) -> str:
        """With empty lines between them, as Markdown and LaTeX have it."""
        return "\n\n".join(self.paragraph(sentences) for _ in range(count))

    def heading(self) -> str:
        words = self.random.choice(_WHAT).removeprefix("the ").removeprefix("an ")
        return f"{words[0].upper()}{words[1:]} of {self.random.randint(1700, 2024)}"

    def number(self, most: int = 100_000) -> int:
        return self.random.randint(1, most)

    def name(self) -> str:
        first = self.random.choice(
            "Anna Karl Eva Mārtiņš José Zoë Łukasz Þóra Søren Ifeoma".split()
        )
        last = self.random.choice("Ozols Liepa Müller O’Brien Núñez Šimek Ångström Petrov".split())
        return f"{first} {last}"
