"""Questions: one, or several at once."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from pydantic import ValidationError

from service.answerer import Question
from service.errors import InvalidRequest
from service.openapi import ASKING, BODY, DOCUMENTED, problems
from service.pointers import field_faults
from service.problem_responses import told_problem
from service.questions import settled
from service.routes.dependencies import JsonBody, OneSnapshot, RunningService
from service.running import Service
from service.schemas.answer import AskResponse, BatchResponse, BatchResult
from service.schemas.requests import AskRequest, BatchRequest

router = APIRouter(tags=["ask"], dependencies=[JsonBody])


@router.post(
    "/v1/ask",
    operation_id="ask",
    summary="Ask a question",
    responses=problems(*DOCUMENTED, *BODY, *ASKING),
)
async def ask(
    asked: AskRequest, request: Request, service: RunningService, opened: OneSnapshot
) -> AskResponse:
    """Returns the passages that bear on the question, best first, each with its citation."""
    _note(request, service, [asked.question])
    question = settled(asked, service.settings.top_k)
    (reply,) = await service.answer([question], opened, request.state.request_id)
    if isinstance(reply, BaseException):
        raise reply
    return reply


@router.post(
    "/v1/ask:batch",
    operation_id="ask_batch",
    summary="Ask several questions",
    responses=problems(*DOCUMENTED, *BODY, *ASKING),
)
async def ask_batch(
    asked: BatchRequest, request: Request, service: RunningService, opened: OneSnapshot
) -> BatchResponse:
    """Returns a reply or a problem for each question, all from one snapshot."""
    read = [_read(item, place, service) for place, item in enumerate(asked.questions)]
    sound = [question for question in read if isinstance(question, Question)]
    _note(request, service, [question.text for question in sound])
    replies: Sequence[AskResponse | BaseException] = []
    if sound:
        replies = await service.answer(sound, opened, request.state.request_id)
    in_order = iter(replies)
    results = [next(in_order) if isinstance(item, Question) else item for item in read]
    return BatchResponse(
        request_id=request.state.request_id,
        results=[_result(result, request) for result in results],
        snapshot=opened.describe(),
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


def _result(result: AskResponse | BaseException, request: Request) -> BatchResult:
    if isinstance(result, AskResponse):
        return BatchResult(reply=result, problem=None)
    return BatchResult(reply=None, problem=told_problem(result, request.state.request_id))


def _note(request: Request, service: Service, questions: list[str]) -> None:
    if service.settings.log_questions:
        request.state.logged_questions = questions
