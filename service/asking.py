"""One question without a server: open the index, answer, done."""

from __future__ import annotations

from time import perf_counter
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from index.errors import InvalidSetting
from index.retriever import Retriever
from index.snapshot import Snapshot
from service.answerer import (
    EncodedQuestion,
    OpenSnapshot,
    answer_question,
    read_question,
)
from service.models import models_of
from service.reader import calibrated_for
from service.schemas.answer import AskResponse
from service.schemas.requests import AskRequest
from service.settings import Settings, reading_settings


def ask_once(settings: Settings, question: str, wanted: Any = None) -> AskResponse:
    """The reply the API would give to the question over the published snapshot.

    Raises InvalidSetting for a question outside the API's limits, InvalidFilter, and what
    opening the index, the encoder and the reader can raise.
    """
    try:
        request = AskRequest(question=question, top_k=settings.top_k, filter=wanted)
    except ValidationError as invalid:
        fault = invalid.errors(include_url=False)[0]
        raise InvalidSetting(f"{fault['loc'][0]}: {fault['msg']}") from None
    asked = read_question(request.question, settings.top_k, request.filter, request.answer)
    snapshot = Snapshot.open(settings.index)
    encoder, reader = models_of(settings)
    opened = OpenSnapshot(
        snapshot,
        Retriever(snapshot, encoder),
        reader and calibrated_for(reader, settings.index),
        reading_settings(settings),
    )
    asked_at = perf_counter()
    vector = encoder.encode_queries([asked.text])[0]
    encoded = EncodedQuestion(asked, vector, asked_at, perf_counter())
    return answer_question(encoded, opened, uuid4().hex, others_wait=lambda: False)
