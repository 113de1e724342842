"""Errors → HTTP replies: problems rendered, and the web framework's own errors made problems."""

from __future__ import annotations

import json
import logging

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from index.errors import QuothError
from service.errors import InvalidRequest
from service.pointers import field_faults
from service.problems import (
    KINDS,
    MEDIA_TYPE,
    Kind,
    kind_of,
    kind_of_status,
    problem,
    problem_for,
)
from service.schemas.problem import ProblemModel

_log = logging.getLogger("quoth.problems")


def handle_problems(app: FastAPI) -> None:
    """Makes every error that routes and the framework raise a problem."""
    app.add_exception_handler(QuothError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)


def problem_response(request: Request, error: Exception) -> Response:
    """The reply to an error."""
    return _render(request, kind_of(error), told_problem(error, request.state.request_id))


def told_problem(error: BaseException, request_id: str) -> ProblemModel:
    """An error as its sender may see it; one that is our fault is logged whole."""
    kind = kind_of(error)
    if kind.status == 500:
        extra = {"request_id": request_id, "problem": kind.name}
        _log.error("request failed", extra=extra, exc_info=error)
    return problem_for(error, request_id)


async def _on_error(request: Request, error: Exception) -> Response:
    return problem_response(request, error)


async def _on_validation_error(request: Request, error: RequestValidationError) -> Response:
    found = error.errors()
    if found and found[0]["type"] == "missing" and found[0]["loc"] == ("body",):
        return _plain(request, KINDS["malformed-request"], "The body is empty; send a JSON object.")
    if found and found[0]["type"] == "json_invalid":
        detail = (
            f"The body is not JSON: {found[0]['ctx']['error']} at character {found[0]['loc'][1]}."
        )
        return _plain(request, KINDS["malformed-request"], detail)
    return problem_response(request, InvalidRequest(*field_faults(found)))


async def _on_http_exception(request: Request, error: HTTPException) -> Response:
    kind = kind_of_status(error.status_code)
    headers = dict(error.headers or {})
    if "Allow" in headers:
        headers["Allow"] = _with_head(headers["Allow"])
    detail = {
        "not-found": f"There is no {request.url.path[:200]}; GET /openapi.json lists the routes.",
        "method-not-allowed": f"{request.method} is not allowed here; "
        f"allowed: {headers.get('Allow', 'see /openapi.json')}.",
        "malformed-request": _unread(error.__cause__),
    }.get(kind.name, kind.meaning)
    return _plain(request, kind, detail, headers)


def _unread(cause: BaseException | None) -> str:
    """Why a body could not be read that is not plainly wrong JSON."""
    if isinstance(cause, RecursionError):
        return "The body is nested too deeply to be read; send a flat JSON object."
    if isinstance(cause, ValueError) and not isinstance(cause, UnicodeError):
        return "The body holds a number of too many digits to be read; send a smaller one."
    return "The body is not JSON in UTF-8."


def _with_head(allow: str) -> str:
    """HEAD is taken wherever GET is, though no route lists it."""
    methods = [method.strip() for method in allow.split(",")]
    return ", ".join([*methods, "HEAD"] if "GET" in methods else methods)


def _plain(
    request: Request, kind: Kind, detail: str, headers: dict[str, str] | None = None
) -> Response:
    return _render(request, kind, problem(kind, detail, request.state.request_id), headers)


def _render(
    request: Request,
    kind: Kind,
    body: ProblemModel,
    headers: dict[str, str] | None = None,
) -> Response:
    request.state.problem = kind.name
    return Response(
        # json escapes what UTF-8 cannot hold: a detail may quote a lone surrogate back.
        json.dumps(body.model_dump(exclude_none=True)),
        status_code=kind.status,
        media_type=MEDIA_TYPE,
        headers={**dict(kind.headers), **(headers or {})},
    )
