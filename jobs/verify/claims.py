"""Praise and deeds that only count where the paper itself tells them."""

from collections.abc import Iterator

from jobs.verify.fields import Fault, FaultKind, Field
from jobs.verify.source import Source
from jobs.verify.words import lists


def faults(text: str, _field: Field, source: Source) -> Iterator[Fault]:
    """Praise that the source doesn't give, and actions that its authors don't tell."""
    for pair in lists().praise:
        if (found := pair.said.search(text)) and not pair.source.search(source.whole):
            yield Fault(FaultKind.PRAISE, f"“{found[0]}” is praise that the source doesn't give.")
    for pair in lists().deeds:
        if (found := pair.said.search(text)) and not pair.source.search(source.folded):
            yield Fault(FaultKind.CLAIM, f"“{found[0]}”: the source says nothing of it.")
