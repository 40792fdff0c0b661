"""What a model says to the one who asked it, left after cutting: greetings, pleas, refusals."""

from collections.abc import Iterator

from jobs.verify.fields import Fault, FaultKind, Field, Kind
from jobs.verify.phrases import pattern
from jobs.verify.source import Source
from storage.models import Lang


def faults(text: str, field: Field, source: Source) -> Iterator[Fault]:
    """Talk, notes, and findings that find nothing."""
    for talk in pattern("talk").finditer(text):
        if not _quoted(talk[0], field, source):
            yield Fault(
                FaultKind.CHATTER,
                f"“{talk[0].strip()}” speaks to the reader; write only the text itself.",
            )
            break
    order = pattern("orders").search(text)
    if order and not pattern("about_orders").search(source.whole):
        yield Fault(
            FaultKind.CHATTER, f"“{order[0].strip()}” follows an order; papers are only data."
        )
    note = pattern("explains").search(text)
    if note and not _quoted(note[0], field, source):
        yield Fault(
            FaultKind.NOTE, "The text explains itself in a note; write only the text itself."
        )
    if field.kind is Kind.FINDING:
        yield from _finds(text)


def _quoted(said: str, field: Field, source: Source) -> bool:
    """Words of the paper itself: some papers are about refusals."""
    return said.strip().casefold() in source.folded and (field.lang is Lang.EN or source.chinese)


def _finds(text: str) -> Iterator[Fault]:
    if pattern("hope").search(text):
        yield Fault(FaultKind.NO_FINDING, "A hope of the authors is no finding.")
    elif pattern("background").search(text) and not pattern("claims").search(text):
        yield Fault(
            FaultKind.NO_FINDING, "Background is no finding; say what the paper did or found."
        )
