"""A question about something else: one name, number or nationality in it put in another's place.

The passage that answered it then says nothing of what is asked, however alike it looks.
"""

from __future__ import annotations

import re

import numpy as np

# Closed groups whose members stand in each other's place; lower case, as some sets ask so.
GROUPS = tuple(
    tuple(words.split())
    for words in (
        "american british french german chinese russian japanese indian italian spanish turkish "
        "polish dutch swedish korean mexican brazilian canadian greek egyptian iranian danish",
        "america britain france germany china russia japan india italy spain turkey poland "
        "sweden korea mexico brazil canada greece egypt iran ukraine romania denmark australia",
        "london paris berlin beijing moscow tokyo delhi rome madrid warsaw vienna chicago boston",
        "january february march april june july august september october november december",
        "monday tuesday wednesday thursday friday saturday sunday",
        "second third fourth fifth sixth seventh eighth",
        "north south east west",
        "northern southern eastern western",
        "soldiers sailors civilians refugees",
    )
)
_PLACE = {word: group for group in GROUPS for word in group}
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d[\d,.]*\d|\d")
# One or several capitalised words, but not the question's first.
_NAME = re.compile(r"(?<=\s)[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]*)*")
# Words a question opens or goes on with in capitals that name nothing.
_NO_NAME = frozenset("What Which Who When Where Why How Whose In On At The A An Of I".split())


def swapped(question: str, passage: str, other: str, rng: np.random.Generator) -> str | None:
    """The question with one part changed; None where it has none that the passage also holds.

    Names come from ``other``, a question about something else; what is put in never stands
    in the passage.
    """
    folded = passage.casefold()
    changes = [
        (match.start(), match.end(), new)
        for match in _WORD.finditer(question)
        if (new := _in_place_of(match.group(), folded, rng)) is not None
    ]
    strangers = [name for name in _names(other) if name.casefold() not in folded]
    if strangers:
        stranger = strangers[int(rng.integers(len(strangers)))]
        changes += [
            (match.start(), match.end(), stranger)
            for match in _NAME.finditer(question)
            if match.group() not in _NO_NAME and match.group().casefold() in folded
        ]
    if not changes:
        return None
    start, end, new = changes[int(rng.integers(len(changes)))]
    return question[:start] + new + question[end:]


def _names(question: str) -> list[str]:
    found = (name.removesuffix("'s").removesuffix("’s") for name in _NAME.findall(question))
    return [name for name in found if name not in _NO_NAME]


def _in_place_of(word: str, passage: str, rng: np.random.Generator) -> str | None:
    folded = word.casefold()
    if folded[0].isdigit():
        other = _other_number(folded, rng)
        return other if _says(passage, folded) and not _says(passage, other) else None
    group = _PLACE.get(folded)
    # "May" is more often a verb than a month.
    if group is None or word == "may" or not _says(passage, folded):
        return None
    rest = [other for other in group if other != folded and not _says(passage, other)]
    if not rest:
        return None
    chosen = rest[int(rng.integers(len(rest)))]
    return chosen.capitalize() if word[0].isupper() else chosen


def _says(passage: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", passage) is not None


def _other_number(number: str, rng: np.random.Generator) -> str:
    """Another of as many digits: one digit is changed, a year's last two."""
    places = [at for at, sign in enumerate(number) if sign.isdigit()]
    at = places[int(rng.integers(max(0, len(places) - 2), len(places)))]
    shift = 1 + int(rng.integers(8))
    return number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
