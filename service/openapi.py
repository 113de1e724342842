"""The OpenAPI document: every reply of every route, problems and headers included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.problems import KINDS, MEDIA_TYPE, Kind
from service.schemas import answer, citation, index_contents, library, requests
from service.schemas.problem import FaultModel, ProblemModel
from service.schemas.requests import BODY_BYTES, VERIFY_BODY_BYTES

TITLE = "Quoth"
VERSION = "1"
DESCRIPTION = (
    "Ask a question of a folder of documents; get the passages that bear on it, each with a "
    "citation that can be checked: offsets in three units, the exact quote and its sha256. "
    "All errors are RFC 9457 problem details. A body may have "
    f"{BODY_BYTES // 1024} KiB, that of `/v1/citations:verify` {VERIFY_BODY_BYTES // 1024} KiB. "
    "HEAD is taken wherever GET is."
)
TAGS = [
    {"name": "ask", "description": "Questions and their cited passages."},
    {"name": "documents", "description": "What is indexed, and its text."},
    {"name": "citations", "description": "Whether a citation still holds."},
    {"name": "index", "description": "What answers come from."},
    {"name": "operation", "description": "For those who run the service."},
]

# Kinds of problems by what makes a route able to give them.
ANYWHERE = (
    "method-not-allowed",
    "body-too-slow",
    "body-too-large",
    "misdirected",
    "foreign-origin",
    "internal-error",
)
DOCUMENTED = ("unauthorised", *ANYWHERE)
BODY = ("malformed-request", "body-too-large", "unsupported-media-type", "invalid-request")
SERVING = ("overloaded", "timed-out", "shutting-down", "no-index", "index-unusable")
ASKING = ("citation-mismatch", *SERVING)

_EXAMPLE_ID = "0b8f8f6f5d5c4b9c8d3c1f0e7a6b5c4d"
_EXAMPLE_FAULT = {
    "location": "body",
    "pointer": "#/top_k",
    "detail": "Input should be less than or equal to 50",
}
_HEADERS = {
    "RequestId": {
        "description": "The id of the request, taken from its `X-Request-ID` or made.",
        "schema": {"type": "string"},
    },
    "RetryAfter": {
        "description": "Seconds after which to try again.",
        "schema": {"type": "integer"},
    },
    "Allow": {"description": "The methods the route takes.", "schema": {"type": "string"}},
    "Challenge": {"description": "How to present a key.", "schema": {"type": "string"}},
}
# By status, the header its problems have.
_OWN_HEADER = {
    401: ("WWW-Authenticate", "Challenge"),
    405: ("Allow", "Allow"),
    503: ("Retry-After", "RetryAfter"),
}
_REQUEST_ID_PARAMETER = {
    "name": "X-Request-ID",
    "in": "header",
    "required": False,
    "description": "1 to 128 of `A-Z a-z 0-9 . _ -`; returned with the reply and logged. "
    "Anything else is ignored and an id is made.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"},
}
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}


def problems(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """The problem replies of a route, for its ``responses``: one a status, an example a kind."""
    replies: dict[int | str, dict[str, Any]] = {}
    for kind in (KINDS[name] for name in kinds):
        reply = replies.setdefault(kind.status, _empty_reply())
        reply["content"][MEDIA_TYPE]["examples"][kind.name] = {"value": _example(kind)}
    for status, reply in replies.items():
        titles = [
            kind.title for kind in KINDS.values() if kind.name in kinds and kind.status == status
        ]
        reply["description"] = ", or: ".join(titles)
        if status in _OWN_HEADER:
            header, component = _OWN_HEADER[status]
            reply["headers"] = {header: {"$ref": f"#/components/headers/{component}"}}
    return replies


def describe_api(app: FastAPI, keys_needed: bool, open_paths: frozenset[str]) -> None:
    """Makes ``/openapi.json`` hold what the routes' signatures do not say."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=TITLE,
                version=VERSION,
                description=DESCRIPTION,
                tags=TAGS,
                routes=app.routes,
            )
            _complete(document, keys_needed, open_paths)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi


def _complete(document: dict[str, Any], keys_needed: bool, open_paths: frozenset[str]) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for model in (FaultModel, ProblemModel):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    _restore_examples(schemas)
    # The list is validated item by item, so its schema does not follow from its type.
    questions = schemas["BatchRequest"]["properties"]["questions"]
    questions["items"] = {"$ref": "#/components/schemas/AskRequest"}
    # The framework's own error shape, which it adds to every route with a path parameter.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    components["headers"] = _HEADERS
    components["parameters"] = {"RequestId": _REQUEST_ID_PARAMETER}
    components["securitySchemes"] = _SECURITY
    either = [{name: []} for name in _SECURITY]
    for path, operation in _operations(document):
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/RequestId"})
        operation["security"] = either if keys_needed and path not in open_paths else []
        if "application/json" in operation["responses"].get("422", {}).get("content", {}):
            del operation["responses"]["422"]
        _point_to_query(operation)
        for reply in operation["responses"].values():
            headers = reply.setdefault("headers", {})
            headers["X-Request-ID"] = {"$ref": "#/components/headers/RequestId"}


def _restore_examples(schemas: dict[str, Any]) -> None:
    """The framework leaves every null out of the document, of an example too, where it is meant."""
    for module in (answer, citation, index_contents, library, requests):
        for name, model in vars(module).items():
            if "examples" in schemas.get(name, {}):
                schemas[name]["examples"] = model.model_config["json_schema_extra"]["examples"]


def _point_to_query(operation: dict[str, Any]) -> None:
    """Where there is no body, the example of a fault is one of a query parameter."""
    query = [part["name"] for part in operation["parameters"] if part.get("in") == "query"]
    if "requestBody" in operation or "422" not in operation["responses"] or not query:
        return
    examples = operation["responses"]["422"]["content"][MEDIA_TYPE]["examples"]
    for example in examples.values():
        example["value"]["errors"] = [
            {
                "location": "query",
                "pointer": f"#/{query[0]}",
                "detail": "Input should be a valid integer, unable to parse string as an integer",
            }
        ]


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield path, operation


def _empty_reply() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ProblemModel"}
    return {"content": {MEDIA_TYPE: {"schema": schema, "examples": {}}}}


def _example(kind: Kind) -> dict[str, Any]:
    example = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.meaning,
        "request_id": _EXAMPLE_ID,
    }
    if kind.name == "invalid-request":
        example["errors"] = [_EXAMPLE_FAULT]
    return example
