"""Settings: environment, then default, then an error that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import InvalidSetting
from service.reading.loading import ALONE_MS, ReadingSettings
from service.settings import (
    Settings,
    load_settings,
    reading_settings,
    variable_of,
)

KEY = "k" * 16


def test_an_empty_environment_gives_the_defaults():
    """Nothing needs to be set."""
    settings = load_settings({})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.top_k) == ("127.0.0.1", 8080, 5)
    assert settings.encoder is None
    assert settings.index == Path(".quoth")


def test_the_environment_sets_and_the_command_line_wins():
    """A flag beats a variable, a variable beats a default, and an absent flag beats nothing."""
    environ = {"QUOTH_PORT": "9000", "QUOTH_TOP_K": "7", "PATH": "/bin"}
    settings = load_settings(environ, {"port": 9001, "host": None})
    assert (settings.port, settings.top_k, settings.host) == (9001, 7, "127.0.0.1")


def test_a_bad_value_is_told_by_where_it_came_from():
    """The option for what the command line gave, the variable for what the environment did."""
    environ = {"QUOTH_PORT": "-1", "QUOTH_TOP_K": "0"}
    with pytest.raises(InvalidSetting, match=r"QUOTH_PORT is '-1'.*--top-k is '51'"):
        load_settings(environ, {"top_k": 51})
    with pytest.raises(InvalidSetting, match=r"^--host is '0\.0\.0\.0', which others can reach"):
        load_settings({}, {"host": "0.0.0.0"})


def test_an_empty_variable_counts_as_unset():
    """Compose files and shells hand down empty variables."""
    assert load_settings({"QUOTH_PORT": " ", "QUOTH_ENCODER": ""}) == Settings()


@pytest.mark.parametrize("variable", ["QUOTH_TOPK", "QUOTH_TOP-K", "QUOTH_top_k"])
def test_an_unknown_setting_is_named_with_its_nearest(variable):
    """A misspelt setting is an error, not a silent default."""
    with pytest.raises(InvalidSetting) as raised:
        load_settings({variable: "3"})
    message = str(raised.value)
    assert message.startswith(f"{variable} is no setting; did you mean QUOTH_TOP_K?")
    for name in Settings.model_fields:
        assert variable_of(name) in message


def test_nothing_is_offered_for_a_setting_like_no_other():
    """What all settings begin with makes none of them near."""
    with pytest.raises(InvalidSetting, match=r"QUOTH_FOO is no setting\. There are: QUOTH_"):
        load_settings({"QUOTH_FOO": "1"})


@pytest.mark.parametrize(
    ("variable", "low", "high"),
    [
        ("QUOTH_TOP_K", 1, 50),
        ("QUOTH_PORT", 0, 65535),
        ("QUOTH_MAX_WAITING", 32, 4096),
        ("QUOTH_WORK_THREADS", 1, 64),
        ("QUOTH_READ_THREADS", 1, 64),
        ("QUOTH_WAIT_SECONDS", 0, 600),
        ("QUOTH_CACHE_MB", 0, 65536),
        ("QUOTH_KEEP_SNAPSHOTS", 1, 1000),
        ("QUOTH_READ_DEPTH", 1, 50),
        ("QUOTH_READ_BUDGET_MS", 0, 60000),
        ("QUOTH_ABSTAIN_BELOW", 0, 1),
    ],
)
def test_a_number_holds_at_its_bounds_and_not_beyond(variable, low, high):
    """Both bounds are allowed; one past either names setting, value and the whole range."""
    for value in (low, high):
        name = variable.removeprefix("QUOTH_").lower()
        assert getattr(load_settings({variable: str(value)}), name) == value
    for value in (low - 1, high + 1):
        with pytest.raises(InvalidSetting) as raised:
            load_settings({variable: str(value)})
        assert str(raised.value) == (f"{variable} is '{value}': give a number from {low} to {high}")


def test_the_reader_is_the_shipped_one_a_folder_or_none():
    """Unset, a path, or the word that switches reading off."""
    assert load_settings({}).reader is None
    assert load_settings({"QUOTH_READER": "none"}).reader == "none"
    assert load_settings({"QUOTH_READER": "my/reader"}).reader == Path("my/reader")


def test_reading_is_as_the_settings_say():
    """Depth, milliseconds and threshold, which is the calibration's where unset; milliseconds that
    are set hold for who is alone, too.
    """
    environ = {"QUOTH_READ_DEPTH": "7", "QUOTH_READ_BUDGET_MS": "12.5"}
    assert reading_settings(load_settings({})) == ReadingSettings(10, 150.0, None, ALONE_MS)
    assert reading_settings(load_settings(environ)) == ReadingSettings(7, 12.5, None, None)
    assert reading_settings(load_settings({"QUOTH_ABSTAIN_BELOW": "0.25"})).threshold == 0.25


@pytest.mark.parametrize("value", ["nan", "inf", "-0.1", "lots"])
def test_a_threshold_that_is_no_share_is_refused(value):
    """Neither is what only looks like a number."""
    with pytest.raises(InvalidSetting, match="QUOTH_ABSTAIN_BELOW is"):
        load_settings({"QUOTH_ABSTAIN_BELOW": value})


def test_what_is_no_number_is_refused():
    """The message names setting and value."""
    with pytest.raises(InvalidSetting, match="QUOTH_PORT is 'http'"):
        load_settings({"QUOTH_PORT": "http"})


def test_several_faults_are_told_at_once():
    """Nobody should mend settings one start at a time."""
    with pytest.raises(InvalidSetting, match=r"QUOTH_PORT is.*QUOTH_LOG_LEVEL is"):
        load_settings({"QUOTH_PORT": "-1", "QUOTH_LOG_LEVEL": "loud"})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org"])
def test_an_open_address_needs_api_keys(host):
    """Nothing opens by default, and the refusal says the remedy."""
    with pytest.raises(InvalidSetting, match=r"set QUOTH_API_KEYS .* or listen on 127\.0\.0\.1"):
        load_settings({"QUOTH_HOST": host})
    with_keys = load_settings({"QUOTH_HOST": host, "QUOTH_API_KEYS": KEY})
    assert with_keys.host == host


def test_api_keys_are_split_and_never_shown():
    """Keys come out of the secret only on request."""
    settings = load_settings({"QUOTH_API_KEYS": f"{KEY}, {'m' * 20},"})
    assert [key.get_secret_value() for key in settings.api_keys] == [KEY, "m" * 20]
    assert KEY not in repr(settings)
    assert KEY not in str(settings.model_dump())


@pytest.mark.parametrize("bad", ["secret-in-15-cs", "a space inside a key", "schlüssel-schlüssel"])
def test_a_bad_api_key_is_told_by_its_place(bad):
    """The message must not repeat the key: it ends up in logs."""
    with pytest.raises(InvalidSetting, match="QUOTH_API_KEYS: key 2") as raised:
        load_settings({"QUOTH_API_KEYS": f"{KEY},{bad}"})
    assert bad not in str(raised.value)
    assert KEY not in str(raised.value)


def test_an_unknown_override_is_refused():
    """The command line is held to the same list."""
    with pytest.raises(InvalidSetting, match="QUOTH_PROT is no setting; did you mean QUOTH_PORT"):
        load_settings({}, {"prot": 1})


def test_settings_do_not_change():
    """The object is frozen."""
    with pytest.raises(ValueError, match="frozen"):
        Settings().port = 1


def test_every_setting_says_what_it_is():
    """The README's table is made of these."""
    assert all(field.description for field in Settings.model_fields.values())
