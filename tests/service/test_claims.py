"""What becomes of a citation when its document is edited, moved or removed."""

from __future__ import annotations

import pytest

from index.build import build
from index.records import Span, digest, short_digest
from index.snapshot import Snapshot
from service.citation import cite
from service.claims import judge
from service.schemas.requests import Claim

TEXT = "# Drills\n\nFirst words 😀 here.\n\nAbout 1,700 soldiers went to Poland. Others stayed.\n"
EXACT = "About 1,700 soldiers went to Poland."
OTHER = "# Kitchen\n\nBread needs flour and salt.\n"


@pytest.fixture
def library(tmp_path, encoder):
    """Writes files, builds them, and opens what was published."""

    def publish(files: dict[str, str]) -> Snapshot:
        root = tmp_path / "documents"
        if root.exists():
            for path in root.iterdir():
                path.unlink()
        root.mkdir(exist_ok=True)
        for name, text in files.items():
            (root / name).write_text(text, encoding="utf-8")
        build([root], tmp_path / "index", encoder)
        return Snapshot.open(tmp_path / "index")

    return publish


def claim_of(text: str, exact: str = EXACT, uri: str = "drills.md", **quote: str) -> Claim:
    start = text.index(exact)
    end = start + len(exact)
    context = {"prefix": text[max(0, start - 32) : start], "suffix": text[end : end + 32]}
    return Claim.model_validate(
        {
            "document": {"doc_id": short_digest(uri), "text_sha256": digest(text)},
            "span": {"start": start, "end": end},
            "quote": quote or {"exact": exact, **context},
        }
    )


def test_a_quote_in_its_place_is_valid(library):
    """The place is given in every unit, and each slices to the quote."""
    verdict = judge(claim_of(TEXT), library({"drills.md": TEXT, "kitchen.md": OTHER}))
    place = verdict.place
    assert verdict.status == "valid"
    assert TEXT[place.span.start : place.span.end] == EXACT
    assert TEXT.encode()[place.bytes.start : place.bytes.end].decode() == EXACT
    units = TEXT.encode("utf-16-le")[place.utf16.start * 2 : place.utf16.end * 2]
    assert units.decode("utf-16-le") == EXACT
    assert (place.lines.start, place.lines.end) == (5, 5)


def test_an_edit_after_the_quote_leaves_it_valid(library):
    """Only the quote's own place matters."""
    assert judge(claim_of(TEXT), library({"drills.md": TEXT + "\nMore.\n"})).status == "valid"


def test_an_edit_before_the_quote_moves_it(library):
    """The verdict says where it stands now."""
    edited = TEXT.replace("First words", "A few first words")
    verdict = judge(claim_of(TEXT), library({"drills.md": edited}))
    assert verdict.status == "moved"
    assert verdict.place.span.start == edited.index(EXACT)
    assert verdict.place.uri == "drills.md"
    assert "another document" not in verdict.detail


def test_of_several_places_the_one_with_the_same_context_is_meant(library):
    """Nearness decides only between places as alike."""
    line = "He said yes. "
    text = f"# Talk\n\n{line}Then silence. {line}Then applause. {line}Then rain.\n"
    start = text.index("He said yes. Then applause")
    claim = Claim.model_validate(
        {
            "document": {"doc_id": short_digest("drills.md")},
            "span": {"start": start, "end": start + 12},
            "quote": {"exact": "He said yes.", "prefix": "silence. ", "suffix": " Then applause."},
        }
    )
    edited = text.replace("# Talk", "# The long talk of that evening")
    verdict = judge(claim, library({"drills.md": edited}))
    assert verdict.status == "moved"
    assert verdict.place.span.start == edited.index("He said yes. Then applause")


def test_a_renamed_document_moves_its_quotes(library):
    """The same text under another name, found by its hash even without the words."""
    snapshot = library({"renamed.md": TEXT, "kitchen.md": OTHER})
    for claim in (claim_of(TEXT), claim_of(TEXT, sha256=digest(EXACT))):
        verdict = judge(claim, snapshot)
        assert verdict.status == "moved"
        assert verdict.place.uri == "renamed.md"
        assert "another document than the cited one" in verdict.detail
        assert verdict.place.span.start == TEXT.index(EXACT)


def test_a_quote_that_went_into_another_document_is_moved(library):
    """Its own document is still there, without it."""
    files = {
        "drills.md": TEXT.replace(EXACT, ""),
        "kitchen.md": OTHER,
        "archive.md": f"# Archive\n\nOld.\n\n{EXACT}\n",
    }
    verdict = judge(claim_of(TEXT), library(files))
    assert verdict.status == "moved"
    assert verdict.place.uri == "archive.md"


def test_a_rewritten_quote_is_changed(library):
    """The document is there, the words are not."""
    snapshot = library({"drills.md": TEXT.replace("1,700", "1,900"), "kitchen.md": OTHER})
    for claim in (claim_of(TEXT), claim_of(TEXT, sha256=digest(EXACT))):
        verdict = judge(claim, snapshot)
        assert (verdict.status, verdict.place) == ("changed", None)


def test_what_a_sha256_alone_cannot_tell_is_not_told(library):
    """A moved quote is not found without its words, and the verdict does not deny it is there."""
    claim = claim_of(TEXT, sha256=digest(EXACT))
    moved = judge(claim, library({"drills.md": "# New\n\n" + TEXT}))
    assert moved.status == "changed"
    gone = judge(claim, library({"kitchen.md": OTHER, "copy.md": "# New\n\n" + TEXT}))
    assert gone.status == "gone"
    for verdict in (moved, gone):
        assert "cannot be told from its sha256: send quote.exact too" in verdict.detail
        assert "not in it" not in verdict.detail


def test_a_removed_document_is_gone(library):
    """Neither the document nor its words are anywhere."""
    verdict = judge(claim_of(TEXT), library({"kitchen.md": OTHER}))
    assert (verdict.status, verdict.place) == ("gone", None)


def test_a_span_beyond_the_text_is_not_valid(library):
    """Python slices past an end without complaint; a citation must not."""
    claim = claim_of(TEXT).model_copy(
        update={"span": Span(len(TEXT) + 5, len(TEXT) + 5 + len(EXACT))}
    )
    assert judge(claim, library({"drills.md": TEXT})).status == "moved"


def test_every_citation_the_service_makes_is_valid_at_once(library):
    """What ``cite`` returns can be sent back as it is."""
    snapshot = library({"drills.md": TEXT, "kitchen.md": OTHER})
    for row in range(snapshot.manifest.passages):
        passage = snapshot.passage(row)
        for sentence in passage.sentences:
            citation = cite(snapshot, passage, sentence, "c1")
            claim = Claim.model_validate(citation.model_dump(mode="json"))
            assert judge(claim, snapshot).status == "valid"
