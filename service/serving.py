"""The HTTP service as a process: claim the port, say what to open, run until told to stop."""

from __future__ import annotations

import gc
import shlex
import signal
import socket
from pathlib import Path
from types import FrameType
from typing import NoReturn

import uvicorn
from fastapi import FastAPI

from index.errors import InvalidSetting
from service.app import create_app
from service.models import models_of
from service.settings import Settings

BACKLOG = 2048
# Seconds that requests in work are given to finish once the service is told to stop.
GRACE = 30
BODY = '{"question": "YOUR QUESTION"}'


def serve(settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM, then finishes what is in work.

    Raises InvalidSetting where the address cannot be listened on, EncoderUnavailable and
    ReaderUnavailable where a model cannot be loaded.
    """
    listener = _listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    where = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    print(f"Loading the models and the index in {settings.index} ...", flush=True)
    try:
        # Here, since the server would tell of a failed start with a traceback.
        encoder, reader = models_of(settings)
        app = create_app(settings, lambda _settings: encoder, lambda _settings: reader)
        _set_aside()
        _Server(_config(app), app, where).run(sockets=[listener])
    finally:
        listener.close()


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,  # the application logs each request itself, as JSON
        access_log=False,
        server_header=False,
        proxy_headers=False,  # nothing asks where a request came from
        ws="none",  # no route takes one, and no layer would look at its key
        timeout_graceful_shutdown=GRACE,
    )


def _set_aside() -> None:
    """What is loaded by now stays as long as the process does: going over it to find what nobody
    uses any more takes 50 ms, in which nobody is answered or refused.
    """
    gc.collect()
    gc.freeze()


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    # uvicorn stops gracefully by itself and then repeats the signal: a stop that was asked
    # for is a success.
    raise SystemExit(0)


class _Server(uvicorn.Server):
    """Says where to ask once it answers there, and tells the service at the first signal, so that
    it refuses what comes while it finishes.
    """

    def __init__(self, config: uvicorn.Config, app: FastAPI, where: str) -> None:
        super().__init__(config)
        self._app = app
        self._where = where

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            service = self._app.state.service
            _announce(self._where, bool(service.settings.api_keys))
            if service.snapshots.serving is None:
                _warn_of_no_index(service.settings.index)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.state.service.begin_stop()
        super().handle_exit(sig, frame)


def _listen(host: str, port: int) -> socket.socket:
    """The port is claimed before anything slow happens, so that a clash is told at once."""
    bare = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    # With its protocol named asyncio turns Nagle's delay off, which costs 40 ms a reply.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((bare, port))
        listener.listen(BACKLOG)
    except (socket.gaierror, UnicodeError) as error:
        listener.close()
        raise InvalidSetting(
            f"cannot listen on {host}: the name leads to no address; give an address of this "
            "machine with --host or QUOTH_HOST, such as 127.0.0.1"
        ) from error
    except OSError as error:
        listener.close()
        raise InvalidSetting(
            f"cannot listen on {host} port {port}: {error.strerror}; stop what listens there, "
            "or choose another with --port or QUOTH_PORT (0 takes a free one)"
        ) from error
    return listener


def _announce(where: str, keyed: bool) -> None:
    key = ["-H", "Authorization: Bearer YOUR-KEY"] if keyed else []
    curl = ["curl", "-s", f"{where}/v1/ask", "-H", "Content-Type: application/json", *key]
    print(f"Quoth answers at {where}/  (Ctrl-C stops it). Try:")
    print(f"  {shlex.join([*curl, '-d', BODY])}", flush=True)


def _warn_of_no_index(folder: Path) -> None:
    print(
        f"But it has nothing to answer from yet: there is no index that it can read in {folder}.\n"
        f"Make one with `quoth build FOLDER --index {folder}`; it is picked up at once.",
        flush=True,
    )
