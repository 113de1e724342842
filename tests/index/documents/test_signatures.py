"""What bytes are, by how they begin."""

import pytest

from index.documents.signatures import kind_of, refuse_other
from index.errors import UnreadableDocument


def test_text_is_nothing_in_particular():
    """Words are of no known kind."""
    assert kind_of(b"Words.") is None


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"%PDF-1.7", "a PDF"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"<?xml version='1.0'?><a/>", "markup"),
        (b" \n<!DOCTYPE HTML>", "markup"),
        (b"Words.", "damaged or of another type"),
    ],
)
def test_a_wrong_name_is_told_by_what_is_there(data, kind):
    """The message says what the content is and what was wanted."""
    wanted = (b"\x00wanted",)
    with pytest.raises(UnreadableDocument, match=kind) as told:
        refuse_other(data, wanted, "a thing")
    assert "not a thing" in str(told.value)


def test_a_mark_may_stand_within_some_bytes():
    """As far in as allowed, and not one byte further."""
    refuse_other(b"#" * 5 + b"%PDF-", (b"%PDF-",), "a PDF", within=5)
    with pytest.raises(UnreadableDocument):
        refuse_other(b"#" * 6 + b"%PDF-", (b"%PDF-",), "a PDF", within=5)
