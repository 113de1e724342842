"""Bytes → text, once: byte order mark, then UTF-8, then what the bytes look like.

Line ends become ``\\n`` and one leading byte order mark goes; nothing else is changed:
no Unicode normalisation, no stripping.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from index.documents.signatures import kind_of
from index.errors import UnreadableDocument
from index.records import MetadataValue

# The UTF-32 marks come first: the little-endian one begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# The encodings pages and files are really in; others (DOS, EBCDIC) only mislead a guess.
_KNOWN_NAMES = """
    cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 cp866 cp932 cp949
    iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_10 iso8859_13
    iso8859_14 iso8859_15 iso8859_16 koi8_r koi8_u mac_roman mac_cyrillic gb18030 big5 big5hkscs
    euc_jp iso2022_jp utf_8
"""
_KNOWN = frozenset(_KNOWN_NAMES.split())
# A page that declares the left is read by browsers as the right.
_READ_AS = {
    "ascii": "cp1252",
    "iso8859_1": "cp1252",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_ESCAPED = frozenset({"iso2022_jp"})  # seven-bit bytes only, so valid UTF-8 proves nothing

_CONTROLS = [chr(code) for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n\v\f\r"]
_MOST_CONTROLS = 0.10  # terminal logs hold a few escapes; a program is full of them
_SAMPLE_BYTES = 256 * 1024
_WESTERN_SHARE = 0.25  # Latin scripts put an accent on fewer letters than this
_FEW_BYTES = 64  # below this many non-ASCII bytes a statistical guess is a coin toss


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text with ``\\n`` line ends, and the Python name of the encoding it was in."""

    text: str
    encoding: str

    @property
    def metadata(self) -> dict[str, MetadataValue]:
        """``encoding``, where it is not the one everybody expects."""
        return {} if self.encoding == "utf-8" else {"encoding": self.encoding}


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of ``data``; ``declared`` is the encoding a page names for itself, if it does.

    Raises UnreadableDocument where the bytes are no text or in no encoding we can tell.
    """
    if kind := kind_of(data):
        raise UnreadableDocument(f"its content is {kind}, not text; convert it to text first")
    text, encoding = _decode(data, _codec_of(declared))
    if "\0" in text:
        raise UnreadableDocument("it holds NUL bytes, so it is binary; give a text file instead")
    if sum(map(text.count, _CONTROLS)) > _MOST_CONTROLS * len(text):
        raise UnreadableDocument(
            "it is mostly control characters, so it is binary; give a text file instead"
        )
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), encoding)


def _decode(data: bytes, declared: str | None) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding), encoding
    if b"\0" in data:
        return _decode_unmarked_utf16(data)
    if declared in _ESCAPED and (text := _try(data, declared)) is not None:
        return text, declared
    # Valid UTF-8 beyond ASCII is never an accident, whatever the page declares.
    if (text := _try(data, "utf-8")) is not None:
        return text, "utf-8"
    if declared and (text := _try(data, declared)) is not None:
        return text, declared
    return _decode_guessed(data)


def _decode_marked(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            f"its byte order mark says {encoding}, but byte {error.start} after the mark is not: "
            "save it again as UTF-8"
        ) from error


def _decode_unmarked_utf16(data: bytes) -> tuple[str, str]:
    # Latin text in UTF-16 has a NUL in every other byte and none between.
    for encoding, high, low in (
        ("utf-16-le", data[1::2], data[::2]),
        ("utf-16-be", data[::2], data[1::2]),
    ):
        is_likely = 0 not in low and 2 * high.count(0) >= len(high)
        if is_likely and (text := _try(data, encoding)) is not None:
            return text, encoding
    raise UnreadableDocument("it holds NUL bytes, so it is binary; give a text file instead")


def _decode_guessed(data: bytes) -> tuple[str, str]:
    for encoding in _guesses(data):
        if (text := _try(data, encoding)) is not None:
            return text, encoding
    raise UnreadableDocument("its encoding cannot be told; save it as UTF-8")


def _guesses(data: bytes) -> list[str]:
    """Encodings to try, likeliest first."""
    sample = data[:_SAMPLE_BYTES]
    if len(data) > len(sample):  # end at a line end, not in the middle of a character
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    high = sum(byte >= 0x80 for byte in sample)
    western = high < _WESTERN_SHARE * len(sample) and _try(data, "cp1252") is not None
    if western and high < _FEW_BYTES:
        return ["cp1252"]
    from charset_normalizer import from_bytes  # slow to import, and rarely needed

    matches = list(from_bytes(sample, cp_isolation=sorted(_KNOWN)))
    guesses = [match.encoding for match in matches]
    # Equal candidates come in alphabetical order, cp1250 first: prefer the common one.
    if western and any(
        "cp1252" in match.could_be_from_charset
        and (match.chaos, -match.coherence) <= (matches[0].chaos, -matches[0].coherence)
        for match in matches
    ):
        guesses.insert(0, "cp1252")
    return guesses


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _codec_of(label: str | None) -> str | None:
    """The codec for a declared name; None if unknown or not of texts (rot13, hex)."""
    try:
        name = codecs.lookup((label or "").strip()).name.replace("-", "_")
    except (LookupError, ValueError):
        return None
    name = _READ_AS.get(name, name)
    return name if name in _KNOWN else None
