"""What was asked → a question: the service's defaults filled in, its filter read."""

from __future__ import annotations

from index.errors import InvalidFilter
from service.answerer import Question, read_question
from service.errors import FieldFault, InvalidRequest
from service.pointers import extended
from service.schemas.requests import AskRequest


def settled(asked: AskRequest, top_k: int, at: str = "#") -> Question:
    """The question; ``top_k`` counts where it does not say itself.

    ``at`` points to it in the request. Raises InvalidRequest for a filter outside the language.
    """
    try:
        return read_question(asked.question, asked.top_k or top_k, asked.filter, asked.answer)
    except InvalidFilter as invalid:
        pointer = extended(f"{at}/filter", invalid.pointer)
        raise InvalidRequest(FieldFault("body", pointer, str(invalid))) from invalid
