"""The data sets the reader learns from: where each lies, its licence, its use and its split."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# "unused": a paragraph of a training set that a held-aside set also has.
Split = Literal["train", "calibration", "test", "unused"]

# SQuAD 2.0 articles, in the file's order, that no training sees: the last five give the test
# scores, the three before them are for fitting the calibration.
SQUAD_TEST_ARTICLES = 5
SQUAD_CALIBRATION_ARTICLES = 3
# Where a set names no split, the paragraphs of which one in this many is for calibration.
ONE_IN = 40


@dataclass(frozen=True, slots=True)
class Source:
    """One set. ``files`` maps a SQuAD-format file to its split; None: split by paragraph.

    ``share`` is how often an example stands in an epoch (2.0: twice, 0.5: every other epoch).
    ``mined``: whether its questions name what they are about, so that another passage of the
    corpus that looks right is wrong. ``titled``: whether the articles' titles are names.
    ``ours``: written for Quoth, and so beside its code instead of among the data.
    """

    name: str
    folder: str
    files: dict[str, Split | None]
    licence: str | None
    share: float = 1.0
    mined: bool = True
    titled: bool = False
    ours: bool = False

    def path(self, data: Path, file: str) -> Path:
        """Where one of its files lies; ``data`` is the folder with the public sets."""
        return (OURS if self.ours else data) / self.folder / file


# Where the sets lie that were written for Quoth.
OURS = Path(__file__).parents[2] / "training"

SOURCES = (
    Source(
        "own",
        ".",
        {
            "train-1.json": "train",
            "train-2.json": "train",
            "calibration.json": "calibration",
            "test.json": "test",
        },
        "Apache-2.0",
        3.0,
        titled=True,
        ours=True,
    ),
    # Short documents of what is planned or under way, asked for as done: "are bound for" went.
    Source(
        "plans",
        ".",
        {"plans.json": "train", "plans-test.json": "test"},
        "Apache-2.0",
        4.0,
        titled=True,
        ours=True,
    ),
    # Dense reports, told sidelong: who holds which office, of how many, on what condition.
    Source(
        "reports",
        ".",
        {"reports.json": "train", "reports-test.json": "test"},
        "Apache-2.0",
        6.0,
        titled=True,
        ours=True,
    ),
    # Asked in the passage's own words, and near misses by one word that is another.
    Source(
        "encyclopedia",
        ".",
        {"encyclopedia.json": "train", "encyclopedia-test.json": "test"},
        "Apache-2.0",
        6.0,
        titled=True,
        ours=True,
    ),
    # Told beside each other: a figure that has a place, and one that has none.
    Source(
        "dispatches",
        ".",
        {"dispatches.json": "train", "dispatches-test.json": "test"},
        "Apache-2.0",
        6.0,
        titled=True,
        ours=True,
    ),
    # Each question without an answer is the twin of one with: a single detail is another.
    Source(
        "twins",
        ".",
        {"twins.json": "train", "twins-test.json": "test"},
        "Apache-2.0",
        8.0,
        titled=True,
        ours=True,
    ),
    Source(
        "squad_v1", "squad_v1_dev_13", {"squad.json": "train"}, "CC BY-SA 4.0", 1.5, titled=True
    ),
    Source("squad_v2", "squad_v2_dev_25", {"squad.json": None}, "CC BY-SA 4.0", 2.0, titled=True),
    Source(
        "sleepqa",
        "sleepqa",
        {
            "extractive_train.json": "train",
            "extractive_dev.json": "calibration",
            "extractive_test.json": "test",
        },
        "MIT",
    ),
    Source(
        "fairytaleqa",
        "fairytaleqa",
        {
            "extractive_train.json": "train",
            "extractive_val.json": "train",
            "extractive_test.json": "calibration",
        },
        "Apache-2.0",
        mined=False,
    ),
    # A few hundred question templates over short clauses: half as often, and no negatives,
    # since the same question is asked of every clause.
    Source(
        "policyqa",
        "policyqa",
        {"dev.json": "train", "test.json": "test"},
        "MIT",
        0.25,
        mined=False,
    ),
    Source("covidqa", "covidqa", {"200423_covidQA.json": None}, "Apache-2.0", mined=False),
    Source("qed", "qed_train", {"qed-train.squad.json": None}, None, titled=True),
    Source("reddit", "squadshifts_reddit", {"reddit_v1.0.json": None}, None, 0.5),
    Source("amazon", "squadshifts_amazon_reviews", {"amazon_reviews_v1.0.json": None}, None, 0.5),
)


def split_of(source: Source, given: Split | None, article: int, articles: int, text: str) -> Split:
    """The split of a paragraph: its file's, else by article (SQuAD 2.0), else by its text."""
    if given is not None:
        return given
    if source.name == "squad_v2":
        from_end = articles - article
        if from_end <= SQUAD_TEST_ARTICLES:
            return "test"
        if from_end <= SQUAD_TEST_ARTICLES + SQUAD_CALIBRATION_ARTICLES:
            return "calibration"
        return "train"
    return "calibration" if zlib.crc32(text.encode()) % ONE_IN == 0 else "train"


def chosen_sources(clean: bool) -> tuple[Source, ...]:
    """All of them, or only those whose licence is stated."""
    return tuple(source for source in SOURCES if source.licence is not None or not clean)
