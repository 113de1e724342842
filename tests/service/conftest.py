"""A running service to talk to, without a socket."""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from service.app import create_app
from service.batching import Batches
from service.settings import Settings
from service.workers import Workers

# pytest imports test files one by one; what they share is found by its place.
sys.path.insert(0, str(Path(__file__).parent))
from counted_batches import CountingEncoder


class HeldEncoder:
    """The real encoder, whose calls can be held, counted and made to fail."""

    def __init__(self, encoder) -> None:
        self._encoder = encoder
        self.identity = encoder.identity
        self.calls: list[list[str]] = []
        self.go = threading.Event()
        self.go.set()
        self.began = threading.Event()
        self.error: Exception | None = None

    def encode_queries(self, questions):
        self.calls.append(list(questions))
        self.began.set()
        assert self.go.wait(10)
        if self.error is not None:
            raise self.error
        return self._encoder.encode_queries(questions)

    def hold(self) -> None:
        """From now on calls wait for ``go``."""
        self.began.clear()
        self.go.clear()


@asynccontextmanager
async def running(settings: Settings, encoder, reader=None) -> AsyncIterator[httpx.AsyncClient]:
    """The service over ``settings.index``, from start to stop; ``client.app`` is the app."""
    app = create_app(settings, lambda _name: encoder, lambda _named: reader)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=20) as client,
    ):
        client.app = app
        yield client


@pytest.fixture
def held_encoder(encoder) -> HeldEncoder:
    return HeldEncoder(encoder)


@pytest.fixture
def serve(seed_index, held_encoder):
    """Starts a service over the seed index, or as the settings given say; without a reader,
    unless one is given.
    """

    def start(reader=None, **settings):
        settings = Settings.model_validate({"index": seed_index, **settings})
        return running(settings, held_encoder, reader)

    return start


@pytest.fixture
async def client(serve) -> AsyncIterator[httpx.AsyncClient]:
    """A service over the seed index with default settings."""
    async with serve() as client:
        yield client


@pytest.fixture
def counting() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def batches_on(counting):
    """Batches on so many threads; the question's answer is its ``Encoded`` and its thread."""
    begun = []

    def make(threads: int, encode=counting, **options) -> Batches:
        begun.append(Workers("work", threads))

        def answer(encoded):
            encoded.asking.answer.set_result((encoded, threading.current_thread().name))

        return Batches(begun[-1], encode, answer, **options)

    yield make
    counting.go.set()
    for workers in begun:
        workers.shutdown()
