"""The default encoder against the reference, sentence-transformers in float32."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoders import load_encoder
from index.errors import InvalidSetting
from index.openvino_runtime import multiplies_bfloat16
from index.runtimes import RuntimeSettings

SEEDS = Path(__file__).parent.parent.parent / "seeds"
# Of the reference: what cosines may lack of 1, and the share of questions that may find another
# passage first.
LEAST_COSINE, LEAST_SAME = 0.9999, 0.99
# Where the processor multiplies no bfloat16, ``auto`` is float32.
PRECISIONS = ["auto", "float32"] if multiplies_bfloat16() else ["auto"]


@pytest.fixture(scope="module")
def reference():
    return load_encoder(wanted=RuntimeSettings("torch", "float32"))


@pytest.fixture(scope="module")
def passages() -> list[str]:
    """The seeds' lines, and pieces of one to two hundred of their words from many places; none
    twice, since of equal ones rounding says which comes first.
    """
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.rglob("*.md")))
    words = text.split()
    pieces = [" ".join(words[at : at + 1 + at % 190]) for at in range(0, len(words) - 190, 23)]
    lines = (line for line in text.splitlines() if line.strip())
    return list(dict.fromkeys([*lines, *pieces]))


@pytest.fixture(scope="module")
def expected(reference, passages) -> np.ndarray:
    """The reference's vectors of the passages."""
    return reference.encode_passages(passages)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_vectors_agree_with_the_reference(reference, passages, expected, precision):
    """Every cosine is .9999 or more, and of 100 questions 99 have the same passage first,
    whatever the processor multiplies.
    """
    encoder = load_encoder(wanted=RuntimeSettings("openvino", precision))
    ours = encoder.encode_passages(passages)
    assert np.einsum("ij,ij->i", ours, expected).min() >= LEAST_COSINE
    questions = [" ".join(passage.split()[:9]) for passage in passages]
    asked, theirs = encoder.encode_queries(questions), reference.encode_queries(questions)
    same = (asked @ ours.T).argmax(axis=1) == (theirs @ expected.T).argmax(axis=1)
    assert same.mean() >= LEAST_SAME


def test_in_float32_only_rounding_differs(passages, expected):
    """To five decimals each number is the reference's own."""
    encoder = load_encoder(wanted=RuntimeSettings("openvino", "float32"))
    assert encoder.identity.precision == "float32"
    np.testing.assert_allclose(encoder.encode_passages(passages), expected, atol=5e-6)


def test_word_pieces_are_the_reference_s(encoder, reference, passages):
    """Counted and placed alike."""
    assert encoder.count_tokens(passages) == reference.count_tokens(passages)
    for text in passages[:50]:
        assert encoder.token_spans(text) == reference.token_spans(text)


WORDS = st.lists(st.sampled_from("sea ice tank 1,700 Kyiv naïve 😀 antidisestablishment".split()))


@settings(max_examples=25)
@given(others=st.lists(WORDS, max_size=6), own=WORDS, place=st.integers(0, 6))
def test_a_vector_has_the_same_bits_whatever_is_encoded_with_it(encoder, others, own, place):
    """Alone, among any other texts, first or last."""
    texts = [" ".join(words) for words in others]
    text = " ".join(own)
    (alone,) = encoder.encode_passages([text])
    texts.insert(place, text)
    assert np.array_equal(encoder.encode_passages(texts)[texts.index(text)], alone)


def test_questions_side_by_side_have_the_bits_of_those_asked_alone(encoder):
    """Of eight threads that ask at once some run on one processor and some on all."""
    questions = [f"who has {count} ships in the bay of {'so ' * count}?" for count in range(24)]
    alone = [encoder.encode_queries([question])[0] for question in questions]
    with ThreadPoolExecutor(8) as threads:
        together = list(
            threads.map(lambda question: encoder.encode_queries([question])[0], questions)
        )
    assert np.array_equal(together, alone)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("count", [2, 3, 7, 16, 17, 32, 33, 90])
def test_questions_of_one_call_have_the_bits_of_those_asked_alone(precision, count):
    """Of all lengths up to forty words, most of them run at once."""
    encoder = load_encoder(wanted=RuntimeSettings("openvino", precision))
    questions = [
        f"ship {at} " + "in the bay " * (at % (4 if at % 9 else 14)) for at in range(count)
    ]
    alone = np.concatenate([encoder.encode_queries([question]) for question in questions])
    for _ in range(2):  # a class of runs is tried both ways when it first comes
        assert np.array_equal(encoder.encode_queries(questions), alone)


def of_pieces(count: int, kind: int = 0) -> str:
    """A text of so many word pieces, three at least."""
    return " ".join(["river", "ship", "bay"][(n + kind) % 3] for n in range(count - 2))


@pytest.mark.parametrize(("precision", "off"), [("auto", 2e-3), ("float32", 1e-5)])
def test_a_run_of_any_lengths_gives_each_text_its_vector(precision, off):
    """Within rounding, and with the rows that the texts alone have: whether also with their bits
    is tried elsewhere, and what is tried must be right.
    """
    encoder = load_encoder(wanted=RuntimeSettings("openvino", precision))
    texts = [of_pieces(count, count) for count in (120, 100, 97, 70, 33, 17, 16, 5, 3)]
    ids = encoder._pieces.ids(texts)
    alone = np.concatenate([encoder._run([own]) for own in ids])
    np.testing.assert_allclose(encoder._run(ids), alone, atol=off)
    assert not np.allclose(alone[:-1], alone[1:], atol=10 * off)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("length", [33, 47, 64, 65, 100, 127, 128, 129, 200, 254])
def test_passages_together_have_the_bits_of_those_encoded_alone(precision, length, monkeypatch):
    """Eleven of each length, and as many that are shorter by one, two, three and so on: of one
    thread, so that they are run together wherever there are processors.
    """
    encoder = load_encoder(wanted=RuntimeSettings("openvino", precision))
    monkeypatch.setattr(encoder._model, "streams", 1)
    texts = [of_pieces(length, at) for at in range(11)]
    texts += [of_pieces(length - at, at) for at in range(1, 12)]
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    for _ in range(2):  # a class of runs is tried both ways when it first comes
        assert np.array_equal(encoder.encode_passages(texts), alone)
    assert encoder._agreeing


def test_texts_that_would_have_other_bits_together_run_alone(encoder, monkeypatch):
    """On a processor whose sums depend on the number of texts, no vector does; it is tried once."""
    run, rows = encoder._model.run, []

    def another(inputs, soon=False):
        rows.append(len(inputs.present))
        (vectors,) = run(inputs, soon)
        return [vectors if len(vectors) == 1 else np.nextafter(vectors, np.float32(2))]

    questions = [f"ship {count}?" for count in range(5)]
    alone = np.concatenate([encoder.encode_queries([question]) for question in questions])
    monkeypatch.setattr(encoder._model, "run", another)
    monkeypatch.setattr(encoder, "_agreeing", {})
    for _ in range(3):
        assert np.array_equal(encoder.encode_queries(questions), alone)
    assert list(encoder._agreeing.values()) == [False]
    assert rows.count(5) == 1
    assert rows.count(1) == 15


def test_bfloat16_is_told_or_refused():
    """Where the processor multiplies it the identity says so; elsewhere the setting is refused."""
    wanted = RuntimeSettings("openvino", "bfloat16")
    if multiplies_bfloat16():
        assert load_encoder(wanted=wanted).identity.precision == "bfloat16"
    else:
        with pytest.raises(InvalidSetting, match="QUOTH_PRECISION is 'bfloat16'"):
            load_encoder(wanted=wanted)
        assert load_encoder().identity.precision == "float32"


def test_it_needs_neither_torch_nor_the_converter_s_telemetry():
    """In a process of its own, encoding leaves them out."""
    script = (
        "import sys\n"
        "from index.encoders import load_encoder\n"
        "load_encoder().encode_queries(['a'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'openvino_telemetry'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
