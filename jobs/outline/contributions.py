"""What the authors say is new: their own list, else the sentences that propose something.

Pure. The items of a list are told though they are no sentences.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from jobs.openers import capitalized
from jobs.outline.claims import WORDS, claim_of, distinct
from jobs.outline.reading import Statement
from jobs.outline.roles import Role
from jobs.outline.wording import held_to, legible, plain
from jobs.tldr_claims import PROPOSING, SHOWING
from storage.models import Claim

MOST = 6
_ANNOUNCED = re.compile(
    r"\bcontributions?\b(?:.*(?::|\b(?:follow\w*|summari[sz]ed|are|is|include|(?:two|three"
    r"|four)-?fold))|\s*\Z)|\bfollowing (?:\w+ )?contributions?\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:our|we|this (?:paper|work|study)|main|key|major|the contributions?)\b", re.IGNORECASE
)
_MARKER = re.compile(
    r"(?:(?<=[\s:;,.])|\A)\(?(?:\d|[ivx]{1,4}|[a-h])\s?\)\s*(?=\S)|(?:(?<=[\s:;,])|\A)(?:[•◦]"
    r"|[1-9]\.)\s+(?=\S)"
)
_LOOSE = re.compile(r"(?:[\s;,:]|\b(?:and|or))+\Z")
_SERIAL = re.compile(
    r"^(?:first|second|third|fourth|fifth|last|finally|moreover|furthermore|additionally"
    r"|in addition|also|next|to (?:this|that) end)\b",
    re.IGNORECASE,
)
_ROADMAP = re.compile(
    r"\b(?:section|appendix|figure|table)\b|\bin what follows\b|\bbriefly\b|\bwe conclude\b"
    r"|^the results\b|^related work|\bwork presented here\b|\b(?:two|three|four|five"
    r"|several) (?:\w+ )?(?:innovations|contributions)\.|^in [A-Z]\w+ (?:et al|and)\b",
    re.IGNORECASE,
)
_FIRST_HAND = re.compile(r"(?:we|our|this (?:paper|work|study))\b", re.IGNORECASE)
_FEWEST_WORDS = 4
_MOST_SERIAL = 6
_ENDS = ".!?。！？"


def contributions(sayings: Sequence[Statement]) -> tuple[Claim, ...]:
    """The paper's own list, its items as they stand there; else what it says it proposes."""
    places = (Role.INTRODUCTION, Role.CONCLUSION, Role.RELATED)
    for at, statement in enumerate(sayings):
        if statement.role in places and _ANNOUNCED.search(statement.text):
            listed = _listed(sayings, at)
            if len(listed) > 1:
                return listed[:MOST]
    return _proposed(sayings)


def _listed(sayings: Sequence[Statement], at: int) -> tuple[Claim, ...]:
    """The items that a sentence announces: within it, in a list behind it, or one by one."""
    announcing = sayings[at]
    if not _OWN.search(announcing.text):
        return ()
    follow = sayings[at + 1 : at + 1 + 4 * MOST]
    same = [s for s in follow if s.paragraph == announcing.paragraph]
    items = list(_enumerated([announcing, *same]))
    if len(items) < 2:  # noqa: PLR2004 -- one item is no list
        items = list(_bulleted(follow, announcing.paragraph))
    if len(items) < 2:  # noqa: PLR2004
        items = [(s, s.quote) for s in same[:_MOST_SERIAL] if _serial(s)]
    return tuple(claim for s, words in items if (claim := _item(s, words)))


def _enumerated(sayings: Sequence[Statement]) -> Iterator[tuple[Statement, str]]:
    """`(1) …; (2) …` within the sentences of one paragraph."""
    begun = False
    for statement in sayings:
        marks = list(_MARKER.finditer(statement.quote))
        if not marks:
            if begun:
                return
            continue
        ends = [mark.start() for mark in marks[1:]] + [len(statement.quote)]
        for mark, end in zip(marks, ends, strict=True):
            begun = True
            yield statement, statement.quote[mark.end() : end]


def _bulleted(sayings: Sequence[Statement], paragraph: int) -> Iterator[tuple[Statement, str]]:
    """The items of the list in the paragraphs behind one."""
    behind = (s for s in sayings if s.paragraph != paragraph)
    for _, group in groupby(behind, key=lambda s: s.paragraph):
        item = list(group)
        if not item[0].item:
            return
        telling = next((s for s in item if len(s.quote.split()) > _FEWEST_WORDS), item[0])
        yield telling, telling.quote


def _serial(statement: Statement) -> bool:
    own = _SERIAL.match(statement.quote) or statement.said.claims
    return bool(own) and statement.alone and not _ROADMAP.search(statement.text)


def _item(statement: Statement, words: str) -> Claim | None:
    """One item as a claim, whether or not it is a sentence."""
    quote = _LOOSE.sub("", words).strip()
    text = capitalized(plain(quote))
    if len(text.split()) < _FEWEST_WORDS or not legible(text):
        return None
    ended = text if text[-1] in _ENDS else f"{text}."
    return Claim(held_to(ended, WORDS), statement.section, quote)


def _proposed(sayings: Sequence[Statement]) -> tuple[Claim, ...]:
    """Of the introduction, else of the conclusion, else of the abstract."""
    for role in (Role.INTRODUCTION, Role.CONCLUSION, Role.ABSTRACT):
        own = [s for s in sayings if s.role is role and not _ROADMAP.search(s.text)]
        proposing = [s for s in own if s.said.claims & PROPOSING and s.alone]
        showing = [
            s for s in own if s.said.claims & SHOWING and s.alone and _FIRST_HAND.match(s.said.text)
        ]
        if proposing:
            chosen = distinct((*proposing, *showing), MOST - 2)
            return tuple(claim_of(s) for s in sorted(chosen, key=lambda s: s.place))
    return ()
