"""Markdown manuscripts with what documents are made of, for pandoc and LibreOffice to typeset."""

from __future__ import annotations

import re
from pathlib import Path

from extraction.prose import Prose

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

_LANGUAGES = {
    "Deutsch": "Die Straße über den Fluß heißt Überseeallee. Größere Schiffe warten draußen.",
    "Français": "L’hiver fut très rude ; où donc était passé le garçon ? À Noël, il gelait déjà.",
    "Polski": "Źdźbło trawy zamarzło. Łódź rybaka stała przy brzegu aż do wiosny.",
    "Русский": "Зимой гавань замерзает. Корабли ждут ледокола, который приходит в полдень.",
    "Ελληνικά": "Το λιμάνι παγώνει τον χειμώνα. Τα πλοία περιμένουν έξω από τον φάρο.",
    "日本語": "冬になると港は凍る。船は灯台の沖で砕氷船を待っている。",
    "中文": "冬天港口结冰。船只在灯塔外等待破冰船,直到中午才到。",
    "Tiếng Việt": "Mùa đông bến cảng đóng băng. Tàu thuyền chờ tàu phá băng đến.",
}
_RIGHT_TO_LEFT = {
    "العربية": "في الشتاء يتجمد الميناء. تنتظر السفن كاسحة الجليد قرب المنارة.",
    "עברית": "בחורף הנמל קופא. האוניות מחכות לשוברת הקרח ליד המגדלור.",
}


def manuscripts() -> dict[str, str]:
    """Markdown by name."""
    article = next(SEEDS.glob("*.md")).read_text(encoding="utf-8")
    return {
        "article": article,
        "report": _report(Prose("report")),
        "book": _book(Prose("book")),
        "manual": _manual(Prose("manual")),
        "figures": _figures(Prose("figures")),
        "minutes": _minutes(Prose("minutes")),
        "letter": _letter(Prose("letter")),
        "languages": _titled("Harbours in Eight Languages", _in_languages(_LANGUAGES)),
        "right-to-left": _titled("Harbours from the Right", _in_languages(_RIGHT_TO_LEFT)),
    }


def slides(name: str, count: int) -> str:
    """Slides as pandoc reads them: a heading each, then a list, a table or paragraphs."""
    prose, parts = Prose(name), [f"---\ntitle: Slides of {name}\nauthor: A. Ozols\n---\n"]
    for number in range(count):
        parts.append(f"## {prose.heading()}\n")
        if number % 3 == 0:
            parts.append("\n".join(f"- {prose.sentence()}" for _ in range(2)) + "\n")
        elif number % 3 == 1:
            parts.append(_table(prose, 4))
        else:
            parts.append(prose.paragraphs(2, 1) + "\n")
    return "\n".join(parts)


def _titled(title: str, body: str) -> str:
    return f"---\ntitle: {title}\nauthor: A. Ozols\n---\n\n{body}\n"


def _report(prose: Prose) -> str:
    parts = []
    for _ in range(4):
        parts += [f"# {prose.heading()}", prose.paragraphs(2)]
        for _ in range(2):
            parts += [f"## {prose.heading()}", prose.paragraphs(2)]
            note = f"note{prose.number()}"
            parts += [f"{prose.sentence()}[^{note}] {prose.sentence()}"]
            parts += [f"[^{note}]: {prose.sentence()}"]
            parts += ["\n".join(f"{n}. {prose.sentence()}" for n in range(1, 4)), _table(prose, 5)]
    return _titled("Report on the Harbour", "\n\n".join(parts))


def _book(prose: Prose) -> str:
    chapters = [
        f"# Chapter {n}: {prose.heading()}\n\n{prose.paragraphs(14, 7)}" for n in range(1, 9)
    ]
    return _titled("A Book of Ice", "\n\n".join(chapters))


def _manual(prose: Prose) -> str:
    parts = ["# Before you begin", prose.paragraphs(2)]
    for _ in range(6):
        parts += [f"## {prose.heading()}", f"> {prose.paragraph(2)}"]
        parts += [f"- {prose.sentence()}\n    - {prose.sentence()}\n    - {prose.sentence()}"]
        parts += [f"Valve {prose.number(99)}\n:   {prose.sentence()}"]
        parts += [f"    set pressure --to {prose.number(99)} --unit bar\n    open valve"]
        parts += [f"*{prose.sentence()}* **{prose.sentence()}** `code_{prose.number()}`"]
    return _titled("Manual of the Icebreaker", "\n\n".join(parts))


def _figures(prose: Prose) -> str:
    parts = ["# Figures", f"H~2~O freezes; light covers 3·10^8^ m/s. {prose.paragraph()}"]
    for _ in range(6):
        parts += [f"## {prose.heading()}", prose.paragraph(2), _table(prose, 12)]
    return _titled("Figures of Many Years", "\n\n".join(parts))


def _minutes(prose: Prose) -> str:
    parts = []
    for item in range(1, 9):
        parts += [f"## {item}. {prose.heading()}", f"{prose.name()}: {prose.paragraph(2)}"]
        parts += [
            f"{prose.name()} ({prose.number(12)}:{prose.number(49) + 10}): {prose.sentence()}"
        ]
        parts += [f"**Decision:** {prose.sentence()}"]
    return _titled("Minutes of a Meeting", "\n\n".join(parts))


def _letter(prose: Prose) -> str:
    lines = [f"{prose.name()}\\\n{prose.number(99)} Mole Street\\\nRiga"]
    return "\n\n".join(
        [*lines, "Dear Sir or Madam,", prose.paragraphs(3), f"Yours,\n\n{prose.name()}"]
    )


def _in_languages(texts: dict[str, str]) -> str:
    return "\n\n".join(f"# {language}\n\n{text}\n\n{text}" for language, text in texts.items())


def _table(prose: Prose, rows: int) -> str:
    lines = ["| Name | Ships | Tons | Remark |", "|:--|--:|--:|:--|"]
    for _ in range(rows):
        remark = re.sub(r"\W+", " ", prose.heading())
        lines.append(f"| {prose.name()} | {prose.number(99)} | {prose.number():,} | {remark} |")
    return "\n".join(lines) + "\n"
