"""What packages state about themselves."""

import zipfile
from io import BytesIO

import pytest

from index.documents.archive import xml_of
from index.documents.dublin_core import CORE, core_properties, dublin_core

SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
)


def test_every_field():
    """Creators are one author, keywords of both kinds one list, the last change is the date."""
    root = xml_of(
        f"""<cp:coreProperties {SPACES}>
        <dc:title> Ice
          Report </dc:title><dc:title>Second</dc:title>
        <dc:creator>A. Ozols</dc:creator><dc:creator>B. Liepa</dc:creator>
        <dc:description>On ice.</dc:description><dc:language>lv</dc:language>
        <dc:subject>sea; ice</dc:subject><cp:keywords>ice, winter,</cp:keywords>
        <dcterms:created>2024-01-01T00:00:00Z</dcterms:created>
        <dcterms:modified>2024-02-01T00:00:00Z</dcterms:modified>
        </cp:coreProperties>""".encode()
    )
    assert dublin_core(root) == {
        "title": "Ice Report",
        "author": "A. Ozols, B. Liepa",
        "description": "On ice.",
        "lang": "lv",
        "date": "2024-02-01T00:00:00Z",
        "keywords": ("sea", "ice", "winter"),
    }


@pytest.mark.parametrize("members", [{}, {CORE: b"<broken"}, {CORE: b"<a/>"}])
def test_nothing_stated_is_nothing(members):
    """Missing, broken or empty: the text is worth more than what is said about it."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        assert core_properties(archive) == {}
