"""The opposite of what the source says: a turned sense, a dropped `not`, a swapped winner.

Only what the source says one way alone can be reversed: where it says both, nothing is told.
"""

from collections.abc import Iterator
from typing import TypeVar

from jobs.verify.contests import OWN, Contest, contests
from jobs.verify.denials import Statement, statements
from jobs.verify.fields import Fault, FaultKind, Field
from jobs.verify.senses import Sense, Turn, senses
from jobs.verify.source import Source
from storage.models import Lang

Told = TypeVar("Told")
_ALIKE, _SHARE = 2, 0.5
"""Things that two sentences share that say the same, and how much of the text's that is."""
_SAME = 0.67
"""More, where a source states a problem and the text may say that it is solved."""


def faults(text: str, field: Field, source: Source) -> Iterator[Fault]:
    """What the source says only the other way round."""
    yield from _turned(text, source)
    if field.lang is Lang.EN and not source.chinese:
        yield from _denied(text, source)
    yield from _swapped(text, source)


def _turned(text: str, source: Source) -> Iterator[Fault]:
    for sense in senses(text):
        known = [other for other in source.senses if sense.about & other.about]
        close = _closest(sense.clause, [(other.clause, other) for other in known])
        rivals = close or [other for other in known if sense.measured & other.measured]
        if rivals and all(_opposes(sense, other, close=bool(close)) for other in rivals):
            yield Fault(FaultKind.REVERSED, f"“{sense.said}”: the source says “{rivals[0].said}”.")


def _opposes(sense: Sense, other: Sense, *, close: bool) -> bool:
    """A problem that the source states may well be what the paper solves, unless it's the same."""
    solved = sense.turn is Turn.BETTER and other.turn is Turn.WORSE and not other.denied
    return sense.contradicts(other) and (close or not solved)


def _denied(text: str, source: Source) -> Iterator[Fault]:
    told = [(there.content, there) for there in source.statements]
    for here in statements(text):
        close = _closest(here.content, told)
        affirmed, denied, negated = _joined(close)
        for root in sorted((here.denied & affirmed) - negated - here.affirmed):
            yield Fault(FaultKind.REVERSED, f"The text denies “{root}…”, the source affirms it.")
        if not _closest(here.content, told, _SAME):
            continue
        for root in sorted((here.affirmed & denied) - affirmed - here.negated):
            yield Fault(FaultKind.REVERSED, f"The text affirms “{root}…”, the source denies it.")


def _joined(said: list[Statement]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """What they affirm, deny, and deny or exclude."""
    nothing = frozenset[str]()
    return (
        nothing.union(*(one.affirmed for one in said)),
        nothing.union(*(one.denied for one in said)),
        nothing.union(*(one.negated for one in said)),
    )


def _closest(
    said: frozenset[str], others: list[tuple[frozenset[str], Told]], share: float = _SHARE
) -> list[Told]:
    """What has most in common with what is said; nothing where that is too little."""
    most = max((len(said & things) for things, _ in others), default=0)
    if most < max(_ALIKE, share * len(said)):
        return []
    return [other for things, other in others if len(said & things) == most]


def _swapped(text: str, source: Source) -> Iterator[Fault]:
    told = [_named(contest, source) for contest in source.contests]
    for one in (_named(contest, source) for contest in contests(text)):
        if any(_is_swapped(one, other) for other in told) and not any(
            _agrees(one, other) for other in told
        ):
            yield Fault(
                FaultKind.REVERSED, f"“{one.said}”: in the source it is the other way round."
            )


def _named(contest: Contest, source: Source) -> Contest:
    """With the paper's own method under one name, and without what both sides are."""
    own = source.coined

    def side(things: frozenset[str], others: frozenset[str]) -> frozenset[str]:
        return things - others | ({OWN} if things & own else frozenset())

    return Contest(
        side(contest.winner, contest.loser), side(contest.loser, contest.winner), contest.said
    )


def _is_swapped(one: Contest, other: Contest) -> bool:
    """Both sides are turned, or the paper's own method is beaten that beats in the source."""
    turned = one.winner & other.loser and one.loser & other.winner
    beaten = OWN in one.loser and OWN not in one.winner and OWN in other.winner
    return bool(turned) or beaten


def _agrees(one: Contest, other: Contest) -> bool:
    return bool(one.winner & other.winner) and (not one.loser or bool(one.loser & other.loser))
