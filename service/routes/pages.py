"""The page and the document viewer: static files, read once, under a policy that runs no markup.

They hold nothing of the documents: their scripts ask the API, which asks for a key where there
are keys. So the files themselves need none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from service.routes.etags import holds

FOLDER = Path(__file__).parent.parent / "pages"
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
# Of trusted types there are none, so even a script of ours that wrote markup would fail.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_HEADERS = {
    # Asked for again each time, by its tag: an update shows at once and costs 304 until then.
    "Cache-Control": "no-cache",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter(include_in_schema=False)

IfNoneMatch = Annotated[str, Header(alias="If-None-Match")]
_DOC_ID = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    media_type: str
    etag: str


@cache
def _files() -> Mapping[str, _File]:
    files = {}
    for path in FOLDER.iterdir():
        if path.suffix not in _MEDIA_TYPES:
            continue
        content = path.read_bytes()
        etag = f'"{sha256(content).hexdigest()[:32]}"'
        files[path.name] = _File(content, _MEDIA_TYPES[path.suffix], etag)
    return files


@router.get("/")
async def ask_page(if_none_match: IfNoneMatch = "") -> Response:
    """The page a question is asked on."""
    return _reply("index.html", if_none_match)


@router.get("/documents/{doc_id}")
async def document_page(doc_id: str, if_none_match: IfNoneMatch = "") -> Response:
    """The viewer; which document it shows is its script's affair, and the API's whether it is."""
    if not _DOC_ID.fullmatch(doc_id):
        raise HTTPException(404)
    return _reply("document.html", if_none_match)


@router.get("/pages/{name}")
async def page_file(name: str, if_none_match: IfNoneMatch = "") -> Response:
    """A style sheet, a script or a picture of the page."""
    return _reply(name, if_none_match)


def _reply(name: str, if_none_match: str) -> Response:
    file = _files().get(name)
    if file is None:
        raise HTTPException(404)
    headers = {**_HEADERS, "ETag": file.etag}
    if holds(if_none_match, file.etag):
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)
