"""The client's models are the service's, field by field, though they share no code."""

from __future__ import annotations

import pytest

from quoth_client import replies
from service.schemas import answer, citation, library, problem

PAIRS = [
    (replies.Reply, answer.AskResponse),
    (replies.BatchReply, answer.BatchResponse),
    (replies.DocumentDetail, library.DocumentDetail),
    (replies.DocumentPage, library.DocumentPage),
    (replies.Verdicts, library.VerifyResponse),
    (replies.Citation, citation.CitationModel),
    (replies.ProblemDetails, problem.ProblemModel),
]
# What a schema says for people, or of limits that the service holds itself to.
_ASIDE = {"description", "title", "examples", "minimum", "maximum"}


def shape(model) -> dict:
    """Its fields, their types and which are required, with every reference followed."""
    schema = model.model_json_schema()
    inner = schema.get("$defs", {})

    def bare(part):
        if isinstance(part, list):
            return [bare(item) for item in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return bare(inner[part["$ref"].rpartition("/")[2]])
        kept = {key: value for key, value in part.items() if key not in _ASIDE | {"$defs"}}
        if "properties" in kept:
            fields = {name: bare(field) for name, field in kept["properties"].items()}
            kept = kept | {"properties": fields}
            return {
                key: value if key == "properties" else bare(value) for key, value in kept.items()
            }
        return {key: bare(value) for key, value in kept.items()}

    return bare(schema)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=lambda model: model.__name__)
def test_a_model_has_the_service_s_fields(ours, theirs):
    """Names, types, and whether they may be missing; a field added there must be added here."""
    told, wanted = shape(ours), shape(theirs)
    if ours is replies.ProblemDetails:  # where a fault lies is told, not checked
        for side in (told, wanted):
            faults = side["properties"]["errors"]["anyOf"][0]["items"]["properties"]
            faults["location"] = None
    if ours is replies.BatchReply:
        for side in (told, wanted):
            side["properties"]["results"]["items"]["properties"]["problem"] = None
    assert told == wanted


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=lambda model: model.__name__)
def test_every_documented_example_is_read(ours, theirs):
    """As it stands in the OpenAPI document."""
    for example in theirs.model_config["json_schema_extra"]["examples"]:
        read = ours.model_validate(example)
        assert read.model_dump(mode="json", exclude_unset=True) == example


def test_a_field_of_a_later_service_is_passed_over():
    """An older client goes on working."""
    example = library.DocumentDetail.model_config["json_schema_extra"]["examples"][0]
    assert replies.DocumentDetail.model_validate(example | {"colour": "blue"}).title == "Drills"
