"""What answers come from."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request

from service.answerer import OpenSnapshot
from service.openapi import DOCUMENTED, problems
from service.routes.dependencies import RunningService
from service.running import Service
from service.schemas import requests as limits
from service.schemas.index_contents import CalibrationModel, IndexResponse, ReaderModel

# Of the manifest, what a reader of an answer may want; the checksums are the index's own affair.
_MANIFEST = (
    "documents",
    "passages",
    "sentences",
    "longest_encoded_tokens",
    "truncated",
    "lexical",
    "dense",
    "bytes",
)
_SETTINGS = (
    "name",
    "top_k",
    "max_waiting",
    "wait_seconds",
    "cache_mb",
    "request_timeout",
    "poll_interval",
)

router = APIRouter(tags=["index"])


@router.get(
    "/v1/index",
    operation_id="get_index",
    summary="Describe the index",
    responses=problems(*DOCUMENTED),
)
async def get_index(request: Request, service: RunningService) -> IndexResponse:
    """Returns the serving snapshot, what it was made with, and what is wrong with a newer one."""
    opened = service.snapshots.serving
    manifest, reader = None, _reader(service, opened)
    if opened is not None:
        request.state.snapshot = opened.snapshot.version
        own = opened.snapshot.manifest
        manifest = {name: getattr(own, name) for name in _MANIFEST}
        manifest["chunking"] = asdict(own.chunking)
        manifest["encoder"] = asdict(own.encoder)
    return IndexResponse(
        snapshot=opened.describe() if opened else None,
        manifest=manifest,
        encoder=asdict(service.encoder.identity),
        settings={
            **{name: getattr(service.settings, name) for name in _SETTINGS},
            "work_threads": service.work_line.threads,
            "read_threads": service.read_line.threads,
        },
        limits={
            "body_bytes": limits.BODY_BYTES,
            "verify_body_bytes": limits.VERIFY_BODY_BYTES,
            "question_characters": limits.QUESTION_CHARACTERS,
            "top_k": limits.TOP_K,
            "batch_questions": limits.BATCH_QUESTIONS,
            "citations": limits.CITATIONS,
            "documents_per_page": limits.DOCUMENTS_PER_PAGE,
        },
        reader=reader,
        calibration=reader and reader.calibration,
        problem=service.snapshots.problem,
    )


def _reader(service: Service, opened: OpenSnapshot | None) -> ReaderModel | None:
    """Who reads for the serving snapshot, or would for the first one."""
    if service.reader is None:
        return None
    own = service.reader.calibration
    calibration = opened.reader.calibration if opened and opened.reader else own
    asked = service.reading.threshold
    passages = opened.snapshot.manifest.passages if opened else 0
    return ReaderModel(
        **service.reader.reader.identity.to_json(),
        depth=service.reading.depth,
        budget_ms=service.reading.budget_ms,
        alone_ms=service.reading.alone_ms,
        threshold=calibration.threshold(passages) if asked is None else asked,
        calibration=CalibrationModel(
            n=calibration.n,
            ece=calibration.ece,
            fitted_on=calibration.fitted_on,
            corpus=calibration is not own,
        ),
    )
