"""From a model's answer to claims that can be shown: each is held to the paper. Pure.

What is good stays good over several answers. A claim rests on words of the paper that stand
there letter for letter, or on a section that says the same; what rests on nothing is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from jobs.llm.analysis.forms import NOTED, Form, Point, Result, Step, Task, aspects_of, said_in
from jobs.llm.analysis.ground import Ground
from jobs.llm.analysis.guessing import (
    aims,
    announces,
    guess_in,
    is_a_caption,
    limits_something,
    points_away,
    speaks_as_authors,
    tells_nothing,
)
from jobs.llm.distinct import distinct
from jobs.shortening import length
from jobs.verify import Field, Kind
from jobs.verify.quantities import claimed, plain
from storage.models import Aspect, Claim, Lang

Claims = Mapping[Aspect, tuple[Claim, ...]]
"""Only aspects of which something is said."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What an aspect's claims must be like."""

    most: int = 4
    """Claims."""
    words: int = 45
    kind: Kind = Kind.LINE
    least: int = 0
    """Words of a sentence that says something; in Chinese half as many."""


_RULES: Mapping[Aspect, Rule] = {
    Aspect.CORE: Rule(most=1, words=40, least=7),
    Aspect.STEPS: Rule(most=5, words=28),
    Aspect.METHOD: Rule(most=10, words=60),
    Aspect.STRUCTURE: Rule(most=6, words=55),
    Aspect.TRAINING: Rule(most=6, words=55),
    Aspect.CONTRIBUTIONS: Rule(most=6, least=6),
    Aspect.DATA_SETS: Rule(most=8),
    Aspect.BASELINES: Rule(most=8),
    Aspect.METRICS: Rule(most=6),
    Aspect.RESULTS: Rule(most=8, kind=Kind.FINDING),
    Aspect.HYPERPARAMETERS: Rule(most=8),
    Aspect.STATED_LIMITS: Rule(most=5),
    Aspect.FINDINGS: Rule(most=5, kind=Kind.FINDING, least=6),
}
_DEFAULT = Rule()
_FLOW_WORDS = 20
"""Of what a step takes or gives."""
_LIMITS = frozenset({Aspect.STATED_LIMITS, Aspect.INFERRED_LIMITS})
_LACKS = _LIMITS | {Aspect.SHORTCOMINGS}
_OUTCOMES = frozenset({Aspect.RESULTS, Aspect.FINDINGS})
_DONE = frozenset({Aspect.STEPS, Aspect.METHOD, Aspect.STRUCTURE, Aspect.TRAINING})
_BRIEF = frozenset({Aspect.CORE, Aspect.STEPS})
"""What stands alone in a group's message."""
_UNSURE = _LIMITS | {
    Aspect.NEED,
    Aspect.SHORTCOMINGS,
    Aspect.HYPOTHESIS,
    Aspect.USE,
    Aspect.PITFALLS,
}
"""Where a claim may say `may`."""
_INDISPENSABLE: Mapping[Task, tuple[Aspect, ...]] = {
    Task.IDEA: (Aspect.CORE, Aspect.STEPS),
    Task.LIMITS: (Aspect.FINDINGS,),
    Task.ABSTRACT: (Aspect.CORE, Aspect.FINDINGS),
}
_MOST_LOOKED_AT = 24
"""Claims of an aspect: no model is right after so many."""
_MOST_TOLD = 12
"""Faults at once."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is good so far of the answers to one question."""

    claims: Claims = field(default_factory=dict)
    wanting: tuple[Aspect, ...] = tuple(Aspect)
    """What is to be written, or written anew."""
    faults: tuple[str, ...] = ()
    """What was wrong with it, for the model."""
    refused: Mapping[Aspect, int] = field(default_factory=dict)
    """Claims of each aspect that rest on nothing, and are not made good."""
    kinds: tuple[str, ...] = ()
    """Every fault so far, for statistics."""

    @property
    def said(self) -> bool:
        """Whether anything was said, good or not."""
        return bool(self.claims or self.refused)

    @property
    def dropped(self) -> int:
        """Claims that were given up."""
        return sum(self.refused.values())


def judged(draft: Draft, answer: Form, task: Task, ground: Ground) -> Draft:
    """The draft with what is good of the answer, and the faults of what is still wanting."""
    judge = _Judge(ground)
    for aspect, said in said_in(answer):
        if aspect in draft.wanting:
            judge.hear(aspect, said)
    before = draft.claims
    better = {at: new for at, new in judge.good.items() if len(new) >= len(before.get(at, ()))}
    claims = {at: most(at, said) for at, said in {**before, **better}.items()}
    wanting = tuple(_wanting(task, claims, judge, draft.wanting))
    refused = {**draft.refused, **judge.refused}
    told = (fault for at in wanting for fault in judge.faults.get(at, [f"{at}: write it."]))
    kinds = (*draft.kinds, *judge.kinds)
    made = Draft(claims, wanting, tuple(islice(told, _MOST_TOLD)), refused, kinds)
    if made.said or judge.faults:
        return made
    return replace(draft, wanting=aspects_of(task), faults=(_nothing_said(task),))


def _nothing_said(task: Task) -> str:
    told = "Nothing is written that can be used. The paper says more than that: write what it says."
    if task is not Task.NOTES:
        return told
    return f"{told} In `about` each note names one of: {', '.join(NOTED)}."


def most(aspect: Aspect, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """As many different ones as an analysis tells of an aspect."""
    return distinct(claims, lambda claim: claim.text)[: _rule(aspect).most]


def _wanting(
    task: Task, kept: Claims, judge: "_Judge", wanted: Sequence[Aspect]
) -> Iterator[Aspect]:
    """What is asked for anew: what lost as much as it kept, and what can't be missing."""
    for aspect in aspects_of(task):
        lost = judge.refused.get(aspect, 0)
        faulty = aspect in judge.faults and lost >= len(kept.get(aspect, ()))
        missing = aspect not in kept and aspect in _INDISPENSABLE.get(task, ())
        if aspect in wanted and (missing or faulty):
            yield aspect


@dataclass(slots=True)
class _Judge:
    """Hears what an answer says, and notes what is good and what is not."""

    ground: Ground
    good: dict[Aspect, list[Claim]] = field(default_factory=dict)
    refused: dict[Aspect, int] = field(default_factory=dict)
    faults: dict[Aspect, list[str]] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)

    def hear(self, aspect: Aspect, said: Sequence[Point | Step | Result]) -> None:
        """All claims about one aspect."""
        looked_at = said[:_MOST_LOOKED_AT]
        meant = [one for one in looked_at if one.text.strip()]
        if meant:
            self.refused[aspect] = 0
        elif any(one.quote.strip() for one in looked_at):
            self.faults[aspect] = [f"{aspect}: text is empty; say there what the quote says."]
        for number, one in enumerate(meant, 1):
            try:
                place, claim = _judged(aspect, one, self.ground)
            except _Refused as refusal:
                self.refused[aspect] += 1
                self.kinds += [kind for kind, _ in refusal.faults]
                told = self.faults.setdefault(aspect, [])
                told += [f"{aspect}[{number}]: {detail}" for _, detail in refusal.faults]
            else:
                self.good.setdefault(place, []).append(claim)


class _Refused(Exception):
    """A claim can't be shown."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__(*faults)
        self.faults = faults
        """Kinds, each with a sentence of plain English that the model is told."""


def _judged(aspect: Aspect, said: Point | Step | Result, ground: Ground) -> tuple[Aspect, Claim]:
    """A claim that can be shown, under the aspect that it is fit for. Raises _Refused."""
    rule = _rule(aspect)
    where = Field(rule.kind, ground.lang, quotation=True, words=rule.words)  # its words may serve
    text = _good(said.text, where, ground)
    if _is_a_label(text, rule, ground):
        raise _Refused(("label", "This is no sentence that says what is done or found; write one."))
    named = ground.places.section(said.section)
    quote = ground.quote(said.quote, named, text)
    claim = Claim(
        text,
        quote.section if quote else named,
        quote.text if quote else None,
        table=ground.places.table(said.table) if isinstance(said, Result) else None,
    )
    if isinstance(said, Step):
        claim = replace(claim, takes=_flow(said.takes, ground), gives=_flow(said.gives, ground))
    _refuse_empty_words(aspect, claim)
    return _founded(aspect, claim, ground)


def _good(raw: str, where: Field, ground: Ground) -> str:
    verdict = ground.check(raw, where)
    if verdict.faults:
        raise _Refused(*((fault.kind.value, fault.detail) for fault in verdict.faults))
    return verdict.text


def _is_a_label(text: str, rule: Rule, ground: Ground) -> bool:
    """The paper's title, a caption, or a few words that only name a subject."""
    least = rule.least / 2 if ground.lang is Lang.ZH else rule.least
    title = ground.source.plain_title
    if length(text) < least or is_a_caption(text):
        return True
    return text.rstrip(".").casefold() == title.rstrip(".").casefold()


def _flow(raw: str, ground: Ground) -> str | None:
    """What a step takes or gives, if it is good."""
    verdict = ground.check(raw, Field(Kind.LINE, ground.lang, words=_FLOW_WORDS))
    return verdict.text if verdict.good and not tells_nothing(verdict.text) else None


def _refuse_empty_words(aspect: Aspect, claim: Claim) -> None:
    """Raises _Refused for what is not what is asked for. The paper's own guess may be told."""
    nothing = tells_nothing(claim.text)
    if nothing and aspect not in _LIMITS:
        raise _Refused(("nothing", f"“{nothing}”: leave out what the paper doesn't say."))
    if aspect in _LACKS and not all(map(limits_something, filter(None, (claim.text, claim.quote)))):
        detail = "This limits nothing: say what it can't do, needs or wasn't tried on, or nothing."
        raise _Refused(("no-limit", detail))
    if aspect in _OUTCOMES and announces(claim.text):
        detail = "This tells what the paper is about; say what came out, or leave it out."
        raise _Refused(("no-result", detail))
    if aspect in _DONE | _OUTCOMES and aims(claim.text):
        raise _Refused(("aim", "This is an aim; say what is done, or leave it out."))
    if aspect in _BRIEF and points_away(claim.text):
        raise _Refused(
            ("pointer", "Readers of this see no figure, table or section: say it whole.")
        )
    guess = guess_in(claim.text)
    if guess and aspect not in _UNSURE and not guess_in(claim.quote or ""):
        raise _Refused(("guess", f"“{guess}” is a guess; say only what the paper says."))


def _founded(aspect: Aspect, claim: Claim, ground: Ground) -> tuple[Aspect, Claim]:
    """Where the claim belongs by what it rests on. Raises _Refused where that is nothing."""
    if aspect is Aspect.INFERRED_LIMITS:
        if speaks_as_authors(claim.text):
            raise _Refused(
                ("voice", "You infer this: don't say it as the authors, or leave it out.")
            )
        return aspect, claim
    if aspect is Aspect.RESULTS and claim.quote is None and not claimed(plain(claim.text)):
        detail = "Give the result's numbers, or a quote copied letter for letter from the paper."
        raise _Refused(("no-result", detail))
    if aspect is Aspect.STATED_LIMITS and claim.quote is None:
        section = ground.limit_stated_in(claim.text)
        if section is None:
            return _founded(Aspect.INFERRED_LIMITS, claim, ground)
        return aspect, replace(claim, section=section)
    if claim.quote is not None:
        return aspect, claim
    bearer = ground.bearer(claim.text, claim.section or "")
    if bearer is None:
        detail = "No section says so; copy a quote that does, letter for letter, or leave it out."
        raise _Refused(("unfounded", detail))
    return aspect, replace(claim, section=bearer or None)


def _rule(aspect: Aspect) -> Rule:
    return _RULES.get(aspect, _DEFAULT)
