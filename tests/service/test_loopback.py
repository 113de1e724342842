"""Loopback: what nobody else can reach."""

from __future__ import annotations

import pytest

from service.loopback import is_loopback


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("LocalHost", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
    ],
)
def test_loopback_is_told_from_open(host, loopback):
    """127.0.0.0/8, ::1 and the name localhost reach nobody else."""
    assert is_loopback(host) is loopback
