"""The tools: what a model is told agrees with the documents and with the API."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import asynccontextmanager
from hashlib import sha256

import pytest
from jsonschema import Draft202012Validator
from mcp import Client
from word_reader import loaded

from service.mcp.server import mcp_server
from service.mcp.tools import TOOLS
from service.running import Service
from service.schemas.tools import READ_CHARACTERS
from service.settings import Settings

pytestmark = pytest.mark.anyio

QUESTION = "how many American soldiers were sent to Poland?"


@pytest.fixture
def connect(seed_index, held_encoder):
    """Starts a service without HTTP and connects the SDK's own client to its tools."""

    @asynccontextmanager
    async def start(reader=None, mode="auto", **settings):
        given = Settings.model_validate({"index": seed_index, **settings})
        service = Service(given, lambda _named: held_encoder, lambda _named: reader)
        await service.start()
        try:
            async with Client(mcp_server(service), mode=mode) as client:
                client.service = service
                yield client
        finally:
            await service.stop()

    return start


async def told(client, tool, **arguments):
    """What a tool gave, which its schema allows and which its text says too."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    given = result.structured_content
    listed = {tool.name: tool for tool in (await client.list_tools()).tools}
    Draft202012Validator(listed[tool].output_schema).validate(given)
    (text,) = result.content
    assert json.loads(text.text) == given
    return given


async def refused(client, tool, **arguments) -> str:
    """Why a tool would not."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    assert result.structured_content is None
    return result.content[0].text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_tools_and_their_schemas_are_listed(connect, mode):
    """By the handshake of old and by the way that needs none; every schema is one."""
    async with connect(mode=mode) as client:
        tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == ["ask", "read_document", "list_documents"]
    for tool in tools:
        for schema in (tool.input_schema, tool.output_schema):
            Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"
        assert tool.annotations.read_only_hint
        assert tool.input_schema["additionalProperties"] is False
    assert tools[0].input_schema["required"] == ["question"]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_quote_stands_where_it_is_said_to(connect, seed_folder, mode):
    """The spans slice the files themselves, and the hashes are those of the slices."""
    async with connect(loaded(), mode) as client:
        given = await told(client, "ask", question=QUESTION, top_k=3)
    assert given["status"] == "answered"
    assert len(given["evidence"]) == 3
    for evidence in given["evidence"]:
        text = (seed_folder / evidence["uri"]).read_text(encoding="utf-8")
        span, around = evidence["span"], evidence["passage_span"]
        assert text[span["start"] : span["end"]] == evidence["quote"]
        assert text[around["start"] : around["end"]] == evidence["passage"]
        assert sha256(evidence["quote"].encode()).hexdigest() == evidence["sha256"]
        assert sha256(text.encode()).hexdigest() == evidence["text_sha256"]
        lines = text.split("\n")[evidence["lines"]["start"] - 1 : evidence["lines"]["end"]]
        assert evidence["quote"] in "\n".join(lines)
        assert evidence["view"] is None
    answer = given["answer"]
    (cited,) = [one for one in given["evidence"] if one["id"] == answer["citation"]]
    assert answer["text"] == "1,700"
    assert answer["text"] in cited["quote"]
    assert cited["kind"] == "evidence"


async def test_ask_says_what_the_api_says(connect, serve):
    """The same question of both: the same status, answer, order and quotes."""
    async with connect(loaded()) as client:
        tool = await told(client, "ask", question=QUESTION, top_k=2)
    async with serve(loaded()) as client:
        api = (await client.post("/v1/ask", json={"question": QUESTION, "top_k": 2})).json()
    assert (tool["status"], tool["answer"]) == (api["status"], api["answer"])
    assert tool["snapshot"] == api["snapshot"]["version"]
    quotes = [passage["citation"]["quote"]["exact"] for passage in api["passages"]]
    assert [evidence["quote"] for evidence in tool["evidence"]] == quotes


async def test_where_the_documents_do_not_say_no_answer_is_given(connect):
    """The reason is told, and what comes nearest is only called related."""
    async with connect(loaded(threshold=0.99)) as client:
        given = await told(client, "ask", question="who paints the harbour blue?")
    assert (given["status"], given["answer"]) == ("abstained", None)
    assert given["abstention"]["reason"] == "not_stated"
    assert {evidence["kind"] for evidence in given["evidence"]} == {"related"}


async def test_a_filter_holds(connect):
    """Only the documents it names, or a problem that points into it."""
    kitchen = {"op": "prefix", "field": "uri", "value": "notes/k"}
    async with connect() as client:
        given = await told(client, "ask", question=QUESTION, filter=kitchen)
        why = await refused(client, "ask", question=QUESTION, filter={"op": "near"})
    assert {evidence["uri"] for evidence in given["evidence"]} == {"notes/kitchen.txt"}
    assert "#/filter" in why


async def test_a_document_is_read_to_its_end_in_parts(connect, seed_folder, monkeypatch):
    """The parts joined are the file; none is longer than a reading may be."""
    monkeypatch.setattr("service.mcp.tools.READ_CHARACTERS", 50)
    async with connect() as client:
        listed = (await told(client, "list_documents"))["documents"]
        (drills,) = [one for one in listed if one["uri"] == "drills.md"]
        parts, start = [], 0
        while start is not None:
            part = await told(client, "read_document", doc_id=drills["doc_id"], start=start)
            assert len(part["text"]) == part["span"]["end"] - part["span"]["start"] <= 50
            parts.append(part["text"])
            start = part["next_start"]
    text = (seed_folder / "drills.md").read_text(encoding="utf-8")
    assert "".join(parts) == text
    assert len(parts) == -(-len(text) // 50)
    assert part["document"] == drills


async def test_a_part_of_a_document_is_that_part(connect, seed_folder):
    """As a span slices; what was asked for ends where it was asked to."""
    async with connect() as client:
        listed = (await told(client, "list_documents"))["documents"]
        part = await told(client, "read_document", doc_id=listed[0]["doc_id"], start=90, end=110)
    text = (seed_folder / listed[0]["uri"]).read_text(encoding="utf-8")
    assert part["text"] == text[90:110]
    assert part["next_start"] is None


async def test_documents_are_listed_by_pages(connect):
    """Every one once, in the order of their uri."""
    async with connect() as client:
        found, cursor = [], None
        while True:
            page = await told(client, "list_documents", limit=2, cursor=cursor)
            found += page["documents"]
            if (cursor := page["next_cursor"]) is None:
                break
    assert [one["uri"] for one in found] == ["drills.md", "notes/garden.md", "notes/kitchen.txt"]
    assert page["total"] == 3
    assert found[0]["metadata"]["author"] == "Desk"


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {}, "#/question: Field required"),
        ("ask", {"question": " "}, "#/question"),
        ("ask", {"question": "why?", "top_k": 51}, "#/top_k"),
        ("ask", {"question": "why?", "top_k": "3"}, "#/top_k"),
        ("ask", {"question": "why?", "answers": True}, "#/answers: Unknown field"),
        ("list_documents", {"limit": 0}, "#/limit"),
        ("list_documents", {"cursor": "nonsense"}, "This is no cursor"),
        ("read_document", {"doc_id": "none"}, "No document has the id 'none'"),
        ("read_document", {"doc_id": "none", "start": -1}, "#/start"),
    ],
)
async def test_bad_arguments_are_told_to_the_model(connect, tool, arguments, said):
    """As a tool error with its status, so that it can do better the next time."""
    async with connect() as client:
        why = await refused(client, tool, **arguments)
    assert said in why
    assert why.startswith(("Invalid request (422): ", "Not found (404): "))


async def test_what_is_beyond_the_text_is_refused(connect):
    """Both ends are told."""
    async with connect() as client:
        listed = (await told(client, "list_documents"))["documents"]
        doc_id, characters = listed[0]["doc_id"], listed[0]["characters"]
        why = await refused(client, "read_document", doc_id=doc_id, end=characters + 1)
    assert f"{characters + 1} is beyond the text, which has {characters} characters" in why


async def test_without_an_index_the_remedy_is_told(connect, tmp_path):
    """The server starts all the same and finds it once it is there."""
    async with connect(index=tmp_path) as client:
        why = await refused(client, "ask", question=QUESTION)
    assert why.startswith("No index yet (503): ")
    assert "quoth build" in why


async def test_a_tool_waits_for_no_permit(connect):
    """As many at once as the service admits; one more is refused at once."""
    async with connect(max_waiting=32) as client:
        client.service.admission.permits = 0
        why = await refused(client, "ask", question=QUESTION)
    assert why.startswith("Overloaded (503): ")


async def test_an_error_of_ours_tells_nothing_of_the_inside(connect, held_encoder, caplog):
    """The log has it; the model hears that the service failed."""
    async with connect() as client:
        held_encoder.error = RuntimeError("secret place")
        why = await refused(client, "ask", question=QUESTION)
    assert why.startswith("Internal error (500): ")
    assert "secret" not in why
    assert "secret place" in caplog.text


async def test_an_unknown_tool_is_an_error_of_the_protocol(connect):
    """The program asked for what is not listed."""
    async with connect() as client:
        with pytest.raises(Exception, match="There is no tool 'forget'"):
            await client.call_tool("forget", {})


def test_a_reading_is_at_most_what_its_description_says():
    """One number, told to the model and held to."""
    assert str(READ_CHARACTERS) in TOOLS["read_document"].description


def test_the_sdk_is_not_imported_before_it_is_asked_for(tmp_path):
    """In a process of its own: the application is made, and mcp is not there."""
    code = (
        "import sys; from service.app import create_app; from service.settings import Settings;"
        f"create_app(Settings(index={str(tmp_path)!r})); print('mcp' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
