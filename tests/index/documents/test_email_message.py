"""E-mail: messages written by Python's own library, and broken ones by hand."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.email_message import parse
from index.errors import UnreadableDocument


def message(subject: str = "Ice on the river", body: str = "It holds.\n\nCome & see.\n"):
    mail = EmailMessage()
    mail["From"] = "Anna Ozola <anna@example.org>"
    mail["To"] = "Karl <karl@example.org>"
    mail["Subject"] = subject
    mail["Date"] = "Thu, 29 Feb 2024 12:05:00 +0200"
    mail.set_content(body)
    return mail


HEAD = (
    "From: Anna Ozola <anna@example.org>\nTo: Karl <karl@example.org>\n"
    "Date: Thu, 29 Feb 2024 12:05:00 +0200\n"
)


def test_headers_and_paragraphs():
    """The lines that say who and when, then the message; the same as metadata to filter by."""
    extract = parse(message().as_bytes())
    assert extract.text == f"{HEAD}Subject: Ice on the river\n\nIt holds.\n\nCome & see."
    assert extract.title == "Ice on the river"
    assert extract.metadata == {
        "author": "Anna Ozola <anna@example.org>",
        "to": "Karl <karl@example.org>",
        "date": "2024-02-29T12:05:00+02:00",
    }
    assert [block.span.of(extract.text) for block in extract.blocks][-2:] == [
        "It holds.",
        "Come & see.",
    ]


@pytest.mark.parametrize("encoding", ["7bit", "quoted-printable", "base64"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_whatever_the_transfer(encoding, charset):
    """Letters come out as they were put in; encoded subjects too."""
    body = "Groesse" if encoding == "7bit" else "Größe und Maß = Rätsel"
    mail = message("Größe")
    mail.set_content(body + "\n", charset=charset, cte=encoding)
    extract = parse(mail.as_bytes())
    assert extract.text.endswith(f"Subject: Größe\n\n{body}")


def test_of_alternatives_the_plain_one_is_read():
    """HTML where there is no other; attachments are named and not read."""
    mail = message()
    mail.add_alternative("<h1>Other</h1><p>Rich.</p>", subtype="html")
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="ice map.pdf")
    mail.add_attachment("a,b\n", subtype="csv", filename="täglich.csv")
    extract = parse(mail.as_bytes())
    assert "Rich" not in extract.text
    assert "a,b" not in extract.text
    assert extract.metadata["attachments"] == ("ice map.pdf", "täglich.csv")
    only = message()
    only.set_content("<p>Rich <b>words</b>.</p><p>More.</p>", subtype="html")
    assert parse(only.as_bytes()).text.endswith("river\n\nRich words.\n\nMore.")


def test_a_message_in_a_message_is_a_section():
    """A forwarded mail is read under its subject, to any depth; its attachments are named."""
    inner = message("Inner", "Inmost words.\n")
    inner.add_attachment(b"x", maintype="image", subtype="png", filename="map.png")
    middle = message("Middle", "Middle words.\n")
    middle.add_attachment(inner)
    outer = message("Outer", "Outer words.\n")
    outer.add_attachment(middle)
    extract = parse(outer.as_bytes())
    told = [(b.section, b.span.of(extract.text)) for b in extract.blocks]
    assert ((), "Outer words.") in told
    assert (("Middle",), "Middle words.") in told
    assert (("Middle", "Inner"), "Inmost words.") in told
    assert (("Middle", "Inner"), "Subject: Inner") in told
    assert extract.title == "Outer"
    assert extract.metadata["attachments"] == ("map.png",)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (b"Subject: x\n\nbody", "Subject: x\n\nbody"),
        (b"Subject: =?unknown?q?a?=\r\nFrom: =?utf-8?b?!!!?=\r\n\r\nbody\r\n", "body"),
        (b"From: a@b\nContent-Type: text/plain; charset=nonsense\n\nw\xc3\xb6rds", "wörds"),
        (b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhalf", "half"),
        (b"From: a@b\nContent-Transfer-Encoding: base64\n\nd29yZHM", "words"),
        (b"From: a@b\nDate: never\n\nx\x00y", "x"),
    ],
)
def test_broken_but_readable(source, text):
    """What can be read is read."""
    assert text in parse(source).text


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"Just words.", "no e-mail"),
        (b"X-Other: 1\n\nbody", "no e-mail"),
        (b"\x89PNG\r\n\x1a\n", "no e-mail"),
    ],
)
def test_what_is_no_message(source, reason):
    """Nobody wrote it to anybody."""
    with pytest.raises(UnreadableDocument, match=reason):
        parse(source)


def nested(depth: int) -> bytes:
    head = b"From: a@b\nSubject: x\n"
    return (head + b"Content-Type: message/rfc822\n\n") * depth + head + b"\ninmost"


def test_endless_parts_and_nesting_are_refused():
    """More parts, or messages in messages, than any mail has are an attack."""
    part = b"--x\n\nwords\n"
    many = b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n" + part * 1_100
    with pytest.raises(UnreadableDocument, match="parts, as no message has"):
        parse(many)
    assert parse(nested(10)).text.endswith("inmost")
    with pytest.raises(UnreadableDocument, match="messages in each other"):
        parse(nested(40))


@given(st.text(st.sampled_from("abcäж😀,.= \n"), max_size=200))
def test_every_word_of_a_body_is_kept(body):
    """In its order, whatever the library did to it on the way."""
    mail = message(body=body + "\n")
    text = parse(mail.as_bytes()).text
    assert text.split("Ice on the river", 1)[1].split() == body.split()
