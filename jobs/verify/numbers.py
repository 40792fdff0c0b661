"""No number, unit or percentage that the source lacks.

What a text may say otherwise than its source: 1,000 as 1k, 3 million as 300万, 0.86 as 86%,
`two-fold` as 2 倍. It may count what the source lists; it may not contradict its counts.
"""

import re
from collections.abc import Iterable, Iterator

from jobs.verify.fields import Fault, FaultKind, Field
from jobs.verify.latin import LINK
from jobs.verify.quantities import PERCENT, Quantity, claimed, plain
from jobs.verify.source import Source
from jobs.verify.words import Pair, lists

_SMALL = 10
"""Up to here a text may count by itself."""
_KIN: dict[str | None, set[str | None]] = {
    PERCENT: {PERCENT, "percentage-points"},
    "percentage-points": {PERCENT, "percentage-points", "points"},
    "points": {PERCENT, "percentage-points", "points"},
}
_ONLY_SCALE = re.compile(
    r"[十百千万亿]+|(?:a )?(?:hundred|thousand|million|billion|trillion)s?", re.IGNORECASE
)
_COUNTED_ZH = re.compile(r"\s*(?:多|余)?[个种类项大条款组次轮套名位台只]")
_COUNTS = re.compile(rf"{_COUNTED_ZH.pattern}|\s[a-z]")
"""What stands behind a number that counts things."""


def faults(text: str, _field: Field, source: Source) -> Iterator[Fault]:
    """Every quantity of `text` that `source` doesn't bear out."""
    told = set()
    text = plain(LINK.sub(" ", text))
    for quantity in claimed(text):
        fault = _fault(quantity, text, source)
        if fault and fault.detail not in told:
            told.add(fault.detail)
            yield fault


def omitted(texts: Iterable[str], source: Source) -> bool:
    """Whether the source gives its results in numbers and none of `texts` gives a number."""
    return source.results and not any(
        quantity.unit or not quantity.word for text in texts for quantity in claimed(plain(text))
    )


def _fault(quantity: Quantity, text: str, source: Source) -> Fault | None:
    if quantity.word and _says_nothing(quantity, text, source):
        return None
    units = _units(quantity, source)
    agree = units & _KIN.get(quantity.unit, {quantity.unit})
    if units and (agree or quantity.unit is None or (None in units and quantity.unit != PERCENT)):
        return None
    if _derived(quantity, text, source):
        return None
    if not units:
        return Fault(FaultKind.NUMBER, f"The number “{quantity.said}” is not in the source.")
    others = ", ".join(sorted(unit for unit in units if unit)) or "no percentage"
    return Fault(
        FaultKind.UNIT,
        f"“{quantity.said}”: the source has this number, but with another unit ({others}).",
    )


def _units(quantity: Quantity, source: Source) -> frozenset[str | None]:
    """The units that the value has in the source; empty where the source hasn't the value."""
    readings = (quantity.value, quantity.scaled)
    return frozenset().union(
        *(source.stated.units.get(value, ()) for value in readings if value is not None)
    )


def _says_nothing(quantity: Quantity, text: str, source: Source) -> bool:
    """Numerals that are words (一种, 百万级) or that state no size of their own."""
    if quantity.value <= 1 and quantity.unit != PERCENT:
        return True
    if _ONLY_SCALE.fullmatch(quantity.said):
        return quantity.value < 10**5 or source.stated.reaches(quantity.value)
    if quantity.said[0].isascii() or quantity.unit is not None or quantity.value > _SMALL:
        return False
    return not _COUNTED_ZH.match(text, quantity.end)


def _derived(quantity: Quantity, text: str, source: Source) -> bool:
    """True if the source bears the value out in another form."""
    value = quantity.value
    if quantity.unit == PERCENT:
        share = (value / 100).normalize()
        return None in source.stated.units.get(share, ())
    small = quantity.unit is None and value <= _SMALL and value == value.to_integral_value()
    counts = quantity.word or _COUNTS.match(text, quantity.end)
    return bool(small and counts) and not _contradicts(quantity, text, source)


def _contradicts(quantity: Quantity, text: str, source: Source) -> bool:
    """Whether the source counts the same things otherwise."""
    behind = text[quantity.end : quantity.end + 24]
    return any(_counted(pair, behind) and _counts(pair, source) for pair in lists().counted)


def _counted(pair: Pair, behind: str) -> bool:
    """Whether what stands behind a number are these things."""
    chinese = re.match(
        rf"\s*[个种类项大款组名位台]?[\u4e00-\u9fff]{{0,6}}?{pair.said.pattern}", behind
    )
    english = re.match(
        rf"(?:[ -][a-z][\w-]*){{0,2}}[ -]{pair.source.pattern}\b", behind, re.IGNORECASE
    )
    return bool(chinese or english)


def _counts(pair: Pair, source: Source) -> bool:
    """Whether the source says how many of these there are."""
    pattern = rf"(?:[ -][a-z][\w-]*){{0,3}}[ -]{pair.source.pattern}\b"
    return any(
        quantity.value > 1 and re.match(pattern, behind, re.IGNORECASE)
        for quantity, behind in source.counts
    )
