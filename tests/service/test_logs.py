"""Log lines: JSON, one a record, safe to print."""

from __future__ import annotations

import json
import logging

import pytest

from service.logs import LOGGER, JsonLines, configure_logs


@pytest.fixture
def quiet_logger():
    """Leaves the logger as it was found."""
    logger = logging.getLogger(LOGGER)
    before = logger.level, list(logger.handlers)
    yield logger
    logger.setLevel(before[0])
    logger.handlers[:] = before[1]


@pytest.mark.usefixtures("quiet_logger")
def test_a_line_is_an_object_with_the_extra_fields(capsys):
    """Level, logger and message, then what was given with it."""
    configure_logs("info")
    logging.getLogger("quoth.requests").info("request", extra={"status": 200, "ms": 1.5})
    line = json.loads(capsys.readouterr().err)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "quoth.requests",
        "message": "request",
        "status": 200,
        "ms": 1.5,
    }


@pytest.mark.usefixtures("quiet_logger")
def test_lines_below_the_level_are_not_written(capsys):
    """At ``error`` a warning is silent."""
    configure_logs("error")
    logging.getLogger("quoth.requests").warning("too little")
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("quiet_logger")
def test_configuring_twice_writes_once(capsys):
    """A second app in the process must not double the lines."""
    configure_logs("info")
    configure_logs("info")
    logging.getLogger("quoth.requests").info("once")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_a_sender_writes_cannot_break_a_line_or_a_terminal():
    """Line ends, escapes and lone surrogates come out as JSON escapes in ASCII."""
    record = logging.makeLogRecord({"msg": "request", "questions": ["a\nb\x1b[31m\ud800é"]})
    line = JsonLines().format(record)
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["questions"] == ["a\nb\x1b[31m\ud800é"]


def test_an_exception_stays_on_one_line():
    """Its traceback is a field."""
    try:
        raise ValueError("broken")
    except ValueError as error:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": (ValueError, error, None)})
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "ValueError: broken" in json.loads(line)["exception"]
