"""Pages as printers set them: headers, footers, two columns, hyphens, Roman page numbers."""

from __future__ import annotations

from extraction.prose import Prose

_PREAMBLE = r"""\documentclass[%s]{%s}
\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\usepackage{lmodern}
\usepackage{fancyhdr}\usepackage{hyperref}
\pagestyle{fancy}\fancyhf{}\fancyhead[L]{%s}\fancyfoot[C]{\thepage}
\title{%s}\author{A. Ozols}\date{}
\begin{document}
"""


def latex_sources() -> dict[str, str]:
    """LaTeX by name."""
    return {
        "thesis": _thesis(Prose("thesis")),
        "proceedings": _proceedings(Prose("proceedings")),
        "narrow": _narrow(Prose("narrow")),
    }


def _thesis(prose: Prose) -> str:
    """Front matter in Roman numbers, chapters in Arabic, footnotes, a table of contents."""
    parts = [_PREAMBLE % ("11pt,a4paper,oneside", "report", "A Thesis on Ice", "A Thesis on Ice")]
    parts.append(r"\pagenumbering{roman}\thispagestyle{fancy}")
    parts += [rf"\section*{{Preface}} {_escaped(prose.paragraphs(12))}", r"\clearpage"]
    parts.append(r"\pagenumbering{arabic}")
    for _ in range(5):
        parts.append(rf"\section{{{_escaped(prose.heading())}}}")
        for _ in range(6):
            note = rf"\footnote{{{_escaped(prose.sentence())}}}"
            parts.append(f"{_escaped(prose.paragraph())}{note} {_escaped(prose.sentence())}\n")
    return "\n".join([*parts, r"\end{document}"])


def _proceedings(prose: Prose) -> str:
    """Two narrow columns, where every fourth line ends with a hyphen."""
    head = "Proceedings of the Society"
    parts = [_PREAMBLE % ("10pt,a4paper,twocolumn", "article", head, "On Harbours"), r"\maketitle"]
    parts.append(rf"\thispagestyle{{fancy}}\begin{{abstract}}{_escaped(prose.paragraph())}")
    parts.append(r"\end{abstract}")
    for _ in range(7):
        parts.append(rf"\section{{{_escaped(prose.heading())}}} {_escaped(prose.paragraphs(4))}")
    return "\n".join([*parts, r"\end{document}"])


def _narrow(prose: Prose) -> str:
    """One column of 60 mm: hyphens and compounds at the ends of lines."""
    parts = [_PREAMBLE % ("11pt,a5paper", "article", "Almanac", "Almanac"), r"\hsize=60mm"]
    parts += [r"\setlength{\textwidth}{60mm}", _escaped(prose.paragraphs(30))]
    return "\n".join([*parts, r"\end{document}"])


def _escaped(text: str) -> str:
    for letter, written in {"%": r"\%", "&": r"\&", "°": r"\textdegree{}", "“": "``"}.items():
        text = text.replace(letter, written)
    return text.replace("”", "''")


_OFFICE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" '
    'office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.{}">'
)
"""How a flat OpenDocument file begins; without the first line LibreOffice takes it for text."""


_SPACED = (
    '<style:header-style><style:header-footer-properties fo:min-height="0.6cm" '
    'fo:margin-bottom="0.5cm"/></style:header-style><style:footer-style>'
    '<style:header-footer-properties fo:min-height="0.6cm" fo:margin-top="0.5cm"/>'
    "</style:footer-style>"
)
"""Header and footer as far from the text as LibreOffice puts them by itself."""


def flat_texts() -> dict[str, str]:
    """OpenDocument texts with header, footer and page number; one and two columns."""
    return {
        name: _flat_text(Prose(name), columns) for name, columns in (("gazette", 2), ("almanac", 1))
    }


def _flat_text(prose: Prose, columns: int) -> str:
    body = []
    for _ in range(8):
        body.append(f'<text:h text:outline-level="1">{prose.heading()}</text:h>')
        for _ in range(5):
            note = (
                '<text:note text:note-class="footnote"><text:note-citation/><text:note-body>'
                f"<text:p>{prose.sentence()}</text:p></text:note-body></text:note>"
            )
            body.append(f'<text:p text:style-name="P">{prose.paragraph()}{note} {prose.sentence()}')
            body.append("</text:p>")
    return (
        _OFFICE.format("text")
        + '<office:styles><style:style style:name="P" style:family="paragraph">'
        '<style:paragraph-properties fo:text-align="justify" fo:margin-bottom="0.2cm"/>'
        '<style:text-properties fo:hyphenate="true" fo:language="en" fo:country="US" '
        'fo:hyphenation-remain-char-count="2" fo:hyphenation-push-char-count="2"/>'
        "</style:style></office:styles><office:automatic-styles>"
        '<style:page-layout style:name="L"><style:page-layout-properties fo:page-width="21cm" '
        f'fo:page-height="29.7cm" fo:margin="2cm"><style:columns fo:column-count="{columns}" '
        'fo:column-gap="0.6cm"/></style:page-layout-properties>'
        f"{_SPACED}</style:page-layout></office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="Standard" '
        'style:page-layout-name="L"><style:header><text:p>The Riga Gazette</text:p></style:header>'
        "<style:footer><text:p>Page <text:page-number/></text:p></style:footer>"
        "</style:master-page></office:master-styles>"
        f"<office:body><office:text>{''.join(body)}</office:text></office:body></office:document>"
    )


_FORMATS = (
    '<office:automatic-styles><number:date-style style:name="D"><number:year number:style="long"/>'
    '<number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text>'
    '<number:day number:style="long"/>'
    '</number:date-style><number:percentage-style style:name="S"><number:number '
    'number:decimal-places="1" number:min-decimal-places="1" number:min-integer-digits="1"/>'
    "<number:text>%</number:text></number:percentage-style>"
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="D"/>'
    '<style:style style:name="share" style:family="table-cell" style:data-style-name="S"/>'
    "</office:automatic-styles>"
)
"""Days as 2024-03-01, shares with one decimal."""


def flat_sheet() -> str:
    """A workbook of three sheets: merged cells, formulas, dates, shares, amounts."""
    prose, rows = Prose("sheet"), []
    for number in range(2, 42):
        rows.append(
            "<table:table-row>"
            f"{_cell(prose.name())}{_cell(prose.number(), 'float')}"
            f'<table:table-cell table:formula="of:=[.B{number}]*2"/>'
            '<table:table-cell table:style-name="day" office:value-type="date" '
            f'office:date-value="2024-{number % 12 + 1:02}-{number % 28 + 1:02}"/>'
            '<table:table-cell table:style-name="share" office:value-type="percentage" '
            f'office:value="0.{number}"/>'
            "</table:table-row>"
        )
    head = "".join(map(_cell, ("Person", "Tons", "Doubled", "Day", "Share")))
    merged = '<table:table-cell table:number-columns-spanned="3" office:value-type="string">'
    sheets = {
        "Yields": f"<table:table-row>{head}</table:table-row>{''.join(rows)}",
        "Remarks '24": f"<table:table-row>{merged}<text:p>Merged remark</text:p></table:table-cell>"
        f"<table:covered-table-cell/></table:table-row>"
        + "".join(
            f"<table:table-row>{_cell(prose.sentence())}</table:table-row>" for _ in range(20)
        ),
        "Ships": "".join(
            f"<table:table-row>{_cell(a)}{_cell(b)}</table:table-row>"
            for a, b in [("Ship", "Home"), *((prose.name(), prose.heading()) for _ in range(30))]
        ),
    }
    tables = "".join(
        f'<table:table table:name="{name.replace(chr(39), "&apos;")}">{content}</table:table>'
        for name, content in sheets.items()
    )
    return (
        f"{_OFFICE.format('spreadsheet')}{_FORMATS}<office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document>"
    )


def _cell(value: str | int, kind: str = "string") -> str:
    if kind == "float":
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return (
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    )
