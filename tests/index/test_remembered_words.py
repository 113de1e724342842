"""Word pieces put together from words' pieces, against the tokenizer asked about the whole text."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from index import remembered_words
from index.remembered_words import LONGEST, RememberedWords
from index.word_pieces import MANY, WordPieces

# White space, controls, marks that join what is before them, signs of two code points when
# lowered or decomposed, scripts without spaces, and the tokenizer's own names.
ODD = [
    *" \t\n\r\v\f\x00\x1c\x1f\x85\xa0\u1680\u2003\u2028\u3000\u200b\u200d\ufeff\ufffd",
    *"\u0301\u0338\u0345\u05b0\u3099\u20dd",
    *"İıßΣσςǅﬁ½Å\u212b各中。あ가각\u1112\u1161\u11ab😀🏽क्षि",
    *"aAbe.,!-_$[]#'’–",
    *("[SEP]", "[CLS]", "[UNK]", "[MASK]", "##ing", "un", "believ", "able ", " the", "ing "),
]
TEXTS = st.lists(st.one_of(st.sampled_from(ODD), st.characters(codec="utf-8")), max_size=60).map(
    "".join
)


@pytest.fixture(scope="module")
def tokenizer(model_folder) -> Tokenizer:
    """Neither cutting nor filling up."""
    tokenizer = Tokenizer.from_file(str(model_folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@pytest.fixture(scope="module")
def words(tokenizer) -> RememberedWords:
    return RememberedWords.of(tokenizer)


@pytest.fixture(scope="module")
def pieces(tokenizer) -> WordPieces:
    return WordPieces(tokenizer)


@given(TEXTS)
@example("a\vb a\x1cb a\xa0b a\u3000b")
@example("e \u0301 e\u0301 \u0301")
@example("ΟΔΟΣ ΟΔΟΣ. İstanbul")
@example("[SEP] x[SEP]y [CLS]")
@example("")
def test_a_text_has_its_words_pieces(tokenizer, pieces, text):
    """The ids are those of the whole text, and as many are counted as have places in it."""
    encoded = tokenizer.encode(text)
    (ids,) = pieces.ids([text])
    np.testing.assert_array_equal(ids, encoded.ids)
    assert ids.dtype == np.int32
    assert pieces.count(text) == len(pieces.spans(text))


@given(TEXTS, st.data())
def test_a_cut_at_plain_white_space_parts_no_piece(pieces, text, data):
    """What chunking rests on: parts' pieces are the whole's, in order."""
    places = [at for at, char in enumerate(text) if char in " \t\n\r"]
    cuts = sorted(data.draw(st.lists(st.sampled_from(places)))) if places else []
    parts = [text[a:b] for a, b in pairwise([0, *cuts, len(text)])]
    assert sum(map(pieces.count, parts)) == pieces.count(text)


def test_most_texts_are_not_given_to_the_tokenizer(words):
    """Ordinary text, in several scripts, is put together."""
    for text in ("He wasn't there, was he?", "naïve Zürich", "Москва — столица", "中文 字"):
        assert words.ids(text) is not None


def test_what_is_no_word_is_given_to_the_tokenizer(words, tokenizer, pieces):
    """A long run without white space is neither kept nor told, beside whatever it stands."""
    text = f"plain {'x' * LONGEST} {'yz' * LONGEST}"
    assert words.ids(text) is None
    assert words.count(text) is None
    for texts in ([text, "plain"], ["plain", text] * MANY):
        for ids, one in zip(pieces.ids(texts), texts, strict=True):
            np.testing.assert_array_equal(ids, tokenizer.encode(one).ids)


def test_memory_is_bounded_and_forgetting_changes_nothing(tokenizer, monkeypatch):
    """With room for few words, many threads that make each other forget get the right pieces."""
    monkeypatch.setattr(remembered_words, "KEPT", 5)
    words = RememberedWords.of(tokenizer)
    texts = [f"word{number} is number {number % 7} of{number % 5}" for number in range(300)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(words.ids, texts))
    for text, ids in zip(texts, found, strict=True):
        np.testing.assert_array_equal(ids, tokenizer.encode(text).ids)
    assert len(words._pieces) <= 5 + 5


def with_lstrip(told: Tokenizer) -> Tokenizer:
    told.add_tokens([AddedToken("<x>", lstrip=True)])
    return told


def with_white_space(told: Tokenizer) -> Tokenizer:
    told.add_tokens(["new york"])
    return told


def with_another_model(told: Tokenizer) -> Tokenizer:
    told.model = models.WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]")
    return told


def with_another_parting(told: Tokenizer) -> Tokenizer:
    told.pre_tokenizer = pre_tokenizers.Metaspace()
    told.decoder = decoders.Metaspace()
    return told


@pytest.mark.parametrize(
    "changed", [with_lstrip, with_white_space, with_another_model, with_another_parting]
)
def test_other_tokenizers_are_asked_about_every_text(tokenizer, changed):
    """Where a word's pieces may depend on its neighbours nothing is remembered."""
    other = changed(Tokenizer.from_str(tokenizer.to_str()))
    assert RememberedWords.of(other) is None
    text = "I saw a <x> in new york"
    (ids,) = WordPieces(other).ids([text])
    assert ids.tolist() == other.encode(text).ids
    assert WordPieces(other).count(text) == len(WordPieces(other).spans(text))


def test_cased_tokenizers_are_remembered_as_they_are(tokenizer):
    """A tokenizer that keeps case and accents, and Chinese together, has other pieces."""
    told = json.loads(tokenizer.to_str())
    told["normalizer"] |= {"lowercase": False, "strip_accents": False, "clean_text": False}
    cased = Tokenizer.from_str(json.dumps(told))
    words = RememberedWords.of(cased)
    for text in ("Naïve the naïve", "a\vb c\x1cd", "e \u0301 e\u0301"):
        np.testing.assert_array_equal(words.ids(text), cased.encode(text).ids)
