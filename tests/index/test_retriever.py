"""Ranking against a brute-force ranking of every passage."""

from math import log

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analyser import Analyser
from index.build import build_documents
from index.errors import IncompatibleSnapshot
from index.filters import parse_filter
from index.postings_writer import K1, B
from index.records import Block, Document, Span
from index.retriever import RetrievalSettings, Retriever
from index.snapshot import Snapshot
from word_encoder import WordEncoder

WORDS = ["troop", "poland", "drill", "baltic", "sea", "moscow", "craft", "winter"]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Three hundred one-sentence documents of random words, half of them tagged "odd"."""
    chance = np.random.default_rng(7)
    documents = []
    for number in range(300):
        text = " ".join(chance.choice(WORDS, size=chance.integers(2, 9))) + "."
        documents.append(
            Document(
                f"{number:03}.txt",
                f"Note {number}",
                "text/plain",
                text,
                "0" * 64,
                (Block(Span(0, len(text))),),
                {"parity": "odd" if number % 2 else "even", "number": number},
            )
        )
    folder = tmp_path_factory.mktemp("many")
    return folder, documents


@pytest.fixture(scope="module")
def retriever(many):
    folder, documents = many
    words = WordEncoder()
    build_documents(documents, folder, words)
    return Retriever(Snapshot.open(folder), words, RetrievalSettings(candidates=10))


MORE_WORDS = [*WORDS, *"copper meadow ticket engine river lamp stone bread harbour winter2".split()]


@pytest.fixture(scope="module")
def alike(tmp_path_factory):
    """A hundred texts of one to four sentences, whose titles have words of theirs, each in three
    documents: their scores are the same. What a passage holds no sentence of it may hold.
    """
    chance, documents = np.random.default_rng(8), []

    def sentence(least: int, most: int) -> str:
        words = chance.choice(MORE_WORDS, chance.integers(least, most))
        return " ".join(words).capitalize()

    texts = [
        " ".join(sentence(2, 9) + "." for _ in range(chance.integers(1, 5))) for _ in range(100)
    ]
    titles = [sentence(1, 4) for _ in range(100)]
    for number in range(300):
        text, title = texts[number % 100], titles[number % 100]
        block = (Block(Span(0, len(text))),)
        documents.append(
            Document(f"{number:03}.txt", title, "text/plain", text, "0" * 64, block, {})
        )
    words, folder = WordEncoder(), tmp_path_factory.mktemp("alike")
    build_documents(documents, folder, words)
    return Retriever(Snapshot.open(folder), words, RetrievalSettings(candidates=300))


QUESTIONS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=QUESTIONS, k=st.integers(1, 50))
def test_a_filtered_search_returns_k_where_k_match(retriever, question, k):
    """However few candidates each side brings, a filter never starves the answer."""
    wanted = parse_filter({"op": "range", "field": "number", "gte": 100, "lt": 130})
    hits = retriever.search(question, k, wanted)
    assert len(hits) == min(k, 30)
    numbers = [retriever.snapshot.documents[hit.row].metadata["number"] for hit in hits]
    assert all(100 <= number < 130 for number in numbers)
    assert len(set(numbers)) == len(numbers)


def by_the_formulas(texts, question):
    """BM25, its share of the ceiling, and the share of idf held, each written out again."""
    analyse = Analyser("english")
    passages = [analyse(text) for text in texts]
    mean = sum(map(len, passages)) / len(passages)
    lexical, held, ceiling = np.zeros(len(texts)), np.zeros(len(texts)), 0.0
    for term in dict.fromkeys(analyse(question)):
        counts = np.array([passage.count(term) for passage in passages])
        holding = np.count_nonzero(counts)
        idf = log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        norm = K1 * (1 - B + B * np.array([len(p) for p in passages]) / mean)
        lexical += idf * counts / (counts + norm)
        held += idf * (counts > 0)
        ceiling += idf
    return lexical, lexical / ceiling, held / ceiling


@settings(deadline=None)
@given(question=QUESTIONS)
def test_with_every_passage_a_candidate_the_ranking_is_brute_force(retriever, question):
    """Scores are the cosine, BM25 and their fusion of each passage; hits stand in fused order."""
    snapshot, encoder = retriever.snapshot, retriever.encoder
    everything = Retriever(snapshot, encoder, RetrievalSettings(candidates=300))
    hits = everything.search(question, 300)
    vector = encoder.encode_queries([question])[0]
    texts = [f"{entry.title}\n{snapshot.text(row)}" for row, entry in enumerate(snapshot.documents)]
    dense = encoder.encode_passages(texts) @ vector
    lexical, share, coverage = by_the_formulas(texts, question)
    d, c = everything.settings.dense_weight, everything.settings.coverage_weight
    fused = d * dense + (1 - d) * ((1 - c) * share + c * coverage)
    assert sorted(hit.row for hit in hits) == list(range(300))
    assert [hit.fused for hit in hits] == pytest.approx(sorted(fused, reverse=True), abs=1e-5)
    for hit in hits:
        assert hit.dense == pytest.approx(dense[hit.row], abs=1e-5)
        assert hit.lexical == pytest.approx(lexical[hit.row], abs=1e-5)
        assert hit.fused == pytest.approx(fused[hit.row], abs=1e-5)
        # Each is one sentence, and none has a word of its title.
        assert hit.coverage == pytest.approx([coverage[hit.row]])


@settings(deadline=None, max_examples=300)
@given(words=st.permutations(MORE_WORDS), count=st.integers(1, 14))
def test_fewer_hits_are_the_first_of_more(alike, words, count):
    """Though not all candidates' sentences are looked at for fewer: to the last bit, as equal
    scores stand in row order.
    """
    question = " ".join(words[:count])
    vector = alike.encoder.encode_queries([question])[0]
    hits = alike.rank(question, vector, 300)
    for k in (1, 2, 5, 10, 20):
        assert alike.rank(question, vector, k) == hits[:k]
    scores = {}
    for hit in hits:
        scores.setdefault(hit.row % 100, set()).add((hit.dense, hit.lexical, hit.fused))
    assert {len(found) for found in scores.values()} == {1}


@settings(deadline=None)
@given(question=QUESTIONS, k=st.integers(1, 200))
def test_candidates_found_before_give_the_same_hits(retriever, question, k):
    """And they are what is ranked: one that is alone among them, where no word is shared, is the
    only hit.
    """
    vector = retriever.encoder.encode_queries([question])[0]
    nearest = retriever.nearest(vector, k)
    assert retriever.rank(question, vector, k, nearest=nearest) == retriever.rank(
        question, vector, k
    )
    alone = retriever.rank("xyzzy", vector, k, nearest=np.array([7]))
    assert [hit.row for hit in alone] == [7]


def test_a_filter_that_nothing_matches_gives_no_hits(retriever):
    """No match is an empty ranking, not an error."""
    assert retriever.search("troop", 5, parse_filter({"op": "eq", "field": "x", "value": 1})) == []


def test_another_encoder_is_refused_with_both_names(built, other_words):
    """Vectors of one encoder are never compared with another's."""
    with pytest.raises(IncompatibleSnapshot, match=r"encoder words .* runs other words"):
        Retriever(Snapshot.open(built), other_words)
