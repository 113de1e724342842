"""Which evaluation sets a path holds, told by their layout."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from service.evaluation.beir import is_beir
from service.evaluation.excerpts import is_excerpts
from service.evaluation.lines import InvalidDataset, records
from service.evaluation.squad import is_squad


class Layout(StrEnum):
    BEIR = "BEIR"
    SQUAD = "SQuAD"
    EXCERPTS = "chunking evaluation"
    QUESTIONS = "own questions"


@dataclass(frozen=True, slots=True)
class FoundSet:
    """A data set on disk; ``name`` is its path below the folder that was searched."""

    name: str
    path: Path
    layout: Layout


def identify(path: Path) -> FoundSet:
    """The set or question file at this path; raises InvalidDataset where it is neither."""
    layout = layout_of(path)
    if layout is None and path.is_file() and (path.suffix == ".jsonl" or _asks(path)):
        layout = Layout.QUESTIONS
    if layout is None:
        known = (
            "a folder with corpus.jsonl and qrels/ or with corpora/ and questions.jsonl, "
            "a SQuAD .json file, or questions, one JSON object a line"
        )
        state = "holds none of the known layouts" if path.exists() else "does not exist"
        raise InvalidDataset(f"{path} {state}; expected {known}")
    return FoundSet(path.name, path, layout)


def find_sets(folder: Path, names: tuple[str, ...] = ()) -> list[FoundSet]:
    """Every set below ``folder`` in order of name; only those named where names are given.

    A name is the set's path below the folder, or any whole part of it ("scifact",
    "reading", "sleepqa/extractive_test.json"). Raises InvalidDataset for a name that fits
    none, listing what is there.
    """
    found = [
        FoundSet(path.relative_to(folder).as_posix(), path, layout)
        for path in sorted(folder.rglob("*"))
        if (layout := layout_of(path)) is not None
    ]
    if not names:
        return found
    for name in names:
        if not any(_fits(name, each) for each in found):
            there = ", ".join(each.name for each in found) or "nothing"
            raise InvalidDataset(f'no set named "{name}" in {folder}; it holds {there}')
    return [each for each in found if any(_fits(name, each) for name in names)]


def layout_of(path: Path) -> Layout | None:
    """The layout of a data set; own questions need an index and are no set by themselves."""
    if is_beir(path):
        return Layout.BEIR
    if is_excerpts(path):
        return Layout.EXCERPTS
    return Layout.SQUAD if is_squad(path) else None


def _asks(path: Path) -> bool:
    """Whether a file not named .jsonl holds questions all the same: its first line is one."""
    try:
        return "question" in next(records(path), {})
    except InvalidDataset:
        return False


def _fits(name: str, found: FoundSet) -> bool:
    return f"/{name.strip('/')}/" in f"/{found.name}/"
