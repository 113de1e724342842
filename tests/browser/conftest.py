"""Chromium, driven over pages that a real server serves over a real socket."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import uvicorn

from extraction.pdf_writer import column, pdf
from index.build import build
from service.app import create_app
from service.reader import open_reader
from service.settings import Settings

# pytest imports test files one by one; what they share is found by its place.
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "index"))
sys.path.insert(0, str(Path(__file__).parent.parent / "service"))

from word_reader import loaded

from chromium import Chromium, start_chromium
from hostile import FILES
from word_encoder import WordEncoder

# Set by scripts/test_browser: what is missing then fails, rather than being left out.
REQUIRED = os.environ.get("REQUIRE_BROWSER") == "1"
AXE = Path(os.environ.get("AXE", "axe.min.js"))


def missing() -> str | None:
    """Why there is no browser to drive; None where there is one."""
    programs = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    if programs:
        return f"{' and '.join(programs)} not installed; scripts/test_browser installs them"
    try:
        import selenium  # noqa: F401
    except ImportError:
        return "selenium not installed; scripts/test_browser installs it"
    return None


class Site:
    """A service that listens on a free loopback port, and what its API says."""

    def __init__(self, url: str, app) -> None:
        self.url = url
        self.app = app

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=30) as reply:
            return reply.read()

    def json(self, path: str):
        return json.loads(self.get(path))

    def ask(self, question: str, **fields):
        request = urllib.request.Request(
            f"{self.url}/v1/ask",
            data=json.dumps({"question": question, **fields}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)


@contextmanager
def serving(encoder, reader, **settings) -> Iterator[Site]:
    """The service in a thread of this process, from start to stop."""
    app = create_app(Settings.model_validate(settings), lambda _: encoder, lambda _: reader)
    config = uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive()
                time.sleep(0.02)
            yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", app)
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session", autouse=True)
def _browser_at_hand() -> None:
    """Before anything is built for it."""
    why = missing()
    if why is not None and REQUIRED:
        pytest.fail(why)
    if why is not None:
        pytest.skip(why)


@pytest.fixture(scope="session")
def seeds_site(encoder, seeds_index) -> Iterator[Site]:
    """The project's own seeds, read by the shipped reader with all the time it needs."""
    settings = {"index": seeds_index, "name": "seeds", "read_budget_ms": 60_000}
    with serving(encoder, open_reader(None), **settings) as site:
        yield site


@pytest.fixture(scope="session")
def word_site(tmp_path_factory) -> Callable[..., AbstractContextManager[Site]]:
    """Starts a site over the hostile files, with an encoder and a reader that know only words."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, text in FILES.items():
        (folder / "documents").mkdir(exist_ok=True)
        (folder / "documents" / name).write_text(text, encoding="utf-8", newline="")
    encoder = WordEncoder()
    build([folder / "documents"], folder / "index", encoder)

    def start(**settings):
        # Whatever holds one word of the question is answer enough.
        given = {"index": folder / "index", "read_budget_ms": 60_000, **settings}
        return serving(encoder, loaded(threshold=0.06), **given)

    return start


@pytest.fixture(scope="session")
def hostile_site(word_site) -> Iterator[Site]:
    with word_site() as site:
        yield site


@pytest.fixture(scope="session")
def places_site(tmp_path_factory) -> Iterator[Site]:
    """A PDF whose second page is called iv and reorders what stands beside it, and a table."""
    folder = tmp_path_factory.mktemp("places")
    (folder / "documents").mkdir()
    pages = [column("The heron stands in the reeds."), column("The bittern counted 512 eggs.")]
    labels = "0 << /S /D >> 1 << /S /r /St 4 /P <FEFF202E> >>"
    (folder / "documents" / "birds.pdf").write_bytes(pdf(pages, labels=labels))
    (folder / "documents" / "birds.csv").write_text("Bird,Weight\nkestrel,211 g\nowl,500 g\n")
    encoder = WordEncoder()
    build([folder / "documents"], folder / "index", encoder)
    given = {"index": folder / "index", "read_budget_ms": 60_000}
    with serving(encoder, loaded(threshold=0.06), **given) as site:
        yield site


@pytest.fixture(scope="session")
def one_chromium(tmp_path_factory) -> Iterator[Chromium]:
    with start_chromium(tmp_path_factory.mktemp("profile")) as chromium:
        yield chromium


@pytest.fixture
def chromium(one_chromium) -> Iterator[Chromium]:
    """A browser that remembers nothing; whatever a page complains of fails the test."""
    one_chromium.begin_anew()
    yield one_chromium
    assert one_chromium.complaints() == []


@pytest.fixture
def axe() -> str:
    """The source of axe-core."""
    if not AXE.exists():
        why = "axe-core not installed; scripts/test_browser installs it"
        pytest.fail(why) if REQUIRED else pytest.skip(why)
    return AXE.read_text(encoding="utf-8")
