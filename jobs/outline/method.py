"""The method by its headings: for each part of it, the sentence that tells most.

Pure. A part is a subsection with everything under it, or a section without subsections;
where a paper has none of them, the authors' own account in the introduction stands in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jobs.outline.claims import claim_of, distinct
from jobs.outline.reading import Statement
from jobs.outline.roles import Role, roles_of
from jobs.shortening import shortened
from jobs.tldr_claims import PROPOSING, words_of
from storage.models import Claim, Section

MOST_STEPS = 5
MOST_PARTS = 10
STEP_WORDS = 24
_FEWEST_PARTS = 3
_LEAST_WORTH = 1.0
_ACTING = re.compile(
    r"(?:^|[,;:] (?:and )?|^(?:to|for|in) [^,.]{5,90} )"
    r"(?:we|our (?:\w+ )?(?:model|method|system|approach|framework|algorithm|pipeline)) "
    r"(?:\w+ly |then |first |also |therefore |now |next )?(?!(?:find|found|observ|not"
    r"|see|show|believ|expect|hope|assum|argu|discuss|describ|review|refer|ha[sdv]|are|is|was|were"
    r"|can|could|will|would|should|must|may|might|do|does|did|consider|report|present|evaluat|compar|analy"
    r"|investigat|stud|examin|explor|leave|conclud|begin|start|want|need|hypothesi|recall|say|call"
    r"|denot|writ|let|focus|give|provid|outperform|achiev|know|notic|conduct|experiment|decid|fix"
    r"|tak|try|tri|choos|chose)\w*\b)\w+",
    re.IGNORECASE,
)
"""What the authors do, but for looking, thinking and telling."""
_MADE = re.compile(
    r"\b(?:is|are|was|were) (?:\w+ly |then |first |also )?(?!shown|given|presented|described"
    r"|needed)(?:\w+ed|built|fed|split|made|drawn|learnt|composed)\b"
)
_BEING = re.compile(
    r"\b(?:consists? of|is (?:composed|made up) of|contains?|comprises?|takes? (?:as input|an?"
    r"|the)|outputs?|produces?|maps?|predicts?|generates?|retrieves?|identifies|allows?|learns?"
    r"|follows|uses|employs|adds|computes|applies|relies|operates|combines|extends|integrates"
    r"|selects|encodes)\b"
)
_WHY = re.compile(
    r"^(?:for example|e\.g|note that|recall|intuitively|in practice|suppose|consider|since|because"
    r"|if)\b|\b(?:previous|prior|existing|related) (?:work|approach|method|model|stud)\w*"
    r"|\b(?:future work|recent(?:ly)?|have been|has been|figure|table|appendix|section)\b|\?",
    re.IGNORECASE,
)
_RESULTS = re.compile(
    r"\b(?:outperform|improv|results?|found that|we find|we found|we observed|perform(?:s"
    r"|ed) (?:better|worse)|better|suspect|evaluat|splits?|comparison|annotators? (?:were"
    r"|are))\w*\b|\d\.\d",
    re.IGNORECASE,
)
_POINTING = re.compile(r"\b(?:these|those|such|this (?!paper|work|study))\b", re.IGNORECASE)
_MATHS = re.compile(r"\$|[₀-₉ᵢⱼ]")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the method, and the sentences that tell it, best first."""

    sayings: tuple[Statement, ...]
    worth: float


def steps(sections: Sequence[Section], sayings: Sequence[Statement]) -> tuple[Claim, ...]:
    """At most five short sentences, in the paper's order."""
    parts = parts_of(sections, sayings)
    if len(parts) < _FEWEST_PARTS:
        best = _account(sayings, parts)
    else:
        best = [part.sayings[0] for part in sorted(parts, key=lambda part: -part.worth)]
    chosen = sorted(distinct(best, MOST_STEPS), key=lambda s: s.place)
    return tuple(_step(s) for s in chosen) if len(chosen) > 1 else ()


def by_headings(sections: Sequence[Section], sayings: Sequence[Statement]) -> tuple[Claim, ...]:
    """One claim for each part of the method."""
    best = [part.sayings[0] for part in parts_of(sections, sayings)]
    return tuple(map(claim_of, distinct(best, MOST_PARTS)))


def parts_of(sections: Sequence[Section], sayings: Sequence[Statement]) -> list[Part]:
    """The parts of the method of which a sentence can be told, in their order."""
    numbers = list(_part_numbers(sections))
    grouped: dict[int, list[Statement]] = {}
    for statement in sayings:
        number = None if statement.where.at is None else numbers[statement.where.at]
        if number is not None:
            grouped.setdefault(number, []).append(statement)
    made = (_part(group, sections[number].title) for number, group in sorted(grouped.items()))
    return [part for part in made if part]


def _part_numbers(sections: Sequence[Section]) -> Iterator[int | None]:
    """For each section the place of the one whose part it is; None outside the method."""
    top = part = 0
    for at, (section, role) in enumerate(zip(sections, roles_of(sections), strict=True)):
        if role is not Role.METHOD:
            yield None
            continue
        if section.level <= 1:
            top = part = at
        elif section.level <= sections[top].level + 1:
            part = at
        yield part


def _part(sayings: Sequence[Statement], title: str) -> Part | None:
    topic = words_of(title)
    worth = {s.place: _worth(s, rank, topic) for rank, s in enumerate(sayings)}
    telling = sorted(
        (s for s in sayings if worth[s.place] >= _LEAST_WORTH), key=lambda s: -worth[s.place]
    )
    fit = tuple(s for s in telling if s.alone)
    return Part(fit, worth[fit[0].place]) if fit else None


def _worth(statement: Statement, rank: int, topic: frozenset[str]) -> float:
    """How well a sentence tells what is done in its part, the `rank`th of it."""
    text = statement.text
    worth = 2.0 * bool(_ACTING.search(text)) + 1.0 * bool(_BEING.search(text))
    worth += 0.8 * bool(_MADE.search(text))
    if not worth:
        return 0.0
    worth += 0.8 * min(2, len(topic & words_of(text))) + max(0.0, 1.0 - 0.12 * rank)
    worth -= 1.2 * bool(_WHY.search(text)) + 1.2 * bool(_RESULTS.search(text))
    worth -= 1.2 * bool(_POINTING.search(text))
    return worth - 0.3 * min(4, len(_MATHS.findall(statement.quote)) / 2)


def _account(sayings: Sequence[Statement], parts: Sequence[Part]) -> list[Statement]:
    """What the authors do, sentence by sentence: of the method, else as they introduce it."""
    of_parts = [s for part in parts for s in part.sayings]
    introduced = [
        s
        for s in sayings
        if s.role is Role.INTRODUCTION and s.said.claims & PROPOSING and not _WHY.search(s.text)
    ]
    ranked = of_parts if len(of_parts) > 1 else introduced
    nothing: frozenset[str] = frozenset()
    return sorted((s for s in ranked if s.alone), key=lambda s: -_worth(s, 0, nothing))


def _step(statement: Statement) -> Claim:
    claim = claim_of(statement)
    short = shortened(statement.said.text, STEP_WORDS)
    return claim if short.endswith("…") else Claim(short, claim.section, claim.quote)
