"""The service as a whole: switching snapshots under load, and stopping without loss."""

from __future__ import annotations

import asyncio
import threading

import pytest

from index.build import build
from service.app import create_app
from service.errors import TimedOut
from service.evaluation.verification import faults
from service.settings import Settings

pytestmark = pytest.mark.anyio

QUESTION = "how many soldiers were sent?"


def write(folder, version: int) -> None:
    """Three documents whose every sentence names the version, at offsets of its own."""
    folder.mkdir(exist_ok=True)
    for name in ("army", "navy", "staff"):
        lead = "Before. " * version
        text = f"# Report\n\n{lead}In version {version} the {name} sent {version}00 soldiers.\n"
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


async def test_a_switch_under_load_mixes_nothing(serve, tmp_path, encoder):
    """Each reply is whole of one snapshot: its version, texts and citations agree, none fails."""
    folder, index_folder = tmp_path / "documents", tmp_path / "index"
    texts: dict[str, dict[str, str]] = {}

    def publish(version: int) -> str:
        write(folder, version)
        built = build([folder], index_folder, encoder).version
        texts[built] = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
        return built

    versions = [publish(1)]
    async with serve(index=index_folder, poll_interval=0.05) as client:
        done = asyncio.Event()
        replies = []

        async def ask_on() -> None:
            while not done.is_set():
                replies.append(await client.post("/v1/ask", json={"question": QUESTION}))
                # A kept reply comes without a pause, and nobody else would have his turn.
                await asyncio.sleep(0.005)

        askers = [asyncio.create_task(ask_on()) for _ in range(4)]
        for version in (2, 3):
            versions.append(await asyncio.to_thread(publish, version))
            async with asyncio.timeout(10):
                while replies[-1].json()["snapshot"]["version"] != versions[-1]:
                    await asyncio.sleep(0.02)
        done.set()
        await asyncio.gather(*askers)
        last = (await client.post("/v1/ask", json={"question": QUESTION})).json()
    assert {reply.status_code for reply in replies} == {200}
    told = [reply.json() for reply in replies]
    assert {reply["snapshot"]["version"] for reply in told} == set(versions)
    assert last["snapshot"]["version"] == versions[-1]
    for reply in told:
        written = texts[reply["snapshot"]["version"]]
        assert len(reply["passages"]) == 3
        for passage in reply["passages"]:
            citation = passage["citation"]
            assert faults(citation, written[citation["document"]["uri"]]) == []


async def test_a_request_keeps_the_snapshot_it_began_with(serve, tmp_path, encoder, held_encoder):
    """Published and switched while the question is encoded: the reply is of the old one."""
    folder, index_folder = tmp_path / "documents", tmp_path / "index"
    write(folder, 1)
    old = build([folder], index_folder, encoder).version
    async with serve(index=index_folder) as client:
        held_encoder.hold()
        asked = asyncio.create_task(client.post("/v1/ask", json={"question": QUESTION}))
        await asyncio.to_thread(held_encoder.began.wait, 5)
        write(folder, 2)
        new = (await asyncio.to_thread(build, [folder], index_folder, encoder)).version
        await client.app.state.service.snapshots.refresh()
        assert (await client.get("/readyz")).json()["snapshot"] == new
        held_encoder.go.set()
        told = (await asked).json()
    assert told["snapshot"]["version"] == old
    assert all("version 1" in passage["text"] for passage in told["passages"])


async def test_a_corrupt_new_snapshot_does_not_stop_the_old(serve, tmp_path, encoder):
    """Ready and answering, with the trouble told in /v1/index and in the metrics."""
    folder, index_folder = tmp_path / "documents", tmp_path / "index"
    write(folder, 1)
    old = build([folder], index_folder, encoder).version
    async with serve(index=index_folder, poll_interval=3600) as client:
        write(folder, 2)
        new = build([folder], index_folder, encoder).version
        texts = index_folder / "snapshots" / new / "texts.utf8"
        texts.chmod(0o600)
        texts.write_bytes(texts.read_bytes()[:-1])
        await client.app.state.service.snapshots.refresh()
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["snapshot"]) == (200, old)
        asked = await client.post("/v1/ask", json={"question": QUESTION})
        assert asked.json()["snapshot"]["version"] == old
        assert "texts.utf8" in (await client.get("/v1/index")).json()["problem"]
        measured = (await client.get("/metrics")).text
        assert 'quoth_snapshot_changes_total{outcome="failed"} 1.0' in measured


async def test_a_text_damaged_under_the_running_service_is_never_cited(serve, tmp_path, encoder):
    """503 without a path while it is damaged; the same version built again answers."""
    folder, index_folder = tmp_path / "documents", tmp_path / "index"
    write(folder, 1)
    version = build([folder], index_folder, encoder).version
    async with serve(index=index_folder, poll_interval=3600) as client:
        texts = index_folder / "snapshots" / version / "texts.utf8"
        texts.chmod(0o600)
        with texts.open("r+b") as file:
            file.write(b"X" * texts.stat().st_size)
        document = (await client.get("/v1/documents")).json()["documents"][0]
        for reply in (
            await client.post("/v1/ask", json={"question": QUESTION}),
            await client.get(document["links"]["text"]),
        ):
            assert (reply.status_code, reply.json()["type"]) == (503, "/problems/index-unusable")
            assert "quoth verify" in reply.json()["detail"]
            assert str(tmp_path) not in reply.text
            assert document["uri"] not in reply.text
        assert "has changed" in (await client.get("/v1/index")).json()["problem"]
        assert build([folder], index_folder, encoder).version == version
        await client.app.state.service.snapshots.refresh()
        asked = await client.post("/v1/ask", json={"question": QUESTION})
        assert (asked.status_code, asked.json()["snapshot"]["version"]) == (200, version)
        assert (await client.get("/v1/index")).json()["problem"] is None


async def test_a_stop_waits_for_work_on_a_thread(serve):
    """Not only for the encoder: what is being searched is replied."""
    began, go = threading.Event(), threading.Event()

    def work() -> str:
        began.set()
        assert go.wait(10)
        return "done"

    async with serve() as client:
        service = client.app.state.service
        inside = asyncio.create_task(service.work(work))
        await asyncio.to_thread(began.wait, 5)
        stopping = asyncio.create_task(service.stop())
        await asyncio.sleep(0.1)
        assert not stopping.done()
        go.set()
        assert await inside == "done"
        await stopping


async def test_a_stop_lets_work_finish_that_waits_for_a_thread(serve):
    """A request that was let in has its reply, though no thread had begun it."""
    go = threading.Event()
    async with serve(work_threads=1) as client:
        service = client.app.state.service
        inside = [asyncio.create_task(service.work(go.wait, 10)) for _ in range(3)]
        await asyncio.sleep(0)
        stopping = asyncio.create_task(service.stop())
        await asyncio.sleep(0.1)
        go.set()
        assert await asyncio.gather(*inside) == [True] * 3
        await stopping


async def test_a_timed_out_request_keeps_its_permit_until_its_thread_ends(serve):
    """Else the threads would be lent out again and again while all of them are busy."""
    go = threading.Event()
    async with serve(request_timeout=0.1, work_threads=1) as client:
        service = client.app.state.service
        refused = await asyncio.gather(
            *(service.work(go.wait, 10) for _ in range(2)), return_exceptions=True
        )
        assert [type(error) for error in refused] == [TimedOut, TimedOut]
        # One was on the thread; the other never began, and its place is free.
        assert service.admission.in_use == 1
        go.set()
        assert await service.admission.emptied(5)


async def test_a_stop_finishes_what_has_begun_and_takes_nothing_new(serve, held_encoder):
    """The question inside is answered; readiness and new questions are 503 meanwhile."""
    async with serve() as client:
        held_encoder.hold()
        inside = asyncio.create_task(client.post("/v1/ask", json={"question": QUESTION}))
        await asyncio.to_thread(held_encoder.began.wait, 5)
        service = client.app.state.service
        service.begin_stop()
        stopping = asyncio.create_task(service.stop())
        for refused in (
            await client.get("/readyz"),
            await client.get("/v1/documents"),
            await client.post("/v1/ask", json={"question": QUESTION}),
        ):
            assert refused.status_code == 503
            assert refused.json()["type"] == "/problems/shutting-down"
            assert refused.headers["Retry-After"] == "5"
        assert (await client.get("/livez")).status_code == 200
        assert not stopping.done()
        held_encoder.go.set()
        assert (await inside).status_code == 200
        await stopping


async def test_a_stop_ends_the_background_work(serve):
    """No task outlives the service."""
    before = asyncio.all_tasks()
    async with serve(poll_interval=0.05) as client:
        await client.post("/v1/ask", json={"question": QUESTION})
        assert asyncio.all_tasks() > before
    assert asyncio.all_tasks() == before


async def test_an_encoder_that_cannot_be_loaded_stops_the_start(tmp_path):
    """The reason reaches whoever starts the server."""

    def broken(settings):
        raise RuntimeError(f"no encoder {settings.encoder}")

    app = create_app(Settings(index=tmp_path, encoder="mine"), broken)
    with pytest.raises(RuntimeError, match="no encoder mine"):
        async with app.router.lifespan_context(app):
            pass


async def test_nothing_is_loaded_until_the_service_starts(tmp_path):
    """An app can be made to read its OpenAPI document without a model or an index."""
    fail = [lambda _named: pytest.fail("loaded")] * 2
    app = create_app(Settings(index=tmp_path / "none"), *fail)
    assert app.openapi()["info"]["title"] == "Quoth"


async def test_two_apps_do_not_share_their_counts(serve):
    """A registry belongs to one app; making a second neither fails nor adds up."""
    async with serve() as one, serve() as other:
        await one.get("/v1/documents")
        assert 'route="/v1/documents"' in (await one.get("/metrics")).text
        assert 'route="/v1/documents"' not in (await other.get("/metrics")).text
