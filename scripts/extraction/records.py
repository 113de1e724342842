"""Tables, records and mails as Python's own libraries write them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from email.message import EmailMessage
from io import StringIO

from extraction.prose import Prose

_HEADER = ["Name", "Ships", "Tons", "Since", "Remark"]


def files() -> dict[str, bytes]:
    """Contents by file name."""
    return {**_tables(), **_records(), **_mails()}


def rows(prose: Prose, count: int) -> list[list[str]]:
    """A header and rows of a table."""
    body = [
        [
            prose.name(),
            str(prose.number(99)),
            f"{prose.number()}.5",
            f"{1900 + prose.number(120)}-0{prose.number(9)}-1{prose.number(9)}",
            prose.sentence(),
        ]
        for _ in range(count)
    ]
    return [_HEADER, *body]


def _tables() -> dict[str, bytes]:
    made = {}
    for name, delimiter, encoding in [
        ("ships.csv", ",", "utf-8"),
        ("semicolons.csv", ";", "utf-8-sig"),
        ("latin.csv", ";", "cp1252"),
        ("tabs.tsv", "\t", "utf-8"),
        ("pipes.csv", "|", "utf-16"),
    ]:
        file = StringIO()
        csv.writer(file, delimiter=delimiter).writerows(rows(Prose(name), 120))
        made[name] = file.getvalue().encode(encoding, "replace")
    quoted = StringIO()
    writer = csv.writer(quoted, quoting=csv.QUOTE_ALL)
    writer.writerows([["Key", "Text"], *([f"k{n}", Prose(n).paragraphs(2, 2)] for n in range(40))])
    made["quoted.csv"] = quoted.getvalue().encode()
    return made


def _records() -> dict[str, bytes]:
    prose = Prose("records")
    people = [
        {
            "name": prose.name(),
            "ships": prose.number(99),
            "active": prose.number(2) == 1,
            "left": None,
            "home": {"street": prose.heading(), "geo": [56.9, prose.number() / 1000]},
            "notes": [{"text": prose.paragraph(2), "by": prose.name()} for _ in range(2)],
        }
        for _ in range(40)
    ]
    lines = [json.dumps({"id": n, "text": prose.paragraph(3)}) for n in range(60)]
    return {
        "people.json": json.dumps({"title": "People", "people": people}, indent=2).encode(),
        "compact.json": json.dumps(people, ensure_ascii=False, separators=(",", ":")).encode(),
        "strings.json": json.dumps([prose.sentence() for _ in range(50)]).encode("utf-16"),
        "lines.jsonl": "\n".join(lines).encode(),
        "unicode.ndjson": json.dumps({"text": prose.name()}, ensure_ascii=False).encode() + b"\n",
    }


def _mail(subject: str, body: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Anna Ozola <anna@example.org>", "Kārlis <karlis@example.org>"
    mail["Subject"], mail["Date"] = subject, "Thu, 29 Feb 2024 12:05:00 +0200"
    mail.set_content(body)
    return mail


def _mails() -> dict[str, bytes]:
    make: dict[str, Callable[[Prose], EmailMessage]] = {
        "plain.eml": lambda prose: _mail("On ice", prose.paragraphs(6)),
        "quoted-printable.eml": _quoted_printable,
        "base64.eml": _base64,
        "alternative.eml": _alternative,
        "html.eml": _html,
        "nested.eml": _nested,
    }
    return {name: made(Prose(name)).as_bytes() for name, made in make.items()}


def _quoted_printable(prose: Prose) -> EmailMessage:
    mail = _mail("Größe der Häfen", "")
    mail.set_content("Größe = 5 €\n\n" + prose.paragraphs(3), cte="quoted-printable")
    return mail


def _base64(prose: Prose) -> EmailMessage:
    mail = _mail("Гавань", "")
    mail.set_content("Зимой гавань замерзает.\n\n" + prose.paragraphs(3), cte="base64")
    return mail


def _html(prose: Prose) -> EmailMessage:
    mail = _mail("Rich", "")
    paragraphs = "".join(f"<p>{prose.paragraph()}</p>" for _ in range(4))
    mail.set_content(f"<html><body><h1>Ice</h1>{paragraphs}</body></html>", subtype="html")
    return mail


def _alternative(prose: Prose) -> EmailMessage:
    body = prose.paragraphs(3)
    mail = _mail("Both", body)
    mail.add_alternative(f"<html><body><p>{body}</p></body></html>", subtype="html")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="map.pdf")
    return mail


def _nested(prose: Prose) -> EmailMessage:
    inner = _mail("The first letter", prose.paragraphs(2))
    inner.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="ice.png")
    middle = _mail("Fwd: The first letter", prose.paragraphs(2))
    middle.add_attachment(inner)
    outer = _mail("Fwd: Fwd: The first letter", prose.paragraphs(2))
    outer.add_attachment(middle)
    outer.add_attachment("a,b\n1,2\n", subtype="csv", filename="list.csv")
    return outer
