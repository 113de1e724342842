"""The reply about the index: what is indexed, with which encoder, reader and settings."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from service.schemas.answer import SNAPSHOT_EXAMPLE, SnapshotModel

_ENCODER_EXAMPLE = {
    "name": "sentence-transformers/all-MiniLM-L6-v2",
    "weights_sha256": "ef48a353b473d18ce459dca015db486295f5d544ea504186ac97586bfb7b6b10",
    "dimensions": 384,
    "max_tokens": 256,
    "query_prompt": "",
    "passage_prompt": "",
    "runtime": "openvino",
    "precision": "float32",
    "revision": 2,
}
_CALIBRATION_EXAMPLE = {
    "n": 4000,
    "ece": 0.021,
    "fitted_on": "questions kept aside from training",
    "corpus": False,
}
_INDEX_EXAMPLE = {
    "snapshot": SNAPSHOT_EXAMPLE,
    "manifest": {
        "documents": 1,
        "passages": 1,
        "sentences": 4,
        "longest_encoded_tokens": 25,
        "truncated": 0,
        "lexical": {"engine": "quoth", "k1": 0.6, "b": 0.4, "language": "english"},
        "dense": {"kind": "exact", "dimensions": 384},
        "bytes": 6079,
        "chunking": {"max_tokens": 220, "overlap_sentences": 0, "prefix_tokens": 34},
        "encoder": _ENCODER_EXAMPLE,
    },
    "encoder": _ENCODER_EXAMPLE,
    "settings": {
        "name": "notes",
        "top_k": 5,
        "max_waiting": 64,
        "wait_seconds": 2.0,
        "cache_mb": 32,
        "request_timeout": 30.0,
        "poll_interval": 2.0,
        "work_threads": 2,
        "read_threads": 2,
    },
    "limits": {"body_bytes": 65536, "question_characters": 2000, "top_k": 50},
    "reader": {
        "name": "quoth-reader",
        "weights_sha256": "51f2cc30a2b8ba1d1bd2c0ec0eb5dcbfe76c3ac18ba9ab0dc35e2bc2d0a1f00b",
        "base_sha256": "ef48a353b473d18ce459dca015db486295f5d544ea504186ac97586bfb7b6b10",
        "scales_sha256": "a49825e53493dc13f46a8c23abf90a08a9283b9c46ddc31bc7c9a5c20b23d60f",
        "runtime": "openvino",
        "precision": "int8+bfloat16",
        "depth": 10,
        "budget_ms": 150.0,
        "alone_ms": 3000.0,
        "threshold": 0.5,
        "calibration": _CALIBRATION_EXAMPLE,
    },
    "calibration": _CALIBRATION_EXAMPLE,
    "problem": None,
}


class CalibrationModel(BaseModel):
    """What an answer's confidence rests on."""

    model_config = ConfigDict(frozen=True, title="Calibration")

    n: int = Field(ge=0, description="Questions it was fitted on.")
    ece: float = Field(description="Expected calibration error: confidence against share right.")
    fitted_on: str
    corpus: bool = Field(description="Whether it is this corpus' own (`quoth evaluate`).")


class ReaderModel(BaseModel):
    """Who reads the passages, how many of them, and when an answer is given."""

    model_config = ConfigDict(frozen=True, title="Reader")

    name: str
    weights_sha256: str
    base_sha256: str = Field(description="Of the model that the weights were trained upon.")
    scales_sha256: str | None = Field(
        description="Of the scales by which its inputs are quantised where they are `int8`."
    )
    runtime: str = Field(description="What computes it: `openvino` or `torch`.")
    precision: str = Field(
        description="`float32` or `bfloat16`; `int8+` before it where products are of int8."
    )
    depth: int = Field(ge=1, description="Passages read for one question, at most.")
    budget_ms: float = Field(
        ge=0, description="Milliseconds after which no others are read; it is five at a time."
    )
    alone_ms: float | None = Field(
        description="The same while no other request is in work; null: no longer than else."
    )
    threshold: float = Field(
        ge=0, le=1, description="The confidence from which on an answer among all is given."
    )
    calibration: CalibrationModel


class IndexResponse(BaseModel):
    """What answers come from, and what is wrong with it, if anything is."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_INDEX_EXAMPLE]})

    snapshot: SnapshotModel | None = Field(description="Null until one is published.")
    manifest: dict[str, Any] | None = Field(description="The snapshot's own account of itself.")
    encoder: dict[str, Any] = Field(description="The model questions are encoded by.")
    settings: dict[str, Any] = Field(
        description="The service's settings that shape a reply, or when it comes."
    )
    limits: dict[str, int] = Field(description="What a request may hold.")
    reader: ReaderModel | None = Field(description="Null where no reader is loaded.")
    calibration: CalibrationModel | None = Field(description="The reader's; null without one.")
    problem: str | None = Field(
        description="Why the newest published snapshot does not serve; null where it does."
    )
