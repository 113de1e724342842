"""The one shape of every error: RFC 9457 problem details."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

_FAULT_EXAMPLE = {
    "location": "body",
    "pointer": "#/top_k",
    "detail": "Input should be less than or equal to 50",
}


class FaultModel(BaseModel):
    """One faulty field of the request."""

    model_config = ConfigDict(
        frozen=True, title="Fault", json_schema_extra={"examples": [_FAULT_EXAMPLE]}
    )

    location: Literal["body", "query", "path", "header"] = Field(
        description="The part of the request the field is in."
    )
    pointer: str = Field(
        description="JSON pointer (RFC 6901) to the field as a URI fragment; "
        "for a query parameter, `#/` and its name."
    )
    detail: str = Field(description="What is wrong with it.")


class ProblemModel(BaseModel):
    """RFC 9457 problem details; the media type is `application/problem+json`."""

    model_config = ConfigDict(
        frozen=True,
        title="Problem",
        json_schema_extra={
            "examples": [
                {
                    "type": "/problems/invalid-request",
                    "title": "Invalid request",
                    "status": 422,
                    "detail": "#/top_k: Input should be less than or equal to 50",
                    "request_id": "0b8f8f6f5d5c4b9c8d3c1f0e7a6b5c4d",
                    "errors": [_FAULT_EXAMPLE],
                }
            ]
        },
    )

    type: str = Field(
        description="What kind of problem it is: a path of this service that explains it."
    )
    title: str = Field(
        description="The kind in a few words; the same for every problem of the kind."
    )
    status: int = Field(ge=400, le=599, description="The HTTP status.")
    detail: str = Field(description="What went wrong this time, and the remedy.")
    request_id: str = Field(description="The id of the request, as in the `X-Request-ID` header.")
    errors: list[FaultModel] | None = Field(
        default=None, description="The faulty fields, where the problem is in the request's fields."
    )
