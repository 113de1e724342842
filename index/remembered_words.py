"""Word pieces put together from those of words met before, in a tenth of the tokenizer's time.

A tokenizer of BERT's kind looks at single characters until it has parted a text at its white
space. So a text's pieces are its words' pieces, one after another; a natural text holds few words
that were not met before, and these alone are tokenized.
"""

from __future__ import annotations

import json
import re
from threading import Lock

import numpy as np
from tokenizers import Tokenizer

# Only what every rule of the tokenizer takes for white space parts words: it drops a vertical
# tab, say, as a control character, and so joins what stands on either side.
WORD = re.compile(r"[^ \t\n\r]+")
# Longer ones are seldom met again: data, or a script that is written without spaces.
LONGEST = 48
# Words kept, in some 150 bytes each. Those that are common come back soon after the rest went.
KEPT = 32_768
PIECE = np.dtype(np.int32)


class RememberedWords:
    """Any number of threads may ask at once; None is for texts the tokenizer must be asked about:
    those that hold a very long word, or a piece that stands for no character.
    """

    def __init__(self, tokenizer: Tokenizer, before: bytes, after: bytes) -> None:
        self._tokenizer = tokenizer
        self._before, self._after = before, after
        self._pieces: dict[str, bytes] = {}
        self._learning = Lock()

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> RememberedWords | None:
        """None for a tokenizer, neither cutting nor filling up, of another kind than BERT's."""
        if not _parts_at_spaces(tokenizer):
            return None
        bare = tokenizer.encode("a", add_special_tokens=False).ids
        whole = tokenizer.encode("a").ids
        places = [at for at in range(len(whole)) if whole[at : at + len(bare)] == bare]
        if len(places) != 1 or not bare:
            return None
        before, after = whole[: places[0]], whole[places[0] + len(bare) :]
        return cls(tokenizer, np.array(before, PIECE).tobytes(), np.array(after, PIECE).tobytes())

    def count(self, text: str) -> int | None:
        """How many word pieces the text has, without special tokens."""
        pieces = self._joined(text)
        return None if pieces is None else len(pieces) // PIECE.itemsize

    def ids(self, text: str) -> np.ndarray | None:
        """Its word pieces, special tokens included, read-only int32 [pieces]."""
        pieces = self._joined(text)
        return None if pieces is None else np.frombuffer(self._before + pieces + self._after, PIECE)

    def _joined(self, text: str) -> bytes | None:
        words, known = WORD.findall(text), self._pieces
        try:
            return b"".join(map(known.__getitem__, words))
        except KeyError:
            is_known = self._learn(sorted(set(words).difference(known)), known)
        return b"".join(map(known.__getitem__, words)) if is_known else None

    def _learn(self, words: list[str], known: dict[str, bytes]) -> bool:
        """Adds the pieces of words to ``known``; False, and none of them, where they are odd."""
        if max(map(len, words)) > LONGEST:
            return False
        encoded = self._tokenizer.encode(" ".join(words), add_special_tokens=False)
        starts, ends = np.array(encoded.offsets, np.int64).reshape(-1, 2).T
        if (starts == ends).any():
            return False
        ids = np.array(encoded.ids, PIECE).tobytes()
        begins = np.cumsum([0, *(len(word) + 1 for word in words)])
        cuts = (np.searchsorted(starts, begins) * PIECE.itemsize).tolist()
        with self._learning:
            if len(known) > KEPT:
                # Begun anew, not emptied: others may be reading what they found there.
                self._pieces = {}
            for word, start, end in zip(words, cuts, cuts[1:], strict=False):
                known[word] = ids[start:end]
        return True


def _parts_at_spaces(tokenizer: Tokenizer) -> bool:
    """Whether any text's pieces are those of its words, each by itself."""
    told = json.loads(tokenizer.to_str())
    kinds = [(told[part] or {}).get("type") for part in ("normalizer", "pre_tokenizer", "model")]
    # Tokens added by hand are looked for before any rule, and could hold or take white space.
    return kinds == ["BertNormalizer", "BertPreTokenizer", "WordPiece"] and not any(
        token["lstrip"] or token["rstrip"] or any(map(str.isspace, token["content"]))
        for token in told["added_tokens"]
    )
