"""ZIP packages: hostile and broken ones are refused before anything is inflated."""

import zipfile
from io import BytesIO

import pytest

from index.documents import archive as module
from index.documents.archive import member_of, open_package, xml_of
from index.documents.signatures import OLE
from index.errors import UnreadableDocument

XML = b"<a>text</a>"


def package(members: dict[str, bytes], compression=zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def opened(data: bytes) -> zipfile.ZipFile:
    return open_package(data, "a thing", "main.xml")


def test_a_harmless_package():
    """Its members are what was put in."""
    with opened(package({"main.xml": XML, "other.bin": b"<!ENTITY"})) as archive:
        assert member_of(archive, "main.xml") == XML
        with pytest.raises(UnreadableDocument, match=r"lacks gone.xml"):
            member_of(archive, "gone.xml")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Words.", "not a thing"),
        (b"%PDF-1.4", "a PDF, not a thing; give it the suffix it has"),
        (OLE + b"\0" * 600, "an old office document"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted with a password"),
        (package({"main.xml": XML})[:-10], "damaged or cut off"),
        (package({"other.xml": XML}), r"an archive without main.xml, so it is not a thing"),
        (package({"main.xml": b"x" * (9 * 1024**2)}), "as only a ZIP bomb does"),
        (
            package({"main.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            r"main.xml declares XML entities",
        ),
        (
            package({"main.xml": XML, "x.rels": '<!DOCTYPE a [<!ENTITY b "c">]>'.encode("utf-16")}),
            r"x.rels declares XML entities",
        ),
    ],
)
def test_what_is_refused_and_why(data, reason):
    """Each in a sentence, and a bomb without being inflated."""
    with pytest.raises(UnreadableDocument, match=reason):
        opened(data)


def test_a_password_is_no_damage():
    """The encryption bit of any member is enough."""
    data = bytearray(package({"main.xml": XML}))
    entry = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[entry + 8] |= 1
    with pytest.raises(UnreadableDocument, match="encrypted with a password"):
        opened(bytes(data))


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [("MAX_MEMBERS", 2, "3 members, over 2"), ("MAX_INFLATED_BYTES", 20, "inflates to 33 bytes")],
)
def test_limits_of_all_members_together(monkeypatch, limit, value, reason):
    """However small each is."""
    monkeypatch.setattr(module, limit, value)
    with pytest.raises(UnreadableDocument, match=reason):
        opened(package(dict.fromkeys(("main.xml", "b.xml", "c.xml"), XML)))


def test_a_member_that_holds_more_than_it_declares():
    """A false size in the directory does not let more out."""
    data = bytearray(package({"main.xml": b"x" * 100_000}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    with pytest.raises(UnreadableDocument, match=r"main.xml in its archive is damaged"):
        opened(bytes(data))


def test_a_flipped_byte_is_damage():
    """The checksum of the member tells."""
    data = bytearray(package({"main.xml": XML * 50}, zipfile.ZIP_STORED))
    data[data.index(b"text") + 1] ^= 1
    with pytest.raises(UnreadableDocument, match=r"main.xml in its archive is damaged"):
        opened(bytes(data))


def test_names_that_leave_the_archive_are_names_only(tmp_path, monkeypatch):
    """Nothing is extracted, wherever a member says it belongs."""
    monkeypatch.chdir(tmp_path)
    with opened(package({"main.xml": XML, "../../out.xml": XML, "/etc/x.xml": XML})) as archive:
        assert member_of(archive, "../../out.xml") == XML
    assert not [*tmp_path.iterdir()]


def test_xml_expands_and_fetches_nothing(tmp_path):
    """An entity is left unexpanded, a DTD unread, a broken file a sentence."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    root = xml_of(f'<!DOCTYPE a [<!ENTITY b SYSTEM "{secret.as_uri()}">]><a>x&b;</a>'.encode())
    assert "secret" not in "".join(root.itertext())
    for broken in (b"<a>", b"", b"<a>" * 500 + b"</a>" * 500):
        with pytest.raises(UnreadableDocument, match="XML is damaged"):
            xml_of(broken)
