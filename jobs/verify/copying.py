"""A text in the paper's own language says it in its own words."""

import re
from collections.abc import Iterator

from jobs.verify.fields import Fault, FaultKind, Field, Kind
from jobs.verify.source import Source
from storage.models import Lang

_LETTERS = re.compile(r"[^\W_]+")
_FORMS = 5
_LONG = 20
"""Words in a row that are a copy whatever stands beside them."""
_SHORT = 12
_SHARE = 0.8


def faults(text: str, field: Field, source: Source) -> Iterator[Fault]:
    """The title again, or a long verbatim run of the text, unless the field is a quotation."""
    same = field.lang is Lang.EN and not source.chinese
    if field.quotation or field.kind.translates or field.kind is Kind.TEXT or not same:
        return
    words = tuple(_LETTERS.findall(text.casefold()))
    title = tuple(_LETTERS.findall(source.plain_title.casefold()))
    if words == title or (field.kind is not Kind.LINE and _stands_in(words, title)):
        yield Fault(FaultKind.COPY, "This is only the title; say what the paper does and found.")
    run = longest(words, source)
    if run >= _LONG or (run >= _SHORT and run >= _SHARE * len(words)):
        yield Fault(
            FaultKind.COPY,
            f"{run} words in a row are copied from the source; say it in your own words.",
        )


def _stands_in(words: tuple[str, ...], title: tuple[str, ...]) -> bool:
    """Whether a part of the title is all that these words are; themes are named so, though."""
    starts = range(len(title) - len(words) + 1)
    return bool(words) and any(title[at : at + len(words)] == words for at in starts)


def longest(words: tuple[str, ...], source: Source) -> int:
    """How many of `words` stand in a row in the source."""
    best = 0
    for start in range(len(words) - _FORMS + 1):
        for at in source.runs.get(words[start : start + _FORMS], ()):
            run = _FORMS
            while (
                words[start + run : start + run + 1] == source.words[at + run : at + run + 1] != ()
            ):
                run += 1
            best = max(best, run)
    return best
