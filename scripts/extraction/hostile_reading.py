"""A hostile folder read as a build reads it, with the time each file takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from extraction.hostile import Case
from extraction.hostile_folder import SECRET
from index.documents import read_document
from index.documents.folder import Source, walk
from index.documents.sandbox import ParseLimits, Sandbox
from index.errors import UnreadableDocument

_FOREIGN = (SECRET, "root:x:0:0", "root:*:0:0")
"""What no document may hold: words of files outside the folder."""
_OVERHEAD = 5.0
"""Seconds beside parsing: the bytes are sent, a new child is started."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One name: ``reason`` why it is no document, "" where it is one; ``seconds`` it took."""

    uri: str
    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Findings:
    """All outcomes, and what went wrong: nothing, if all is well."""

    outcomes: tuple[Outcome, ...]
    faults: tuple[str, ...]


def read_cases(
    cases: Sequence[Case], folder: Path, limits: ParseLimits, told: Callable[[str], None]
) -> Findings:
    """Writes each case, reads it, and removes it. ``told`` hears of each outcome.

    One child reads them all as long as it lives, as in a build.
    """
    outcomes, faults = [], []
    with Sandbox(limits) as sandbox:
        for name, make in cases:
            path = folder / name
            path.write_bytes(make())
            outcome, wrong = _read(Source(path, name), sandbox, limits)
            path.unlink()
            outcomes.append(outcome)
            faults += wrong
            told(f"{outcome.seconds:6.2f} s  {name}: {outcome.reason or 'read'}")
    return Findings(tuple(outcomes), tuple(faults))


def read_folder(folder: Path, names: Sequence[str], limits: ParseLimits) -> Findings:
    """Walks a folder and reads what it gives; every name laid there must be accounted for."""
    sources, skipped = walk([folder])
    outcomes, faults = [Outcome(each.uri, each.reason, 0.0) for each in skipped], []
    with Sandbox(limits) as sandbox:
        for source in sources:
            outcome, wrong = _read(source, sandbox, limits)
            outcomes.append(outcome)
            faults += wrong
    listed = {outcome.uri for outcome in outcomes}
    faults += [f"{name!r} is not listed" for name in names if name not in listed]
    faults += [f"{each.uri} has no reason" for each in skipped if not each.reason]
    return Findings(tuple(outcomes), tuple(faults))


def _read(source: Source, sandbox: Sandbox, limits: ParseLimits) -> tuple[Outcome, list[str]]:
    begun, faults, reason = perf_counter(), [], ""
    try:
        text = read_document(source, sandbox.parse).text
        faults += [f"{source.uri} holds {words!r}" for words in _FOREIGN if words in text]
    except UnreadableDocument as error:
        reason = str(error).removeprefix(f"{source.uri}: ")
        if not reason or "Traceback" in reason or len(reason) > 700:
            faults.append(f"{source.uri}: its reason is no sentence: {reason[:200]!r}")
    except Exception as error:  # what a build would die of
        faults.append(f"{source.uri}: a build would have ended with {error!r}")
    seconds = perf_counter() - begun
    if seconds > limits.seconds + _OVERHEAD:
        faults.append(f"{source.uri} took {seconds:.1f} s, limit {limits.seconds:g}")
    return Outcome(source.uri, reason, seconds), faults
