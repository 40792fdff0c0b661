"""Sentences chosen for an aspect, and made claims of.

Pure. Within an aspect no sentence says what another has said, and none stands under two.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from formatters.text import folded
from jobs.extractive import repeats
from jobs.outline.cues import Cue
from jobs.outline.reading import Statement
from jobs.outline.wording import held_to
from jobs.tldr_claims import words_of
from storage.models import Aspect, Claim

WORDS = 45
"""Of a claim, as long as nothing of what it claims is lost."""
_IN_SHORT = frozenset({Aspect.CORE, Aspect.STEPS, Aspect.ABSTRACT})
"""What an analysis begins with; the rest may say it again at its place."""


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


def once(claims: Mapping[Aspect, Sequence[Claim]]) -> dict[Aspect, tuple[Claim, ...]]:
    """Without what an aspect says word for word as one before it; in an analysis' order."""
    told: set[str] = set()
    kept: dict[Aspect, tuple[Claim, ...]] = {}
    for aspect in (one for one in Aspect if one in claims):
        own = tuple(claim for claim in claims[aspect] if folded(claim.text) not in told)
        if own:
            kept[aspect] = own
        if aspect not in _IN_SHORT:
            told.update(folded(claim.text) for claim in own)
    return kept
