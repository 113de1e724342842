"""Rows against the gold words, for every kind, question and a handful of seeds."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tiny_sets import answer, town_source, town_text, write_squad

from service.training import items
from service.training.corpus import TrainingCorpus
from service.training.examples import load_examples
from service.training.items import PASSAGE_TOKENS, ItemReader
from service.training.negatives import key_of
from service.training.plan import (
    DENIED,
    FOREIGN,
    MINED,
    MINED_UNANSWERABLE,
    MISPLACED,
    OPPOSED,
    SWAPPED,
    WITHOUT,
    Item,
    plan_epoch,
)

SEEDS = range(6)
NOWHERE = {0: 1.0}


def passage_of(row) -> list[int]:
    return row.ids[row.passage_at : row.passage_at + row.passage_tokens].tolist()


def full_stop(tokenizer) -> int:
    return int(tokenizer.tokens(".").ids[0])


def holds(passage: list[int], words: list[int]) -> bool:
    return any(passage[at : at + len(words)] == words for at in range(len(passage)))


def read_all(reader, kind, answerable=True):
    """Example, row and target of every item of a kind that can be made."""
    for at, example in enumerate(reader.examples):
        if bool(example.answers) != answerable:
            continue
        for seed in SEEDS:
            made = reader.read(Item(at, kind, 100 * at + seed))
            if made is not None:
                yield example, *made


def word_ids(reader, example) -> list[list[int]]:
    text = reader.corpus.loaded.contexts[example.context].text
    return [reader.corpus.tokenizer.tokens(s.of(text)).ids.tolist() for s, _ in example.answers]


def test_a_gold_row_s_tokens_are_the_gold_words(item_reader):
    """From its start to its end stand the answer's word pieces; it is answerable and relevant."""
    count = 0
    for example, row, target in read_all(item_reader, "gold"):
        (start,), (end,) = target.starts, target.ends
        assert row.ids[start : end + 1].tolist() in word_ids(item_reader, example)
        assert target.starts[start] == target.ends[end] == 1.0
        assert (target.answerable, target.relevant) == (True, True)
        count += 1
    assert count == 48 * len(SEEDS)


def test_an_unanswerable_gold_row_shows_where_it_seems_answered(tmp_path, tokenizer):
    """Of a text of several passages the part with the plausible answer, where one is told."""
    text = " ".join(town_text(at) for at in range(12))
    plausible = [answer(text, "founded in 1549")]
    unknown = {"question": "When was Kelso burnt?", "answers": [], "is_impossible": True}
    questions = [unknown | {"id": 1, "plausible_answers": plausible}, unknown | {"id": 2}]
    write_squad(tmp_path / "towns" / "towns.json", [("", text, questions)])
    loaded = load_examples(tmp_path, (town_source(),))
    reader = ItemReader(TrainingCorpus(loaded, tokenizer), loaded.examples, {})
    words = tokenizer.tokens("founded in 1549").ids.tolist()
    shown = [
        [
            holds(passage_of(reader.read(Item(at, "gold", seed))[0]), words)
            for seed in range(5 * len(SEEDS))
        ]
        for at in range(2)
    ]
    assert all(shown[0])
    assert not all(shown[1])


def test_an_unanswerable_gold_row_points_nowhere(item_reader):
    """No answer is the first token; whether the passage is relevant is not known."""
    for example, row, target in read_all(item_reader, "gold", answerable=False):
        own = item_reader.corpus.context(example.context).tokens.ids.tolist()
        assert holds(own, passage_of(row))
        assert target.starts == target.ends == NOWHERE
        assert (target.answerable, target.relevant) == (False, None)


def test_a_row_is_the_question_a_title_or_none_and_whole_sentences(item_reader, monkeypatch):
    """The question's word pieces come first, and the passage begins and ends with a sentence."""
    for changed in ("HASTY", "REPHRASED", "DENIED_BESIDE"):
        monkeypatch.setattr(items, changed, 0.0)
    titled = Counter()
    for example, row, _ in read_all(item_reader, "gold"):
        asked = item_reader.corpus.question(example.question)
        assert row.ids[1 : row.second_at - 1].tolist() == asked.tolist()
        titled[row.passage_at > row.second_at] += 1
        context = item_reader.corpus.context(example.context)
        runs = [
            context.tokens.ids[a:b].tolist()
            for a, _ in context.sentences
            for _, b in context.sentences
            if a < b
        ]
        assert passage_of(row) in runs
    assert 0.55 < titled[True] / titled.total() < 0.85  # TITLED is .7 of 288 rows


@pytest.mark.parametrize("kind", ["gold", "mined"])
def test_some_questions_are_typed_in_haste_answered_or_not(item_reader, kind, monkeypatch):
    """Of 288 rows .15 are 43, with a standard deviation of 6, whatever is right for them."""
    monkeypatch.setattr(items, "typed", lambda question, _rng: f"hm {question}")
    hasty = item_reader.corpus.question("hm hm")[0]
    count = sum(row.ids[1] == hasty for _, row, _ in read_all(item_reader, kind))
    assert 20 < count < 67


@pytest.mark.parametrize("kind", ["gold", "mined"])
def test_some_questions_are_put_in_other_words_answered_or_not(item_reader, kind, monkeypatch):
    """Of 288 rows .3 are 86, with a standard deviation of 8."""
    monkeypatch.setattr(items, "HASTY", 0.0)
    monkeypatch.setattr(items, "rephrased", lambda question, _rng: f"hm {question}")
    mark = item_reader.corpus.question("hm hm")[0]
    count = sum(row.ids[1] == mark for _, row, _ in read_all(item_reader, kind))
    assert 58 < count < 114


def test_a_denied_row_says_no_in_the_answer_s_sentence(item_reader):
    """One denying piece more than the paragraph, beside the answer's words; nothing answers."""
    tokenizer = item_reader.corpus.tokenizer
    denying = {int(tokenizer.tokens(word).ids[0]) for word in ("not", "never", "no")}
    count = 0
    for example, row, target in read_all(item_reader, "denied"):
        passage = passage_of(row)
        (at,) = (at for at, piece in enumerate(passage) if piece in denying)
        context = item_reader.corpus.context(example.context)
        assert not holds(context.tokens.ids.tolist(), passage)
        end = next(i for i in range(at, len(passage)) if passage[i] == full_stop(tokenizer))
        first = max((i + 1 for i in range(at) if passage[i] == full_stop(tokenizer)), default=0)
        assert any(holds(passage[first:end], words) for words in word_ids(item_reader, example))
        assert (target.starts, target.answerable, target.relevant) == (NOWHERE, False, None)
        count += 1
    assert count > 10 * len(SEEDS)


def test_a_question_that_asks_what_is_not_gives_no_denied_row(tmp_path, tokenizer):
    """Of "Anna was the mayor", "was not the mayor" would answer who was not."""
    text = "Anna was the mayor. Bert paid."
    asked = ("Who was the mayor?", "Who was not the mayor?")
    questions = [
        {"id": at, "question": question, "answers": [answer(text, "Anna")]}
        for at, question in enumerate(asked)
    ]
    write_squad(tmp_path / "towns" / "towns.json", [("", text, questions)])
    loaded = load_examples(tmp_path, (town_source(),))
    reader = ItemReader(TrainingCorpus(loaded, tokenizer), loaded.examples, {})
    assert all(reader.read(Item(0, "denied", seed)) for seed in range(20))
    assert not any(reader.read(Item(1, "denied", seed)) for seed in range(20))


def test_an_answer_said_again_elsewhere_gives_no_denied_row(tmp_path, tokenizer):
    """The second sentence still answers whatever the first denies."""
    text = "Anna was the mayor. Anna was the mayor."
    question = {"id": 1, "question": "Who was the mayor?", "answers": [answer(text, "Anna")]}
    write_squad(tmp_path / "towns" / "towns.json", [("", text, [question])])
    loaded = load_examples(tmp_path, (town_source(),))
    reader = ItemReader(TrainingCorpus(loaded, tokenizer), loaded.examples, {})
    made = [reader.read(Item(0, "denied", seed)) for seed in range(20)]
    shown = [len(row.ids) for row, _ in filter(None, made)]
    # Only where the paragraph was cut to the one sentence, which takes some of the time.
    assert all(length < len(tokenizer.tokens(text).ids) + 5 for length in shown)


def test_a_mined_row_is_never_of_the_gold_paragraph(item_reader, negatives):
    """It is one of the question's negatives, whole; it is neither relevant nor answerable."""
    count = 0
    for example, row, target in read_all(item_reader, "mined"):
        contexts = item_reader.corpus.loaded.contexts
        tokenizer = item_reader.corpus.tokenizer
        wrong = [
            tokenizer.tokens(n.span.of(contexts[n.context].text)).ids.tolist()
            for n in negatives[key_of(example)]
        ]
        assert passage_of(row) in wrong
        own = item_reader.corpus.context(example.context).tokens.ids.tolist()
        assert not holds(own, passage_of(row))
        assert target.starts == target.ends == NOWHERE
        assert (target.answerable, target.relevant) == (False, False)
        count += 1
    assert count == 48 * len(SEEDS)


def test_a_foreign_row_is_of_another_paragraph(item_reader):
    """Its passage stands in a context that is not the question's."""
    count = 0
    for example, row, target in read_all(item_reader, "foreign"):
        own = item_reader.corpus.context(example.context).tokens.ids.tolist()
        assert not holds(own, passage_of(row))
        assert (target.starts, target.answerable, target.relevant) == (NOWHERE, False, False)
        count += 1
    assert count > 40 * len(SEEDS)  # but for the 5 in 60 that hit the own context


def test_a_row_without_never_holds_the_answer_s_words(item_reader):
    """What is left of the own paragraph lacks every answer, and nobody knows its relevance."""
    count = 0
    for example, row, target in read_all(item_reader, "without"):
        own = item_reader.corpus.context(example.context).tokens.ids.tolist()
        assert holds(own, passage_of(row))
        assert not any(holds(passage_of(row), w) for w in word_ids(item_reader, example))
        assert (target.starts, target.answerable, target.relevant) == (NOWHERE, False, None)
        count += 1
    assert count == 48 * len(SEEDS)


def test_a_paragraph_that_repeats_the_answer_gives_no_row_without(tmp_path, tokenizer):
    """Where each side of an answer holds its words again there is nothing to show."""
    text = "Anna came. Then Anna paid. Anna left."
    given = {"text": "Anna", "answer_start": text.index("Anna paid")}
    write_squad(
        tmp_path / "towns" / "towns.json",
        [("", text, [{"id": 1, "question": "Who paid?", "answers": [given]}])],
    )
    loaded = load_examples(tmp_path, (town_source(),))
    reader = ItemReader(TrainingCorpus(loaded, tokenizer), loaded.examples, {})
    assert [reader.read(Item(0, "without", seed)) for seed in range(20)] == [None] * 20


def test_a_swapped_row_asks_another_question_of_the_own_paragraph(item_reader, monkeypatch):
    """The passage is the question's own, the question is not, and there is no answer."""
    for changed in ("HASTY", "REPHRASED"):
        monkeypatch.setattr(items, changed, 0.0)
    count = 0
    for example, row, target in read_all(item_reader, "swapped"):
        own = item_reader.corpus.context(example.context).tokens.ids.tolist()
        assert holds(own, passage_of(row))
        asked = item_reader.corpus.question(example.question).tolist()
        assert row.ids[1 : row.second_at - 1].tolist() != asked
        assert (target.starts, target.answerable, target.relevant) == (NOWHERE, False, None)
        count += 1
    assert count > 20 * len(SEEDS)


@pytest.mark.parametrize(
    "kind", ["gold", "mined", "foreign", "without", "swapped", "opposed", "denied"]
)
def test_the_same_seed_gives_the_same_row(item_reader, kind):
    """An item's seed settles its row; other seeds give others."""
    seen = set()
    for seed in range(30):
        first, again = (item_reader.read(Item(0, kind, seed)) for _ in range(2))
        if first is None:
            assert again is None
            continue
        assert first[0].ids.tolist() == again[0].ids.tolist()
        assert first[1] == again[1]
        seen.add(tuple(first[0].ids.tolist()))
    assert len(seen) > 1


@pytest.mark.parametrize("place", [0.0, 0.3, 0.7, 1.0])
def test_a_long_sentence_is_cut_around_the_answer(tmp_path, tokenizer, place):
    """No passage is longer than an index's, and the answer always stands in it."""
    words = ["word"] * 600
    words[int(place * 599)] = "Zanzibar"
    text = " ".join(words)
    question = {"id": 1, "question": "Which?", "answers": [answer(text, "Zanzibar")]}
    write_squad(tmp_path / "towns" / "towns.json", [("", text, [question])])
    loaded = load_examples(tmp_path, (town_source(),))
    reader = ItemReader(TrainingCorpus(loaded, tokenizer), loaded.examples, {})
    for seed in SEEDS:
        row, target = reader.read(Item(0, "gold", seed))
        (start,), (end,) = target.starts, target.ends
        assert row.ids[start : end + 1].tolist() == tokenizer.tokens("Zanzibar").ids.tolist()
        assert row.passage_tokens <= PASSAGE_TOKENS


def test_several_answers_share_the_target(tmp_path, tokenizer):
    """Two of three said one thing: its start and end get 2/3, the other's 1/3."""
    text = "Anna Smith paid."
    given = [answer(text, "Anna"), answer(text, "Anna Smith"), answer(text, "Anna")]
    question = {"id": 1, "question": "Who?", "answers": given}
    write_squad(tmp_path / "towns" / "towns.json", [("", text, [question])])
    loaded = load_examples(tmp_path, (town_source(),))
    reader = ItemReader(TrainingCorpus(loaded, tokenizer), loaded.examples, {})
    row, target = reader.read(Item(0, "gold", 0))
    at = row.passage_at
    assert target.starts == {at: pytest.approx(1.0)}
    assert target.ends == {at: pytest.approx(2 / 3), at + 1: pytest.approx(1 / 3)}


@pytest.mark.parametrize(("share", "golds"), [(1.0, {1}), (2.0, {2}), (1.5, {1, 2})])
def test_an_epoch_shows_each_example_as_often_as_its_share(corpus, negatives, share, golds):
    """Gold rows are counted exactly, the others to within what chance allows."""
    examples = corpus.loaded.examples
    counts: Counter = Counter()
    alike = np.ones(len(examples))
    for seed in range(40):
        items = plan_epoch(
            examples, [town_source(share=share)], negatives, alike, np.random.default_rng(seed)
        )
        gold = Counter(item.example for item in items if item.kind == "gold")
        assert set(gold.values()) == golds
        counts += Counter((i.kind, bool(examples[i.example].answers)) for i in items)
    for kind, rate in (
        ("mined", MINED), ("foreign", FOREIGN), ("without", WITHOUT), ("swapped", SWAPPED),
        ("opposed", OPPOSED), ("misplaced", MISPLACED), ("denied", DENIED),
    ):  # fmt: skip
        # Of 1,920 draws the rate strays by three standard deviations, .034, at the most.
        assert counts[kind, True] / (40 * 48) == pytest.approx(share * rate, abs=0.04)
    # An unanswerable question has no negatives here, and is never altered.
    assert {kind for kind, known in counts if not known} == {"gold"}
    assert MINED_UNANSWERABLE > 0


def test_an_epoch_is_settled_by_its_seed(corpus, negatives):
    """The same generator state plans the same items in the same order."""
    examples = corpus.loaded.examples
    alike = np.ones(len(examples))
    first, again, other = (
        plan_epoch(examples, [town_source()], negatives, alike, np.random.default_rng(seed))
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_a_weight_counts_for_the_example_itself_alone(corpus, negatives):
    """Three times its own passage, and as many altered ones as without."""
    examples = corpus.loaded.examples
    planned = [
        Counter(
            (item.example == 0, item.kind)
            for seed in range(40)
            for item in plan_epoch(
                examples, [town_source()], negatives, weights, np.random.default_rng(seed)
            )
        )
        for weights in (np.ones(len(examples)), np.where(np.arange(len(examples)) == 0, 3.0, 1.0))
    ]
    assert [counts[True, "gold"] for counts in planned] == [40, 120]
    assert planned[0][False, "gold"] == planned[1][False, "gold"]
    # Binomial: 40 of .35, whatever the weight.
    assert all(3 <= counts[True, "mined"] <= 25 for counts in planned)
