"""Log lines as JSON objects on standard error, one a request."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

LOGGER = "quoth"
# The web server under us: what it has to say is of broken connections and failed starts.
SERVER_LOGGER = "uvicorn"
# What every LogRecord has; anything else came with ``extra`` and belongs in the line.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


class JsonLines(logging.Formatter):
    """One JSON object a record: time (UTC), level, logger, message, then the extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        # ASCII escapes keep control characters out of a terminal and a line on one line.
        return json.dumps(line, default=str)


class StandardError(logging.StreamHandler):
    """Writes to whatever ``sys.stderr`` is at the moment, not at the start."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(JsonLines())

    @property
    def stream(self) -> object:
        return sys.stderr


def configure_logs(level: str) -> None:
    """Sends Quoth's log lines of ``level`` and above to standard error, and the web server's
    warnings; safe to call again.
    """
    logging.getLogger(LOGGER).setLevel(level.upper())
    for name in (LOGGER, SERVER_LOGGER):
        logger = logging.getLogger(name)
        if not any(isinstance(handler, StandardError) for handler in logger.handlers):
            logger.addHandler(StandardError())
