"""The OpenAPI document: valid, and true to what the routes reply."""

from __future__ import annotations

import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from pydantic import TypeAdapter

from index.manifest import VERSION
from service.app import create_app
from service.evaluation.verification import answer_faults, faults
from service.problems import KINDS, MEDIA_TYPE
from service.schemas.answer import AskResponse, BatchResponse
from service.schemas.index_contents import IndexResponse
from service.schemas.library import DocumentDetail, DocumentPage, VerifyResponse
from service.schemas.problem import ProblemModel
from service.schemas.requests import AskRequest, BatchRequest, VerifyRequest
from service.settings import Settings

ROUTES = {
    ("post", "/v1/ask"): "ask",
    ("post", "/v1/ask:batch"): "ask_batch",
    ("get", "/v1/documents"): "list_documents",
    ("get", "/v1/documents/{doc_id}"): "get_document",
    ("get", "/v1/documents/{doc_id}/text"): "get_document_text",
    ("get", "/v1/documents/{doc_id}/citation"): "cite_span",
    ("post", "/v1/citations:verify"): "verify_citations",
    ("get", "/v1/index"): "get_index",
    ("get", "/livez"): "livez",
    ("get", "/readyz"): "readyz",
    ("get", "/metrics"): "metrics",
    ("get", "/problems/{kind}"): "explain_problem",
}


@pytest.fixture(scope="module")
def document():
    return create_app(Settings(), lambda _name: None).openapi()


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def walk(value):
    yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inside:
        yield from walk(part)


def test_every_route_is_there_by_its_name(document):
    """Nothing missing, nothing unnamed."""
    found = {(method, path): op["operationId"] for method, path, op in operations(document)}
    assert found == ROUTES


def test_every_reference_leads_somewhere(document):
    """A client generator would stumble over a dangling one."""
    for part in walk(document):
        if isinstance(part, dict) and "$ref" in part:
            target = document
            for step in part["$ref"].removeprefix("#/").split("/"):
                target = target[step]


def test_the_document_is_openapi(document):
    """By a validator that is not ours."""
    validate(document)


def test_every_reply_but_an_empty_one_has_a_type(document):
    """A client generator makes something of it."""
    for _, path, operation in operations(document):
        for status, reply in operation["responses"].items():
            if status == "304":
                assert "content" not in reply
                continue
            schemas = [content["schema"] for content in reply["content"].values()]
            assert all("$ref" in one or one.get("type") == "string" for one in schemas), path
            assert schemas


def test_every_example_agrees_with_its_schema(document):
    """By JSON Schema itself: those of schemas, of bodies and of replies."""
    checked = 0
    for part in walk(document):
        if not isinstance(part, dict):
            continue
        schema, examples = part.get("schema"), part.get("examples")
        if isinstance(examples, dict) and isinstance(schema, dict):
            examples = [example["value"] for example in examples.values()]
        elif isinstance(examples, list):
            schema = part
        else:
            examples = [part["example"]] if "example" in part and isinstance(schema, dict) else []
        for example in examples:
            whole = schema | {"components": document["components"]}
            Draft202012Validator(whole).validate(example)
            checked += 1
    assert checked > 100


def test_every_problem_is_in_the_one_shape_with_an_example(document):
    """Each status of 400 and above has the media type, the schema and a true example."""
    adapter = TypeAdapter(ProblemModel)
    for _, _, operation in operations(document):
        for status, reply in operation["responses"].items():
            if int(status) < 400:
                continue
            (media_type,) = reply["content"]
            content = reply["content"][media_type]
            assert media_type == MEDIA_TYPE
            assert content["schema"] == {"$ref": "#/components/schemas/ProblemModel"}
            for name, example in content["examples"].items():
                told = adapter.validate_python(example["value"])
                assert (told.status, told.type) == (int(status), KINDS[name].type)


def test_asking_documents_every_problem_it_can_give(document):
    """Whoever writes a client reads them here."""
    for path in ("/v1/ask", "/v1/ask:batch"):
        replies = document["paths"][path]["post"]["responses"]
        refusals = {"400", "401", "403", "405", "408", "413", "415", "421", "422", "500", "503"}
        assert set(replies) == {"200"} | refusals
        kinds = set(replies["503"]["content"][MEDIA_TYPE]["examples"])
        assert kinds == {name for name, kind in KINDS.items() if kind.status == 503}
        assert "Retry-After" in replies["503"]["headers"]


def test_what_the_layers_before_a_route_refuse_is_documented_everywhere(document):
    """A client meets these before any route does, whatever it asks."""
    for _, _, operation in operations(document):
        kinds = {
            kind
            for status, reply in operation["responses"].items()
            if int(status) >= 400
            for kind in reply["content"][MEDIA_TYPE]["examples"]
        }
        assert {"method-not-allowed", "body-too-slow", "body-too-large", "misdirected"} <= kinds
        assert "Allow" in operation["responses"]["405"]["headers"]


def test_every_kind_of_problem_is_documented_somewhere(document):
    """No reply comes as a surprise; MCP, which is not of this API, tells its own."""
    documented = {
        kind
        for _, _, operation in operations(document)
        for reply in operation["responses"].values()
        for kind in reply.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
    }
    assert documented == set(KINDS) - {"mcp-not-installed"}


def test_a_fault_s_example_is_of_what_the_route_takes(document):
    """Where there is no body it points to a query parameter, and to one there is."""
    for _, _, operation in operations(document):
        if "422" not in operation["responses"]:
            continue
        examples = operation["responses"]["422"]["content"][MEDIA_TYPE]["examples"]
        (fault,) = examples["invalid-request"]["value"]["errors"]
        if "requestBody" in operation:
            assert fault["location"] == "body"
        else:
            query = {part["name"] for part in operation["parameters"] if part.get("in") == "query"}
            assert fault["location"] == "query"
            assert fault["pointer"].removeprefix("#/") in query


def test_a_text_s_tag_is_documented_both_ways(document):
    """If-None-Match is a parameter, and both replies carry the ETag."""
    operation = document["paths"]["/v1/documents/{doc_id}/text"]["get"]
    (tag,) = [part for part in operation["parameters"] if part.get("name") == "If-None-Match"]
    assert tag["in"] == "header"
    for status in ("200", "304"):
        assert {"ETag", "Quoth-Snapshot"} <= set(operation["responses"][status]["headers"])


def test_every_example_of_a_citation_verifies(document):
    """By the independent check, over the document that its quote and context are the whole of."""
    citations = [part for part in walk(document) if isinstance(part, dict) and "utf16" in part]
    whole = [part for part in citations if "exact" in part.get("quote", {})]
    assert whole
    for citation in whole:
        quote = citation["quote"]
        assert faults(citation, quote["prefix"] + quote["exact"] + quote["suffix"]) == []


def test_every_example_of_an_answer_verifies(document):
    """By the independent check too; there is one, and one of abstaining."""
    replies = [part for part in walk(document) if isinstance(part, dict) and "timings_ms" in part]
    replies = [part for part in replies if isinstance(part.get("passages"), list)]
    assert {reply["status"] for reply in replies} == {"answered", "abstained"}
    for reply in replies:
        assert bool(reply["answer"]) == (reply["status"] == "answered")
        assert bool(reply["abstention"]) == (reply["status"] == "abstained")
        citations = [passage["citation"] for passage in reply["passages"]]
        quote = citations[0]["quote"]
        text = quote["prefix"] + quote["exact"] + quote["suffix"]
        if reply["answer"]:
            assert answer_faults(reply["answer"], citations, lambda _uri, text=text: text) == []


def test_every_version_in_an_example_is_one(document):
    """16 hex digits, as a snapshot's are."""
    versions = [
        part["version"]
        for part in walk(document)
        if isinstance(part, dict) and {"version", "created_at"} <= part.keys()
        if isinstance(part["version"], str)
    ]
    assert versions
    assert all(VERSION.fullmatch(version) for version in versions)


def test_the_frameworks_own_error_shape_is_nowhere(document):
    """There is one shape only."""
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_operation_has_summary_tag_and_request_id(document):
    """The id is a parameter of each and a header of each reply."""
    tags = {tag["name"] for tag in document["tags"]}
    for _, _, operation in operations(document):
        assert operation["summary"]
        assert operation["description"]
        assert set(operation["tags"]) <= tags
        assert {"$ref": "#/components/parameters/RequestId"} in operation["parameters"]
        assert all("X-Request-ID" in reply["headers"] for reply in operation["responses"].values())


@pytest.mark.parametrize(
    "model",
    [
        AskRequest,
        BatchRequest,
        VerifyRequest,
        AskResponse,
        BatchResponse,
        DocumentDetail,
        DocumentPage,
        IndexResponse,
        VerifyResponse,
        ProblemModel,
    ],
    ids=lambda model: model.__name__,
)
def test_every_example_is_valid(model):
    """An example that the service would refuse teaches wrongly."""
    examples = model.model_config["json_schema_extra"]["examples"]
    assert examples
    for example in examples:
        model.model_validate(example)


def test_the_limits_are_in_the_schemas(document):
    """A client can check before it sends."""
    schemas = document["components"]["schemas"]
    question = schemas["AskRequest"]["properties"]["question"]
    assert (question["minLength"], question["maxLength"]) == (1, 2000)
    assert schemas["AskRequest"]["additionalProperties"] is False
    (top_k,) = [
        option
        for option in schemas["AskRequest"]["properties"]["top_k"]["anyOf"]
        if option.get("type") == "integer"
    ]
    assert (top_k["minimum"], top_k["maximum"]) == (1, 50)
    questions = schemas["BatchRequest"]["properties"]["questions"]
    assert (questions["minItems"], questions["maxItems"]) == (1, 32)
    assert questions["items"] == {"$ref": "#/components/schemas/AskRequest"}


def test_keys_are_documented_where_they_are_needed():
    """With keys every operation but the probes names them; without, none does."""
    for keys in ("", "correct-horse-battery"):
        document = create_app(Settings(api_keys=keys), lambda _name: None).openapi()
        for _, path, operation in operations(document):
            needed = bool(keys) and path not in ("/livez", "/readyz")
            assert bool(operation["security"]) is needed
        for requirement in walk(document["paths"]):
            if isinstance(requirement, dict) and "security" in requirement:
                named = {name for one in requirement["security"] for name in one}
                assert named <= set(document["components"]["securitySchemes"])


def test_nothing_of_this_machine_is_in_the_document(document):
    """No path, no host name."""
    assert not re.search(r"/(home|root|tmp|work)/", str(document))
