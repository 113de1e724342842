"""Terms and their numbers: sorted, mapped and found by halving, so that nothing is parsed."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from index.mapped import open_array
from index.ranges import are_starts

TERMS = "terms.utf8"
STARTS = "term_starts.npy"
# Terms that stay read: halving looks at the same ones first, whatever is sought.
SEEN = 4096


class Vocabulary:
    """Distinct terms in the order of their UTF-8 bytes; a term's number is its place there.

    ``starts`` (int64 [terms + 1]) says where each term begins in ``blob``, all terms' bytes.
    """

    def __init__(self, blob: np.ndarray, starts: np.ndarray) -> None:
        self.blob, self.starts = blob, starts
        # Over the arrays and not over self, which would keep it alive when nobody reads it.
        self._seen = lru_cache(SEEN)(partial(_bytes_of, blob, starts))

    @classmethod
    def open(cls, folder: Path) -> Vocabulary:
        """Memory-mapped. Raises CorruptSnapshot or OSError where a file is not of its kind."""
        path = folder / TERMS
        # An empty file, of a corpus without a single term, cannot be mapped.
        has_terms = path.stat().st_size > 0
        blob = np.memmap(path, np.uint8, "r") if has_terms else np.empty(0, np.uint8)
        return cls(blob.view(np.ndarray), open_array(folder / STARTS, "<i8"))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def find(self, term: str) -> int | None:
        """The term's number, None where no passage holds it."""
        wanted = term.encode("utf-8")
        place = bisect_left(range(len(self)), wanted, key=self._seen)
        return place if place < len(self) and self._seen(place) == wanted else None

    def faults(self) -> Iterator[str]:
        """What is wrong; nothing where all is well."""
        if not are_starts(self.starts, len(self.blob)):
            yield f"{STARTS} does not say where each term begins"
            return
        terms = (_bytes_of(self.blob, self.starts, number) for number in range(len(self)))
        if any(term >= after for term, after in pairwise(terms)):
            yield f"{TERMS} is not in order"


def _bytes_of(blob: np.ndarray, starts: np.ndarray, number: int) -> bytes:
    return blob[starts[number] : starts[number + 1]].tobytes()


def write_vocabulary(folder: Path, terms: Iterable[bytes]) -> None:
    """From the distinct terms as UTF-8, in their order."""
    lengths = array("q", [0])
    with (folder / TERMS).open("wb") as file:
        for term in terms:
            file.write(term)
            lengths.append(len(term))
    np.save(folder / STARTS, np.cumsum(lengths, dtype="<i8"))
