"""Questions: one, or several at once."""

from __future__ import annotations

import json
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from service.answerer import Question
from service.errors import InvalidRequest
from service.openapi import ASKING, BODY, DOCUMENTED, problems
from service.outcomes import Answered
from service.pointers import field_faults
from service.problem_responses import told_problem
from service.questions import settled
from service.routes.dependencies import JsonBody, OneSnapshot, RunningService
from service.running import Service
from service.schemas.answer import AskResponse, BatchResponse
from service.schemas.requests import AskRequest, BatchRequest

PATH = "/v1/ask"
BATCH_PATH = "/v1/ask:batch"

router = APIRouter(tags=["ask"], dependencies=[JsonBody])


@router.post(
    PATH,
    operation_id="ask",
    response_model=AskResponse,
    summary="Ask a question",
    responses=problems(*DOCUMENTED, *BODY, *ASKING),
)
async def ask(
    asked: AskRequest, request: Request, service: RunningService, opened: OneSnapshot
) -> Response:
    """Returns the passages that bear on the question, best first, each with its citation."""
    _note(request, service, [asked.question])
    question = settled(asked, service.settings.top_k)
    request_id = request.state.request_id
    (answer,) = await service.answer([question], opened, request_id)
    if isinstance(answer, Exception):
        raise answer
    return _json(answer.to_json(request_id))


@router.post(
    BATCH_PATH,
    operation_id="ask_batch",
    response_model=BatchResponse,
    summary="Ask several questions",
    responses=problems(*DOCUMENTED, *BODY, *ASKING),
)
async def ask_batch(
    asked: BatchRequest, request: Request, service: RunningService, opened: OneSnapshot
) -> Response:
    """Returns a reply or a problem for each question, all from one snapshot."""
    read = [_read(item, place, service) for place, item in enumerate(asked.questions)]
    sound = [question for question in read if isinstance(question, Question)]
    _note(request, service, [question.text for question in sound])
    answers: Sequence[Answered | Exception] = []
    if sound:
        answers = await service.answer(sound, opened, request.state.request_id)
    in_order = iter(answers)
    results = [next(in_order) if isinstance(item, Question) else item for item in read]
    return _json(
        b'{"request_id":%s,"results":[%s],"snapshot":%s}'
        % (
            json.dumps(request.state.request_id).encode(),
            b",".join(_result(result, request) for result in results),
            opened.describe().model_dump_json().encode(),
        )
    )


def _read(item: object, place: int, service: Service) -> Question | InvalidRequest:
    """One question of a batch, or what is wrong with it, pointed to from the body's root."""
    try:
        asked = AskRequest.model_validate(item)
        return settled(asked, service.settings.top_k, f"#/questions/{place}")
    except ValidationError as invalid:
        return InvalidRequest(*field_faults(invalid.errors(), ("body", "questions", place)))
    except InvalidRequest as invalid:
        return invalid


def _result(result: Answered | Exception, request: Request) -> bytes:
    """As ``BatchResult`` is written."""
    if isinstance(result, Answered):
        return b'{"reply":%s,"problem":null}' % result.to_json(request.state.request_id)
    problem = told_problem(result, request.state.request_id).model_dump(mode="json")
    # json escapes what UTF-8 cannot hold: a detail may quote a lone surrogate back.
    return b'{"reply":null,"problem":%s}' % json.dumps(problem).encode()


def _json(body: bytes) -> Response:
    # Written by the thread that found it, as the models of the schemas write it.
    return Response(body, media_type="application/json")


def _note(request: Request, service: Service, questions: list[str]) -> None:
    if service.settings.log_questions:
        request.state.logged_questions = questions
