"""Where the engine ended a sentence too soon: numbering, days, abbreviations, paths."""

from __future__ import annotations

import re

from index.records import Span, trimmed

_TOLD_BY = 80  # characters at a sentence's end, or all of it, that tell whether it goes on
_INDENT = 80  # a line's white space at most, before what is taken to begin it

# Where a line begins these number what follows: "2.", "**1872.**", "IV.", "a.", "Article 5.".
_ROMAN = r"(?=[IVXLC])(?:L?X{0,3}|X[LC])(?:I[XV]|V?I{0,3})"
_NUMERAL = rf"(?:\d{{1,4}}|[A-Za-z]|{_ROMAN}|{_ROMAN.lower()})"
# A word before a letter makes no numbering of it, unless it is one of these: "Vitamin C."
_PART = (
    "(?:Act|Annex|Appendix|Article|Book|Canto|Chapter|Exhibit|Figure|Part|Plate|Scene|Schedule|"
    "Section|Table|Title|Volume)"
)
_NUMBERING = re.compile(
    rf"\W*(?:(?:[A-Z][a-z]+\s)?(?:\d{{1,4}}\.)+|(?:{_PART}\s)?(?:{_NUMERAL}\.)+)\W*"
)
_DAY = re.compile(r"\b\d{1,2}\.\s*\Z")
_MONTH = re.compile(  # as languages name it that put a full stop behind the day
    r"(?:januar|jänner|februar|märz|marts?|april|ma[ij]|jun[iy]|jul[iy]|august|september|o[kc]tober|"
    r"november|de[szc]ember)\b",
    re.IGNORECASE,
)
# Abbreviations go on by what follows them, and in groups by their last word, as it is written or
# in small letters. What often ends a sentence ("etc.", "Inc.", "a.m.") is left to the engine.
# Before any: these are written before a name.
_TITLES = frozenset("Amb Assoc Attn Bro Cllr Frl Ft Ms Mx Ste".split())
# Before a figure or a small letter.
_ABBREVIATED = frozenset(
    "approx avg bzw ca ch chs dept ed eds est excl exkl incl inkl max min repr resp sec suppl tel "
    "trans univ vol vols zzgl Apt Av Flr Ln Pkwy Rm Mon Tue Tues Wed Thu Thur Thurs Fri Sat "
    "Sun".split()
)
_STREET = ("str", "Str")  # as in "Hafenstr. 14"
# Before a figure alone: with a small letter they may as well be words.
_COUNTED = frozenset(
    "chap chaps cols eq eqs figs fn para paras regs App Arts Div Inv Par Qty Sched Secs Ser Supp "
    "Tab".split()
)
_FIGURE = re.compile(r"\(?\d")
# Before a numeral that is no figure: "Vol. II", "App. B". "I" and "A" are words, too.
_DIVISIONS = frozenset("ch chap eq figs vol vols App Art Pt Sched Sec Tab".split())
_LETTERED = re.compile(rf"(?:[B-HJ-Z]|(?=[IVXLC]{{2}}){_ROMAN})(?![\w'’])")
# Before a telephone's number, which begins with a sign or has three digits in a row.
_TELEPHONES = frozenset("tel Fax FAX Mob".split())
_DIALLED = re.compile(r"\+|\(|\d{3}|0\d")
_BY_WHAT_FOLLOWS = ((_COUNTED, _FIGURE), (_DIVISIONS, _LETTERED), (_TELEPHONES, _DIALLED))
_LAST_WORD = re.compile(r"\w+(?=\.\s*\Z)")


def goes_on(text: str, start: int, end: int, span: Span) -> bool:
    """Whether what stands at [start, end) is no whole sentence, though the engine ended it here.

    ``span`` is the paragraph it is in, of which nothing outside is looked at.

    >>> goes_on("Ask Ms. Hart.", 0, 8, Span(0, 13))
    True
    """
    is_number = end - start <= _TOLD_BY and _NUMBERING.fullmatch(text, start, end)
    if is_number and _begins_line(text, start, end, span):
        return True
    following = text[end : end + 1] if end < span.end else ""
    if following in ("/", "\\") and not text[end - 1].isspace():
        return True  # "./install", "../bin": a path
    last = text[max(start, end - _TOLD_BY) : end]  # a sentence that went on often may be long
    if not last.rstrip().endswith("."):
        return False
    if _DAY.search(last) and (following.islower() or _MONTH.match(text, end, span.end)):
        return True
    word = _LAST_WORD.search(last)
    return word is not None and _abbreviates(word[0], text[end : min(end + _TOLD_BY, span.end)])


def _abbreviates(word: str, following: str) -> bool:
    """Whether a word with its full stop is an abbreviation that what follows belongs to."""
    forms = {word, word.lower()}
    if word in _TITLES:
        return True
    small_or_figure = following[:1].islower() or following[:1].isdigit()
    if small_or_figure and (forms & _ABBREVIATED or word.endswith(_STREET)):
        return True
    return any(forms & words and after.match(following) for words, after in _BY_WHAT_FOLLOWS)


def _begins_line(text: str, start: int, end: int, span: Span) -> bool:
    """Whether only white space stands between a sentence and its line's or the span's start."""
    first = trimmed(text, start, end).start
    before = text[max(span.start, first - _INDENT) : first]
    return start == span.start or "\n" in before[len(before.rstrip()) :]
