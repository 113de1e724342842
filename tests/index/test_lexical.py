"""BM25 against its formula, written out again here."""

from concurrent.futures import ThreadPoolExecutor
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import CorruptSnapshot
from index.lexical import K1, Analyser, B, LexicalIndex, top_rows

ANALYSE = Analyser("english")


def index_of(texts: list[str]) -> LexicalIndex:
    """Each text a passage of one sentence without a context."""
    return LexicalIndex.build([["", text] for text in texts], ANALYSE)


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
    found = index_of(texts).scores(question)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@settings(deadline=None)
@given(
    scores=st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0]), max_size=30),
    k=st.integers(1, 35),
    seed=st.integers(0, 9),
)
def test_top_rows_is_a_stable_sort_of_the_positive_allowed(scores, k, seed):
    """Best first, ties in row order, also where a tie is cut at k."""
    allowed = np.random.default_rng(seed).random(len(scores)) < 0.7
    rows, found = top_rows(np.array(scores, dtype=np.float32), k, allowed)
    expected = sorted(
        (row for row, score in enumerate(scores) if score > 0 and allowed[row]),
        key=lambda row: (-scores[row], row),
    )[:k]
    assert rows.tolist() == expected
    assert found.tolist() == [scores[row] for row in expected]


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
    score, ceiling = index.scores("troops Poland")[0], index.ceiling("troops Poland")
    assert 0.9 * ceiling < score < ceiling


def test_a_saved_index_scores_the_same(tmp_path):
    """Saving and opening changes no score."""
    texts = ["troops in Poland", "drills in Belarus", ""]
    built = index_of(texts)
    built.save(tmp_path)
    opened = LexicalIndex.open(tmp_path)
    assert opened.scores("Polish troops, drills").tolist() == (
        built.scores("Polish troops, drills").tolist()
    )
    assert opened.passages == 3


def test_passages_without_a_single_term_can_be_indexed(tmp_path):
    """A corpus of punctuation has no mean length to divide by, and still opens."""
    index_of(["…", "—"]).save(tmp_path)
    opened = LexicalIndex.open(tmp_path)
    assert opened.scores("troops").tolist() == [0, 0]
    assert list(opened.term_weights("troops").values()) == pytest.approx([log(1 + 2.5 / 0.5)])


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
