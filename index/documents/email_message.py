"""E-mail (.eml): the lines that say who wrote to whom and when, then the message itself.

Of a message in several forms the plain one is read, else the HTML one. A message attached to it
is a section named for its subject. Other attachments are not read; their names are metadata.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.errors import HeaderParseError, MessageError
from email.message import EmailMessage

from index.documents import plain
from index.documents.extract import Extract
from index.documents.html import read_page
from index.documents.text_blocks import LINE_GAP, PARAGRAPH_GAP, TextBlocks
from index.errors import UnreadableDocument
from index.records import MetadataValue

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_MOST_PARTS = 1000
_DEEPEST = 20  # messages in messages
_ATTACHED = "Attached message"


def parse(data: bytes) -> Extract:
    """A block a header line and a paragraph; the subject is the title.

    Raises UnreadableDocument for what has none of the headers a message has.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not any(_header(message, name) for name in ("From", "Date", "Subject")):
        raise UnreadableDocument("it has no From, Date or Subject line, so it is no e-mail")
    text, attachments = TextBlocks(), []
    _read(message, (), text, attachments)
    title = _header(message, "Subject") or None
    return Extract(text.text, title, tuple(text.blocks), _metadata(message, attachments))


def _read(
    message: EmailMessage, path: tuple[str, ...], text: TextBlocks, attachments: list[str]
) -> None:
    """Append a message and those attached to it; ``path`` are the subjects it is attached below."""
    if len(path) > _DEEPEST:
        raise UnreadableDocument(f"it has over {_DEEPEST} messages in each other, as none has")
    _open(path, text)
    gap = PARAGRAPH_GAP
    for name in _SHOWN:
        if value := _header(message, name):
            text.add(f"{name}: {value}", gap)
            gap = LINE_GAP
    for part in _parts(message):
        if part.get_content_type() == "message/rfc822":
            for inner in part.iter_parts():
                _read(inner, (*path, _header(inner, "Subject") or _ATTACHED), text, attachments)
        elif part.is_attachment() or part.get_content_maintype() != "text":
            attachments.append(part.get_filename() or part.get_content_type())
        else:
            _open(path, text)
            _add_body(part, text)


def _open(path: tuple[str, ...], text: TextBlocks) -> None:
    text.outline.close_all()
    for level, subject in enumerate(path, start=1):
        text.outline.open(level, subject)


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The leaves of a message in their order; of alternatives only the one that is read."""
    waiting = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        if not part.is_multipart() or part.get_content_type() == "message/rfc822":
            yield part
        elif part.get_content_type() == "multipart/alternative":
            chosen = part.get_body(("plain", "html")) or next(iter(part.iter_parts()), None)
            waiting += [chosen] if chosen is not None and chosen is not part else []
        else:
            waiting += reversed([*part.iter_parts()])
    raise UnreadableDocument(f"it has over {_MOST_PARTS} parts, as no message has")


def _add_body(part: EmailMessage, text: TextBlocks) -> None:
    content = _content(part)
    if part.get_content_subtype() == "html":
        read_page(content.encode(), text)
        return
    for paragraph in plain.paragraphs(content.replace("\r\n", "\n").replace("\r", "\n")):
        text.add(paragraph, PARAGRAPH_GAP)


def _content(part: EmailMessage) -> str:
    try:
        content = part.get_content()
    except (LookupError, ValueError, MessageError):  # a charset nobody knows, say
        data = part.get_payload(decode=True) or b""
        content = data.decode("utf-8", "replace")
    return content.encode("utf-8", "replace").decode("utf-8")


def _metadata(message: EmailMessage, attachments: list[str]) -> dict[str, MetadataValue]:
    found: dict[str, MetadataValue] = {}
    if author := _header(message, "From"):
        found["author"] = author
    if recipients := _header(message, "To"):
        found["to"] = recipients
    moment = getattr(message.get("Date"), "datetime", None)
    if moment is not None:
        found["date"] = moment.isoformat()
    if attachments:
        found["attachments"] = tuple(
            name.encode("utf-8", "replace").decode("utf-8") for name in attachments
        )
    return found


def _header(message: EmailMessage, name: str) -> str:
    try:
        value = str(message.get(name) or "")
    except (HeaderParseError, ValueError, IndexError, AttributeError, TypeError):
        value = str(dict(message.raw_items()).get(name, ""))  # broken beyond what policy mends
    return " ".join(value.encode("utf-8", "replace").decode("utf-8").split())
