"""What an index holds, as tables that fit 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.build import Unread
from index.snapshot import DocumentEntry
from service.index_contents import IndexContents
from service.terminal.build import failures_first, unread_table
from service.terminal.printable import counted, one_line

# What the packaged models take in OpenVINO beside the index, as measured with `quoth ask`.
MODELS_MEMORY = "0.5 GB for the packaged models"
UNITS = ("B", "kB", "MB", "GB", "TB")


def print_documents(documents: Sequence[DocumentEntry], unread: int) -> None:
    """A row per document; then how many there are, and how many files are none."""
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    table.add_column("document", overflow="fold", min_width=24)
    table.add_column("title", overflow="fold")
    for name in ("passages", "characters"):
        table.add_column(name, justify="right", no_wrap=True)
    for entry in documents:
        table.add_row(
            Text(one_line(entry.uri), style="cyan"),
            Text(one_line(entry.title)),
            f"{len(entry.passages):,}",
            f"{entry.characters:,}",
        )
    console.print(table)
    passages = sum(len(entry.passages) for entry in documents)
    words = f"{counted(len(documents), 'document')}, {counted(passages, 'passage')}"
    if unread:
        words += f"; not in it: {counted(unread, 'file')}, see quoth documents --unread"
    console.print(Text(words, style="dim"))


def print_unread(unread: Sequence[Unread]) -> None:
    """Every file that did not become a document, with its reason."""
    console = Console(highlight=False)
    if not unread:
        console.print("Every file became a document.")
        return
    console.print(unread_table(failures_first(unread)))


def print_index(contents: IndexContents) -> None:
    """What is published, what it was made with, what it weighs, and what is kept beside it."""
    console = Console(highlight=False)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, value in _rows(contents):
        table.add_row(name, Text(one_line(value)))
    console.print(table)
    console.print()
    kept = Table(box=None, pad_edge=False)
    for name in ("kept", "published at", "on disk"):
        kept.add_column(name, no_wrap=True)
    for each in contents.versions:
        mark = " (answers)" if each.published else ""
        kept.add_row(f"{each.version}{mark}", each.created_at or "unknown", sized(each.bytes))
    console.print(kept)


def _rows(contents: IndexContents) -> list[tuple[str, str]]:
    manifest, encoder = contents.manifest, contents.manifest.encoder
    parts = ", ".join(f"{name} {sized(size)}" for name, size in contents.parts.items())
    return [
        ("index", str(contents.folder)),
        ("snapshot", f"{contents.version}, published {contents.created_at}"),
        ("follows", contents.parent or "nothing: it is the first"),
        (
            "holds",
            f"{counted(manifest.documents, 'document')}, "
            f"{counted(manifest.passages, 'passage')}, "
            f"{counted(manifest.sentences, 'sentence')}, {counted(manifest.windows, 'vector')}",
        ),
        ("encoder", f"{encoder.name}, {encoder.dimensions} dimensions"),
        ("computed by", f"{encoder.runtime}, {encoder.precision}, revision {encoder.revision}"),
        ("words", f"BM25, stems of {manifest.lexical['language']}"),
        ("on disk", f"{sized(manifest.bytes)}: {parts}"),
        ("in memory", f"at most {sized(manifest.bytes)}, and {MODELS_MEMORY}"),
    ]


def sized(count: int) -> str:
    """A size in the unit a person would use, of a thousand each.

    >>> sized(999), sized(1_500_000)
    ('999 B', '1.5 MB')
    """
    size, unit = float(count), 0
    while size >= 999.5 and unit < len(UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.0f} {UNITS[unit]}" if unit == 0 or size >= 99.5 else f"{size:.1f} {UNITS[unit]}"
