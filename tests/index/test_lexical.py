"""BM25 against its formula, written out again here."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import postings
from index.analyser import Analyser
from index.errors import CorruptSnapshot
from index.lexical import LexicalIndex
from index.postings_writer import K1, RUNS, B, PostingsWriter
from index.ranking import top_rows
from index.runs import DISTINCT_BYTES, WORD_BYTES, RunBuffer

ANALYSE = Analyser("english")


def index_of(texts: list[str]) -> LexicalIndex:
    """Each text a passage of one sentence without a context."""
    return build([["", text] for text in texts])


def build(passages: Iterable[Sequence[str]], **how) -> LexicalIndex:
    """An index whose files are gone at once, as a pruned snapshot's: they stay mapped."""
    with TemporaryDirectory() as folder:
        return LexicalIndex.build(passages, ANALYSE, Path(folder) / "lexical", **how)


def scores(index: LexicalIndex, question: str) -> np.ndarray:
    return index.scores(question, np.arange(index.passages)).bm25


WORDS = st.sampled_from(["troop", "poland", "drill", "baltic", "sea", "moscow"])
TEXTS = st.lists(st.lists(WORDS, max_size=12).map(" ".join), min_size=1, max_size=12)


def bm25(texts: list[str], question: str) -> list[float]:
    """Okapi BM25 with Lucene's idf, term by term."""
    passages = [ANALYSE(text) for text in texts]
    mean = sum(map(len, passages)) / len(passages)
    scores = []
    for passage in passages:
        score = 0.0
        for term in dict.fromkeys(ANALYSE(question)):
            holding = sum(term in other for other in passages)
            count = passage.count(term)
            if not count:
                continue
            idf = log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
            score += idf * count / (count + K1 * (1 - B + B * len(passage) / mean))
        scores.append(score)
    return scores


@settings(deadline=None)
@given(texts=TEXTS, question=st.lists(WORDS, max_size=5).map(" ".join))
def test_scores_are_bm25(texts, question):
    """The scores are the formula's up to float32 rounding, for any texts, empty ones too."""
    expected = bm25(texts, question) if any(text.split() for text in texts) else [0] * len(texts)
    found = scores(index_of(texts), question)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@settings(deadline=None)
@given(
    texts=TEXTS,
    question=st.lists(WORDS, min_size=1, max_size=5).map(" ".join),
    k=st.integers(1, 15),
    share=st.sampled_from([0.0, 2.0]),
    seed=st.integers(0, 9),
)
def test_search_is_a_stable_sort_of_the_matching_and_allowed(texts, question, k, share, seed):
    """Best first and ties in row order, whichever way few or many postings are added up."""
    index = index_of(texts)
    allowed = np.random.default_rng(seed).random(len(texts)) < 0.7
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "DENSE_SHARE", share)
        rows, found = index.search(question, k, allowed)
    every = scores(index, question)
    matching = [row for row in range(len(texts)) if every[row] > 0 and allowed[row]]
    expected = sorted(matching, key=lambda row: (-every[row], row))[:k]
    assert rows.tolist() == expected
    assert found.tolist() == every[expected].tolist()


@given(
    scores=st.lists(st.sampled_from([0.5, 1.0, 1.5, 2.0]), max_size=30),
    k=st.integers(1, 35),
    first=st.integers(0, 9),
)
def test_top_rows_is_a_stable_sort(scores, k, first):
    """Best first, ties in row order, also where a tie is cut at k."""
    given_rows = first + 2 * np.arange(len(scores))
    rows, found = top_rows(given_rows, np.array(scores, dtype=np.float32), k)
    expected = sorted(range(len(scores)), key=lambda place: -scores[place])[:k]
    assert rows.tolist() == given_rows[expected].tolist()
    assert found.tolist() == [scores[place] for place in expected]


@settings(deadline=None, max_examples=50)
@given(
    passages=st.lists(st.lists(st.lists(WORDS, max_size=6).map(" ".join), min_size=1, max_size=4)),
    memory=st.sampled_from([0, 2_000, 3_000]),
)
def test_bytes_do_not_depend_on_how_many_runs_were_merged(passages, memory):
    """A run a passage, a few, or one for all: every file is the same to the last bit."""
    with TemporaryDirectory() as folder:
        one, many = Path(folder) / "one", Path(folder) / "many"
        LexicalIndex.build(iter(passages), ANALYSE, one)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(RunBuffer, "is_full", property(lambda run: run.held >= memory))
            LexicalIndex.build(iter(passages), ANALYSE, many)
        names = sorted(path.name for path in one.iterdir())
        assert names == sorted(path.name for path in many.iterdir())
        for name in names:
            assert (one / name).read_bytes() == (many / name).read_bytes()


def test_memory_is_what_decides_when_a_run_is_put_on_disk(tmp_path):
    """10,000 different words are too many for a megabyte at a time; what is left behind is no
    run.
    """
    passages = [["", f"word{number}"] for number in range(10_000)]
    with PostingsWriter(tmp_path, ANALYSE, memory_mb=1) as writer:
        for parts in passages:
            writer.add(parts)
        runs = len(list((tmp_path / RUNS).iterdir()))
        writer.finish()
    assert runs == 10_000 * (WORD_BYTES + DISTINCT_BYTES) // 2**20 == 4
    assert not (tmp_path / RUNS).exists()
    index = LexicalIndex.open(tmp_path)
    assert index.search("word7654", 5)[0].tolist() == [7654]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("About 1,700 soldiers", ["1700", "soldier"]),
        ("4.25% NOTES", ["4.25", "note"]),
        ("Péter Szijjártó", ["peter", "szijjarto"]),
        ("Pe\u0301ter", ["peter"]),
        ("ﬁnancial", ["financi"]),
        ("STRASSE straße", ["strass", "strass"]),
        ("1,700th of 2.5.", ["1700", "th", "of", "2.5"]),
        ("snake_case", ["snake", "case"]),
        ("हिन्दी", ["हनद"]),
        ("東京へ 行く", ["東", "京", "へ", "行", "く"]),
        ("😀 —", []),
    ],
)
def test_the_analyser_folds_what_people_type_differently(text, terms):
    """Case, accents, ligatures and thousands separators do not keep a word from its question."""
    assert [term for term in ANALYSE(text) if term != "about"] == terms


def test_term_weights_are_lucene_s_idf():
    """Of four passages, two hold "troop" and none "hungary": ln(1 + 2.5/2.5), ln(1 + 4.5/.5)."""
    index = index_of(["troops", "troop moves", "drill", "sea"])
    weights = index.term_weights("troops troops Hungary")
    assert weights == pytest.approx({"troop": log(2), "hungari": log(10)})
    assert index.ceiling("troops troops Hungary") == pytest.approx(log(20))


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("How many US troops went to Poland?", ["mani", "us", "troop", "went", "poland"]),
        ("who are The Who?", ["who", "are", "the"]),
        ("???", []),
    ],
)
def test_words_that_only_ask_are_left_out_where_others_remain(question, terms):
    """A question of nothing but such words is asked with all of them."""
    assert ANALYSE.question_terms(question) == terms


def test_in_another_language_every_word_counts():
    """English question words mean nothing to a German corpus, where "was" asks and "die" tells."""
    assert Analyser("german").question_terms("was who") == ["was", "who"]


def test_no_score_exceeds_the_ceiling():
    """A passage of nothing but the question, many times over, comes close and stays below."""
    index = index_of(["troop poland " * 500, "sea"])
    score, ceiling = scores(index, "troops Poland")[0], index.ceiling("troops Poland")
    assert 0.9 * ceiling < score < ceiling


def test_passages_without_a_single_term_can_be_indexed():
    """A corpus of punctuation has no mean length to divide by, and still opens."""
    index = index_of(["…", "—"])
    assert scores(index, "troops").tolist() == [0, 0]
    assert list(index.term_weights("troops").values()) == pytest.approx([log(1 + 2.5 / 0.5)])
    assert [part.tolist() for part in index.search("troops", 3)] == [[], []]


def test_no_passages_at_all_are_an_index_too():
    """Nothing is found in nothing."""
    assert [part.tolist() for part in index_of([]).search("troops", 3)] == [[], []]


@pytest.mark.parametrize("name", ["posting_rows.npy", "term_starts.npy", "sentence_terms.npy"])
def test_postings_of_another_kind_are_a_named_error(tmp_path, name):
    """An array of other values is not interpreted."""
    LexicalIndex.build([["", "troops"]], ANALYSE, tmp_path)
    np.save(tmp_path / name, np.zeros((2, 2)))
    with pytest.raises(CorruptSnapshot, match=name):
        LexicalIndex.open(tmp_path)


def test_missing_postings_are_a_named_error(tmp_path):
    """An empty folder is no postings."""
    with pytest.raises(CorruptSnapshot, match="BM25"):
        LexicalIndex.open(tmp_path)


def test_threads_do_not_disturb_each_other():
    """Many threads analysing at once get what one gets alone."""
    texts = [f"soldiers running {number} drills relationally" for number in range(200)]
    alone = [ANALYSE(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ANALYSE, texts * 5)) == alone * 5
