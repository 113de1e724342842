"""EPUB: the chapters of the book's spine, read as web pages into one text."""

from __future__ import annotations

from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from index.documents.archive import member_of, open_package, xml_of
from index.documents.dublin_core import dublin_core
from index.documents.extract import Extract
from index.documents.html import read_page
from index.documents.text_blocks import TextBlocks
from index.errors import UnreadableDocument

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_OCF = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_ENC = "{http://www.w3.org/2001/04/xmlenc#}"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})


def parse(data: bytes) -> Extract:
    """Chapters in reading order under their own headings. Raises UnreadableDocument."""
    with open_package(data, "an EPUB book", _CONTAINER) as archive:
        rootfile = xml_of(member_of(archive, _CONTAINER)).find(f".//{_OCF}rootfile")
        if rootfile is None:
            raise UnreadableDocument(f"{_CONTAINER} names no book; it is damaged")
        place = rootfile.get("full-path") or ""
        package = xml_of(member_of(archive, place))
        pages = _spine(package, PurePosixPath(place).parent)
        _refuse_encrypted(archive, pages)
        text = TextBlocks()
        for name in pages:
            read_page(member_of(archive, name), text)
    metadata = dublin_core(package)
    title = metadata.pop("title", None) or text.first_heading
    return Extract(text.text, title and str(title), tuple(text.blocks), metadata)


def _spine(package: etree._Element, folder: PurePosixPath) -> list[str]:
    """The names of the members that are read, each once, in reading order."""
    manifest = {
        item.get("id"): item
        for item in package.iter(_OPF + "item")
        if item.get("media-type") in _PAGES
    }
    order = [itemref.get("idref") for itemref in package.iter(_OPF + "itemref")]
    hrefs = [manifest[name].get("href") or "" for name in order if name in manifest]
    return list(dict.fromkeys(normpath(str(folder / unquote(href))) for href in hrefs))


def _refuse_encrypted(archive: ZipFile, pages: list[str]) -> None:
    """Books locked by their shop; that fonts are scrambled is usual and no matter."""
    if _ENCRYPTION not in archive.namelist():
        return
    locked = {
        unquote(reference.get("URI") or "")
        for reference in xml_of(member_of(archive, _ENCRYPTION)).iter(_ENC + "CipherReference")
    }
    if locked.intersection(pages):
        raise UnreadableDocument("it is encrypted (DRM); only its shop's reader opens it")
