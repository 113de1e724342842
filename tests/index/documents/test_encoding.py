"""Bytes become text once, and say what they were."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.encoding import decode
from index.errors import UnreadableDocument

FRENCH = "Le café est près de l’église, où les élèves se réunissent après l’école : 3 €. "
RUSSIAN = "В четверг министерство обороны сообщило о начале учений на границе с Украиной. "
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy, a přišel čtvrtek. "
JAPANESE = "これは日本語の文章です。昨日、東京で会議がありました。"
CHINESE = "这是一个中文文档。昨天北京举行了会议。"
KOREAN = "이것은 한국어 문서입니다. 어제 서울에서 회의가 열렸습니다. "


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_comes_back_as_it_was(text):
    """UTF-8 is decoded to the very text, but for one leading byte order mark."""
    assert decode(text.encode()).text == text.removeprefix("\ufeff")


@given(st.text(alphabet="a\r\n\x0b\x0c\x85\u2028 "))
def test_only_line_ends_change(text):
    """CRLF and lone CR become LF; form feeds, next lines and separators stay."""
    expected, previous = "", ""
    for character in text:  # an oracle of another shape: one character after the other
        if character == "\n" and previous == "\r":
            previous = "\n"
            continue
        expected += "\n" if character == "\r" else character
        previous = character
    assert decode(text.encode()).text == expected


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides(mark, encoding):
    """Each mark names its encoding, is taken off once, and a second one stays."""
    text = "Zürich 😀\nend"
    assert decode(mark + text.encode(encoding)).text == text
    assert decode(mark + mark + text.encode(encoding)).text == "\ufeff" + text
    assert decode(mark + text.encode(encoding)).encoding == encoding


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH * 40, "cp1252", "cp1252"),
        ("naïve", "latin-1", "cp1252"),
        ("He said “1,700 troops” — it’s certain.", "cp1252", "cp1252"),
        ("The El Niño cost $1,200 in São Paulo. " * 60, "latin-1", "cp1252"),
        (RUSSIAN * 3, "cp1251", "cp1251"),
        (RUSSIAN * 3, "koi8-r", "koi8_r"),
        (CZECH * 8, "cp1250", "cp1250"),
        (JAPANESE * 3, "shift_jis", "cp932"),
        (JAPANESE * 3, "euc_jp", "euc_jp"),
        (CHINESE * 3, "gbk", "gb18030"),
        (KOREAN * 3, "euc_kr", "cp949"),
    ],
)
def test_other_encodings_are_told_by_their_bytes(text, encoding, named):
    """What is not UTF-8 is decoded to what was written, and its encoding is recorded."""
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.metadata == {"encoding": named}


def test_utf8_is_not_recorded():
    """The encoding everybody expects is no news."""
    assert decode("Zürich".encode()).metadata == {}
    assert decode(codecs.BOM_UTF8 + b"x").metadata == {}


def test_utf16_without_a_mark_is_told_by_its_nuls():
    """Latin text with a NUL in every other byte is UTF-16, of either end."""
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode("Warships sailed.".encode(encoding)).text == "Warships sailed."


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("windows-1251", "cp1251", "Привет"),
        ("ISO-8859-1", "cp1252", "“naïve”"),  # as browsers read it
        ("gb2312", "gb18030", "中文"),
        ("Shift_JIS", "cp932", "日本"),
        ("iso-2022-jp", "iso2022_jp", "日本"),
    ],
)
def test_a_declared_encoding_is_believed(declared, encoding, text):
    """A page says what it is in, in fewer bytes than could be guessed from."""
    assert decode(text.encode(encoding), declared).text == text


@pytest.mark.parametrize("declared", ["iso-8859-1", "rot13", "unicode_escape", "no such", "\0", ""])
def test_a_declaration_never_breaks_utf8(declared):
    """Valid UTF-8 is UTF-8, whatever is declared; codecs of other things are not run."""
    assert decode("“naïve” \\u0041".encode(), declared).text == "“naïve” \\u0041"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x7fELF\x02\x01", "program"),
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1 hello}", "RTF"),
        (b"text \x00 more text", "NUL"),
        (b"\x00\x01\x02\x03", "binary"),
        (b"\x01\x02\x03\x04 some", "control characters"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", "byte order mark"),  # half a surrogate pair
        (codecs.BOM_UTF16_LE + b"abc", "byte order mark"),  # half a code unit
        (codecs.BOM_UTF8 + b"\xff", "byte order mark"),
        (codecs.BOM_UTF32_LE + b"\xff\xff\xff\xff", "byte order mark"),
    ],
)
def test_binaries_are_refused_with_the_reason(data, reason):
    """What is no text says why, and what to do."""
    with pytest.raises(UnreadableDocument, match=reason):
        decode(data)


@given(st.binary(max_size=300))
def test_any_bytes_become_text_or_a_reason(data):
    """Nothing but UnreadableDocument is raised, and text can always be written as UTF-8."""
    try:
        text = decode(data).text
    except UnreadableDocument:
        return
    assert text.encode("utf-8") is not None
    assert "\r" not in text
