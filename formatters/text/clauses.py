"""Text held to a length without breaking what it says: sentences first, then clauses."""

import re

from formatters.text.columns import ELLIPSIS, truncate
from formatters.text.prose import sentences

_CLAUSE_END = re.compile(r"[,;:](?=\s)|[，；：]|(?=\s[—–]\s)")


def cut_at_clause(text: str, limit: int) -> str:
    """`text` in at most `limit` characters: its first sentences if one fits.

    Else up to the end of a clause, or of a word, and marked with `…`.
    """
    if len(text) <= limit:
        return text
    end = 0
    for sentence in sentences(text):
        after = text.index(sentence, end) + len(sentence)
        if after > limit:
            break
        end = after
    if end:
        return text[:end]
    ends = [mark.start() for mark in _CLAUSE_END.finditer(text[:limit])]
    if ends and ends[-1] >= limit // 2:
        return text[: ends[-1]].rstrip() + ELLIPSIS
    return truncate(text, limit)
