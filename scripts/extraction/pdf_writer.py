"""PDFs written byte by byte, so that what stands where on a page is known for certain."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

_PAGE_SIZE = (612, 792)
_PADDING = bytes.fromhex(
    "28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A"
)  # ISO 32000-1, 7.6.3.3
_FILE_ID = bytes(range(16))
_PERMISSIONS = -44  # print and read, but do not change


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text: its left end and baseline in points from the page's lower left corner."""

    text: str
    left: float = 72.0
    baseline: float = 700.0
    size: float = 11.0
    is_bold: bool = False

    def drawn(self) -> bytes:
        text = self.text.encode("cp1252").replace(b"\\", b"\\\\")
        text = text.replace(b"(", b"\\(").replace(b")", b"\\)")
        font = "F2" if self.is_bold else "F1"
        begin = f"BT /{font} {self.size:g} Tf {self.left:g} {self.baseline:g} Td ("
        return begin.encode() + text + b") Tj ET\n"


def column(
    *lines: str, left: float = 72.0, top: float = 700.0, leading: float = 14.0
) -> list[Words]:
    """Lines below each other; an empty one leaves its room."""
    return [Words(line, left, top - row * leading) for row, line in enumerate(lines) if line]


PICTURE = b"q 400 0 0 400 72 200 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q\n"
"""A page's content that is one grey picture."""


def pdf(
    pages: Sequence[Sequence[Words] | bytes],
    labels: str = "",
    info: str = "",
    password: str | None = None,
) -> bytes:
    """A PDF of pages: each its words, or its content as bytes.

    ``labels`` is a number tree's array (``0 << /S /r >>``) and ``info`` an information
    dictionary's entries. With ``password`` it is encrypted (RC4, 40 bit); "" opens for everybody,
    as files do that only forbid changes.
    """
    contents = [
        page if isinstance(page, bytes) else b"".join(words.drawn() for words in page)
        for page in pages
    ]
    key = None if password is None else _key(password)
    kids = " ".join(f"{6 + 2 * row} 0 R" for row in range(len(pages)))
    tree = f"/PageLabels << /Nums [{labels}] >>" if labels else ""
    font = "<< /Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding /BaseFont /{} >>"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {tree} >>".encode(),
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
    ]
    for row, content in enumerate(contents):
        drawn = _rc4(_object_key(key, 5 + 2 * row), content) if key else content
        objects += [b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn), _page(row)]
    trailer = f"/Root 1 0 R /ID [<{_FILE_ID.hex()}> <{_FILE_ID.hex()}>]"
    if info:
        objects.append(f"<< {info} >>".encode("latin-1"))
        trailer += f" /Info {len(objects)} 0 R"
    if password is not None:
        objects.append(_encryption(password))
        trailer += f" /Encrypt {len(objects)} 0 R"
    return _file(objects, trailer)


def _page(row: int) -> bytes:
    width, height = _PAGE_SIZE
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {5 + 2 * row} 0 R"
        " /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
    ).encode()


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    body, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}"
        f"trailer\n<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{len(body)}\n%%EOF\n"
    )
    return bytes(body) + end.encode()


def _owner(password: str) -> bytes:
    """ISO 32000-1, algorithm 3: the user's password under the owner's, here the word ``owner``."""
    key = hashlib.md5((b"owner" + _PADDING)[:32]).digest()[:5]
    return _rc4(key, (password.encode("latin-1") + _PADDING)[:32])


def _key(password: str) -> bytes:
    """Algorithm 2."""
    padded = (password.encode("latin-1") + _PADDING)[:32]
    permissions = _PERMISSIONS.to_bytes(4, "little", signed=True)
    return hashlib.md5(padded + _owner(password) + permissions + _FILE_ID).digest()[:5]


def _object_key(key: bytes, number: int) -> bytes:
    """Algorithm 1, for objects of generation 0."""
    return hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]


def _encryption(password: str) -> bytes:
    user = _rc4(_key(password), _PADDING)
    return (
        f"<< /Filter /Standard /V 1 /R 2 /O <{_owner(password).hex()}> /U <{user.hex()}>"
        f" /P {_PERMISSIONS} >>"
    ).encode()


def _rc4(key: bytes, data: bytes) -> bytes:
    state, other = list(range(256)), 0
    for place in range(256):
        other = (other + state[place] + key[place % len(key)]) % 256
        state[place], state[other] = state[other], state[place]
    out, one, other = bytearray(), 0, 0
    for byte in data:
        one = (one + 1) % 256
        other = (other + state[one]) % 256
        state[one], state[other] = state[other], state[one]
        out.append(byte ^ state[(state[one] + state[other]) % 256])
    return bytes(out)
