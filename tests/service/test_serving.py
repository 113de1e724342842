"""The server around the application: its socket, its signals, its log lines, HEAD."""

from __future__ import annotations

import http.client
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import InvalidSetting
from service.app import create_app
from service.serving import _config, _listen, _Server
from service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "how many US troops went to Poland?"
COMMAND = [sys.executable, "-c", "from service.cli import main; main()"]


@contextmanager
def server_over(seed_index, encoder, prepare=lambda _service: None):
    """The service on a socket of its own, in a thread: yields its port."""
    app = create_app(Settings(index=seed_index, reader="none"), lambda _name: encoder)
    prepare(app.state.service)
    server = _Server(_config(app), app, "http://somewhere")
    listener = _listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
    assert not thread.is_alive()


def test_the_socket_names_its_protocol():
    """Only then asyncio sets TCP_NODELAY, without which a reply waits some 40 ms."""
    with _listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_what_was_loaded_is_not_gone_over_again():
    """In a process of its own: it is set aside, and what comes after is still collected."""
    script = (
        "import gc, weakref\n"
        "from service.serving import _set_aside\n"
        "_set_aside()\n"
        "class Knot: pass\n"
        "knot = Knot(); knot.itself = knot; seen = weakref.ref(knot); del knot\n"
        "gc.collect()\n"
        "print(gc.get_freeze_count() > 10_000, seen() is None)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert ran.stdout.split() == ["True", "True"], ran.stderr


@pytest.mark.parametrize("host", ["no..such", "x" * 70])
def test_a_name_that_leads_nowhere_has_its_own_remedy(host):
    """Another port would not help."""
    with pytest.raises(InvalidSetting, match=r"leads to no address.*--host") as raised:
        _listen(host, 0)
    assert "--port" not in str(raised.value)


def test_no_web_socket_gets_past_the_layers(seed_index, encoder):
    """A request to become one is answered as the plain request it also is, keys and all."""
    with server_over(seed_index, encoder) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        connection.request("GET", "/livez", headers=headers)
        assert connection.getresponse().status == 200
        connection.close()
    config = _config(create_app(Settings(index=seed_index, reader="none"), lambda _name: encoder))
    config.load()
    assert config.ws_protocol_class is None


def test_a_name_that_is_not_resolved_has_the_same_remedy(monkeypatch):
    """What the resolver says is an error of the operating system too, but not of the port."""

    class Unresolved(socket.socket):
        def bind(self, _address):
            raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("service.serving.socket.socket", Unresolved)
    with pytest.raises(InvalidSetting, match=r"leads to no address.*--host"):
        _listen("quoth.example", 0)


def test_the_first_signal_reaches_the_service_before_the_server(seed_index):
    """What comes from then on is refused while the server still finishes."""
    app = create_app(Settings(index=seed_index), lambda _name: None)
    server = _Server(_config(app), app, "http://somewhere")
    server.handle_exit(signal.SIGTERM, None)
    assert app.state.service.admission.stopping
    assert server.should_exit


def test_the_address_is_announced_when_it_answers_and_head_has_no_body(seed_index, encoder, capsys):
    """Over a real socket: HEAD has the headers of GET, and the next request is not disturbed."""
    with server_over(seed_index, encoder) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        replies = []
        for method in ("HEAD", "GET", "HEAD"):
            connection.request(method, "/livez")
            reply = connection.getresponse()
            replies.append((reply.status, reply.getheader("Content-Length"), reply.read()))
        connection.close()
        assert "Quoth answers at http://somewhere/" in capsys.readouterr().out
    head, got, again = replies
    assert got[0] == 200
    assert got[1] == str(len(got[2]))
    assert head == again == (200, got[1], b"")


def test_a_body_that_was_refused_unread_does_not_disturb_the_next_request(seed_index, encoder):
    """On one connection: a question of 60,000 bytes turned away, then a probe, and again."""

    def overload(service) -> None:
        service.admission.in_use = service.admission.permits

    with server_over(seed_index, encoder, overload) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        statuses = []
        for _ in range(2):
            connection.request("POST", "/v1/ask", body=b"x" * 60_000)
            reply = connection.getresponse()
            statuses.append((reply.status, reply.getheader("Retry-After"), reply.read()[:1]))
            connection.request("GET", "/livez")
            reply = connection.getresponse()
            statuses.append((reply.status, None, reply.read()[:1]))
        connection.close()
    assert statuses == [(503, "1", b"{"), (200, None, b"{")] * 2


def test_a_start_without_an_index_says_what_is_missing(tmp_path, encoder, capsys):
    """The service waits for one, and the person who started it knows."""
    with server_over(tmp_path / "nowhere", encoder) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/readyz")
        assert connection.getresponse().status == 503
        connection.close()
        assert f"quoth build FOLDER --index {tmp_path / 'nowhere'}" in capsys.readouterr().out


def test_the_web_server_s_warnings_are_json_lines(seed_index, encoder, capsys):
    """A request that is no HTTP is one line that a log reader can parse."""
    with server_over(seed_index, encoder) as port:
        capsys.readouterr()
        with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
            raw.sendall(b"nonsense\r\n\r\n")
            raw.recv(100)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (warning,) = [line for line in lines if line["logger"].startswith("uvicorn")]
    assert (warning["level"], warning["message"]) == ("warning", "Invalid HTTP request received.")


@pytest.fixture(autouse=True)
def _loggers_as_they_were():
    server = logging.getLogger("uvicorn")
    handlers = list(server.handlers)
    yield
    server.handlers[:] = handlers


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_real_server_answers_and_stops_gracefully(seeds_index):
    """As its own process: it says where to ask, answers there, and ends with code 0 on SIGTERM."""
    port = _free_port()
    server = subprocess.Popen(
        [*COMMAND, "serve", "--index", str(seeds_index), "--port", str(port)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("QUOTH_")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        site = f"http://127.0.0.1:{port}"
        assert server.stdout.readline().startswith("Loading ")
        assert site in server.stdout.readline()
        # What was announced is true by now: no second try.
        with urllib.request.urlopen(f"{site}/readyz", timeout=60):
            pass
        assert f"{site}/v1/ask" in server.stdout.readline()
        asked = urllib.request.Request(
            f"{site}/v1/ask",
            data=json.dumps({"question": QUESTION}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=30) as reply:
            told = json.load(reply)
        citation = told["passages"][0]["citation"]
        with urllib.request.urlopen(site + citation["links"]["text"], timeout=30) as reply:
            text = reply.read().decode()
        quote = text[citation["span"]["start"] : citation["span"]["end"]]
        assert "1,700" in quote
        assert quote == citation["quote"]["exact"]
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
