"""File → Document, one module per format; text is made canonical once, here.

>>> MEDIA_TYPES[".md"]
'text/markdown'
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import PurePosixPath

from index.documents.extract import Extract
from index.documents.folder import Source
from index.documents.formats import MEDIA_TYPES
from index.documents.parsing import parse
from index.errors import UnreadableDocument
from index.records import Document, MetadataValue

__all__ = ["MAX_DOCUMENT_BYTES", "MEDIA_TYPES", "read_document"]

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
LONGEST_TITLE = 300
"""Characters kept of a title."""

_OWN_FIELDS = frozenset({"uri", "title", "media_type", "doc_id"})
"""What a filter reads from the document itself: metadata of these names could only mislead."""


Parse = Callable[[bytes, str], Extract]
"""A file's bytes and its uri to its extract; raises UnreadableDocument."""


def read_document(source: Source, parse: Parse = parse) -> Document:
    """The document in ``source``, whose uri's suffix says the format.

    ``parse`` is for what must not fail: a ``Sandbox``'s, in a build.

    Its metadata is what the format states (front matter, HTML meta), ``encoding`` where it
    is not UTF-8, and ``folder``, the uri of the folder it lies in, where it lies in one.

    Raises UnreadableDocument, whatever goes wrong, as "uri: reason and remedy".
    """
    try:
        data = _read(source)
        extract = parse(data, source.uri)
        extract.text.encode("utf-8")
        return _document(source.uri, data, extract)
    except UnreadableDocument as error:
        raise UnreadableDocument(f"{source.uri}: {error}") from error
    except UnicodeEncodeError as error:
        raise UnreadableDocument(
            f"{source.uri}: it holds half a surrogate pair; save it again as UTF-8"
        ) from error
    except ValueError as error:  # blocks out of order: a fault of the parser, not of the build
        raise UnreadableDocument(f"{source.uri}: the parser failed on it ({error})") from error


def _document(uri: str, data: bytes, extract: Extract) -> Document:
    path = PurePosixPath(uri)
    return Document(
        uri=uri,
        title=_title(extract.title or "") or _title(path.stem.replace("_", " ").replace("-", " ")),
        media_type=MEDIA_TYPES[path.suffix.lower()],
        text=extract.text,
        source_sha256=sha256(data).hexdigest(),
        blocks=extract.blocks,
        metadata=_metadata(extract, path),
        places=extract.places,
    )


def _read(source: Source) -> bytes:
    # Between listing and reading the file may have become a link, a pipe or gone: no
    # link is followed, no pipe waited for.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        with os.fdopen(os.open(source.path, flags), "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise UnreadableDocument("it is not a regular file")
            data = file.read(MAX_DOCUMENT_BYTES + 1)
            after = os.fstat(file.fileno())
    except FileNotFoundError as error:
        raise UnreadableDocument("it has vanished since the folder was listed") from error
    except PermissionError as error:
        raise UnreadableDocument("permission denied; make it readable for this user") from error
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise UnreadableDocument("it has become a link since the folder was listed") from error
        raise UnreadableDocument(f"cannot be read: {error.strerror or error}") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise UnreadableDocument("it changed while it was read; build again once it is written")
    if len(data) > MAX_DOCUMENT_BYTES:
        raise UnreadableDocument(
            f"it is over {MAX_DOCUMENT_BYTES // 1024**2} MiB, the largest that is read; split it"
        )
    return data


def _title(text: str) -> str:
    title = " ".join(text.split()).encode("utf-8", "replace").decode("utf-8")
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"


def _metadata(extract: Extract, path: PurePosixPath) -> dict[str, MetadataValue]:
    stated = {name: value for name, value in extract.metadata.items() if name not in _OWN_FIELDS}
    folder = {} if path.parent == PurePosixPath(".") else {"folder": str(path.parent)}
    return dict(sorted((stated | folder).items()))
