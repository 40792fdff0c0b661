"""A text speaks of what its source speaks of: enough of its content stands there."""

from collections.abc import Iterator

from formatters.text import sentences
from jobs.verify.fields import Fault, FaultKind, Field
from jobs.verify.latin import is_name, words
from jobs.verify.source import Source
from jobs.verify.stems import content, same
from jobs.verify.words import lists
from storage.models import Lang

_TOO_LITTLE = 1 / 3
"""Of a sentence's content. People's own summaries seldom have so little in common."""
_SHOWN = 60


def faults(text: str, field: Field, source: Source) -> Iterator[Fault]:
    """English sentences about something else than an English source."""
    if field.lang is not Lang.EN or source.chinese:
        return
    for sentence in sentences(text):
        if 0 <= _share(sentence, source) <= _TOO_LITTLE:
            said = sentence[:_SHOWN].rstrip(".")
            yield Fault(FaultKind.UNSUPPORTED, f"“{said}”: the source says nothing like it.")


def _share(sentence: str, source: Source) -> float:
    """How much of a sentence's content the source has; -1 where it has no content at all.

    Names count as found: those that the source lacks are faults of their own.
    """
    names = {
        word.text
        for word in words(sentence)
        if is_name(word.text) and word.text.casefold() not in lists().general
    }
    for name in names:
        sentence = sentence.replace(name, " ")
    stems = content(sentence)
    found = sum(same(stem, source.stems) for stem in stems)
    return (found + len(names)) / (len(stems) + len(names)) if stems or names else -1.0
