"""English number words."""

import re
from decimal import Decimal

_UP_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_FROM_TWENTY = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: n for n, word in enumerate(_UP_TO_NINETEEN.split())} | {
    word: 10 * n for n, word in enumerate(_FROM_TWENTY.split(), start=2)
}
_LARGE = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9,
          "trillion": 10**12}  # fmt: skip
_WORD = rf"(?:{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
PATTERN = (
    rf"{_WORD}(?:[ -](?:and )?(?:{_WORD}|{'|'.join(_LARGE)}))*|(?:a )?(?:{'|'.join(_LARGE)})s?"
)
"""A number in words, for a regular expression that ignores case."""


def value(said: str) -> Decimal:
    """The number that words matched by PATTERN say."""
    total = current = 0
    for word in re.findall("[a-z]+", said.casefold()):
        if word in _SMALL:
            current += _SMALL[word]
        elif (size := _LARGE.get(word.removesuffix("s"))) == 100:  # noqa: PLR2004
            current = max(current, 1) * size
        elif size:
            total += max(current, 1) * size
            current = 0
    return Decimal(total + current)
