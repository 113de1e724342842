"""SQuAD-format files → examples: a question, the text it is asked of, and where that answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.records import Span
from service.evaluation.lines import InvalidDataset
from service.evaluation.squad import squad_paragraphs
from service.training.sources import Source, Split, split_of


@dataclass(frozen=True, slots=True)
class Context:
    """A paragraph (or whole paper) that questions are asked of, and its title or ``""``."""

    source: str
    title: str
    text: str
    split: Split


@dataclass(frozen=True, slots=True)
class Example:
    """A question about a context. ``answers`` are spans of the context's text with the share of
    annotators who gave each; none: the context does not answer. ``beside`` is then where it
    seems to, where the set tells (SQuAD 2.0's plausible answers).
    """

    source: str
    question_id: str
    question: str
    context: int
    answers: tuple[tuple[Span, float], ...]
    beside: Span | None = None


@dataclass(frozen=True, slots=True)
class Examples:
    """Contexts and the examples that point into them by position."""

    contexts: tuple[Context, ...]
    examples: tuple[Example, ...]

    def of(self, split: Split, source: str | None = None) -> list[Example]:
        """The examples of a split, and of one source where it is named."""
        return [
            example
            for example in self.examples
            if self.contexts[example.context].split == split and source in (None, example.source)
        ]


def load_examples(data: Path, sources: tuple[Source, ...]) -> Examples:
    """Every usable question of the sources, which lie below ``data`` unless they are ours.

    An answer whose offset does not hold its words is left out, and a question all of whose
    answers are so. Raises InvalidDataset where a file is missing or of another form.
    """
    contexts: list[Context] = []
    examples: list[Example] = []
    files = [(source, *pair) for source in sources for pair in source.files.items()]
    for source, file, given in files:
        path = source.path(data, file)
        for context, questions in _paragraphs(path, source, given):
            contexts.append(context)
            at = len(contexts) - 1
            try:
                made = [_example(source, at, context.text, question) for question in questions]
            except (KeyError, TypeError, AttributeError) as error:
                raise InvalidDataset(f"{path} has a question of another form: {error!r}") from error
            examples += [example for example in made if example is not None]
    return Examples(_kept_apart(contexts), tuple(examples))


def _kept_apart(contexts: Sequence[Context]) -> tuple[Context, ...]:
    """Takes from training what is held aside elsewhere: the same text, or the same article."""
    held = [context for context in contexts if context.split != "train"]
    texts = {context.text for context in held}
    titles = {context.title.casefold() for context in held if context.split == "test"} - {""}
    return tuple(
        replace(context, split="unused")
        if context.split == "train"
        and (context.text in texts or context.title.casefold() in titles)
        else context
        for context in contexts
    )


def _paragraphs(
    path: Path, source: Source, given: Split | None
) -> Iterator[tuple[Context, list[dict]]]:
    if not path.is_file():
        raise InvalidDataset(f"{source.name}: there is no {path}")
    paragraphs = list(squad_paragraphs(path))
    titles = list(dict.fromkeys(title for title, _ in paragraphs))
    place = {title: at for at, title in enumerate(titles)}
    for title, paragraph in paragraphs:
        text = paragraph["context"]
        split = split_of(source, given, place[title], len(titles), text)
        shown = title if source.titled else ""
        yield Context(source.name, shown, text, split), paragraph.get("qas")


def _example(source: Source, context: int, text: str, question: dict) -> Example | None:
    """None where every answer's offset is wrong."""
    given = [] if question.get("is_impossible") else question["answers"]
    spans = Counter(_placed(text, given))
    if given and not spans:
        return None
    answers = tuple((span, count / spans.total()) for span, count in spans.most_common())
    beside = None if answers else next(_placed(text, question.get("plausible_answers", ())), None)
    asked = " ".join(question["question"].split())
    return Example(source.name, str(question["id"]), asked, context, answers, beside)


def _placed(text: str, answers: Sequence[dict]) -> Iterator[Span]:
    """Those whose offset holds their words, without the white space around them."""
    for answer in answers:
        start, words = answer["answer_start"], answer["text"]
        if words.strip() and text[start : start + len(words)] == words:
            lead = len(words) - len(words.lstrip())
            yield Span(start + lead, start + lead + len(words.strip()))
