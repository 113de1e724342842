"""ZIP packages (office documents, EPUB): bounds are checked before any parser sees the bytes."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from lxml import etree

from index.documents.signatures import OLE, ZIP, refuse_other
from index.errors import UnreadableDocument

MAX_INFLATED_BYTES = 512 * 1024**2
"""Of all members of a package together."""
MAX_RATIO = 200
"""How many times its packed size a member over ``_SMALL_BYTES`` may have; text has 3 to 50."""
MAX_MEMBERS = 20_000

_SMALL_BYTES = 8 * 1024**2
_XML_SUFFIXES = (".xml", ".rels", ".opf", ".ncx")
_PROLOGUE_BYTES = 64 * 1024
_ENTITY = re.compile(rb"<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y")  # in UTF-16, too
_ENCRYPTED = 0x1
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")


def open_package(data: bytes, wanted: str, member: str) -> zipfile.ZipFile:
    """The archive, once it is known to be a package that holds ``member`` and to be harmless.

    Raises UnreadableDocument for anything else: other content, a password, a broken or
    hostile archive (declared sizes count, and zipfile inflates no more than is declared).
    """
    if data.startswith(OLE) and _ENCRYPTED_OFFICE in data:
        raise UnreadableDocument("it is encrypted with a password; save it without one")
    refuse_other(data, (ZIP,), wanted)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except Exception as error:  # of many kinds, and all mean damage
        raise UnreadableDocument(f"its archive is damaged or cut off ({error})") from error
    _check_sizes(archive.infolist())
    if member not in archive.namelist():
        raise UnreadableDocument(
            f"it is an archive without {member}, so it is not {wanted}; give it the suffix it has"
        )
    for info in archive.infolist():
        if info.filename.lower().endswith(_XML_SUFFIXES):
            _refuse_entities(archive, info)
    return archive


def member_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member's bytes. Raises UnreadableDocument where it is missing or damaged."""
    try:
        return archive.read(name)
    except KeyError as error:
        raise UnreadableDocument(f"its archive lacks {name}; it is damaged") from error
    except Exception as error:  # zlib, CRC, unknown method: all mean damage
        raise UnreadableDocument(f"{name} in its archive is damaged ({error})") from error


def xml_of(data: bytes) -> etree._Element:
    """The root element; no entity is expanded, nothing is fetched.

    Raises UnreadableDocument for what is not well-formed.
    """
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument(f"its XML is damaged ({error})") from error


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise UnreadableDocument(f"its archive has {len(members)} members, over {MAX_MEMBERS}")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise UnreadableDocument("it is encrypted with a password; save it without one")
    total = sum(member.file_size for member in members)
    if total > MAX_INFLATED_BYTES:
        raise UnreadableDocument(
            f"it inflates to {total} bytes, over the {MAX_INFLATED_BYTES} that are read; split it"
        )
    for member in members:
        if member.file_size > max(_SMALL_BYTES, MAX_RATIO * member.compress_size):
            raise UnreadableDocument(
                f"{member.filename} inflates {member.file_size // max(1, member.compress_size)} "
                f"times, over {MAX_RATIO}, as only a ZIP bomb does"
            )


def _refuse_entities(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    try:
        with archive.open(info) as member:
            prologue = member.read(_PROLOGUE_BYTES)
    except Exception as error:
        raise UnreadableDocument(f"{info.filename} in its archive is damaged ({error})") from error
    if _ENTITY.search(prologue):
        raise UnreadableDocument(
            f"{info.filename} declares XML entities, which documents have no use for and "
            "attacks have; save it again with an office program"
        )
