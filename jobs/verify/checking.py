"""One text through all checks."""

from jobs.verify import (
    chatter,
    claims,
    copying,
    language,
    names,
    numbers,
    reversals,
    shape,
    support,
    terms,
)
from jobs.verify.cutting import mended
from jobs.verify.fields import Fault, FaultKind, Field, Verdict
from jobs.verify.source import Source

_CHECKS = (
    chatter.faults,
    language.faults,
    shape.faults,
    numbers.faults,
    names.faults,
    terms.faults,
    claims.faults,
    reversals.faults,
    support.faults,
    copying.faults,
)
_OF_THE_LANGUAGE = frozenset({FaultKind.LENGTH, FaultKind.UNTRANSLATED})
"""What a text in the wrong language is charged with besides."""
_LONGEST = 20_000
"""Characters; no field of any kind comes near."""


def check(raw: str, field: Field, source: Source) -> Verdict:
    """`raw` freed of what surrounds it, and every fault of the rest."""
    if len(raw) > _LONGEST:
        return Verdict("", (), (Fault(FaultKind.LENGTH, "The answer is far too long."),))
    text, cuts = mended(raw, field, source)
    if not any(map(str.isalnum, text)):
        return Verdict("", cuts, (Fault(FaultKind.EMPTY, "There is no text beside the chatter."),))
    found = tuple(fault for judge in _CHECKS for fault in judge(text, field, source))
    if any(fault.kind is FaultKind.LANGUAGE for fault in found):
        found = tuple(fault for fault in found if fault.kind not in _OF_THE_LANGUAGE)
    return Verdict(text, cuts, found)
