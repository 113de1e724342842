"""What packages (office documents, EPUB) state about themselves: Dublin Core → metadata.

Read from the package itself: the libraries invent a title or the present moment where none is
stated, and then the same file would not give the same snapshot.
"""

from __future__ import annotations

from zipfile import ZipFile

from lxml import etree

from index.documents.archive import member_of, xml_of
from index.errors import UnreadableDocument
from index.records import MetadataValue

CORE = "docProps/core.xml"

_DC = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS = "{http://purl.org/dc/terms/}"
_CP = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_NAMES = {
    "title": (_DC + "title",),
    "author": (_DC + "creator",),
    "description": (_DC + "description",),
    "lang": (_DC + "language",),
    "date": (_DCTERMS + "modified", _DCTERMS + "created", _DC + "date"),
}
_KEYWORDS = (_DC + "subject", _CP + "keywords")
_LONGEST_VALUE = 2000


def core_properties(archive: ZipFile) -> dict[str, MetadataValue]:
    """Those of an office package; none where it states none, or nothing that can be read."""
    if CORE not in archive.namelist():
        return {}
    try:
        return dublin_core(xml_of(member_of(archive, CORE)))
    except UnreadableDocument:  # the text is worth more than what is said about it
        return {}


def dublin_core(root: etree._Element) -> dict[str, MetadataValue]:
    """title, author, description, lang, date (as written; the last change's) and keywords."""
    found: dict[str, MetadataValue] = {}
    for field, names in _NAMES.items():
        stated = [value for name in names for value in _values(root, name)]
        if stated:
            found[field] = ", ".join(stated) if field == "author" else stated[0]
    stated = [value for name in _KEYWORDS for value in _values(root, name)]
    words = [word.strip() for value in stated for word in value.replace(";", ",").split(",")]
    if words := tuple(dict.fromkeys(word for word in words if word)):
        found["keywords"] = words
    return found


def _values(root: etree._Element, name: str) -> list[str]:
    texts = [" ".join("".join(element.itertext()).split()) for element in root.iter(name)]
    return [text[:_LONGEST_VALUE] for text in texts if text]
