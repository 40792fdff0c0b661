"""Who is said to beat whom, in English and Chinese. Reading only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from formatters.text import sentences
from jobs.verify.stems import things

_BEATS = re.compile(
    r"\b(?:outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|beats?|beating|exceed(?:s|ed|ing)?"
    r"|outscor(?:es?|ed|ing)|superior to"
    r"|(?:better|faster|higher|stronger|cheaper|safer|more (?!than)\w+)(?: \w+){0,2} than)\b"
    r"|优于|超过|超越|胜过|领先于?|好于|强于|快于",
    re.IGNORECASE,
)
_TURNED = re.compile(r"\s*\bby\b", re.IGNORECASE)
_EDGE = re.compile(
    r"[,;:，；：、]|\b(?:while|whereas|but|although|though|because|that)\b|而|但", re.IGNORECASE
)
_OWN = re.compile(
    r"\b(?:we|our|ours|it|this (?:method|approach|model))\b|本文|我们|该(?:方法|模型)",
    re.IGNORECASE,
)
_NEAR = 160
"""Characters in which each side is looked for."""
OWN = "own"
"""Stands for the paper's own method."""


@dataclass(frozen=True, slots=True)
class Contest:
    """One thing said to be better than another, each as its names and stems."""

    winner: frozenset[str]
    loser: frozenset[str]
    said: str


def contests(text: str) -> Iterator[Contest]:
    """Every contest in `text`."""
    for sentence in sentences(text):
        for found in _BEATS.finditer(sentence):
            before = _EDGE.split(sentence[: found.start()][-_NEAR:])[-1]
            behind = sentence[found.end() :][:_NEAR]
            turned = _TURNED.match(behind)
            sides = _side(before), _side(_EDGE.split(behind)[0])
            winner, loser = reversed(sides) if turned else sides
            yield Contest(winner, loser, found[0])


def _side(text: str) -> frozenset[str]:
    return things(text) | ({OWN} if _OWN.search(text) else frozenset())
