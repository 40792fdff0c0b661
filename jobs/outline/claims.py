"""Sentences chosen for an aspect, and made claims of.

Pure. Within an aspect no sentence says what another has said.
"""

from collections.abc import Collection, Iterable, Sequence

from jobs.extractive import repeats
from jobs.outline.cues import Cue
from jobs.outline.reading import Statement
from jobs.outline.wording import held_to
from jobs.tldr_claims import words_of
from storage.models import Claim

WORDS = 45
"""Of a claim, as long as nothing of what it claims is lost."""


def choose(cue: Cue, sayings: Sequence[Statement], told: Collection[int]) -> list[Statement]:
    """The sentences that a cue marks, in its order, without those at the places `told`."""
    fresh = (s for s in sayings if s.place not in told)
    worthy = [(worth, s) for s in fresh if (worth := cue.worth(s.text, s.role)) >= cue.least]
    worthy.sort(key=lambda one: -one[0])
    chosen = distinct((s for _, s in worthy if s.alone), cue.most)
    return chosen if cue.ranked else sorted(chosen, key=lambda s: s.place)


def distinct(sayings: Iterable[Statement], most: int) -> list[Statement]:
    """The first so many that don't repeat one before them."""
    chosen: list[Statement] = []
    said: list[frozenset[str]] = []
    for statement in sayings:
        if len(chosen) == most:
            break
        words = words_of(statement.said.text)
        if not any(repeats(words, earlier) for earlier in said):
            chosen.append(statement)
            said.append(words)
    return chosen


def claim_of(statement: Statement, limit: int = WORDS, *, table: bool = False) -> Claim:
    """A claim in the words of a sentence; with the table it rests on, if asked for."""
    return Claim(
        held_to(statement.said.text, limit),
        statement.section,
        statement.quote,
        table=statement.table if table else None,
    )
