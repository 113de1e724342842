"""A choice of draft questions over documents: of many kinds, from many places, always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.records import Document, Span
from index.sentences import split_sentences
from service.drafting.corpus import Corpus
from service.drafting.questions import questions
from service.drafting.statements import statement
from service.drafting.unanswerable import exchanged, undated
from service.drafting.wording import Question, is_sound


@dataclass(frozen=True, slots=True)
class Draft:
    """A question that a person has not read yet.

    ``sentence`` is what it was made of; an unanswerable one has no ``answers`` and no
    ``answer`` and says ``why`` nothing should answer it.
    """

    text: str
    kind: str
    uri: str
    sentence: Span
    answers: tuple[str, ...] = ()
    answer: Span | None = None
    why: str = ""

    def to_json(self, question_id: str) -> dict[str, Any]:
        """A line of a question file, its spans in code points of the canonical text."""
        record: dict[str, Any] = {"id": question_id, "draft": True, "question": self.text}
        if self.answer is None:
            return record | {"answerable": False, "why": self.why}
        return record | {
            "answerable": True,
            "answers": list(self.answers),
            "uri": self.uri,
            "span": {"start": self.answer.start, "end": self.answer.end},
            "evidence": {"start": self.sentence.start, "end": self.sentence.end},
        }


def draft(
    documents: Sequence[Document], count: int, unanswerable: int, seed: int
) -> tuple[list[Draft], list[Draft]]:
    """At most ``count`` answerable and ``unanswerable`` drafts; the same seed gives the same.

    One sentence gives one question at most. Kinds and documents take turns, so that a long
    document or an easy kind does not crowd out the others.
    """
    rng = random.Random(seed)
    blocks = [(d, block.span) for d in documents for block in d.blocks if not block.is_heading]
    corpus = Corpus([span.of(document.text) for document, span in blocks])
    answered, undated_ones, own = [], [], {}
    for document, span in blocks:
        paragraph = span.of(document.text)
        for sentence in split_sentences(document.text, span):
            found, never = _of_sentence(document, sentence, paragraph, corpus)
            answered += found
            undated_ones += never
            own |= {one.text: paragraph for one in found}
    chosen = _in_turns(answered, count, rng)
    # Enough of either kind for them to take turns, whichever runs out.
    absent = undated_ones + _exchanged(answered, own, unanswerable, corpus, rng)
    return chosen, _in_turns(absent, unanswerable, rng)


def _of_sentence(
    document: Document, sentence: Span, paragraph: str, corpus: Corpus
) -> tuple[list[Draft], list[Draft]]:
    """What the sentence answers, and what is asked of its time where none is told."""
    said = statement(document.text, sentence)
    if said is None:
        return [], []
    answered = [
        Draft(one.text, one.kind, document.uri, sentence, one.answers, one.answer)
        for one in questions(said, corpus.within)
        if _names_somebody(one, corpus)
    ]
    never = [
        Draft(text, "undated", document.uri, sentence, why=why)
        for text, why in undated(said, paragraph, corpus.within)
        if is_sound(Question(text, (), sentence, "undated"))
    ]
    return answered, never


def _exchanged(
    answered: Sequence[Draft],
    own: Mapping[str, str],
    count: int,
    corpus: Corpus,
    rng: random.Random,
) -> list[Draft]:
    """At most ``count`` questions with a name exchanged; ``own`` has each one's paragraph."""
    found: list[Draft] = []
    for one in rng.sample(answered, len(answered)):
        if len(found) == count:
            break
        changed = exchanged(one.text, own[one.text], corpus, rng)
        if changed is not None:
            found.append(Draft(changed[0], "exchanged", one.uri, one.sentence, why=changed[1]))
    return found


def _names_somebody(question: Question, corpus: Corpus) -> bool:
    """False where "who" is answered by one word that is no name, or names a place."""
    word = question.answers[0]
    if question.kind != "who" or " " in word:
        return True
    return corpus.is_name(word) and not corpus.is_place(word)


def _in_turns(found: Sequence[Draft], count: int, rng: random.Random) -> list[Draft]:
    """A choice in the documents' order: kinds take turns, within a kind documents do."""
    waiting: dict[str, list[Draft]] = {}
    for one in found:
        waiting.setdefault(one.kind, []).append(one)
    turns = [_documents_in_turns(waiting[kind], rng) for kind in sorted(waiting)]
    chosen: list[Draft] = []
    taken: set[tuple[str, Span]] = set()
    asked: set[str] = set()
    while turns and len(chosen) < count:
        turn = turns.pop(0)
        for one in turn:
            if (one.uri, one.sentence) not in taken and one.text not in asked:
                taken.add((one.uri, one.sentence))
                asked.add(one.text)
                chosen.append(one)
                turns.append(turn)
                break
    return sorted(chosen, key=lambda each: (each.uri, each.sentence))


def _documents_in_turns(found: Sequence[Draft], rng: random.Random) -> Iterator[Draft]:
    by_document: dict[str, list[Draft]] = {}
    for one in found:
        by_document.setdefault(one.uri, []).append(one)
    for of_one in by_document.values():
        rng.shuffle(of_one)
    uris = sorted(by_document)
    rng.shuffle(uris)
    while uris:
        for uri in list(uris):
            yield by_document[uri].pop()
            if not by_document[uri]:
                uris.remove(uri)
