"""An evaluation as one HTML file: what failed and why, figures, pictures; no script in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from service.evaluation.failures import MEANINGS, Failure, Shown, Why, by_reason
from service.evaluation.own_answers import Outcome
from service.evaluation.plots import svg
from service.evaluation.report import panel_rows
from service.evaluation.results import SetResult
from service.terminal.printable import printable

STYLE_FILE = Path(__file__).with_name("report_page.css")
CAPTIONS = {
    "reliability": "Is the confidence honest? On the diagonal, answers of confidence .8 are right "
    "eight times in ten. Larger dots stand for more questions.",
    "risk-coverage": "What does a threshold buy? The share of answers that is wrong, as ever less "
    "sure answers are given.",
}
# Even if something unescaped came in, a browser would run and load nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def report_page(results: Sequence[SetResult], errors: Sequence[str], command: str) -> str:
    """The whole page. Every word that comes from questions or documents is escaped, and marks
    that would turn the direction of writing are shown as such.
    """
    body = [f'<p class="command"><code>{_text(command)}</code></p>']
    body += [f'<p class="bad">{_text(error)}</p>' for error in errors]
    for result in results:
        body += _set(result)
    style = STYLE_FILE.read_text(encoding="utf-8")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>Evaluation: {_text(', '.join(result.name for result in results))}</title>",
            f"<style>\n{style}</style></head>",
            "<body><main>",
            *body,
            "</main></body></html>\n",
        ]
    )


def _set(result: SetResult) -> Iterator[str]:
    setting = result.setting
    yield "<section>"
    yield f"<h1>{_text(result.name)}</h1>"
    yield f'<p class="headline">{_text(_headline(result))}</p>'
    yield (
        f'<p class="fine">{setting.documents:,} documents, {setting.passages:,} passages; '
        f"snapshot {_text(setting.snapshot)}; {_text(setting.encoder)}; "
        f"{_text(str(setting.reading.get('reader', 'no reader')))}</p>"
    )
    yield from (f'<p class="note">{_text(note)}</p>' for note in result.notes)
    yield from _reasons(result)
    yield from _pictures(result)
    yield from _failures(result.failures)
    yield from _figures(result)
    yield "</section>"


def _headline(result: SetResult) -> str:
    asked = result.counts.get("questions", 0)
    if not asked or result.layout != "own questions":
        return f"{result.layout} set"
    return f"{asked - len(result.failures)} of {asked} questions went well, {_share(result)}."


def _share(result: SetResult) -> str:
    right = result.counts.get(Outcome.RIGHT, 0)
    abstained = result.counts.get(Outcome.ABSTAINED, 0)
    return f"{right} answered right, {abstained} rightly left unanswered"


def _reasons(result: SetResult) -> Iterator[str]:
    """How many failed for each reason, each a link to its questions."""
    if not result.failures:
        return
    yield '<ul class="reasons">'
    for why, failures in by_reason(result.failures).items():
        yield (
            f'<li><a href="#{_anchor(why)}"><b>{len(failures)}</b> {_text(why)}</a>'
            f"<span>{_text(MEANINGS[why])}</span></li>"
        )
    yield "</ul>"


def _pictures(result: SetResult) -> Iterator[str]:
    if result.reading is None:
        return
    drawn = svg(result.reading)
    if drawn:
        yield '<div class="pictures">'
    for kind, element in drawn.items():
        caption = _text(CAPTIONS[kind])
        yield f'<figure role="group" aria-label="{kind}">{element}'
        yield f"<figcaption>{caption}</figcaption></figure>"
    if drawn:
        yield "</div>"


def _failures(failures: Iterable[Failure]) -> Iterator[str]:
    for why, those in by_reason(failures).items():
        yield f'<h2 id="{_anchor(why)}">{_text(why.capitalize())}</h2>'
        for failure in those:
            yield from _failure(failure)


def _failure(failure: Failure) -> Iterator[str]:
    yield "<article>"
    name = f'<span class="id">{_text(failure.question_id)}</span>'
    yield f"<h3>{name} {_text(failure.question)}</h3>"
    yield "<dl>"
    if failure.answers:
        yield f"<dt>right answer</dt><dd>{_text(' · '.join(failure.answers))}</dd>"
    if failure.said:
        sure = f"{failure.confidence:.2f}" if failure.confidence is not None else ""
        yield f'<dt>best answer</dt><dd>{_text(failure.said)} <span class="fine">{sure}</span></dd>'
    for shown in failure.expected:
        came = "not returned" if shown.rank is None else f"came at rank {shown.rank}"
        yield f'<dt>should have come</dt><dd class="right">{_shown(shown)}, {came}</dd>'
    if failure.answers and not failure.expected:
        yield "<dt>should have come</dt><dd>no passage of the index holds the answer</dd>"
    for shown in failure.came:
        yield f"<dt>came {shown.rank}</dt><dd>{_shown(shown)}</dd>"
    yield "</dl>"
    yield from (f'<p class="fine">{_text(reason)}</p>' for reason in failure.reasons)
    yield "</article>"


def _shown(shown: Shown) -> str:
    return f'<q>{_text(shown.text)}</q> <span class="place">{_text(shown.place)}</span>'


def _figures(result: SetResult) -> Iterator[str]:
    yield "<h2>Figures</h2>"
    for panel in result.panels:
        yield f"<h3>{_text(panel.title)}: mean [95 % bootstrap interval]</h3>"
        yield from _table(panel_rows(panel))
    share, checked = result.verified.share, result.verified.checked
    yield f"<p>Citations that verify: {share:.4f} of {checked:,}.</p>"
    yield from (f'<p class="bad">{_text(fault)}</p>' for fault in result.verified.faults)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    head, *body = rows
    yield '<div class="wide"><table><thead><tr>'
    yield "".join(f'<th scope="col">{_text(cell)}</th>' for cell in head)
    yield "</tr></thead><tbody>"
    for name, *cells in body:
        told = "".join(f"<td>{_text(cell)}</td>" for cell in cells)
        yield f'<tr><th scope="row">{_text(name)}</th>{told}</tr>'
    yield "</tbody></table></div>"


def _anchor(why: Why) -> str:
    return why.name.lower().replace("_", "-")


def _text(words: str) -> str:
    """Escaped for text and for quoted attributes, its line ends as spaces."""
    return escape(" ".join(printable(words).split()), quote=True)
