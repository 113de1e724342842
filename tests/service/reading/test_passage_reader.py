"""Windows, whole words and the budget, with a network whose logits are set by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from index.model_files import packaged_folder
from service.errors import QuestionTooLong
from service.reading.inputs import MAX_TOKENS, ReaderTokenizer
from service.reading.passage_reader import ASKING, IN_A_TABLE, OVER_A_SENTENCE, PassageReader
from service.reading.reading_windows import LEAST_ROOM, OVERLAP, WINDOW_TOKENS, Windows
from service.reading.records import ShownPassage
from service.reading.spans import NEVER

# Pieces that a question may have beside a title of 40, the SEP after it and three of its own.
MOST_ASKED = MAX_TOKENS - LEAST_ROOM - 44


class SetNetwork:
    """Begins and ends answers at the liked word pieces of the passage; counts its rows."""

    def __init__(self) -> None:
        self.liked: list[int] = []
        self.rows = 0

    def __call__(self, batch):
        self.rows += len(batch.ids)
        likes = np.where(np.isin(batch.ids, self.liked), 9.0, 0.0).astype(np.float32)
        likes[~batch.in_passage] = NEVER
        likes[:, 0] = 0.0
        return np.stack([likes, likes], axis=-1), np.zeros((len(likes), 2), dtype=np.float32)


class Pair:
    """Begins every answer at one word piece and ends it at another."""

    def __init__(self, first: int, last: int) -> None:
        self.pieces = first, last

    def __call__(self, batch):
        likes = [np.where(batch.ids == piece, 9.0, 0.0) for piece in self.pieces]
        span = np.stack(likes, axis=-1).astype(np.float32)
        span[~batch.in_passage] = NEVER
        span[:, 0] = 0.0
        return span, np.zeros((len(span), 2), dtype=np.float32)


@pytest.fixture
def reader() -> PassageReader:
    """The reader's own road, without the weights."""
    own = object.__new__(PassageReader)
    own._tokenizer = ReaderTokenizer(packaged_folder() / "tokenizer.json")
    own._logits = SetNetwork()
    return own


def answers(reader: PassageReader, text: str, *liked: str) -> list[str]:
    """The candidates' words where the network likes the last pieces of these words."""
    reader._logits.liked = [int(reader._tokenizer.tokens(word).ids[-1]) for word in liked]
    (reading,) = reader.read("who?", [ShownPassage("", text)], lambda: True)
    return [candidate.span.of(text) for candidate in reading.candidates]


@pytest.mark.parametrize("pieces", [1, 170, 300, MOST_ASKED - 1, MOST_ASKED])
def test_a_passage_is_read_whole_in_few_windows(reader, pieces):
    """However little room the question leaves: each window takes half a window further or more."""
    passage = ShownPassage("title " * 50, "word " * 300)
    windows = Windows(reader._tokenizer, "word " * pieces).of([passage])
    places = [(int(w.tokens.offsets[0, 0]) // 5, len(w.tokens)) for w in windows]
    length = min(WINDOW_TOKENS, MAX_TOKENS - 44 - pieces)
    assert places[0][0] == 0
    assert sum(places[-1]) == 300
    for (first, long), (following, _) in pairwise(places):
        assert long == length
        assert following == first + length - min(OVERLAP, length // 2)
    assert all(len(window.row.ids) <= MAX_TOKENS for window in windows)


def test_a_question_that_leaves_too_little_room_is_refused(reader):
    """One word more than the most."""
    with pytest.raises(QuestionTooLong, match=f"{MOST_ASKED + 1} word pieces"):
        reader.read("word " * (MOST_ASKED + 1), [ShownPassage("", "Anna.")], lambda: True)


@pytest.mark.parametrize(
    ("first", "headings", "answer"),
    [
        ("The heated pool\n", (0,), "heated at noon"),
        ("Is the pool heated?\n", (), "heated at noon"),
        ("**Anna: Is it heated?**\n", (), "heated at noon"),
        ("The heated pool\n", (), "heated"),
    ],
)
def test_what_names_a_section_or_asks_seldom_answers(reader, first, headings, answer):
    """Of a word that is as likely in both lines the second's is said, or the first's where that is
    neither; alone it may answer.
    """
    text = f"{first}It is heated at noon."
    reader._logits = Pair(*(int(reader._tokenizer.tokens(w).ids[0]) for w in ("heated", "noon")))
    if answer == "heated":
        reader._logits = SetNetwork()
        reader._logits.liked = [int(reader._tokenizer.tokens("heated").ids[0])]
    shown = ShownPassage("", text, (len(first),), (0, len(first)), headings=headings)
    (reading,) = reader.read("who?", [shown], lambda: True)
    best = reading.candidates[0]
    assert best.span.of(text) == answer


def test_a_span_that_asks_loses_so_much(reader):
    """The margin of a word in a question is that of the same in a statement less ASKING."""
    reader._logits.liked = [int(reader._tokenizer.tokens("heated").ids[0])]
    margins = []
    for text in ("It is heated?", "It is heated."):
        shown = ShownPassage("", text, sentences=(0,))
        (reading,) = reader.read("who?", [shown], lambda: True)
        assert reading.candidates[0].span.of(text) == "heated"
        margins.append(reading.candidates[0].margin)
    assert margins[0] == pytest.approx(margins[1] - ASKING)


def test_a_question_is_no_answer_but_part_of_it_may_be(reader):
    """As likely as it is by itself: what it asks is not what it says."""
    text = "Who repairs a leak in front of my house?\nYou do."
    shown = ShownPassage("", text, (41,), (0, 41))
    for end, found in (("house", False), ("leak", True)):
        reader._logits = Pair(*(int(reader._tokenizer.tokens(w).ids[0]) for w in ("who", end)))
        (reading,) = reader.read("who?", [shown], lambda: True)
        said = [candidate.span.of(text) for candidate in reading.candidates]
        assert any(words.startswith("Who repairs a leak") for words in said) == found


def test_an_answer_in_markdown_is_bare_and_whole(reader):
    """No mark about all of it, no half of a code."""
    assert answers(reader, "The port is **443**, always.", "443")[0] == "443"
    text = "Run `systemctl enable` first."
    reader._logits = Pair(*(int(reader._tokenizer.tokens(w).ids[0]) for w in ("run", "enable")))
    (reading,) = reader.read("who?", [ShownPassage("", text)], lambda: True)
    assert reading.candidates[0].span.of(text) == "Run `systemctl enable`"


def test_an_answer_never_ends_within_a_word_that_a_window_cuts(reader):
    """The window's last piece is a word's first: the word is read in the next window only."""
    text = "so " * (WINDOW_TOKENS - 1) + "Brobdingnag " + "so " * 20
    pieces = reader._tokenizer.tokens("Brobdingnag")
    assert len(pieces) > 1
    reader._logits.liked = [int(pieces.ids[0]), int(pieces.ids[-1])]
    (reading,) = reader.read("who?", [ShownPassage("", text)], lambda: True)
    found = [candidate.span.of(text) for candidate in reading.candidates]
    assert found[0] == "Brobdingnag"
    assert all(words.split()[-1] in ("so", "Brobdingnag") for words in found)


@pytest.mark.parametrize(
    ("text", "liked", "answer"),
    [
        ("In un cafe\u0301 they met.", "cafe", "cafe\u0301"),
        ("A heart \u2764\ufe0f for all.", "\u2764", "\u2764\ufe0f"),
        ("Then cafe\u0301", "cafe", "cafe\u0301"),
        ("The naïve town.", "naive", "naïve"),
    ],
)
def test_an_answer_keeps_the_marks_on_its_last_character(reader, text, liked, answer):
    """Word pieces leave combining marks out; the document's own words have them."""
    assert answers(reader, text, liked)[0] == answer


@pytest.mark.parametrize(
    ("text", "liked", "answer"),
    [
        ("In Union Courage-2020 they met.", "Courage", "Courage-2020"),
        ("An old F-16 fell.", "F", "F-16"),
        ("By bulletin MB-22-07a.", "MB", "MB-22-07a"),
        ("The Warner-based firm.", "Warner", "Warner"),
        ("From 1939-1945 there was war.", "1939", "1939"),
        ("In the Courage - 2020 men came.", "Courage", "Courage"),
    ],
)
def test_an_answer_keeps_the_number_of_its_name(reader, text, liked, answer):
    """A name goes on after a hyphen where a number does; other words with a hyphen are two."""
    assert answers(reader, text, liked)[0] == answer


@pytest.mark.parametrize(
    ("text", "liked", "answer"),
    [
        ("It has more than 300 rooms.", "300", "more than 300"),
        ("Well over 5 came.", "5", "Well over 5"),
        ("No fewer than six came.", "six", "No fewer than six"),
        ("She gave at least a third.", "third", "at least a third"),
        ("Some 300 came.", "300", "300"),
        ("There are none more than. 300 came.", "300", "300"),
    ],
)
def test_a_number_keeps_its_bound(reader, text, liked, answer):
    """Without it the document would be made to say another number; an estimate is none."""
    assert answers(reader, text, liked)[0] == answer


def test_text_without_a_word_has_no_candidate(reader):
    """Nothing, or nothing that is seen."""
    for text in ("", "\u200b\u200b"):
        assert answers(reader, text) == []


def test_the_first_passage_is_read_whole_and_no_other_out_of_time(reader):
    """1,000 pieces are five windows, a batch; out of time at once, the second is left."""
    long, short = ShownPassage("", "word " * 1000), ShownPassage("", "Anna.")
    assert len(reader.read("who?", [long, short], lambda: False)) == 1
    assert reader._logits.rows == 5
    assert len(reader.read("who?", [long, short], lambda: True)) == 2
    # The first of the other windows is read with the short passage before it.
    assert len(reader.read("who?", [short, long, short], lambda: False)) == 1


def test_short_passages_are_read_five_at_a_time(reader):
    """Of seven five are read where there is no time, and all where there is."""
    seven = [ShownPassage("", "Anna.")] * 7
    assert len(reader.read("who?", seven, lambda: False)) == 5
    assert len(reader.read("who?", seven, lambda: True)) == 7


def test_two_answers_in_two_sentences_make_no_third(reader):
    """Starts and ends like both names alike, so Anna to Bea is as likely as each: not over a
    sentence's end. Where nothing says that there is one, it is kept.
    """
    text = "It was Anna. Then Bea came."
    reader._logits.liked = [int(reader._tokenizer.tokens(name).ids[0]) for name in ("Anna", "Bea")]

    def found(*sentences: int) -> list[str]:
        passage = ShownPassage("", text, sentences=sentences)
        (reading,) = reader.read("who?", [passage], lambda: True)
        return [candidate.span.of(text) for candidate in reading.candidates]

    assert set(found(0, 13)[:2]) == {"Anna", "Bea"}
    ends = Pair(*(int(reader._tokenizer.tokens(name).ids[0]) for name in ("Anna", "Bea")))
    reader._logits = ends
    assert found()[0] == "Anna. Then Bea"
    # Much likelier than the rest it is kept, but costs exactly OVER_A_SENTENCE.
    passages = [ShownPassage("", text, sentences=sentences) for sentences in ((), (0, 13))]
    free, paid = (
        next(c for c in reading.candidates if c.span.of(text) == "Anna. Then Bea")
        for reading in reader.read("who?", passages, lambda: True)
    )
    assert free.margin - paid.margin == pytest.approx(OVER_A_SENTENCE)
    assert free.probability / paid.probability == pytest.approx(np.exp(OVER_A_SENTENCE))


def test_a_number_is_never_split(reader):
    """Commas, points and colons inside a number are part of it; those around it are not."""
    text = "In 1945, 1,700 came at 10:30, 3.5 km away."
    found = answers(reader, text, "700", "30", "5", "1945")
    assert set(found) <= {"1945", "1,700", "10:30", "3.5"}
    (window,) = Windows(reader._tokenizer, "who?").of([ShownPassage("", text)])
    starts = {text[at : at + 5].split()[0] for at in window.tokens.offsets[window.may_start, 0]}
    assert {"1945,", "1,700", "10:30", "3.5"} <= starts
    assert not starts & {"700", ":30,", "30,", ".5", "5", ",700"}


def test_a_mark_alone_answers_nothing(reader):
    """However much the network likes it."""
    found = answers(reader, "So . only !", ".", "!")
    assert found
    assert not {".", "!"} & set(found)


def test_no_answer_goes_from_one_row_into_the_next(reader):
    """The network would begin with the saw and end with the price of the hide; each row's own
    words are left where the break is told.
    """
    text = "Item: Saw | Price: 310 euros\nItem: Hide | Price: 95 euros"
    reader._logits = Pair(*(int(reader._tokenizer.tokens(word).ids[-1]) for word in ("saw", "95")))

    def found(*breaks: int) -> list[str]:
        (reading,) = reader.read("?", [ShownPassage("", text, breaks)], lambda: True)
        return [candidate.span.of(text) for candidate in reading.candidates]

    assert found()[0] == "Saw | Price: 310 euros\nItem: Hide | Price: 95"
    broken = found(text.index("Item: Hide"))
    assert broken
    assert not any("\n" in words for words in broken)


def test_an_answer_has_no_half_of_a_pair(reader):
    """The network would begin with the bracket and end before the other."""
    text = "It was so (said Anna) then."
    reader._logits = Pair(*(int(reader._tokenizer.tokens(sign).ids[0]) for sign in ("(", "anna")))
    (reading,) = reader.read("who?", [ShownPassage("", text)], lambda: True)
    assert reading.candidates[0].span.of(text) == "said Anna"


FARES = "Ticket | Adult | Child\nDay return | €5.20 | €2.60\nWeekly | €18.00 | €9.00"


def test_a_row_asked_about_is_read_by_itself_and_answers_where_it_stands(reader):
    """The network likes every child's fare; of the row that is asked about it is said in words, and
    found at its place in the passage. As part of the table a cell costs exactly IN_A_TABLE, and
    nothing where no row is asked about: then all of them are one text.
    """
    reader._logits.liked = [int(reader._tokenizer.tokens(fare).ids[-1]) for fare in ("60", "00")]
    asked = Windows(reader._tokenizer, "how much is a day return?").of([ShownPassage("", FARES)])
    assert [len(window.tables) for window in asked] == [0, 2]
    assert len(Windows(reader._tokenizer, "how much?").of([ShownPassage("", FARES)])) == 1

    def margins(question: str) -> dict[str, float]:
        (reading,) = reader.read(question, [ShownPassage("", FARES)], lambda: True)
        return {one.span.of(FARES): one.margin for one in reading.candidates}

    asked, free = margins("how much is a day return?"), margins("how much?")
    assert max(asked, key=asked.get) == "€2.60"
    assert free["€9.00"] - asked["€9.00"] == pytest.approx(IN_A_TABLE)


def test_rows_come_along_with_the_passages_they_stand_in(reader):
    """Of seven tables with a row that is asked about each, five are read out of time."""
    seven = [ShownPassage("", FARES)] * 7
    assert len(reader.read("a day return?", seven, lambda: False)) == 5
    assert reader._logits.rows == 10


def test_what_only_a_view_says_is_never_an_answer(reader):
    """It says "Child of Day return is": the label's second mention and the column's name are liked
    most, and stand in the passage at the places found or not at all.
    """
    words = ("day", "return", "child", "ticket", "is", "of")
    reader._logits.liked = [int(reader._tokenizer.tokens(word).ids[0]) for word in words]
    (reading,) = reader.read("day return?", [ShownPassage("", FARES)], lambda: True)
    found = [candidate.span.of(FARES) for candidate in reading.candidates]
    assert set(found) <= {"Day", "return", "Day return", "Child", "Ticket"}
    assert all(candidate.span.end <= len(FARES) for candidate in reading.candidates)


def test_a_row_too_long_to_be_said_is_read_with_the_others(reader):
    """No view of it is cut off; the passage's windows hold it."""
    text = FARES + "\nMonthly | " + "very " * WINDOW_TOKENS + "dear | €30.50"
    windows = Windows(reader._tokenizer, "monthly?").of([ShownPassage("", text)])
    assert len(windows) == 2
    assert not any(window.tables for window in windows)
