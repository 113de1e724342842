"""Alive, ready, measured, described."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from index.build import build
from index.runtimes import usable_processors
from service.problems import KINDS
from service.reply_cache import MEGABYTE, OVERHEAD

pytestmark = pytest.mark.anyio


async def measured(client) -> dict[tuple, float]:
    text = (await client.get("/metrics")).text
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_without_an_index_the_service_lives_but_is_not_ready(serve, tmp_path):
    """Every route that needs a snapshot says how to publish one."""
    async with serve(index=tmp_path / "none") as client:
        assert (await client.get("/livez")).json() == {"status": "ok", "snapshot": None}
        for reply in (
            await client.get("/readyz"),
            await client.get("/v1/documents"),
            await client.post("/v1/ask", json={"question": "q"}),
        ):
            assert (reply.status_code, reply.json()["type"]) == (503, "/problems/no-index")
            assert "quoth build" in reply.json()["detail"]
            assert reply.headers["Retry-After"] == "5"
        told = (await client.get("/v1/index")).json()
        assert (told["snapshot"], told["manifest"], told["problem"]) == (None, None, None)


async def test_a_published_index_is_picked_up(serve, tmp_path, seed_folder, encoder):
    """No restart is needed."""
    async with serve(index=tmp_path / "index") as client:
        assert (await client.get("/readyz")).status_code == 503
        report = build([seed_folder], tmp_path / "index", encoder)
        await client.app.state.service.snapshots.refresh()
        reply = await client.get("/readyz")
        assert (reply.status_code, reply.json()["snapshot"]) == (200, report.version)


async def test_a_corrupt_index_is_told_apart(serve, tmp_path, seed_folder, encoder):
    """Not ready, and the remedy is another; the reason is told to those who may see the index."""
    version = build([seed_folder], tmp_path / "index", encoder).version
    vectors = tmp_path / "index" / "snapshots" / version / "vectors.npy"
    data = bytearray(vectors.read_bytes())
    data[-1] ^= 1
    vectors.chmod(0o600)
    vectors.write_bytes(data)
    async with serve(index=tmp_path / "index") as client:
        reply = await client.get("/readyz")
        assert (reply.status_code, reply.json()["type"]) == (503, "/problems/index-unusable")
        assert str(tmp_path) not in reply.text
        assert "vectors.npy has sha256" in (await client.get("/v1/index")).json()["problem"]


async def test_the_index_is_described(client, encoder):
    """The manifest's own counts, the encoder's identity, the limits a request is held to."""
    told = (await client.get("/v1/index")).json()
    assert told["snapshot"]["documents"] == told["manifest"]["documents"] == 3
    assert told["manifest"]["truncated"] == 0
    assert told["encoder"]["weights_sha256"] == encoder.identity.weights_sha256
    assert told["limits"]["body_bytes"] == 65536
    assert told["limits"]["question_characters"] == 2000
    assert (told["calibration"], told["problem"]) == (None, None)
    assert told["settings"]["top_k"] == 5
    assert (told["settings"]["cache_mb"], told["settings"]["wait_seconds"]) == (32, 2.0)


async def test_threads_are_told_as_they_are(serve):
    """One a processor where the settings leave it open, else as many as they say."""
    async with serve(read_threads=3) as client:
        told = (await client.get("/v1/index")).json()["settings"]
    assert told["work_threads"] == usable_processors()
    assert told["read_threads"] == 3


async def test_requests_and_questions_are_counted(client):
    """By route template, never by path; a registry is one app's own."""
    before = await measured(client)
    for path in ("/v1/documents/a", "/v1/documents/b", "/no/such/route"):
        await client.get(path)
    await client.post("/v1/ask", json={"question": "q"})
    after = await measured(client)

    def grew(name, **labels):
        key = (name, *sorted(labels.items()))
        return after.get(key, 0) - before.get(key, 0)

    counted = "quoth_requests_total"
    route = "/v1/documents/{doc_id}"
    assert grew(counted, method="GET", route=route, status="404") == 2
    assert grew(counted, method="GET", route="unmatched", status="404") == 1
    assert grew(counted, method="POST", route="/v1/ask", status="200") == 1
    assert grew("quoth_problems_total", kind="not-found") == 3
    assert grew("quoth_questions_total", status="retrieved") == 1
    assert grew("quoth_stage_seconds_count", stage="search") == 1
    assert grew("quoth_encoder_batch_questions_count") == 1
    assert grew("quoth_stage_seconds_count", stage="wait") == 1
    assert after[("quoth_documents",)] == 3
    assert after[("quoth_in_work",)] == 0
    assert after[("quoth_snapshot_changes_total", ("outcome", "switched"))] == 1
    assert any(name.startswith("process_") for name, *_ in after)


async def test_kept_replies_are_counted_and_take_no_time(client):
    """How each reply came about; stages are those of what was computed; what is kept is weighed."""
    for question in ("q", "q", "why?", "q"):
        await client.post("/v1/ask", json={"question": question})
    told = await measured(client)
    assert told[("quoth_replies_total", ("how", "computed"))] == 2
    assert told[("quoth_replies_total", ("how", "kept"))] == 2
    assert told[("quoth_questions_total", ("status", "retrieved"))] == 4
    assert told[("quoth_stage_seconds_count", ("stage", "search"))] == 2
    assert told[("quoth_kept_replies",)] == 2
    assert 2 * OVERHEAD < told[("quoth_kept_bytes",)] < 32 * MEGABYTE


@pytest.mark.parametrize("kind", KINDS)
async def test_every_problem_type_leads_to_its_meaning(client, kind):
    """A type is a path of this service."""
    reply = await client.get(KINDS[kind].type)
    assert reply.status_code == 200
    assert KINDS[kind].meaning in reply.text


async def test_an_unknown_problem_type_is_not_found(client):
    """There is no explanation of what never happens."""
    assert (await client.get("/problems/none")).status_code == 404


async def test_made_up_methods_are_counted_as_one(client):
    """A sender cannot make the metrics grow."""
    for method in ("BREW", "WHEN"):
        assert (await client.request(method, "/livez")).status_code == 405
    key = ("quoth_requests_total", ("method", "other"), ("route", "/livez"), ("status", "405"))
    assert (await measured(client))[key] == 2
    assert "BREW" not in (await client.get("/metrics")).text


@pytest.mark.parametrize("path", ["/", "/livez", "/readyz", "/v1/documents", "/v1/index"])
async def test_head_is_get_without_the_body(client, path):
    """Status and headers are the same, but for the id."""
    got, head = await client.get(path), await client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "Content-Length"):
        assert head.headers[name] == got.headers[name]
