"""Authors' names taken apart: persons' into family and given name, others' left whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from formatters.text import readable

_PARTICLE = re.compile(
    r"van|von|de|der|den|del|della|di|da|la|le|du|dos|el|al|bin|ter", re.IGNORECASE
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_KIND = (
    r"(?:collaborations?|consorti(?:um|a)|teams?|groups?|projects?|networks?|initiatives?|alliance"
    r"|foundation|labs?|laborator(?:y|ies)|investigators|committee|community|association|society"
    r"|institute|university|contributors|authors|members)"
)
_MANY = re.compile(rf".*\S\s{_KIND}|(?:the )?team\s.*", re.IGNORECASE)
_COMMON = re.compile(
    rf"{_KIND}|an?|the|and|of|for|on|in|scientific|international|[\d\W]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Name:
    """Who wrote a paper, readable."""

    family: str
    """With its particles. What is no person's, or in one word, is all here."""
    given: str = ""
    suffix: str = ""
    """`Jr.`"""
    many: bool = False
    """It is a collaboration's, a team's, a project's."""

    @property
    def distinctive(self) -> str:
        """What tells it from other names: `LIGO` of a collaboration, else the family name."""
        words = self.family.split() if self.many else []
        return next((word for word in words if not _COMMON.fullmatch(word)), self.family)


def names(authors: Sequence[str]) -> list[Name]:
    """Each author's name; what arXiv lists that names nobody, as a lone colon, is left out."""
    plain = (readable(author).removeprefix("and ") for author in authors)
    return [name_of(name) for name in plain if any(map(str.isalnum, name))]


def name_of(plain: str) -> Name:
    """A readable name, in either order: `Ada van der Example, Jr.`, `Example, Ada, Jr.`."""
    if _MANY.fullmatch(plain):
        return Name(plain, many=True)
    head, *others = [piece for each in plain.split(",") if (piece := each.strip())] or [""]
    words, end = head.split(), _end(head.split())
    suffix = " ".join([*words[end:], *filter(_SUFFIX.fullmatch, others)])
    given = " ".join(each for each in others if not _SUFFIX.fullmatch(each))
    start = 0 if given else _start(words[:end])
    return Name(" ".join(words[start:end]), given or " ".join(words[:start]), suffix)


def _end(words: Sequence[str]) -> int:
    """Where the name ends that a suffix may follow."""
    end = len(words)
    while end > 1 and _SUFFIX.fullmatch(words[end - 1]):
        end -= 1
    return end


def _start(words: Sequence[str]) -> int:
    """Where the family name begins. A particle before all else, in small letters, is its own."""
    if words and words[0].islower() and _PARTICLE.fullmatch(words[0]):
        return 0
    start = max(0, len(words) - 1)
    while start > 1 and _PARTICLE.fullmatch(words[start - 1]):
        start -= 1
    return start
