"""The MCP server: the tools in the SDK's terms, over a running service."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any
from uuid import uuid4

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from starlette.requests import Request

from service.mcp.tools import TOOLS, Call
from service.problem_responses import told_problem
from service.problems import kind_of
from service.running import Service

INSTRUCTIONS = (
    "Quoth answers from the user's own documents and quotes them exactly. It finds, reads and "
    "quotes; it does not write. Ask in plain words, one question at a time; read_document shows "
    "more of what stands around a quote."
)


def mcp_server(service: Service) -> Server[Any]:
    """An MCP server whose tools ask the service; over HTTP or anything else the SDK speaks."""

    async def list_tools(
        _context: ServerRequestContext, _page: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=_LISTED)

    async def call_tool(
        context: ServerRequestContext, called: CallToolRequestParams
    ) -> CallToolResult:
        return await _called(service, called, context.request)

    return Server(
        "quoth",
        title="Quoth",
        version=version("quoth"),
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


_LISTED = [
    Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.arguments.model_json_schema(),
        output_schema=tool.result.model_json_schema(mode="serialization"),
        annotations=ToolAnnotations(
            read_only_hint=True, idempotent_hint=True, destructive_hint=False, open_world_hint=False
        ),
    )
    for tool in TOOLS.values()
]


async def _called(
    service: Service, called: CallToolRequestParams, request: Request | None
) -> CallToolResult:
    """The tool's result, or its problem as a tool error: the model reads it and can do better."""
    tool = TOOLS.get(called.name)
    if tool is None:
        raise MCPError(INVALID_PARAMS, f"There is no tool {called.name[:64]!r}.")
    request_id = uuid4().hex if request is None else request.state.request_id
    try:
        opened = service.opened()
        if request is not None:
            request.state.snapshot = opened.snapshot.version
        site = None if request is None else str(request.base_url)
        result = await tool.call(called.arguments or {}, Call(service, opened, request_id, site))
    except Exception as error:
        told = told_problem(error, request_id)
        if request is not None:
            request.state.problem = kind_of(error).name
        return CallToolResult(
            is_error=True, content=[_text(f"{told.title} ({told.status}): {told.detail}")]
        )
    if request is not None and service.settings.log_questions and tool.name == "ask":
        request.state.logged_questions = [(called.arguments or {})["question"]]
    return CallToolResult(
        content=[_text(result.model_dump_json())],
        structured_content=result.model_dump(mode="json"),
    )


def _text(text: str) -> TextContent:
    # An error may quote half a surrogate pair back, which no JSON in UTF-8 holds.
    return TextContent(text=text.encode("utf-8", "replace").decode())
