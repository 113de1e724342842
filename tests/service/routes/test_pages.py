"""The page's files over HTTP, and what they must not hold."""

from __future__ import annotations

import re
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from service.routes.pages import FOLDER

pytestmark = pytest.mark.anyio

KEY = "correct-horse-battery"
DOCUMENT = f"/documents/{'0' * 16}"
FILES = sorted(path.name for path in FOLDER.iterdir())
SOURCES = {name: (FOLDER / name).read_text(encoding="utf-8") for name in FILES}
TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


def directives(reply) -> dict[str, str]:
    parts = reply.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


@pytest.mark.parametrize("path", ["/", DOCUMENT, *(f"/pages/{name}" for name in FILES)])
async def test_each_file_comes_whole_typed_and_under_the_policy(client, path):
    """The bytes of the file, its media type, and headers that let nothing of others run."""
    reply = await client.get(path)
    name = {"/": "index.html", DOCUMENT: "document.html"}.get(path, path.rpartition("/")[2])
    assert reply.status_code == 200
    assert reply.content == (FOLDER / name).read_bytes()
    assert reply.headers["Content-Type"].partition(";")[0] == TYPES[name.rpartition(".")[2]]
    assert directives(reply) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert reply.headers["Cache-Control"] == "no-cache"
    assert reply.headers["ETag"] == f'"{sha256(reply.content).hexdigest()[:32]}"'


@pytest.mark.parametrize("path", ["/", DOCUMENT, "/pages/style.css"])
async def test_what_is_held_already_is_not_sent_again(client, path):
    """304 for its tag, with the policy; 200 for another's."""
    tag = (await client.get(path)).headers["ETag"]
    again = await client.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert "Content-Security-Policy" in again.headers
    assert (await client.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/pages/nothing.js",
        "/pages/",
        "/pages",
        "/pages/..%2Fapp.py",
        "/pages/%2e%2e/app.py",
        "/pages/../app.py",
        "/documents/",
        "/documents/0",
        f"/documents/{'A' * 16}",
        f"/documents/{'0' * 16}%0a",
        f"/documents/{'0' * 16}/",
    ],
)
async def test_nothing_else_is_served(client, path):
    """Neither files beside the page's nor what is no document's id."""
    reply = await client.get(path)
    assert (reply.status_code, reply.json()["type"]) == (404, "/problems/not-found")


async def test_the_page_comes_without_a_key_and_the_api_does_not(serve):
    """It can so ask for the key; nothing of the documents is in it."""
    async with serve(api_keys=KEY) as client:
        for path in ("/", DOCUMENT, "/pages/ask.js"):
            assert (await client.get(path)).status_code == 200
        for path in ("/v1/index", f"/v1{DOCUMENT}", f"/v1{DOCUMENT}/text"):
            assert (await client.get(path)).status_code == 401


async def test_the_page_is_served_to_loopback_names_only(client):
    """Another site that points its name here gets no page to act on."""
    reply = await client.get("/", headers={"Host": "evil.example"})
    assert reply.status_code == 421


class Markup(HTMLParser):
    """Every element's name and attributes, and the text in scripts and styles."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.elements and self.elements[-1][0] in ("script", "style") and data.strip():
            self.inline.append(data)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".html")])
def test_no_markup_is_run_in_place_and_all_it_names_is_here(name):
    """No script, style or handler within the page; each file it names is one of ours."""
    page = Markup(SOURCES[name])
    assert page.inline == []
    for tag, attributes in page.elements:
        assert not [key for key in attributes if key.startswith("on") or key == "style"]
        source = attributes.get("src") if tag == "script" else attributes.get("href")
        if tag in ("script", "link"):
            assert source.removeprefix("/pages/") in FILES


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_no_script_writes_markup_or_loads_from_elsewhere(name):
    """Text stays text: the ways to make elements of it are not used; files fit a sitting."""
    source = SOURCES[name]
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|DOMParser|"
        r"createContextualFragment|setHTML|\beval\b|new Function|javascript:|https?://",
        source,
    )
    for imported in re.findall(r'(?:from|import) "([^"]+)"', source):
        assert imported.removeprefix("/pages/") in FILES
    assert len(source.splitlines()) <= 250
    assert max(map(len, source.splitlines())) <= 120


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".css", ".svg"))])
def test_no_style_loads_anything(name):
    """Neither fonts nor pictures nor other sheets."""
    assert not re.search(r"url\(|@import|<script|xlink|href", SOURCES[name])
