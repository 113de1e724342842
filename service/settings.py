"""Every setting of Quoth: one frozen object, read once, from the environment or the default."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from index.errors import InvalidSetting
from index.runtimes import PrecisionName, RuntimeName, RuntimeSettings
from service.api_keys import API_KEY_CHARACTERS, read_keys
from service.loopback import is_loopback
from service.reading.loading import ALONE_MS, ReadingSettings
from service.schemas.requests import BATCH_QUESTIONS, TOP_K

PREFIX = "QUOTH_"
_SECRET = frozenset({"api_keys"})


class Settings(BaseModel):
    """The settings; each is also the environment variable ``QUOTH_`` and its name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    encoder: str | None = Field(
        default=None,
        min_length=1,
        description="A sentence-transformers model, as a folder or a hub id; "
        "where unset, the packaged MiniLM.",
    )
    name: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        description="What the page calls the documents; where unset, it only says how many.",
    )
    runtime: RuntimeName = Field(
        default="auto",
        description="What computes the models: `openvino`, `torch` (the reference), or `auto`: "
        "torch for a model named in encoder or where it finds an NVIDIA card, else OpenVINO.",
    )
    precision: PrecisionName = Field(
        default="auto",
        description="`float32`, `bfloat16`, or `auto`: bfloat16 where the processor multiplies it, "
        "and int8 for reading where it does that.",
    )
    index: Path = Field(default=Path(".quoth"), description="The folder the index is published in.")
    data: Path | None = Field(
        default=None, description="Where the evaluation sets lie; used by scripts only."
    )
    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="The address to listen on; any but loopback needs api_keys.",
    )
    port: int = Field(
        default=8080, ge=0, le=65535, description="The port to listen on; 0 takes a free one."
    )
    api_keys: Annotated[tuple[SecretStr, ...], BeforeValidator(read_keys)] = Field(
        default=(),
        description=f"Keys a request may carry, separated by commas, "
        f"each of {API_KEY_CHARACTERS} characters or more; where unset, none is asked for.",
    )
    reader: Path | Literal["none"] | None = Field(
        default=None,
        description="The folder of a reader's weights; where unset, those shipped; `none`: "
        "passages are found but not read.",
    )
    read_budget_ms: float = Field(
        default=150.0,
        ge=0,
        le=60_000,
        description="Milliseconds after which no more passages are read, five at a time; "
        f"where unset, {ALONE_MS:g} while no other request is in work.",
    )
    read_depth: int = Field(
        default=10, ge=1, le=TOP_K, description="Passages read for one question, at most."
    )
    abstain_below: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="The confidence below which no answer is given; "
        "where unset, the calibration's.",
    )
    top_k: int = Field(
        default=5, ge=1, le=TOP_K, description="Passages returned where a request does not say."
    )
    max_waiting: int = Field(
        default=64,
        ge=BATCH_QUESTIONS,
        le=4096,
        description="Requests (each question of a batch counts) in work at once; more get 503.",
    )
    wait_seconds: float = Field(
        default=2.0,
        ge=0,
        le=600,
        description="Seconds a question may have to wait for its turn; what would wait longer "
        "gets 503 at once.",
    )
    work_threads: int | None = Field(
        default=None,
        ge=1,
        le=64,
        description="Threads that encode, search and cite; where unset, one a processor.",
    )
    search_process: bool = Field(
        default=True,
        description="Whether a second process searches while questions queue, "
        "where there are two processors or more (about 110 MB).",
    )
    read_threads: int | None = Field(
        default=None,
        ge=1,
        le=64,
        description="Threads for questions whose passages are read; where unset, one a processor.",
    )
    cache_mb: int = Field(
        default=32,
        ge=0,
        le=65_536,
        description="MiB of replies kept for who asks the same again; 0 keeps none.",
    )
    request_timeout: float = Field(
        default=30.0, ge=0.1, le=600, description="Seconds an answer may take before 503."
    )
    poll_interval: float = Field(
        default=2.0, ge=0.05, le=3600, description="Seconds between looks for a new snapshot."
    )
    keep_snapshots: int = Field(
        default=3, ge=1, le=1000, description="Snapshots kept when a new one is published."
    )
    parse_seconds: float = Field(
        default=60.0, ge=0.1, le=3600, description="Seconds that parsing one file may take."
    )
    parse_memory_mb: int = Field(
        default=2048,
        ge=256,
        le=1_048_576,
        description="MiB of address space of the process that parses files.",
    )
    build_memory_mb: int = Field(
        default=512,
        ge=64,
        le=1_048_576,
        description="About how many MiB a build holds of documents, vectors and postings at once, "
        "beside its encoder; more is faster only for the postings of very many passages.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severe log lines to write."
    )
    log_questions: bool = Field(
        default=False, description="Whether log lines hold the questions themselves."
    )

    @model_validator(mode="after")
    def _nothing_opens_by_default(self, info: ValidationInfo) -> Self:
        if not self.api_keys and not is_loopback(self.host):
            source = _source("host", info.context or ())
            raise ValueError(
                f"{source} is {self.host!r}, which others can reach: set {PREFIX}API_KEYS "
                f"(each of {API_KEY_CHARACTERS} characters or more), or listen on 127.0.0.1"
            )
        return self


def load_settings(
    environ: Mapping[str, str], overrides: Mapping[str, Any] | None = None
) -> Settings:
    """Settings from ``QUOTH_*`` of an environment; ``overrides`` (the command line) win.

    An empty variable counts as unset. Raises InvalidSetting for an unknown or bad setting.
    """
    given: dict[str, Any] = {}
    for variable in sorted(name for name in environ if name.startswith(PREFIX)):
        name = variable.removeprefix(PREFIX).lower()
        if variable != variable_of(name) or name not in Settings.model_fields:
            raise InvalidSetting(_unknown(variable))
        if environ[variable].strip():
            given[name] = environ[variable].strip()
    options = {name: value for name, value in (overrides or {}).items() if value is not None}
    given |= options
    try:
        return Settings.model_validate(given, context=frozenset(options))
    except ValidationError as invalid:
        faults = invalid.errors(include_url=False)
        raise InvalidSetting("; ".join(_reason(f, given, options) for f in faults)) from None


def reading_settings(given: Settings) -> ReadingSettings:
    """Those of the settings that shape the reading of passages."""
    alone = None if "read_budget_ms" in given.model_fields_set else ALONE_MS
    return ReadingSettings(given.read_depth, given.read_budget_ms, given.abstain_below, alone)


def runtime_settings(settings: Settings) -> RuntimeSettings:
    """Those of the settings that say what computes the models."""
    return RuntimeSettings(settings.runtime, settings.precision)


def variable_of(name: str) -> str:
    """The environment variable of a setting: ``top_k`` → ``QUOTH_TOP_K``."""
    return PREFIX + name.upper()


def _source(name: str, options: Collection[str]) -> str:
    """What to change: the command line's option where the value came from it."""
    return f"--{name.replace('_', '-')}" if name in options else variable_of(name)


def _unknown(variable: str) -> str:
    # Without what all settings begin with, which makes any two alike.
    name = variable.removeprefix(PREFIX).lower()
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    meant = f"; did you mean {variable_of(near[0])}?" if near else "."
    known = ", ".join(map(variable_of, Settings.model_fields))
    return f"{variable} is no setting{meant} There are: {known}."


def _reason(error: Mapping[str, Any], given: Mapping[str, Any], options: Collection[str]) -> str:
    message = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return message
    name = str(error["loc"][0])
    if name not in Settings.model_fields:
        return _unknown(variable_of(name))
    if name in _SECRET:
        return f"{_source(name, options)}: {message}"
    return f"{_source(name, options)} is {str(given.get(name))!r}: {_allowed(name, message)}"


def _allowed(name: str, message: str) -> str:
    """The message with the whole allowed range, where the setting is a number with two bounds."""
    bounds = {type(rule).__name__: rule for rule in Settings.model_fields[name].metadata}
    if "Ge" in bounds and "Le" in bounds:
        return f"give a number from {bounds['Ge'].ge} to {bounds['Le'].le}"
    return message
