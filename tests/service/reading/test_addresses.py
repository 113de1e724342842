"""Addresses are told whole: by hand, and whatever stands around them."""

from __future__ import annotations

from itertools import combinations

import pytest

from index.records import Span
from service.reading.addresses import with_addresses

ADDRESSES = (
    "https://wiki.brindle.example/start?x=1",
    "sftp://host:2222/~ada/a%20b",
    "help.desk@brindle.example",
    "ada+lists@mail-2.example.org",
    "/var/log/app/server.log",
    "~/.config/tarn/tarn.toml",
    "../seeds",
    "C:\\Users\\ada\\notes.txt",
    "docs/recipes.md",
    "www.example.org/a/b?c=d",
    "pyproject.toml",
    "Node.js",
    "org.example.Thing.java",
    "QUOTH_READ_BUDGET_MS",
    "nitrate_mg_per_l",
    "--read-budget=150",
)


def _grown(text: str, read: str) -> str:
    start = text.index(read)
    return with_addresses(text, Span(start, start + len(read))).of(text)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "around", ["{}", "It is {}.", "(see {})", "`{}`, or none", 'is "{}"!', "a\n{}\nb", "to {}; to"]
)
def test_any_part_of_an_address_grows_to_all_of_it(address, around):
    """And to no sign of what stands around it: every part there is."""
    text = around.format(address)
    at = text.index(address)
    for start, end in combinations(range(at, at + len(address) + 1), 2):
        assert with_addresses(text, Span(start, end)).of(text) == address


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("It takes tea and/or coffee.", "tea and"),
        ("At 50 km/h it stops.", "50 km"),
        ("By TCP/IP only.", "TCP"),
        ("About 1.5m people.", "1.5"),
        ("He came in May.The rest left.", "May"),
        ("A Kyiv-based firm.", "Kyiv"),
        ("From 2019/20 on.", "2019"),
        ("It cost 3.50.", "3.50"),
        ("The U.S. Army came.", "U.S"),
        ("It was so -- she said --nearly.", "she said"),
        ("Sign here: ____ or leave.", "here"),
        ("Tel. 01904/555", "01904"),
    ],
)
def test_what_is_no_address_is_left(text, read):
    """Alternatives, units, figures, compounds, and sentences without a space between them."""
    assert _grown(text, read) == read


def test_a_span_of_more_words_grows_at_both_ends():
    """What lies between is not looked at."""
    text = "From help.desk@brindle.example, or by /var/spool/mail/ada, as you like."
    assert _grown(text, "brindle.example, or by /var") == (
        "help.desk@brindle.example, or by /var/spool/mail/ada"
    )


def test_a_long_run_without_white_space_ends_in_time():
    """Half a million signs, of which only those near the span are looked at."""
    text = "a." * 250_000
    found = with_addresses(text, Span(250_000, 250_001))
    assert found.start <= 250_000 < found.end <= len(text)
    assert found.end - found.start <= 1001
