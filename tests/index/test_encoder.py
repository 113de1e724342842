"""The packaged encoder against plain sentence-transformers, and what is refused."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer

from index.encoder import EncoderIdentity
from index.encoders import load_encoder
from index.runtimes import RuntimeSettings

TEXTS = [
    "About 1,700 soldiers of the 82nd Airborne Division are bound for Poland.",
    "Kyiv lies 75 kilometres from the border.",
    "A word.",
    "Six large landing craft were sent to the Black Sea region, Moscow said on Tuesday.",
]


@pytest.fixture(scope="module")
def exact():
    """In float32 on every processor; where there is bfloat16 the default would take it."""
    return load_encoder(wanted=RuntimeSettings(precision="float32"))


def test_vectors_are_those_of_sentence_transformers(exact, model_folder):
    """Batching by length changes no vector beyond float32 rounding."""
    plain = SentenceTransformer(str(model_folder), device="cpu", local_files_only=True)
    expected = plain.encode(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(exact.encode_passages(TEXTS), expected, atol=2e-6)
    np.testing.assert_allclose(exact.encode_queries(TEXTS), expected, atol=2e-6)


def test_a_question_longer_than_the_model_reads_is_read_to_its_end(encoder):
    """Two long questions that differ in their last words alone have different vectors, and each
    is the mean of its two halves, encoded by themselves.
    """
    start = "we have read of the drills and the troops and the sea " * 30
    questions = [start + "who is the king of norway", start + "what does bread cost", "short"]
    assert encoder.count_tokens(questions)[0] > encoder.identity.max_tokens
    vectors = encoder.encode_queries(questions)
    assert abs(vectors[0] @ vectors[1]) < 0.999
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(vectors[2], encoder.encode_queries(["short"])[0], atol=2e-6)
    pieces = encoder.token_spans(questions[0])
    middle = pieces[len(pieces) // 2][0]
    halves = encoder.encode_queries([questions[0][:middle], questions[0][middle:]])
    mean = halves.sum(axis=0) / np.linalg.norm(halves.sum(axis=0))
    np.testing.assert_allclose(vectors[0], mean, atol=2e-6)


def test_a_vector_depends_on_its_text_alone(encoder):
    """Encoded alone, among others or in another order, a passage has the same bits."""
    together = encoder.encode_passages(TEXTS)
    backwards = encoder.encode_passages(TEXTS[::-1])[::-1]
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert np.array_equal(together, backwards)
    assert np.array_equal(together, alone)


def test_equal_lengths_do_not_tie_vectors_together(encoder):
    """Forty of one length: together, by sevens, backwards and alone they have the same bits."""
    words = ["sea", "ice", "tank", "snow", "road", "rain", "coal", "wind"]
    texts = [
        " ".join(words[(number * step + step) % 8] for step in range(1, 13)) + f" {number % 9}"
        for number in range(40)
    ]
    assert len(set(encoder.count_tokens(texts))) == 1
    together = encoder.encode_passages(texts)
    sevens = [encoder.encode_passages(texts[at : at + 7]) for at in range(0, 40, 7)]
    assert np.array_equal(together, np.concatenate(sevens))
    assert np.array_equal(together, encoder.encode_passages(texts[::-1])[::-1])
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    assert np.array_equal(together, alone)


def test_vectors_have_length_one(encoder):
    """So an inner product is a cosine."""
    np.testing.assert_allclose(np.linalg.norm(encoder.encode_passages(TEXTS), axis=1), 1, atol=1e-6)


def test_nothing_to_encode_is_no_vectors(encoder):
    """An empty batch has the encoder's width and no rows."""
    assert encoder.encode_passages([]).shape == (0, 384)
    assert encoder.encode_queries([]).shape == (0, 384)
    assert encoder.count_tokens([]) == []


def test_progress_counts_every_passage(encoder):
    """The last report says that all are done, and no report goes back."""
    reports = []
    encoder.encode_passages([*TEXTS, TEXTS[0]], lambda done, total: reports.append((done, total)))
    assert reports == sorted(reports)
    assert reports[-1] == (5, 5)


@settings(deadline=None)
@given(text=st.text(max_size=60))
def test_word_pieces_lie_in_the_text_in_order(encoder, text):
    """Their offsets are code points, ascending and never empty, for any Unicode."""
    spans = encoder.token_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


def test_word_pieces_are_counted_in_code_points(encoder):
    """ "1,700" is three pieces; the emoji before it takes one place, not four."""
    text = "😀 1,700"
    assert [text[start:end] for start, end in encoder.token_spans(text)] == ["😀", "1", ",", "700"]
    assert encoder.count_tokens([text, ""]) == [6, 2]


def test_a_long_text_is_counted_whole(encoder):
    """Counting never stops at what the encoder reads: 300 words and two special tokens."""
    assert encoder.count_tokens(["word " * 300]) == [302]


def test_the_identity_tells_the_verified_model(encoder):
    """Name, width and reading length are MiniLM's."""
    identity = encoder.identity
    assert (identity.name, identity.dimensions, identity.max_tokens) == (
        "sentence-transformers/all-MiniLM-L6-v2",
        384,
        256,
    )
    assert EncoderIdentity.from_json(json.loads(json.dumps(identity.to_json()))) == identity


def test_a_named_model_s_prompts_are_put_before_questions_and_passages(exact, copied_model):
    """With prompts configured, a question is encoded as prompt and question together."""
    config = copied_model / "config_sentence_transformers.json"
    value = json.loads(config.read_text())
    value["prompts"] = {"query": "query: ", "document": "passage: "}
    config.write_text(json.dumps(value))
    named = load_encoder(str(copied_model))
    assert (named.identity.query_prompt, named.identity.passage_prompt) == ("query: ", "passage: ")
    np.testing.assert_allclose(
        named.encode_queries(["who?"]), exact.encode_queries(["query: who?"]), atol=2e-6
    )
    np.testing.assert_allclose(
        named.encode_passages(["they"]), exact.encode_passages(["passage: they"]), atol=2e-6
    )
    assert named.count_tokens(["they"]) == [5]
    assert named.identity.weights_sha256 != exact.identity.weights_sha256


def test_the_same_files_elsewhere_are_the_same_encoder(encoder, copied_model):
    """Identities agree whatever the folder is called; the name alone differs. In another runtime
    it is the same model with other last bits.
    """
    named = load_encoder(str(copied_model))
    packaged = load_encoder(wanted=RuntimeSettings("torch"))
    assert named.identity.same_vectors(packaged.identity)
    assert named.identity != packaged.identity
    assert (named.identity.runtime, encoder.identity.runtime) == ("torch", "openvino")
    assert named.identity.same_model(encoder.identity)
    assert not named.identity.same_vectors(encoder.identity)


def test_another_revision_is_the_same_model_with_other_bits(encoder):
    """Its index is searched as before and a build takes no vectors over. What says nothing of it,
    as all indexes did before there was one, is of the first.
    """
    told = encoder.identity.to_json()
    assert EncoderIdentity.from_json(told) == encoder.identity
    del told["revision"]
    older = EncoderIdentity.from_json(told)
    assert older.revision == 1
    assert encoder.identity.same_model(older)
    assert not encoder.identity.same_vectors(older)
