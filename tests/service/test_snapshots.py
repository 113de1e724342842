"""Which snapshot serves: noticed, switched, and never lost to a broken one."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from types import SimpleNamespace

import pytest

from index.errors import CorruptSnapshot
from service.errors import IndexUnusable, NoIndex
from service.snapshots import RETRY_SECONDS, SnapshotHolder

pytestmark = pytest.mark.anyio

OLD, NEW, THIRD = "a" * 16, "b" * 16, "c" * 16


class Published:
    """An index folder whose pointer can be moved, and what opening it gives."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.broken: dict[str, Exception] = {}
        self.opened: list[str] = []
        self.builds = 0
        self.seconds = 0.0
        self.outcomes: list[str] = []
        self.holder = SnapshotHolder(
            folder, self.open, self.outcomes.append, clock=lambda: self.seconds
        )

    def publish(self, version: str) -> None:
        home = self.folder / "snapshots" / version
        fresh = self.folder / f"fresh-{self.builds}"
        fresh.mkdir(parents=True)
        self.builds += 1
        if home.exists():
            home.rename(self.folder / f"aside-{self.builds}")
        home.parent.mkdir(exist_ok=True)
        fresh.rename(home)
        self.point_to(version)

    def point_to(self, version: str) -> None:
        pointer = {"version": version, "created_at": "2022-02-07T12:00:00Z", "parent": None}
        (self.folder / "current.json").write_text(json.dumps(pointer))

    def open(self, folder):
        version = json.loads((folder / "current.json").read_text())["version"]
        self.opened.append(version)
        if version in self.broken:
            raise self.broken[version]
        return SimpleNamespace(snapshot=SimpleNamespace(version=version))

    @property
    def serving(self) -> str:
        return self.holder.current().snapshot.version


@pytest.fixture
def published(tmp_path) -> Published:
    return Published(tmp_path)


async def test_without_a_snapshot_there_is_no_index_until_one_is_published(published):
    """The refusal names the remedy; the first snapshot ends it."""
    await published.holder.refresh()
    with pytest.raises(NoIndex, match="quoth build"):
        published.holder.current()
    published.publish(OLD)
    await published.holder.refresh()
    assert published.serving == OLD
    assert published.outcomes == ["switched"]


async def test_a_calibration_written_beside_the_snapshot_opens_it_again(published):
    """Once for each time it is written, and once when it is gone."""
    published.publish(OLD)
    await published.holder.refresh()
    calibration = published.folder / "calibration.json"
    for text in ("{}", "{ }", None):
        if text is None:
            calibration.unlink()
        else:
            calibration.write_text(text, encoding="utf-8")
            os.utime(calibration, ns=(0, len(text)))
        await published.holder.refresh()
        await published.holder.refresh()
    assert published.opened == [OLD] * 4


async def test_a_new_snapshot_is_switched_to_and_opened_once(published):
    """Looking again at what serves opens nothing."""
    published.publish(OLD)
    await published.holder.refresh()
    await published.holder.refresh()
    published.publish(NEW)
    await published.holder.refresh()
    await published.holder.refresh()
    assert published.serving == NEW
    assert published.opened == [OLD, NEW]


@pytest.mark.parametrize(
    "error", [CorruptSnapshot("texts.utf8 has 3 bytes"), OSError("gone"), ValueError("odd")]
)
async def test_a_broken_snapshot_leaves_the_old_one_serving(published, error, caplog):
    """However it breaks: it is told, counted once and logged once, and the next good one serves."""
    published.publish(OLD)
    await published.holder.refresh()
    published.broken[NEW] = error
    published.publish(NEW)
    with caplog.at_level(logging.ERROR, "quoth.snapshots"):
        for _ in range(3):
            await published.holder.refresh()
    assert published.serving == OLD
    assert published.holder.problem == str(error)
    assert published.outcomes == ["switched", "failed"]
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    published.publish(THIRD)
    await published.holder.refresh()
    assert published.serving == THIRD
    assert published.holder.problem is None


async def test_a_broken_snapshot_is_tried_again_after_a_while(published):
    """Not at every look, as opening costs; but its cause may pass."""
    published.broken[OLD] = OSError("too many open files")
    published.publish(OLD)
    await published.holder.refresh()
    published.seconds = RETRY_SECONDS - 1
    await published.holder.refresh()
    assert published.opened == [OLD]
    published.broken.clear()
    published.seconds = RETRY_SECONDS
    await published.holder.refresh()
    assert published.serving == OLD


async def test_a_first_snapshot_that_is_broken_is_told_apart_from_none(published):
    """The remedy differs: verify and rebuild, not build."""
    published.broken[OLD] = CorruptSnapshot("bad byte")
    published.publish(OLD)
    await published.holder.refresh()
    with pytest.raises(IndexUnusable, match="quoth verify") as raised:
        published.holder.current()
    assert "bad byte" not in str(raised.value)


async def test_going_back_to_what_serves_clears_the_problem(published):
    """Whoever rolls the pointer back has mended it."""
    published.publish(OLD)
    await published.holder.refresh()
    published.broken[NEW] = CorruptSnapshot("bad byte")
    published.publish(NEW)
    await published.holder.refresh()
    published.point_to(OLD)
    await published.holder.refresh()
    assert published.holder.problem is None
    assert published.opened == [OLD, NEW]


async def test_the_same_version_built_again_is_opened_again(published):
    """What replaced a damaged snapshot has its version, and is another folder."""
    published.publish(OLD)
    await published.holder.refresh()
    published.publish(OLD)
    await published.holder.refresh()
    await published.holder.refresh()
    assert published.opened == [OLD, OLD]


async def test_a_broken_snapshot_built_again_is_tried_at_once(published):
    """Nobody waits a minute for what is mended already."""
    published.broken[OLD] = CorruptSnapshot("bad byte")
    published.publish(OLD)
    await published.holder.refresh()
    published.broken.clear()
    published.publish(OLD)
    await published.holder.refresh()
    assert published.serving == OLD


async def test_what_serves_and_is_damaged_is_opened_again_at_the_next_look(published, caplog):
    """It goes on serving what of it is whole, its trouble is told, and logged once."""
    published.publish(OLD)
    await published.holder.refresh()
    with caplog.at_level(logging.ERROR, "quoth.snapshots"):
        for _ in range(3):
            published.holder.distrust(CorruptSnapshot("bad byte"))
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    assert published.holder.problem == "bad byte"
    assert published.serving == OLD
    published.broken[OLD] = CorruptSnapshot("texts.utf8 has another sha256")
    await published.holder.refresh()
    assert published.opened == [OLD, OLD]
    assert published.serving == OLD
    assert published.holder.problem == "texts.utf8 has another sha256"
    published.broken.clear()
    published.publish(OLD)
    await published.holder.refresh()
    assert published.holder.problem is None


async def test_a_pointer_that_is_lost_or_torn_stops_nothing(published):
    """What is open stays open, and the trouble is told."""
    published.publish(OLD)
    await published.holder.refresh()
    (published.folder / "current.json").write_text("{")
    await published.holder.refresh()
    assert published.serving == OLD
    assert "is no pointer" in published.holder.problem
    (published.folder / "current.json").unlink()
    await published.holder.refresh()
    assert published.serving == OLD
    assert published.holder.problem is not None


async def test_the_watch_notices_and_ends_when_cancelled(published):
    """A published snapshot serves soon after, without anyone asking."""
    watch = asyncio.create_task(published.holder.watch(0.01))
    published.publish(OLD)
    async with asyncio.timeout(5):
        while published.holder.serving is None:
            await asyncio.sleep(0.01)
    watch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watch
