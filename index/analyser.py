"""Text to terms, for passages and questions alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import Stemmer

from index.errors import InvalidSetting

# Ideographs and kana, which stand without spaces, are terms one by one.
_SINGLE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# A number keeps its inner points and commas (1,700; 4.25); else a run of letters and digits.
TERM = re.compile(rf"\d+(?:[.,]\d+)*|[{_SINGLE}]|[^\W\d_{_SINGLE}][^\W_{_SINGLE}]*")
# Words that ask or join rather than tell, left out of an English question where others remain.
# They stay in the postings, so that "The Who" and "to be or not to be" can be found.
QUESTION_WORDS = frozenset(
    """
    a an and are as at be by for from has have in is it its of on or that the this to was were
    will with what which who whom whose when where why how do does did
    """.split()
)


@dataclass(frozen=True, slots=True)
class Analyser:
    """Text to terms: compatibility forms and accents folded, case folded, stemmed by Snowball.

    >>> Analyser("english")("Szijjártó's 1,700 soldiers")
    ['szijjarto', 's', '1700', 'soldier']
    """

    language: str = "english"

    def __post_init__(self) -> None:
        if self.language not in Stemmer.algorithms():
            known = ", ".join(Stemmer.algorithms())
            raise InvalidSetting(f"language {self.language!r} is none of {known}")

    def __call__(self, text: str) -> list[str]:
        return self._stemmer().stemWords(words_of(text))

    def question_terms(self, question: str) -> list[str]:
        """The question's distinct terms, those of words that only ask left out.

        >>> Analyser("english").question_terms("Who are the soldiers of the soldiers?")
        ['soldier']
        """
        words = words_of(question)
        asking = QUESTION_WORDS if self.language == "english" else frozenset()
        told = [word for word in words if word not in asking] or words
        return list(dict.fromkeys(self._stemmer().stemWords(told)))

    def stem(self) -> Callable[[str], str]:
        """A word (of ``words_of``) to its term, for one thread to call many times."""
        return self._stemmer().stemWord

    def _stemmer(self) -> Stemmer.Stemmer:
        # One stemmer a call: PyStemmer's objects must not be shared between threads.
        return Stemmer.Stemmer(self.language, 0)


def words_of(text: str) -> list[str]:
    """The folded words and numbers of a text, in order; each is one term once it is stemmed."""
    return [
        word.replace(",", "") if word[0].isdigit() else word for word in TERM.findall(_fold(text))
    ]


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    # Folding case can bring new composed forms (the dotted capital I), hence twice.
    cased = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    # All marks go, not only accents: \w would break a word at an Indic vowel sign.
    return "".join(char for char in cased if unicodedata.category(char)[0] != "M")
