"""Why there is no reply: one exception a kind of problem, the service's own words in it."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
from pydantic import ValidationError

from quoth_client.replies import Fault, ProblemDetails

MEDIA_TYPE = "application/problem+json"


class QuothError(Exception):
    """The base of all that this package raises."""


class Unreachable(QuothError):
    """No reply came: nobody listens there, or not in time."""


class NotQuoth(QuothError):
    """A reply came that is none of a Quoth service: another program listens there, or a proxy."""


class Problem(QuothError):
    """The service refused or failed a request, and says why (RFC 9457).

    ``kind`` is the last part of the problem's type (``overloaded``); ``retry_after`` the seconds
    after which to ask again, None where that will not help.
    """

    def __init__(self, details: ProblemDetails, retry_after: float | None = None) -> None:
        super().__init__(f"{details.title} ({details.status}): {details.detail}")
        self.kind = details.type.rpartition("/")[2]
        self.title = details.title
        self.status = details.status
        self.detail = details.detail
        self.request_id = details.request_id
        self.faults: tuple[Fault, ...] = tuple(details.errors or ())
        self.retry_after = retry_after


class InvalidRequest(Problem):
    """A field is out of range (``faults`` lists each), or the body too large."""


class Unauthorised(Problem):
    """The service asks for an API key."""


class Forbidden(Problem):
    """Without API keys the service answers this machine only."""


class NotFound(Problem):
    """There is no such document, or no such route."""


class NotSupported(Problem):
    """The service was installed without what was asked for."""


class Unavailable(Problem):
    """Overloaded, late, stopping, or without an index; it may answer later."""


class ServiceFailed(Problem):
    """A fault of the service; its log has the reason under ``request_id``."""


_OF_STATUS: Mapping[int, type[Problem]] = {
    400: InvalidRequest,
    401: Unauthorised,
    403: Forbidden,
    404: NotFound,
    408: Unavailable,
    413: InvalidRequest,
    415: InvalidRequest,
    421: Forbidden,
    422: InvalidRequest,
    500: ServiceFailed,
    501: NotSupported,
    503: Unavailable,
}


def problem_of(details: ProblemDetails, retry_after: float | None = None) -> Problem:
    """The exception for a problem."""
    return _OF_STATUS.get(details.status, Problem)(details, retry_after)


def raise_for(response: httpx.Response) -> None:
    """Raises the Problem that a response tells; NotQuoth for a failure that tells none."""
    if response.is_success:
        return
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    try:
        if media_type != MEDIA_TYPE:
            raise ValueError(media_type)
        details = ProblemDetails.model_validate_json(response.content)
    except (ValueError, ValidationError):
        raise NotQuoth(
            f"{response.url} replied {response.status_code} with {media_type or 'no media type'}, "
            "which no Quoth service does; is the address right?"
        ) from None
    raise problem_of(details, _seconds(response.headers.get("Retry-After")))


def _seconds(retry_after: str | None) -> float | None:
    # The service names seconds; a proxy before it may name a date, which is as good as nothing.
    return float(retry_after) if retry_after is not None and retry_after.isdecimal() else None
