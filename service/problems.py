"""Every error as RFC 9457 problem details: one table from kind to status, one shape.

A problem's ``type`` is a reference into this service: ``GET /problems/<kind>`` explains it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service import errors
from service.errors import FieldFault
from service.schemas.problem import FaultModel, ProblemModel

MEDIA_TYPE = "application/problem+json"
RETRY_SOON_SECONDS = "1"
RETRY_LATER_SECONDS = "5"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its status, its title, what it means, and headers it always has."""

    name: str
    status: int
    title: str
    meaning: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def type(self) -> str:
        return f"/problems/{self.name}"


_RETRY_SOON = (("Retry-After", RETRY_SOON_SECONDS),)
_RETRY_LATER = (("Retry-After", RETRY_LATER_SECONDS),)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "malformed-request",
            400,
            "Malformed request",
            "The body is empty, or is not JSON in UTF-8 that can be read.",
        ),
        Kind(
            "unauthorised",
            401,
            "API key needed",
            "This service was started with API keys: send one as Authorization: Bearer KEY, or "
            "as X-API-Key: KEY.",
            (("WWW-Authenticate", 'Bearer realm="quoth"'),),
        ),
        Kind(
            "foreign-origin",
            403,
            "Foreign origin",
            "Without API keys no page of another site is served; the Origin header names one.",
        ),
        Kind("not-found", 404, "Not found", "There is no such route, or no such document."),
        Kind(
            "method-not-allowed",
            405,
            "Method not allowed",
            "The route exists but takes other methods; Allow lists them.",
        ),
        Kind(
            "body-too-slow",
            408,
            "Body too slow",
            "The body did not arrive within the time a request is given.",
            (("Connection", "close"),),
        ),
        Kind(
            "misdirected",
            421,
            "Misdirected request",
            "Without API keys only requests to a loopback name are served; the Host header "
            "names another.",
        ),
        Kind(
            "body-too-large",
            413,
            "Body too large",
            "The body has more bytes than a request may have.",
            # The rest of the body is not read, so the connection cannot be used again.
            (("Connection", "close"),),
        ),
        Kind(
            "unsupported-media-type",
            415,
            "Unsupported media type",
            "A body is read only as application/json.",
        ),
        Kind(
            "invalid-request",
            422,
            "Invalid request",
            "A field of the body, or a query parameter, is missing, unknown or out of range; "
            "errors lists each.",
        ),
        Kind(
            "internal-error",
            500,
            "Internal error",
            "The service failed; its log has the reason under the request_id.",
        ),
        Kind(
            "citation-mismatch",
            500,
            "Citation mismatch",
            "A citation did not match its document and was withheld, and the answer with it.",
        ),
        Kind(
            "mcp-not-installed",
            501,
            "MCP not installed",
            "The service was installed without the extra mcp.",
        ),
        Kind(
            "overloaded",
            503,
            "Overloaded",
            "As much is in work as may be, or the wait would be too long; try again after "
            "Retry-After seconds.",
            _RETRY_SOON,
        ),
        Kind(
            "timed-out",
            503,
            "Timed out",
            "The answer was not ready within the time a request is given.",
            _RETRY_SOON,
        ),
        Kind(
            "shutting-down",
            503,
            "Shutting down",
            "The service finishes what it has begun and takes nothing new.",
            _RETRY_LATER,
        ),
        Kind(
            "no-index",
            503,
            "No index yet",
            "No snapshot has been published yet; `quoth build PATH... --index DIR` publishes one.",
            _RETRY_LATER,
        ),
        Kind(
            "index-unusable",
            503,
            "Index unusable",
            "The published snapshot is damaged or could not be opened; `quoth verify --index DIR` "
            "says why.",
            _RETRY_LATER,
        ),
    )
}

_KIND_OF_ERROR: Mapping[type[Exception], str] = {
    errors.InvalidRequest: "invalid-request",
    errors.DocumentNotFound: "not-found",
    errors.Unauthorised: "unauthorised",
    errors.Misdirected: "misdirected",
    errors.ForeignOrigin: "foreign-origin",
    errors.McpNotInstalled: "mcp-not-installed",
    errors.BodyTooSlow: "body-too-slow",
    errors.BodyTooLarge: "body-too-large",
    errors.UnsupportedMediaType: "unsupported-media-type",
    errors.Overloaded: "overloaded",
    errors.TimedOut: "timed-out",
    errors.ShuttingDown: "shutting-down",
    errors.NoIndex: "no-index",
    errors.IndexUnusable: "index-unusable",
    errors.CitationMismatch: "citation-mismatch",
}

_KIND_OF_STATUS = {404: "not-found", 405: "method-not-allowed", 400: "malformed-request"}


def kind_of(error: BaseException) -> Kind:
    """The kind of problem an error is; whatever is not in the table is an internal error."""
    for cls in type(error).__mro__:
        if cls in _KIND_OF_ERROR:
            return KINDS[_KIND_OF_ERROR[cls]]
    return KINDS["internal-error"]


def kind_of_status(status: int) -> Kind:
    """The kind for an error the web framework raised itself (404, 405, 400)."""
    return KINDS[_KIND_OF_STATUS.get(status, "internal-error")]


def problem_for(error: BaseException, request_id: str) -> ProblemModel:
    """An error as problem details; of an error nobody foresaw it tells nothing but its kind."""
    kind = kind_of(error)
    told = kind.status < 500 or kind.status in (501, 503)
    return problem(kind, str(error) if told else kind.meaning, request_id, faults_of(error))


def problem(
    kind: Kind, detail: str, request_id: str, faults: Sequence[FieldFault] = ()
) -> ProblemModel:
    return ProblemModel(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=detail,
        request_id=request_id,
        errors=[
            FaultModel(location=fault.where, pointer=fault.pointer, detail=fault.detail)
            for fault in faults
        ]
        or None,
    )


def faults_of(error: BaseException) -> tuple[FieldFault, ...]:
    """The faulty fields an error names."""
    return error.faults if isinstance(error, errors.InvalidRequest) else ()
