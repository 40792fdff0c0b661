"""Quantities in English and Chinese text, as values with units.

Reading only: `stated` takes everything that a source may mean by its digits and words;
`claimed` takes only what a text plainly says. Comparing is `numbers`' business.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from jobs.verify.numerals import english, mandarin
from jobs.verify.words import lists

PERCENT = "%"
_TIMES = re.compile(r"(?<=\d)[xX](?=\d)")
_SUPER = re.compile(r"(?<=[\d)])([⁻⁺]?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_FULLWIDTH = str.maketrans("０１２３４５６７８９．％＋－～", "0123456789.%+-~")
_POWER = r"10\s?(?:\^|\*\*)\s?\{?(?P<power>[-−]?\d{1,3})\}?"
_SCALES: Mapping[str, int] = {
    "hundred": 2, "thousand": 3, "million": 6, "mn": 6, "billion": 9, "bn": 9, "trillion": 12,
    "k": 3, "m": 6, "b": 9, "t": 12, "g": 9,
    "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8,
    "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
}  # fmt: skip
_DIGITS = r"(?:\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+)"
_SCALE = (
    r"(?:\s?(?P<scale>[十百千万亿]{1,2}|(?:hundred|thousand|million|billion|trillion|mn|bn)(?![a-z])"
    r"|[kKMBTG](?![A-Za-z])))?"
)
_NUMBER = re.compile(
    rf"(?P<scientific>{_POWER})|(?P<digits>{_DIGITS}){_SCALE}"
    r"|百分之(?P<of_hundred>\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百点]+)"
    r"|(?P<over>[一二两三四五六七八九十\d]{1,3})分之(?P<under>[一二两三四五六七八九十\d]{1,3})"
    r"|(?P<han>[〇零一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+[万亿]?)?)"
    rf"|(?<![A-Za-z])(?P<spelled>{english.PATTERN})(?![A-Za-z])",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:(?:[-–—~～/,，、;→±]|to|and|or|vs\.?|versus|至|到|和|与|及|或)\s*)+", re.IGNORECASE
)
_RANGE = re.compile(r"\s*(?:[-–—~～/±]|to|至|到)\s*", re.IGNORECASE)
_GLUED_BEFORE = re.compile(r"[A-Za-zΑ-ω_](?:[-–.]?)\Z")
_GLUED_AFTER = re.compile(r"[A-Za-zΑ-ω_]|-[A-Z]|\.\d")
_MONTHS = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?=\s\d)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number where it stands."""

    said: str
    value: Decimal
    unit: str | None
    start: int
    end: int
    scaled: Decimal | None = None
    """The other reading: `300K` may be 300 of something."""
    word: bool = False
    """Spelled out in letters or in Chinese numerals."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a source's numbers can mean."""

    units: Mapping[Decimal, frozenset[str | None]]
    """Value → the units it comes with; None where no unit is known."""

    def __contains__(self, value: object) -> bool:
        return value in self.units

    def reaches(self, value: Decimal) -> bool:
        """Whether something in the source is about as large as `value`."""
        return any(known * 10 >= value for known in self.units)


def stated(text: str) -> Stated:
    """Every reading of every number in `text`, those in names included."""
    text = plain(text)
    units: defaultdict[Decimal, set[str | None]] = defaultdict(set)
    found = [*_read(text)]
    everywhere = {PERCENT} if "(%)" in text else set()
    for quantity, unit in zip(found, _shared(text, found, _BETWEEN), strict=True):
        for value in (quantity.value, quantity.scaled):
            if value is not None:
                units[value] |= {unit, *everywhere}
    for value, unit in _in_words(text):
        units[value].add(unit)
    return Stated({value: frozenset(known) for value, known in units.items()})


def claimed(text: str) -> list[Quantity]:
    """What `text`, a plain one, says in numbers; digits that belong to names are left out."""
    found = [
        quantity
        for quantity in _read(text)
        if not _in_a_name(text, quantity) and not _in_a_word(text, quantity)
    ]
    shared = _shared(text, found, _RANGE)
    return [
        Quantity(q.said, q.value, unit, q.start, q.end, q.scaled, q.word)
        for q, unit in zip(found, shared, strict=True)
    ]


def plain(text: str) -> str:
    """Full-width digits as usual ones, `10⁶` as `10^6`, `4x4` as `4×4`."""
    return _SUPER.sub(_lowered, _TIMES.sub("×", text.translate(_FULLWIDTH)))


def _lowered(raised: re.Match[str]) -> str:
    return "^" + raised[0].translate(_RAISED)


def _read(text: str) -> Iterator[Quantity]:
    for found in _NUMBER.finditer(text):
        yield from _quantity(found, text)


def _quantity(found: re.Match[str], text: str) -> Iterator[Quantity]:
    unit, end = _unit(text, found.end())
    scaled: Decimal | None = None
    if found["digits"]:
        value = Decimal(found["digits"].replace(",", "").replace("，", ""))
        if scale := found["scale"]:
            scaled, value = value, value.scaleb(_power(scale))
            if len(scale) > 1 or not scale.isascii():
                scaled = None
    elif found["scientific"]:
        value = Decimal(1).scaleb(int(found["power"].replace("−", "-")))
    elif said := found["of_hundred"]:
        number = Decimal(said) if said[0].isdigit() and said.isascii() else mandarin.value(said)
        if number is None:
            return
        value, unit = number, PERCENT
    elif found["spelled"]:
        value = english.value(found["spelled"])
    else:
        number = mandarin.value(found["han"]) if found["han"] else None
        if number is None:
            return
        value = number
    yield Quantity(
        text[found.start() : end].strip(), value.normalize(), unit, found.start(), found.end(),
        scaled and scaled.normalize(), word=bool(found["spelled"] or found["han"]),
    )  # fmt: skip


def _power(scale: str) -> int:
    return _SCALES.get(scale.casefold()) or sum(_SCALES[sign] for sign in scale)


def _unit(text: str, at: int) -> tuple[str | None, int]:
    found = lists().unit.match(text, at)
    if found is None or found.lastindex is None:
        return None, at
    return lists().unit_names[found.lastindex - 1], found.end()


def _shared(text: str, found: list[Quantity], between: re.Pattern[str]) -> list[str | None]:
    """Each quantity's unit, or that of the next in the same range or list."""
    units = [quantity.unit for quantity in found]
    for at in range(len(found) - 2, -1, -1):
        gap = text[found[at].end : found[at + 1].start]
        if units[at] is None and len(gap) < 12 and between.fullmatch(gap):  # noqa: PLR2004
            units[at] = units[at + 1]
    return units


def _in_words(text: str) -> Iterator[tuple[Decimal, str | None]]:
    """Half, twofold, both, months: numbers that no digit or numeral tells."""
    for pattern, value, unit in lists().said:
        if pattern.search(text):
            yield value, unit
    for month in _MONTHS.findall(text):
        yield Decimal(1 + "janfebmaraprmayjunjulaugsepoctnovdec".index(month.casefold()) // 3), None


def _in_a_name(text: str, quantity: Quantity) -> bool:
    """`GPT-4`, `3DGS`, `top-1`, `v2`: the digits are part of a word."""
    if quantity.word:
        return False
    before = text[max(0, quantity.start - 2) : quantity.start]
    return bool(_GLUED_BEFORE.search(before)) or bool(
        quantity.unit is None and _GLUED_AFTER.match(text, quantity.end)
    )


def _in_a_word(text: str, quantity: Quantity) -> bool:
    """Chinese numerals that count nothing: 一致, 第三, 十分, 数百."""
    if not quantity.word or quantity.said[0].isascii():
        return False
    before = text[max(0, quantity.start - 1) : quantity.start]
    return before in tuple("第数几上若成") and bool(before)
