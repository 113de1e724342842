"""Documents as listed, against json's own reading of every line."""

import json

from hypothesis import given
from hypothesis import strategies as st

from index.entries import DocumentEntry, Entries
from index.records import short_digest

METADATA = st.dictionaries(
    st.sampled_from(["doc_id", "author", "lines"]), st.text(max_size=8) | st.integers(), max_size=3
)


def entry(row: int, metadata: dict) -> DocumentEntry:
    uri = f"documents/{row}.txt"
    return DocumentEntry(
        short_digest(uri), uri, f"Title {row}\n", "text/plain", "0" * 64, "1" * 64, metadata, 9,
        range(row, row + 1), range(2 * row, 2 * row + 2),
    )  # fmt: skip


@given(metadata=st.lists(METADATA, min_size=1, max_size=8))
def test_every_document_is_read_as_it_was_written(tmp_path_factory, metadata):
    """By place, from the end, by slice, and by id, whatever is in their metadata."""
    written = [entry(row, own) for row, own in enumerate(metadata)]
    path = tmp_path_factory.mktemp("entries") / "documents.jsonl"
    path.write_text("".join(one.to_line() for one in written), encoding="utf-8", newline="")
    found = Entries(path)
    assert found[-1] == written[-1]
    assert found[1:3] == written[1:3]
    assert list(found) == written
    for row, own in enumerate(written):
        assert found.row_of(own.doc_id) == row
        assert found.fields[row] == {**own.metadata, **{
            name: getattr(own, name) for name in ("doc_id", "uri", "title", "media_type")
        }}  # fmt: skip
    # Not by splitlines, which also cuts at characters that json leaves as they are.
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    assert [json.loads(line)["uri"] for line in lines] == [own.uri for own in written]


def test_metadata_that_names_another_document_is_not_that_document(tmp_path):
    """The second speaks of the third's id, and of one that nobody has."""
    third = short_digest("documents/2.txt")
    told = [{}, {"doc_id": third}, {}, {"doc_id": "nobody"}]
    path = tmp_path / "documents.jsonl"
    path.write_text("".join(entry(row, own).to_line() for row, own in enumerate(told)))
    found = Entries(path)
    assert found.row_of(third) == 2
    assert found.row_of("nobody") is None
    assert found.row_of('no"body') is None
