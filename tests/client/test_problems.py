"""Every kind of problem that the service has is an exception of its own kind here."""

from __future__ import annotations

import pytest

from quoth_client import problems
from quoth_client.replies import ProblemDetails
from service.problems import KINDS

UNAVAILABLE = {"overloaded", "timed-out", "shutting-down", "no-index", "index-unusable"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_has_its_exception(kind):
    """None is a mere Problem but what a sender of wrong methods meets."""
    details = {"type": kind.type, "title": kind.title, "status": kind.status}
    error = problems.problem_of(ProblemDetails(**details, detail="Why.", request_id="1"))
    assert error.kind == kind.name
    assert str(error) == f"{kind.title} ({kind.status}): Why."
    assert (type(error) is problems.Problem) == (kind.name == "method-not-allowed")
    if kind.name in UNAVAILABLE:
        assert isinstance(error, problems.Unavailable)
        assert dict(kind.headers)["Retry-After"].isdecimal()
