"""A reply as a person reads it: the answer first, then the passages it was read from."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from service.schemas.answer import AbstentionModel, AskResponse, PassageModel
from service.schemas.citation import CitationModel
from service.sources import Sources
from service.terminal.printable import counted, file_link, one_line, printable

# How the stretches of a passage stand out. A bar beside the lines of the evidence shows it
# without colour too.
MARKS = {"evidence": "not dim bold", "related": "not dim bold", "answer": "green underline"}
BARS = {True: ("▌ ", "green"), False: ("  ", "")}
# Whose text is the file itself, so that a line of it is one of the file.
_OWN_LINES = frozenset(("text/plain", "text/markdown"))
WIDEST = 100  # longer lines are hard to read, however wide the window


def print_answer(response: AskResponse, sources: Sources = Sources()) -> None:
    """The answer, or that there is none; then the passages, best first, the evidence standing
    out, each with where it stands. ``sources`` tells which files can be opened.
    """
    console = Console(highlight=False)
    console.width = min(console.width, WIDEST)
    if response.answer is not None:
        _print_found(console, response)
    elif response.abstention is not None and response.passages:
        _print_abstention(console, response.abstention)
    elif response.abstention is not None:
        console.print(Text(response.abstention.message))
    elif not response.passages:
        console.print("No passage matches; is the filter right?")
    for passage in response.passages:
        _print_passage(console, passage, sources)
    console.print(Text(_closing(response), style="dim"))


def _closing(response: AskResponse) -> str:
    snapshot, reading = response.snapshot, response.reading
    read = ""
    if reading is not None:
        read = f", {reading.passages_read} of {reading.passages_to_read} passages read"
    return (
        f"{counted(snapshot.documents, 'document')}, {counted(snapshot.passages, 'passage')}, "
        f"snapshot {snapshot.version}{read}, {response.timings_ms.total:.0f} ms"
    )


def _print_found(console: Console, response: AskResponse) -> None:
    answer = response.answer
    passage = next(p for p in response.passages if p.citation.id == answer.citation)
    # The words stand as they do in the document, whose line ends mean nothing here.
    words = one_line(answer.text)
    console.print(Panel(Text(words, style="bold green"), padding=(1, 3), expand=False))
    also = f", and in {len(answer.also)} more below" if answer.also else ""
    source = f"{one_line(passage.citation.document.title)}, {place(passage.citation)}"
    console.print(
        Text(f"{100 * answer.confidence:.0f} % sure; from [{passage.rank}] {source}{also}")
    )
    console.print()


def _print_abstention(console: Console, abstention: AbstentionModel) -> None:
    headline = {
        "not_stated": "The documents do not say.",
        "question_too_long": "The question is too long to be answered.",
    }.get(abstention.reason, "There is no answer.")
    console.print(Panel(Text(headline, style="bold yellow"), padding=(1, 3), expand=False))
    console.print(Text(abstention.message))
    unread = abstention.reason == "question_too_long"
    what = "were not read" if unread else "are related but do not answer"
    console.print(Text(f"The nearest passages, which {what}:", style="dim"))
    console.print()


def place(citation: CitationModel, name: str | None = None) -> str:
    """Where a citation stands: ``notes.md:3-4`` as editors open it, ``report.pdf page 3 (iv)``,
    ``costs.xlsx Costs!A5:F7``, ``book.docx lines 3-4 of its text``; ``name`` in place of the uri.
    """
    name = one_line(citation.document.uri if name is None else name)
    lines, label = citation.lines, one_line(citation.page_label or "")
    if citation.cells is not None:
        return f"{name} {one_line(citation.cells)}"
    if citation.page is not None:
        named = f" ({label})" if label not in ("", str(citation.page)) else ""
        return f"{name} page {citation.page}{named}"
    reach = f"{lines.start}" + (f"-{lines.end}" if lines.end != lines.start else "")
    if citation.document.media_type in _OWN_LINES:
        return f"{name}:{reach}"
    return f"{name} {'lines' if '-' in reach else 'line'} {reach} of its text"


def _print_passage(console: Console, passage: PassageModel, sources: Sources) -> None:
    citation = passage.citation
    title, names = citation.document.title, citation.section
    # A document's first heading often is its title.
    names = names[1:] if names[:1] == [title] else names
    section = "".join(f" › {one_line(name)}" for name in names)
    console.print(Text.assemble((f"[{passage.rank}] {one_line(title)}", "bold"), (section, "dim")))
    text = Text(printable(passage.text), style="dim" if passage.highlights else "")
    for highlight in passage.highlights:
        text.stylize(MARKS[highlight.kind], highlight.start, highlight.end)
    text.rstrip()
    for line in text.wrap(console, console.width - 2):
        line.rstrip()
        marked = any(span.style != "dim" for span in line.spans)
        console.print(Text.assemble(BARS[marked], line), soft_wrap=True)
    # Never wrapped by us: a terminal finds only a whole name clickable.
    console.print(_where(citation, sources), soft_wrap=True)
    console.print(Text(_figures(passage), style="dim"))
    console.print()


def _where(citation: CitationModel, sources: Sources) -> Text:
    """The place, a link to the file where it is still the one that was indexed."""
    document = citation.document
    path = sources.path_of(document.uri)
    if path is None:
        return Text(place(citation), style="cyan")
    shown = place(citation, str(_from_here(path)))
    if sources.unchanged(document.uri, document.source_sha256) is None:
        return Text(f"{shown} (the file has changed since it was indexed)", style="yellow")
    line = citation.lines.start if document.media_type in _OWN_LINES else None
    return Text(shown, style=Style(color="cyan", link=file_link(path, line, citation.page)))


def _from_here(path: Path) -> Path:
    """Relative to where the command runs, if it is below: what a terminal and shell open."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _figures(passage: PassageModel) -> str:
    scores, citation = passage.scores, passage.citation
    relevance = "" if scores.relevance is None else f"relevance {scores.relevance:.2f}  "
    return (
        f"{relevance}cosine {scores.dense:.2f}  BM25 {scores.lexical:.1f}  "
        f"characters {citation.span.start}–{citation.span.end}  "
        f"sha256 {citation.quote.sha256[:8]}"
    )
