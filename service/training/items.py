"""Items of an epoch → the rows the network reads, and what is right for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.reading.inputs import Row, room_for_passage
from service.training.corpus import TrainingCorpus, holds, token_range
from service.training.denials import Denials
from service.training.examples import Example
from service.training.negatives import Negative, key_of
from service.training.opposites import misplaced, opposed
from service.training.plan import Item
from service.training.rephrased_questions import rephrased
from service.training.swaps import swapped
from service.training.typed_questions import typed

# How often a paragraph is cut to some of its sentences, how often its title is shown, how often a
# question is put in other words and how often it is typed in haste.
CROPPED, TITLED, REPHRASED, HASTY = 0.4, 0.7, 0.3, 0.15
# How often a sentence beside the answer's is denied, so that "not" alone does not tell.
DENIED_BESIDE = 0.06
# Questions looked at for a name to put in another's place.
SWAPS_TRIED = 6
# A passage is at most this long, as the chunks of an index are.
PASSAGE_TOKENS = 224
QUESTION_TOKENS = 128


@dataclass(frozen=True, slots=True)
class Target:
    """What is right for a row: shares of the start and end tokens (row position → share).

    ``relevant`` is None where the passage is about the question but does not answer it.
    """

    starts: Mapping[int, float]
    ends: Mapping[int, float]
    answerable: bool
    relevant: bool | None


class ItemReader:
    """Items → rows and targets, each by its own seed alone."""

    def __init__(
        self,
        corpus: TrainingCorpus,
        examples: Sequence[Example],
        negatives: Mapping[str, Sequence[Negative]],
    ) -> None:
        self.corpus = corpus
        self.examples = examples
        self.negatives = negatives
        self.denials = Denials(corpus.tokenizer)

    def read(self, item: Item) -> tuple[Row, Target] | None:
        """None where the item cannot be made: no entity to swap, no sentence without answer."""
        example = self.examples[item.example]
        rng = np.random.default_rng(item.seed)
        match item.kind:
            case "gold":
                return self._gold(example, rng)
            case "mined":
                return self._mined(example, rng)
            case "foreign":
                other = self.examples[int(rng.integers(len(self.examples)))]
                if other.context == example.context:
                    return None
                return self._unanswered(example.question, other.context, None, False, rng)
            case "without":
                return self._without(example, rng)
            case "swapped":
                return self._swapped(example, rng)
            case "opposed" | "misplaced":
                return self._altered(example, item.kind, rng)
            case "denied":
                return self._denied(example, rng)

    def _gold(self, example: Example, rng: np.random.Generator) -> tuple[Row, Target] | None:
        context = self.corpus.context(example.context)
        answers = self.corpus.answers(example)
        if not answers:
            part = self._beside(example, rng)
            return self._unanswered(example.question, example.context, part, None, rng)
        first, end = self._window(example.context, answers[0][:2], rng)
        inside = [
            (a - first, b - first, share) for a, b, share in answers if first <= a < b + 1 <= end
        ]
        passage = context.tokens.ids[first:end]
        if rng.random() < DENIED_BESIDE:
            sentences = [
                (a - first, b - first) for a, b in context.sentences if first <= a < b <= end
            ]
            passage, inside = self.denials.beside(passage, inside, sentences, rng)
        row = self._row(example.question, context.title, passage, rng)
        inside = [answer for answer in inside if answer[1] < row.passage_tokens]
        if not inside:
            return None
        whole = sum(share for *_, share in inside)
        starts: dict[int, float] = {}
        ends: dict[int, float] = {}
        for a, b, share in inside:
            start, last = row.passage_at + a, row.passage_at + b
            starts[start] = starts.get(start, 0.0) + share / whole
            ends[last] = ends.get(last, 0.0) + share / whole
        return row, Target(starts, ends, answerable=True, relevant=True)

    def _beside(self, example: Example, rng: np.random.Generator) -> tuple[int, int] | None:
        """The tokens about where an answer seems to stand, which is where it is hard to refuse."""
        if example.beside is None:
            return None
        first, end = token_range(self.corpus.context(example.context).tokens, example.beside)
        return self._window(example.context, (first, end - 1), rng) if first < end else None

    def _denied(self, example: Example, rng: np.random.Generator) -> tuple[Row, Target] | None:
        """The answer's sentence denied, where no other sentence holds the answer's words."""
        context, answers = self.corpus.context(example.context), self.corpus.answers(example)
        if not answers or self.denials.says_no(self.corpus.question(example.question)):
            return None
        low, high = min(a for a, *_ in answers), max(b for _, b, _ in answers) + 1
        whole = next((s for s in context.sentences if s[0] <= low and high <= s[1]), None)
        if whole is None:
            return None
        ids = context.tokens.ids
        edit = self.denials.about(ids[slice(*whole)], (low - whole[0], high - whole[0]), rng)
        first, end = self._window(example.context, (low, high - 1), rng)
        words = [tuple(ids[a : b + 1].tolist()) for a, b, _ in answers]
        beside = ids[first : whole[0]], ids[whole[1] : end]
        if edit is None or first > whole[0] or end < whole[1]:
            return None
        if any(holds(part, answer) for part in beside for answer in words):
            return None
        passage = np.concatenate([beside[0], edit.applied(ids[slice(*whole)]), beside[1]])
        row = self._row(example.question, context.title, passage, rng)
        return row, Target({0: 1.0}, {0: 1.0}, answerable=False, relevant=None)

    def _mined(self, example: Example, rng: np.random.Generator) -> tuple[Row, Target] | None:
        wrong = self.negatives[key_of(example)]
        chosen = wrong[int(rng.integers(len(wrong)))]
        tokens = self.corpus.context(chosen.context).tokens
        first = int(np.searchsorted(tokens.offsets[:, 0], chosen.span.start))
        end = int(np.searchsorted(tokens.offsets[:, 0], chosen.span.end))
        return self._unanswered(example.question, chosen.context, (first, end), False, rng)

    def _without(self, example: Example, rng: np.random.Generator) -> tuple[Row, Target] | None:
        """The sentences on one side of all answers, where they hold none of their words."""
        context = self.corpus.context(example.context)
        answers = self.corpus.answers(example)
        if not answers:
            return None
        lowest, highest = min(a for a, *_ in answers), max(b for _, b, _ in answers)
        before = [s for s in context.sentences if s[1] <= lowest]
        after = [s for s in context.sentences if s[0] > highest]
        sides = [side for side in (before, after) if side]
        if not sides:
            return None
        side = sides[int(rng.integers(len(sides)))]
        span = side[0][0], side[-1][1]
        ids = context.tokens.ids
        words = {tuple(ids[a : b + 1].tolist()) for a, b, _ in answers}
        if any(holds(ids[span[0] : span[1]], answer) for answer in words):
            return None
        return self._unanswered(example.question, example.context, span, None, rng)

    def _swapped(self, example: Example, rng: np.random.Generator) -> tuple[Row, Target] | None:
        text = self.corpus.loaded.contexts[example.context].text
        for _ in range(SWAPS_TRIED):
            other = self.examples[int(rng.integers(len(self.examples)))].question
            altered = swapped(example.question, text, other, rng)
            if altered is not None:
                return self._unanswered(altered, example.context, None, None, rng)
        return None

    def _altered(
        self, example: Example, kind: str, rng: np.random.Generator
    ) -> tuple[Row, Target] | None:
        text = self.corpus.loaded.contexts[example.context].text
        if kind == "opposed":
            altered = opposed(example.question, text, rng)
        else:
            words = tuple(span.of(text) for span, _ in example.answers)
            altered = misplaced(example.question, text, words, rng)
        if altered is None:
            return None
        return self._unanswered(altered, example.context, None, None, rng)

    def _unanswered(
        self,
        question: str,
        context: int,
        part: tuple[int, int] | None,
        relevant: bool | None,
        rng: np.random.Generator,
    ) -> tuple[Row, Target]:
        read = self.corpus.context(context)
        if part is None:
            at = int(rng.integers(len(read.tokens)))
            part = self._window(context, (at, at), rng)
        first, end = part[0], min(part[1], part[0] + PASSAGE_TOKENS)
        row = self._row(question, read.title, read.tokens.ids[first:end], rng)
        return row, Target({0: 1.0}, {0: 1.0}, answerable=False, relevant=relevant)

    def _window(
        self, context: int, answer: tuple[int, int], rng: np.random.Generator
    ) -> tuple[int, int]:
        """A run of whole sentences that holds the answer's tokens and is short enough to read."""
        sentences = self.corpus.context(context).sentences
        holding = [at for at, (a, b) in enumerate(sentences) if a <= answer[1] and answer[0] < b]
        low = holding[0] if holding else 0
        high = holding[-1] if holding else 0
        limit = PASSAGE_TOKENS
        if rng.random() < CROPPED:
            limit = int(rng.integers(24, PASSAGE_TOKENS))
        while True:
            reach = [
                (a, b)
                for a, b in ((low - 1, high), (low, high + 1))
                if a >= 0 and b < len(sentences) and sentences[b][1] - sentences[a][0] <= limit
            ]
            if not reach:
                break
            low, high = reach[int(rng.integers(len(reach)))]
        first, end = sentences[low][0], sentences[high][1]
        if end - first > PASSAGE_TOKENS:  # one sentence longer than a passage
            first = max(first, min(answer[0] - PASSAGE_TOKENS // 4, end - PASSAGE_TOKENS))
            end = first + PASSAGE_TOKENS
        return first, end

    def _row(
        self,
        question: str,
        title: np.ndarray,
        passage: np.ndarray,
        rng: np.random.Generator,
    ) -> Row:
        # Last, so that it tells nothing of whether the passage answers.
        asked_as = rephrased(question, rng) if rng.random() < REPHRASED else question
        asked_as = typed(asked_as, rng) if rng.random() < HASTY else asked_as
        asked = self.corpus.question(asked_as)[:QUESTION_TOKENS]
        shown = title if rng.random() < TITLED else title[:0]
        room = room_for_passage(len(asked), len(shown))
        return self.corpus.tokenizer.row(asked, shown, passage[:room])
