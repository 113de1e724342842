"""Which names, numbers and days a question mentions, and which of them a passage lacks.

"How many Chinese soldiers went to Poland?" is not answered by a passage about American
soldiers in Poland, however alike the two are.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from service.reading.nations import nations_in, with_wider

# Words that question and sentence begin or are tied together with; in capitals they name nothing.
_FUNCTION_WORDS = frozenset(
    "a about after all although am among an and any are as at be because been before being "
    "between both but by can could did do does doing during each either every few for from give "
    "had has have having he her here hers him his how i if in into is it its itself let many may "
    "me might mine more most much must my name neither no nor not of off on once one only or our "
    "out over own per please she should since so some such tell than that the their them then "
    "there these they this those through to too under until up upon us was we were what whatever "
    "when whenever where which while who whom whose why will with within without would you your "
    "according whats whos".split()
)
_DAYS = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
# In lower case these are verbs too, but for a date's company.
_VERBS = frozenset(("may", "march"))
_BEFORE_A_MONTH = frozenset(
    "in of since until till by last next this early late mid during".split()
)
_DIGITS = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve".split(),
        map(str, range(1, 13)),
        strict=True,
    )
)
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*(?:'?s\b|st\b|nd\b|rd\b|th\b)?|[^\W\d_][^\W_]*(?:'[^\W_]+)*|[?!.:;\n]"
)
_INITIALS = re.compile(r"(?<=\b[^\W\d_])\.\s?(?=[^\W\d_]\b)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_ENDS = frozenset("?!.:;\n")
# Words kept as they are compared: a natural text has few that did not come before.
KEPT = 32_768
# Plural s is taken off words longer than this.
SHORT = 3


def missing_share(question: str, passage: str) -> float:
    """The share, 0 to 1, of the question's mentions that the passage (with its title) lacks.

    0 where the question mentions nothing that tells. Never raises.

    >>> missing_share("How many Chinese soldiers went to Poland?", "American soldiers in Poland")
    0.5
    """
    asked = _mentions(question)
    if not asked:
        return 0.0
    return len(asked - _held(passage)) / len(asked)


def _mentions(question: str) -> set[str]:
    """Keys of what is mentioned: "nation …" for a nation, else the folded word."""
    tokens = _tokens(question)
    capitals = _capitals_tell(tokens)
    nations = nations_in([_bare(token) for token in tokens], capitals)
    found = {f"nation {key}" for _, _, key in nations}
    taken = {at for first, end, _ in nations for at in range(first, end)}
    first = True
    for at, token in enumerate(tokens):
        if token in _ENDS:
            first = True
            continue
        if at not in taken and _tells(tokens, at, first, capitals):
            found.add(_folded(token))
        first = False
    return found


def _held(passage: str) -> set[str]:
    tokens = [token for token in _tokens(passage) if token not in _ENDS]
    words = [_bare(token) for token in tokens]
    nations = {key for _, _, key in nations_in(words, _capitals_tell(tokens))}
    folded = {_folded(token) for token in tokens}
    numbers = {_DIGITS[word] for word in folded if word in _DIGITS}
    return folded | numbers | {f"nation {key}" for key in with_wider(nations)}


def _tells(tokens: list[str], at: int, first: bool, capitals: bool) -> bool:
    """Whether a word that is no nation is a number, a day or a name."""
    token = tokens[at]
    if token[0].isdigit():
        return True
    word = _bare(token).casefold()
    if word in _DAYS and (word not in _VERBS or _is_month(tokens, at, capitals)):
        return True
    if not capitals or not token[0].isupper() or len(word) < 2 or word in _FUNCTION_WORDS:
        return False
    return not first or token.isupper() or _bare(token) != token


def _is_month(tokens: list[str], at: int, capitals: bool) -> bool:
    """Of "may" and "march": capitalised within a sentence, or where dates stand."""
    before = tokens[at - 1].casefold() if at else ""
    after = tokens[at + 1] if at + 1 < len(tokens) else ""
    named = capitals and tokens[at][0].isupper() and at > 0 and before not in _ENDS
    beside = before[:1].isdigit() or after[:1].isdigit()
    return named or beside or before in _BEFORE_A_MONTH


def _tokens(text: str) -> list[str]:
    """Words, numbers and sentence ends; hyphens split, initials joined, diacritics off."""
    plain = without_diacritics(text)
    found = []
    for token in _TOKEN.findall(_INITIALS.sub("", plain)):
        after_short = token == "." and found and (len(found[-1]) <= SHORT or found[-1][0].isupper())
        if not after_short:
            found.append(token)
    return found


def without_diacritics(text: str) -> str:
    """The text without them, with one kind of apostrophe; compatible forms ("ﬁ") are taken apart.

    >>> without_diacritics("Zoë’s")
    "Zoe's"
    """
    plain = text.replace("’", "'")
    if plain.isascii():
        return plain
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _capitals_tell(tokens: list[str]) -> bool:
    """False where all is in capitals, or each word begins with one, as in a headline."""
    words = [token for token in tokens if token[0].isalpha()]
    if len(words) > 1 and all(word.isupper() for word in words):
        return False
    small = [word for word in words[1:] if word.casefold() in _FUNCTION_WORDS and len(word) > 1]
    raised = [word for word in small if word[0].isupper() and word != "US"]
    return not small or len(raised) * 2 <= len(small)


def _bare(token: str) -> str:
    """Without a possessive; a decade's s stays.

    >>> _bare("Poland's"), _bare("1990's")
    ('Poland', "1990's")
    """
    if token[0].isdigit():
        return token
    return token[:-2] if token[-2:].casefold() == "'s" else token


@lru_cache(maxsize=KEPT)
def _folded(token: str) -> str:
    """What is compared: a number without its commas, a word without case and plural s."""
    if token[0].isdigit():
        plain = token.replace("'", "")
        return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain
    word = _bare(token).casefold()
    plural = len(word) > SHORT and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word
