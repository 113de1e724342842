"""A reader for tests: quick, exact, and sure of nothing but shared words."""

import re
import threading

from index.records import Span
from service.errors import QuestionTooLong
from service.reading.calibration import Calibration, Judge, Linear
from service.reading.loading import LoadedReader
from service.reading.records import Candidate, ReaderIdentity, Reading

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d[\d,]*")
SHA256 = "5e" * 32


def share(question, passage) -> float:
    """Of the question's words, how many the passage and its title hold."""
    asked = set(WORD.findall(question.casefold()))
    held = set(WORD.findall(f"{passage.title} {passage.text}".casefold()))
    return len(asked & held) / max(len(asked), 1)


class WordReader:
    """Answers with a passage's first number, else its first word; reads one at a time.

    Its margin is 8 share - 4, so that ``calibration`` gives a confidence of .05 + .9 share.
    """

    identity = ReaderIdentity("words", SHA256, "ba" * 32)

    def __init__(self, longest: int = 500) -> None:
        self.longest = longest
        self.read_passages: list[str] = []
        self.threads: set[str] = set()

    def read(self, question, passages, keep_reading):
        self.threads.add(threading.current_thread().name)
        if len(question) > self.longest:
            raise QuestionTooLong(f"{len(question)} characters")
        readings = []
        for passage in passages:
            if readings and not keep_reading():
                break
            self.read_passages.append(passage.text)
            readings.append(self._reading(question, passage))
        return readings

    def _reading(self, question, passage):
        held = share(question, passage)
        margin = 8 * held - 4
        words = NUMBER.search(passage.text) or WORD.search(passage.text)
        candidates = (Candidate(Span(*words.span()), held, margin),) if words else ()
        return Reading(margin, margin, candidates)


BY_MARGIN = Linear(("margin",), (0.0,), (1.0,), (1.0,), 0.0)
STEPS = ((-4.0, 0.05), (4.0, 0.95))


def calibration(threshold: float = 0.7, **changed) -> Calibration:
    """By margin alone: -4 gives .05, 4 gives .95, and straight between."""
    return Calibration(
        **{
            "reader_sha256": SHA256,
            "choosing": BY_MARGIN,
            "judges": (Judge(1.0, BY_MARGIN, STEPS, threshold),),
            "n": 12,
            "ece": 0.03,
            "fitted_on": "hand",
            **changed,
        }
    )


def loaded(reader: WordReader | None = None, **changed) -> LoadedReader:
    return LoadedReader(reader or WordReader(), calibration(**changed))
