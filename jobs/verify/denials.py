"""What an English text says is so and what it says is not. Reading only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from formatters.text import sentences
from jobs.verify.stems import content

_FILLER = r"(?:(?:\w+ly|be|been|yet|always|even|also|more|any|the|a|an)\s+)*"
_NOT = re.compile(
    r"(?:\b(?:do|does|did|is|are|was|were|can|could|will|would|should|may|need|has|have)"
    r"(?:\s+not|n['’]t)|\b(?:cannot|never|hardly|rarely|seldom)"
    r"|\b(?:fail(?:s|ed|ing)?|unable|refus(?:e|es|ed)|struggl(?:es?|ed)) to)\s+"
    rf"{_FILLER}(?P<verb>\w+)"
    rf"|\b(?:without|no|not|nor|neither|rather than|instead of)\s+{_FILLER}(?P<thing>\w+)",
    re.IGNORECASE,
)

_WORD = re.compile(r"[a-z]{3,}")
_ENDING = re.compile(r"(?<=[a-z]{2})(?:ing|ied|ed|es|e|s|y)\Z")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence as the roots of its words, and the stems of its content."""

    affirmed: frozenset[str]
    denied: frozenset[str]
    """Verbs said with `not`, `never`, `fails to`."""
    excluded: frozenset[str]
    """What follows `without` or `no`."""
    content: frozenset[str]

    @property
    def negated(self) -> frozenset[str]:
        """All that it says is not."""
        return self.denied | self.excluded


def statements(text: str) -> Iterator[Statement]:
    """The sentences of `text`."""
    for sentence in sentences(text):
        denied: set[str] = set()
        excluded: set[str] = set()
        for found in _NOT.finditer(sentence):
            (denied if found["verb"] else excluded).update(_roots(found["verb"] or found["thing"]))
        affirmed = _roots(_NOT.sub(" ", sentence))
        yield Statement(affirmed, frozenset(denied), frozenset(excluded), content(sentence))


def _roots(text: str) -> frozenset[str]:
    """Words without the endings of verbs: `improves` as `improv`, but not `improvement`."""
    return frozenset(_ENDING.sub("", word) for word in _WORD.findall(text.casefold()))
