"""What may be asked of the service, and every limit on it. Unknown fields are refused."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SkipValidation,
    model_validator,
)

from index.records import digest

BODY_BYTES = 64 * 1024
# Of a check of CITATIONS citations as they were returned.
VERIFY_BODY_BYTES = 512 * 1024
QUESTION_CHARACTERS = 2_000
TOP_K = 50
BATCH_QUESTIONS = 32
CITATIONS = 50
DOCUMENTS_PER_PAGE = 200
# Characters either side of a quote, as citations have them; more would only cost time to weigh.
CONTEXT = 32

# White space that people paste; every other control character is a mistake or an attack.
_ALLOWED_CONTROLS = frozenset("\t\n\v\f\r\x85")


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _whole(text: str) -> str:
    # JSON can hold half a surrogate pair; neither UTF-8 nor a document can.
    if text.isprintable():  # no surrogate is
        return text
    for place, character in enumerate(text):
        if unicodedata.category(character) == "Cs":
            raise ValueError(
                f"character {place} is half a surrogate pair, U+{ord(character):04X}; remove it"
            )
    return text


def _readable(question: str) -> str:
    if question.isprintable() and not question.isspace():
        return question
    for place, character in enumerate(question):
        if unicodedata.category(character) == "Cc" and character not in _ALLOWED_CONTROLS:
            raise ValueError(
                f"character {place} is the control character U+{ord(character):04X}; remove it"
            )
    if all(unicodedata.category(character)[0] in "CZ" for character in question):
        raise ValueError("it holds only invisible characters; write a question")
    return question


def _strict(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(
        strict=True, extra="forbid", frozen=True, json_schema_extra={"examples": [example]}
    )


Question = Annotated[
    str,
    # Before the trimming, which then comes first: a limit on text speaks of characters.
    Field(
        min_length=1,
        max_length=QUESTION_CHARACTERS,
        description="The question, in plain words. White space around it is removed; then it has "
        f"1 to {QUESTION_CHARACTERS} characters (Unicode code points), none a control character.",
    ),
    BeforeValidator(
        _trimmed,
        json_schema_input_type=Annotated[str, Field(min_length=1, max_length=QUESTION_CHARACTERS)],
    ),
    AfterValidator(_whole),
    AfterValidator(_readable),
]

TopK = Annotated[
    int | None,
    Field(
        ge=1,
        le=TOP_K,
        description="How many passages to return; where left out or null, the service's "
        "`QUOTH_TOP_K` (5 unless set).",
    ),
]

ASK_EXAMPLE = {
    "question": "how many US troops went to Poland?",
    "top_k": 5,
    "filter": {"op": "eq", "field": "media_type", "value": "text/markdown"},
    "answer": True,
}


class AskRequest(BaseModel):
    """One question."""

    model_config = _strict(ASK_EXAMPLE)

    question: Question
    top_k: TopK = None
    filter: dict[str, Any] | None = Field(
        default=None,
        description="Only passages of documents this holds for: `eq`, `in`, `range`, `prefix`, "
        "`and`, `or`, `not` over `uri`, `title`, `media_type`, `doc_id` and metadata names.",
    )
    answer: bool = Field(
        default=True, description="Whether to read the passages for a short answer."
    )


class BatchRequest(BaseModel):
    """Several questions, encoded in one go. A faulty one is a problem of its own, not of all."""

    model_config = _strict({"questions": [ASK_EXAMPLE, {"question": "who ordered the drills?"}]})

    # Each is validated alone, so that one bad question does not refuse the others.
    questions: list[SkipValidation[AskRequest]] = Field(
        min_length=1,
        max_length=BATCH_QUESTIONS,
        description=f"1 to {BATCH_QUESTIONS} questions; results come in this order.",
    )


class PageQuery(BaseModel):
    """Which page of the list of documents."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=50, ge=1, le=DOCUMENTS_PER_PAGE, description="Documents a page.")
    cursor: str | None = Field(
        default=None, description="`next_cursor` of the page before; opaque."
    )


class TextQuery(BaseModel):
    """Which part of a text, in code points; all of it where left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: int = Field(default=0, ge=0, description="First code point.")
    end: int | None = Field(default=None, ge=0, description="One past the last code point.")


class ClaimedDocument(BaseModel):
    """The document a citation names. Only `doc_id` is used; the rest may be as it was returned."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    doc_id: str = Field(min_length=1, max_length=64, description="The cited document.")
    text_sha256: str | None = Field(
        default=None, description="Of the text it was cited from; finds a renamed document."
    )


class ClaimedSpan(BaseModel):
    """`[start, end)` in code points of the document's canonical text."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    start: int = Field(ge=0)
    end: int = Field(ge=1)

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.start >= self.end:
            raise ValueError(f"start {self.start} is not before end {self.end}")
        return self


class ClaimedQuote(BaseModel):
    """What the citation quotes: the words, or their sha256, or both."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    exact: Annotated[str, Field(min_length=1), AfterValidator(_whole)] | None = Field(
        default=None, description="The quoted words."
    )
    prefix: str = Field(
        default="", max_length=CONTEXT, description=f"Up to {CONTEXT} characters before them."
    )
    suffix: str = Field(
        default="", max_length=CONTEXT, description=f"Up to {CONTEXT} characters after them."
    )
    sha256: str | None = Field(
        default=None,
        pattern="^[0-9a-f]{64}$",
        description="Of the words' UTF-8 bytes. Without `exact` a quote can be confirmed in its "
        "place, but not found in another.",
    )

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.exact is None and self.sha256 is None:
            raise ValueError("give exact, sha256 or both")
        if self.exact is not None and self.sha256 not in (None, digest(self.exact)):
            raise ValueError(f"sha256 is not that of exact, which has {digest(self.exact)}")
        return self


class Claim(BaseModel):
    """A citation to check: one as `/v1/ask` returned it, or these three fields of it."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    document: ClaimedDocument
    span: ClaimedSpan
    quote: ClaimedQuote


class VerifyRequest(BaseModel):
    """Citations to check against the present snapshot."""

    model_config = _strict(
        {
            "citations": [
                {
                    "document": {"doc_id": "72f2daeb11b08973"},
                    "span": {"start": 26, "end": 37},
                    "quote": {"exact": "About 1,700"},
                }
            ]
        }
    )

    citations: list[Claim] = Field(
        min_length=1,
        max_length=CITATIONS,
        description=f"1 to {CITATIONS} citations; results come in this order.",
    )
