"""What a passage is searched with beside its own words: title and section path, never cited."""

from __future__ import annotations

from collections.abc import Sequence

from index.chunking import ChunkingSettings
from index.sentences import TokenSpans

SEPARATOR = " › "


def context_prefix(
    document_title: str, section: Sequence[str], token_spans: TokenSpans, settings: ChunkingSettings
) -> str:
    """``"Title › Section › Sub\\n"``, put before a passage for encoding only, or ``""``.

    At most ``settings.prefix_tokens`` word pieces, cut at a word; a heading that repeats
    the one before it (often the title) is named once.
    """
    names: list[str] = []
    for name in (document_title, *section):
        folded = " ".join(name.split())
        if folded and (not names or folded.casefold() != names[-1].casefold()):
            names.append(folded)
    prefix = SEPARATOR.join(names)
    pieces = token_spans(prefix)
    while prefix and len(pieces) > settings.prefix_tokens:
        # The piece over the budget goes with the word it is in.
        prefix = prefix[: pieces[settings.prefix_tokens][1] - 1]
        prefix = prefix.rpartition(" ")[0].rstrip(SEPARATOR)
        pieces = token_spans(prefix)
    return f"{prefix}\n" if prefix else ""
