"""A folder of files in every format, made by other programs from our own words.

pandoc/       Markdown → DOCX, EPUB, RST, HTML, PPTX, text
libreoffice/  DOCX and flat OpenDocument → PDF, DOCX, PPTX, XLSX
latex/        LaTeX → PDF
python/       CSV, JSON, mail
"""

from __future__ import annotations

import shutil
from pathlib import Path

from extraction import records
from extraction.manuscripts import manuscripts, slides
from extraction.programs import convert, latex, run
from extraction.typesetting import flat_sheet, flat_texts, latex_sources

_WORD = "docx:MS Word 2007 XML"
_EXCEL = "xlsx:Calc MS Excel 2007 XML"
_POWERPOINT = "pptx:Impress MS PowerPoint 2007 XML"
# pdflatex knows Latin letters only.
_NOT_IN_LATEX = frozenset({"languages", "right-to-left"})
_DECKS = {"harbours": 12, "ships": 8, "ice": 20}


def make_corpus(folder: Path, scratch: Path) -> None:
    """Fills ``folder``; ``scratch`` holds what is on the way. Raises ProgramFailed."""
    for path in (folder, scratch):
        path.mkdir(parents=True, exist_ok=True)
    _python(folder / "python")
    _pandoc(folder / "pandoc")
    _latex(folder / "latex", scratch / "latex")
    _libreoffice(folder, scratch)


def _python(into: Path) -> None:
    into.mkdir()
    for name, data in records.files().items():
        (into / name).write_bytes(data)


def _pandoc(into: Path) -> None:
    into.mkdir()
    for name, source in manuscripts().items():
        (into / f"{name}.md").write_text(source, encoding="utf-8")
        for suffix in ("docx", "epub", "rst", "html"):
            run("pandoc", "-s", "-f", "markdown", "-o", into / f"{name}.{suffix}", stdin=source)
        run("pandoc", "-t", "plain", "-o", into / f"{name}.txt", stdin=source)
    for name, count in _DECKS.items():
        deck = into / f"{name}.pptx"
        run("pandoc", "--slide-level=2", "-o", deck, stdin=slides(name, count))


def _latex(into: Path, scratch: Path) -> None:
    for path in (into, scratch):
        path.mkdir()
    sources = latex_sources()
    for name, markdown in manuscripts().items():
        if name not in _NOT_IN_LATEX:
            sources[name] = run("pandoc", "-s", "-f", "markdown", "-t", "latex", stdin=markdown)
    for name, source in sources.items():
        (scratch / f"{name}.tex").write_text(source, encoding="utf-8")
        latex(scratch / f"{name}.tex", scratch)
        shutil.move(scratch / f"{name}.pdf", into)


def _libreoffice(folder: Path, scratch: Path) -> None:
    into, profile = folder / "libreoffice", scratch / "profile"
    flat, again = scratch / "flat", scratch / "again"
    flat.mkdir()
    for name, source in flat_texts().items():
        (flat / f"{name}.fodt").write_text(source, encoding="utf-8")
    (flat / "yields.fods").write_text(flat_sheet(), encoding="utf-8")
    texts, documents = sorted(flat.glob("*.fodt")), sorted((folder / "pandoc").glob("*.docx"))
    convert([*documents, *texts], "pdf", into, profile)
    convert([*documents, *texts], "odt", again, profile)
    convert(sorted(again.glob("*.odt")), _WORD, into, profile)
    convert(sorted((folder / "pandoc").glob("*.pptx")), "odp", again, profile)
    convert(sorted(again.glob("*.odp")), _POWERPOINT, into, profile)
    tables = [folder / "python" / name for name in ("ships.csv", "quoted.csv")]
    convert([flat / "yields.fods", *tables], _EXCEL, into, profile)
    convert(sorted(again.glob("*.odp")), "pdf", into, profile)
