"""Problems: one table, each kind with its status, and nothing of the inside told."""

from __future__ import annotations

import pytest

from index.errors import CorruptSnapshot, QuothError
from service import errors
from service.errors import FieldFault
from service.problems import KINDS, kind_of, problem_for

EXPECTED = {
    errors.InvalidRequest(FieldFault("body", "#/top_k", "too many")): ("invalid-request", 422),
    errors.DocumentNotFound("x"): ("not-found", 404),
    errors.Unauthorised("no key"): ("unauthorised", 401),
    errors.Misdirected("evil"): ("misdirected", 421),
    errors.BodyTooSlow("slow"): ("body-too-slow", 408),
    errors.BodyTooLarge("big"): ("body-too-large", 413),
    errors.UnsupportedMediaType("xml"): ("unsupported-media-type", 415),
    errors.Overloaded("full"): ("overloaded", 503),
    errors.TimedOut("slow"): ("timed-out", 503),
    errors.ShuttingDown("bye"): ("shutting-down", 503),
    errors.NoIndex("none"): ("no-index", 503),
    errors.IndexUnusable("broken"): ("index-unusable", 503),
    errors.CitationMismatch("/srv/private"): ("citation-mismatch", 500),
    errors.EncodingFailed("/srv/private"): ("internal-error", 500),
    CorruptSnapshot("/srv/private"): ("internal-error", 500),
    ZeroDivisionError("/srv/private"): ("internal-error", 500),
}


@pytest.mark.parametrize("error", EXPECTED, ids=lambda error: type(error).__name__)
def test_each_error_has_its_kind_and_status(error):
    """The table that clients rely on, written down a second time."""
    name, status = EXPECTED[error]
    told = problem_for(error, "r1")
    assert (told.type, told.status) == (f"/problems/{name}", status)
    assert (told.title, told.request_id) == (KINDS[name].title, "r1")


@pytest.mark.parametrize("error", EXPECTED, ids=lambda error: type(error).__name__)
def test_only_what_was_written_for_the_sender_is_told(error):
    """A 500 gives its kind's meaning; its own message stays in the log."""
    told = problem_for(error, "r1")
    assert "/srv/private" not in told.model_dump_json()
    if told.status != 500:
        assert told.detail == str(error)


def test_every_refusal_is_in_the_table():
    """A new kind of refusal without a status would be told as our fault."""

    def below(cls: type) -> set[type]:
        return {cls} | {found for sub in cls.__subclasses__() for found in below(sub)}

    leaves = [cls for cls in below(errors.RequestRefused) if not cls.__subclasses__()]
    assert leaves
    for cls in leaves:
        made = cls.__new__(cls)
        assert kind_of(made).status not in (500,), cls
    assert kind_of(QuothError("x")).status == 500


def test_whoever_may_try_again_is_told_when():
    """Each 503 has Retry-After, and nothing else has."""
    for kind in KINDS.values():
        assert ("Retry-After" in dict(kind.headers)) is (kind.status == 503)


def test_faulty_fields_are_listed():
    """One entry a fault, in order; none for other kinds."""
    error = errors.InvalidRequest(
        FieldFault("body", "#/top_k", "too many"), FieldFault("body", "#/k", "unknown")
    )
    told = problem_for(error, "r1")
    assert [(fault.location, fault.pointer, fault.detail) for fault in told.errors] == [
        ("body", "#/top_k", "too many"),
        ("body", "#/k", "unknown"),
    ]
    assert problem_for(errors.NoIndex("none"), "r1").errors is None
