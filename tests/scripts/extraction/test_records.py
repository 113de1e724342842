"""Files that Python writes: the same every time, and in formats that Quoth knows."""

from pathlib import PurePosixPath

from extraction import records
from extraction.manuscripts import manuscripts, slides
from extraction.prose import Prose
from extraction.second import NAMES
from extraction.typesetting import flat_sheet, flat_texts, latex_sources
from index.documents.archive import xml_of
from index.documents.formats import FORMATS
from index.documents.parsing import parse


def test_prose_depends_on_its_seed_alone():
    """The same words twice, and others for another seed."""
    assert Prose("a").paragraphs(3) == Prose("a").paragraphs(3) != Prose("b").paragraphs(3)
    assert all(Prose(n).sentence().endswith((".", ". ")) for n in range(50))


def test_every_file_is_made_the_same_twice_and_read():
    """Mails name their parts by chance, so there only the text is the same."""
    one, other = records.files(), records.files()
    assert one.keys() == other.keys()
    for name, data in one.items():
        assert parse(data, name) == parse(other[name], name)


def test_every_format_has_a_second_reader():
    """But those that are another name of one."""
    assert FORMATS.keys() - NAMES.keys() <= {".text", ".markdown", ".htm", ".xhtml"}
    assert {PurePosixPath(name).suffix for name in records.files()} <= NAMES.keys()


def test_flat_documents_are_xml():
    """LibreOffice takes anything else for plain text."""
    for source in [*flat_texts().values(), flat_sheet()]:
        assert xml_of(source.encode()).tag.endswith("}document")
        assert source.startswith("<?xml")


def test_manuscripts_have_what_documents_have():
    """Notes, tables, lists, other alphabets; LaTeX is closed where it is opened."""
    sources = manuscripts()
    assert "[^note" in sources["report"]
    assert "| Name |" in sources["figures"]
    assert "中文" in sources["languages"]
    assert slides("x", 3).count("## ") == 3
    for source in latex_sources().values():
        assert source.count("{") == source.count("}")
        assert source.endswith(r"\end{document}")
