"""A typed client of the Quoth service, and the offline check of its citations."""

from quoth_client.asynchronous import AsyncQuoth
from quoth_client.checking import check
from quoth_client.problems import (
    Forbidden,
    InvalidRequest,
    NotFound,
    NotQuoth,
    NotSupported,
    Problem,
    QuothError,
    ServiceFailed,
    Unauthorised,
    Unavailable,
    Unreachable,
)
from quoth_client.replies import (
    Abstention,
    Answer,
    Citation,
    Document,
    DocumentDetail,
    Fault,
    Passage,
    Reply,
    Span,
    Verdict,
)
from quoth_client.synchronous import Quoth

__all__ = [
    "Abstention",
    "Answer",
    "AsyncQuoth",
    "Citation",
    "Document",
    "DocumentDetail",
    "Fault",
    "Forbidden",
    "InvalidRequest",
    "NotFound",
    "NotQuoth",
    "NotSupported",
    "Passage",
    "Problem",
    "Quoth",
    "QuothError",
    "Reply",
    "ServiceFailed",
    "Span",
    "Unauthorised",
    "Unavailable",
    "Unreachable",
    "Verdict",
    "check",
]
