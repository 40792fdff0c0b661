"""The words of a Chinese text: terms as the glossary has them, no English left, nothing added."""

import re
from collections.abc import Iterator

from jobs.verify.fields import Fault, FaultKind, Field, Kind
from jobs.verify.latin import LATIN, LINK, atoms
from jobs.verify.source import Source
from jobs.verify.words import lists
from storage.models import Lang

_ENGLISH_RUN = re.compile(rf"[{LATIN}][{LATIN}\d.’'&_@#/-]*(?: [{LATIN}][{LATIN}\d.’'&_@#/-]*)*")
_QUOTED = re.compile(r"[“\"「『‘`][^”\"」』’`]*[”\"」』’`]|[（(][^（()）]*[)）]")
_SUFFIX = re.compile(
    r"[a-z]{2,}(?:ly|ing|ed|tions?|sions?|ous|ive|ful|less|ness|ments?|ity|ities|able|ible|ances?|ences?|est|ical|ism)"
)
_LEAST_SUFFIXED = 6
_CODE = re.compile(r"[._@#/&\d]")


def faults(text: str, field: Field, source: Source) -> Iterator[Fault]:
    """Faults in the choice of words of a Chinese text."""
    if field.lang is not Lang.ZH or source.chinese:
        return
    whole = source.plain_title if field.kind is Kind.TITLE else source.whole
    yield from _wrong(text, whole, source)
    yield from _untranslated(text, source)
    if field.kind is Kind.TITLE:
        yield from _missing(text, source)
        yield from _padding(text, source)


def _wrong(text: str, whole: str, source: Source) -> Iterator[Fault]:
    for term in lists().wrong:
        found = term.zh.search(text)
        if not found:
            continue
        english = term.en.search(whole)
        if english and not (term.unless and term.unless.search(source.whole)):
            yield Fault(
                FaultKind.TERM,
                f"“{english[0]}” is translated as “{found[0]}”; write “{term.right}”.",
            )


def _missing(text: str, source: Source) -> Iterator[Fault]:
    for pair in lists().firm:
        english = pair.source.search(source.plain_title)
        if english and not pair.said.search(text):
            right = pair.said.pattern.partition("|")[0].replace("\\", "")
            yield Fault(FaultKind.TERM, f"“{english[0]}” must be translated as “{right}”.")


def _padding(text: str, source: Source) -> Iterator[Fault]:
    for pair in lists().padding:
        found = pair.said.search(text)
        if found and not pair.source.search(source.plain_title):
            yield Fault(
                FaultKind.ADDED, f"The title says “{found[0]}”, but the paper's own title doesn't."
            )


def _untranslated(text: str, source: Source) -> Iterator[Fault]:
    """Ordinary English words in running Chinese, not quoted and not in brackets."""
    bare = _QUOTED.sub("，", LINK.sub("，", text))
    for run in _ENGLISH_RUN.finditer(bare):
        left = [word for word in run[0].split() if _is_ordinary(word)]
        small = [word for word in run[0].split() if word.islower() and not _kept(word)]
        if len(small) > 1:
            left = left or small
        if left and not _part_of_a_name(run[0], source):
            yield Fault(FaultKind.UNTRANSLATED, f"The English “{run[0]}” is left untranslated.")


def _part_of_a_name(run: str, source: Source) -> bool:
    """`Splat and Distill`, as the source writes it."""
    return not run.islower() and atoms(run) in source.atoms


def _is_ordinary(word: str) -> bool:
    word = word.strip("’'-.")
    if (
        not word.islower()
        or not word.isascii()
        or len(word) == 1
        or _kept(word)
        or _CODE.search(word)
    ):
        return False
    return all(map(_is_plain, filter(None, word.split("-"))))


def _is_plain(part: str) -> bool:
    """In the list, or with an ending that names don't have."""
    return part in lists().ordinary or (
        len(part) >= _LEAST_SUFFIXED and _SUFFIX.fullmatch(part) is not None
    )


def _kept(word: str) -> bool:
    return word in lists().kept or word.removesuffix("s") in lists().kept
