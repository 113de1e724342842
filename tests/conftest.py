"""What several rooms' tests need: the packaged encoder, and a small index made with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

# Time is never asserted: a busy machine must not fail a property.
settings.register_profile("quoth", deadline=None)
settings.load_profile("quoth")

DOCUMENTS = {
    "drills.md": (
        "---\ntitle: Drills near the border\nauthor: Desk\nyear: 2022\n---\n"
        "# Drills near the border\n\n"
        "Warships sailed on Tuesday 😀 and the sea was calm.\n\n"
        "## Deployments\n\n"
        "The weather stayed cold all week. About 1,700 American soldiers were sent to Poland. "
        "Most of them belong to an airborne division.\n"
    ),
    "notes/kitchen.txt": (
        "Bread needs flour, water and salt. Knead the dough for ten minutes.\n\n"
        "Let it rest until it has doubled, then bake it in a hot oven.\n"
    ),
    "notes/garden.md": (
        "# Garden\n\n## Spring\n\nTomatoes are sown in March. Naïve gardeners water them at noon.\n"
    ),
}


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def encoder():
    """The packaged encoder, loaded once."""
    from index.encoders import load_encoder

    return load_encoder()


@pytest.fixture(scope="session")
def seed_folder(tmp_path_factory) -> Path:
    """The documents of ``seed_index`` as files."""
    root = tmp_path_factory.mktemp("documents")
    for uri, text in DOCUMENTS.items():
        path = root / uri
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def seed_index(seed_folder, encoder, tmp_path_factory) -> Path:
    """An index folder with three documents published; read it, do not write into it."""
    from index.build import build

    index_folder = tmp_path_factory.mktemp("index")
    build([seed_folder], index_folder, encoder)
    return index_folder


@pytest.fixture(scope="session")
def seeds_index(encoder, tmp_path_factory) -> Path:
    """The project's own seeds, indexed by the packaged encoder; read it only."""
    from index.build import build

    folder = tmp_path_factory.mktemp("seeds") / "index"
    build([Path(__file__).parent.parent / "seeds"], folder, encoder)
    return folder


@pytest.fixture
def listen(seed_index, encoder) -> Callable[..., AbstractContextManager[str]]:
    """Starts a service over the seed index, or as the settings given say, on a socket of its own in
    a thread; yields its address.
    """
    from service.app import create_app
    from service.serving import _config, _listen, _Server
    from service.settings import Settings

    @contextmanager
    def start(reader=None, **settings) -> Iterator[str]:
        given = Settings.model_validate({"index": seed_index, "poll_interval": 3600, **settings})
        app = create_app(given, lambda _named: encoder, lambda _named: reader)
        server = _Server(_config(app), app, "http://somewhere")
        listener = _listen("127.0.0.1", 0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)
            listener.close()
        assert not thread.is_alive()

    return start
