"""Names stay what they are: none invented, swapped, translated or lost; no link made up."""

import re
from collections.abc import Iterator
from functools import cache

from formatters.catalogue import glossary
from formatters.text import folded
from jobs.verify.fields import Fault, FaultKind, Field, Kind
from jobs.verify.latin import LINK, Word, atoms, humps, is_name, words
from jobs.verify.source import Source
from jobs.verify.words import lists
from storage.models import Lang

_MEASURE = re.compile(r"\d[\d.,]*(?:[–x-]\d[\d.,]*)*(?:[a-zA-Z]{1,3}|(?:-[a-z]+)+)?")
"""`7B`, `44-70x`, `two-stage` as `2-stage`: what `numbers` judges."""
_BEGINS = re.compile(r"(?:\A|[.!?:;。！？：；（(“\"'‘\n•-])\s*\Z")
_CAPITALIZED = re.compile("[A-Z][a-zß-ɏ’'-]*[a-z]")
_RUN = re.compile(r"(?:[A-Z][\w-]*)(?:[ -](?:(?:of|and|for|the|in|with) )?[A-Z][\w-]*)+")
_STEM = 5
_FEWEST_INITIALS = 2
_HEAD = re.compile(r"\s*(?P<name>[^\s:：][^:：]{0,60}?)\s*[:：]\s*\S")
_PROPOSED = (
    r"(?:(?:propos|introduc|present|develop|releas|describ|call|nam|dubb?|term|design|offer|creat)(?:e|es|ed|ing|s)?"
    r"|buil[dt]s?|,)(?: (?:the|a|an|our|novel|new))*"
)
"""What stands right before the name of something new."""
_MOST_HEAD_WORDS = 4
_INNER_CAPITAL = re.compile("[a-z][A-Z]|[A-Z]{2,}[a-z]{2,}")
_LONGEST_ACRONYM = 4
"""`MoE` and `QoS` have translations."""


def faults(text: str, field: Field, source: Source) -> Iterator[Fault]:
    """Invented names and links; in translations, names of the source that are missing."""
    for link in LINK.findall(text):
        if link.rstrip(".,;:/").casefold() not in source.folded:
            yield Fault(FaultKind.LINK, f"The link “{link}” is not in the source.")
    bare = LINK.sub(" ", text)
    told = set()
    for word in words(bare):
        if (
            word.text not in told
            and _claims_a_name(word, bare, field)
            and not _known(word.text, bare, source)
        ):
            told.add(word.text)
            yield Fault(FaultKind.NAME, f"The name “{word.text}” is not in the source.")
    if field.kind.translates and field.lang is Lang.ZH and not source.chinese:
        yield from _lost(text, field, source)


def _claims_a_name(word: Word, text: str, field: Field) -> bool:
    if _MEASURE.fullmatch(word.text) or len(word.text) == 1:
        return False
    if any(is_name(part) for part in word.text.split("-")):
        return True
    if not word.text[0].isupper():
        return False
    if field.lang is Lang.ZH:
        return True
    return field.kind is not Kind.TITLE and not _BEGINS.search(
        text[max(0, word.start - 4) : word.start]
    )


def _known(name: str, text: str, source: Source) -> bool:
    """Whether the source has the name, or the words that it is made from."""
    name = name.strip(".'’+&_@#-").removesuffix("'s").removesuffix("’s")
    folded = name.casefold()
    if folded in lists().general or folded.removesuffix("s") in lists().general:
        return True
    if _in_source(name, source) or _short_for(name, source):
        return True
    if _in_source(humps(name), source) or _written_out(name, text, source):
        return True
    parts = [part for part in name.split("-") if part]
    if len(parts) > 1:
        return _composed(parts, text, source)
    stem = name.casefold()[:_STEM]
    return (
        _CAPITALIZED.fullmatch(name) is not None
        and len(stem) >= _STEM - 1
        and f" {stem}" in source.atoms
    )


def _in_source(name: str, source: Source) -> bool:
    found = atoms(name)
    if found in source.atoms:
        return True
    body = found[:-1]
    plural = f"{body[:-1]} " if body.endswith("s") else f"{body}s "
    return plural in source.atoms


def _short_for(name: str, source: Source) -> bool:
    """`RLVR` where the source speaks of reinforcement learning with verifiable rewards."""
    letters = folded(name)
    for form in (letters, letters.removesuffix("s")):
        said = lists().short.get(form)
        if said and said.search(source.whole):
            return True
        if len(form) >= _FEWEST_INITIALS and form.isalpha() and form in source.initials:
            return is_name(name)
    capitals = "".join(filter(str.isupper, name)).casefold()
    return len(capitals) > _FEWEST_INITIALS and capitals in source.initials


def _written_out(name: str, text: str, source: Source) -> bool:
    """`Group Relative Policy Optimization` where the source has GRPO."""
    for run in _RUN.finditer(text):
        loud = "".join(filter(str.isupper, run[0])).casefold()
        if name in run[0] and loud in source.atom_set:
            return True
    return False


def _composed(parts: list[str], text: str, source: Source) -> bool:
    """`CLIP-based`: plain words around a name that the source has; versions stay with it."""
    kept = [part for part in parts if not (part.islower() and part.isalpha())]
    if not kept:
        return True
    if len(kept) < len(parts) and _known("-".join(kept), text, source):
        return True
    return (
        not any(map(str.isdigit, "".join(kept)))
        and all(_known(part, text, source) for part in kept if len(kept) > 1)
        and len(kept) > 1
    )


def _lost(text: str, field: Field, source: Source) -> Iterator[Fault]:
    """Names that a translation must have and hasn't."""
    said = atoms(text)
    for name in dict.fromkeys(_must_have(field, source)):
        if atoms(name) not in said and atoms(name).replace(" ", "") not in said.replace(" ", ""):
            yield Fault(
                FaultKind.LOST_NAME,
                f"The name “{name}” must stay in the translation, as it is in the original.",
            )


def _must_have(field: Field, source: Source) -> Iterator[str]:
    title = source.plain_title
    head = _HEAD.match(title)
    if head and _is_coined(head["name"], source):
        yield head["name"]
    text = title if field.kind is Kind.TITLE else source.plain
    for word in dict.fromkeys(word.text for word in words(LINK.sub(" ", text))):
        name = word.strip(".,'’").removesuffix("'s").removesuffix("’s")
        if _mixed(name) and (field.kind is Kind.TITLE or atoms(name) in atoms(title)):
            yield name


def _mixed(name: str) -> bool:
    """Small and capital letters within: a made-up word that has no translation."""
    plain = name.removesuffix("s")
    if plain.casefold() in lists().general or plain.casefold() in lists().short or "-" in name:
        return False
    return len(plain) > _LONGEST_ACRONYM and _INNER_CAPITAL.search(plain) is not None


def _is_coined(head: str, source: Source) -> bool:
    """Whether what stands before the colon of a title is the name of what it presents."""
    if len(head.split()) == 1 and any(map(_is_made_up, head.split("-"))):
        return True
    if len(head.split()) > _MOST_HEAD_WORDS or head.casefold() in _terms():
        return False
    found = re.search(rf"{_PROPOSED} [“\"‘']?{re.escape(head)}(?![\w-])", source.plain)
    lower = re.search(rf"(?<![\w-]){re.escape(head.casefold())}(?![\w-])", source.plain)
    return found is not None and lower is None


def _is_made_up(part: str) -> bool:
    folded = part.casefold().removesuffix("s")
    return is_name(part) and folded not in lists().general and folded not in lists().short


@cache
def _terms() -> frozenset[str]:
    """The field's terms and their plurals, folded."""
    return frozenset(form for t in glossary() for form in (t.en.casefold(), t.en.casefold() + "s"))
