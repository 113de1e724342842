"""Why the service refuses or fails a request, told without HTTP; ``problems.py`` has the statuses.

Each message is written for the person who asked: it gives the offending value and the
remedy, and holds nothing of the service's inside.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.errors import QuothError


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One faulty field of a request.

    ``where`` is ``body``, ``query``, ``path`` or ``header``; ``pointer`` is a JSON pointer
    as a URI fragment (``#/top_k``), for a query parameter ``#/`` and its name.
    """

    where: str
    pointer: str
    detail: str


class RequestRefused(QuothError):
    """The base: one request is not served, and its sender is told why."""


class InvalidRequest(RequestRefused):
    """A field of the request is outside what ``schemas`` allows."""

    def __init__(self, *faults: FieldFault) -> None:
        super().__init__("; ".join(f"{fault.pointer}: {fault.detail}" for fault in faults))
        self.faults = faults


class DocumentNotFound(RequestRefused):
    """The snapshot that serves now holds no document of this id."""

    def __init__(self, doc_id: str) -> None:
        super().__init__(
            f"No document has the id {doc_id[:64]!r} in the present snapshot; "
            "GET /v1/documents lists those there are."
        )


class Unauthorised(RequestRefused):
    """The request carries no API key, or none of those the service was started with."""


class Misdirected(RequestRefused):
    """The Host header names another machine than this one, while no API key protects it."""


class ForeignOrigin(RequestRefused):
    """A page of another site sends the request, while no API key protects the service."""


class McpNotInstalled(RequestRefused):
    """The MCP server is asked for and its SDK is not installed."""


class BodyTooSlow(RequestRefused):
    """The body did not arrive within the time a request is given."""


class BodyTooLarge(RequestRefused):
    """More bytes were sent, or announced, than a request may have."""


class UnsupportedMediaType(RequestRefused):
    """A body that is not declared to be JSON."""


class Overloaded(RequestRefused):
    """As much is in work as may be, or the wait would be too long; a later try can succeed."""


class TimedOut(RequestRefused):
    """The answer was not ready within the time a request is given."""


class ShuttingDown(RequestRefused):
    """The service finishes what it has begun and takes nothing new."""


class NoIndex(RequestRefused):
    """No snapshot has been published into the index folder yet."""


class IndexUnusable(RequestRefused):
    """A snapshot is published but could not be opened, and no earlier one serves."""


class CitationMismatch(QuothError):
    """A citation's offsets and its quote disagree: it is never returned; the request fails."""


class EncodingFailed(QuothError):
    """The encoder gave no vector for a question."""


class ReaderUnavailable(QuothError):
    """The reader's weights or calibration are missing, altered, or made for another reader."""


class QuestionTooLong(QuothError):
    """A question leaves no room for a passage beside it; it is retrieved for, not read."""
