"""The form of a text: its lines, its length, repetition, and markup that is left over."""

import re
from collections import Counter
from collections.abc import Iterator

from formatters.text import sentences
from jobs.chinese import HAN
from jobs.shortening import length
from jobs.verify.fields import Fault, FaultKind, Field, Kind
from jobs.verify.source import Source
from storage.models import Lang

_TEX = re.compile(
    r"\\[A-Za-z]{2,}|\\[%_&$#{}()\[\],;]|\\n(?![A-Za-z])"  # macros, and a line break as code
    r"|[_^]\{|\{\\|(?<![\w$])\{[^\s{},|:]+\}"
    rf"|\$(?=[^$\n]*[A-Za-z\\^_{{{HAN}])[^$\s][^$\n]{{0,80}}?(?<=\S)\$(?!\d)"
)
_MARKUP = re.compile(
    r"\*\*|```|^\s*#{1,6}\s|</?[a-z]{1,12}>|\A\s*[\[{]\s*[\"']\w+[\"']\s*:|\[[^\]\n]+\]\(https?:",
    re.IGNORECASE | re.MULTILINE,
)
_UNIT = re.compile(f"[{HAN}]|[^\\W_{HAN}]+")
_RUN = re.compile(r"(.{3,7}?)\1{3,}|(.{8,60}?)\2{2,}|(.)\3{9,}", re.DOTALL)
_LONG = 12
"""Units of a phrase whose return is counted."""
_MOST_RETURNS = 3
_BREAKS_OFF = re.compile(r"[，、；：,;:]\Z")
_FEWEST_WORDS = 3.5
"""Of a finding; "Accuracy rises by 5%." has four, a heading has fewer."""
_SENTENCE = 16
"""Characters from which a sentence must not come twice."""
_PROPORTIONS = {Kind.TITLE: (0.6, 2.6, 6), Kind.ABSTRACT: (0.9, 2.6, 15)}
"""Units of a translation to each word of the original: least, most, and slack for short ones."""
_EXPLAINS = re.compile(r"[。！](?=\s*\S)|[.!](?=\s+[A-Z\u4e00-\u9fff][^:：]{20,})")


def faults(text: str, field: Field, source: Source) -> Iterator[Fault]:
    """Faults of form."""
    if field.kind.one_line and "\n" in text:
        yield Fault(FaultKind.LINES, f"A {field.kind} is one line.")
    if (
        field.kind is Kind.TITLE
        and _EXPLAINS.search(text)
        and not _EXPLAINS.search(source.plain_title)
    ):
        yield Fault(FaultKind.LINES, "A title has no sentences; leave out the explanation.")
    if tex := _TEX.search(text):
        yield Fault(FaultKind.MARKUP, f"“{tex[0]}” is raw TeX; write plain text.")
    elif (markup := _MARKUP.search(text)) and markup[0].casefold() not in source.folded:
        yield Fault(FaultKind.MARKUP, f"“{markup[0].strip()}” is markup; write plain text.")
    yield from _too_long(text, field)
    if field.kind.one_line and _BREAKS_OFF.search(text):
        yield Fault(FaultKind.LENGTH, "The text breaks off; end the sentence.")
    if field.kind is Kind.FINDING and length(text) < _FEWEST_WORDS:
        yield Fault(FaultKind.LENGTH, "A finding is a whole sentence; say what was found.")
    yield from _loops(text)
    if field.kind.translates and field.lang is Lang.ZH and not source.chinese:
        yield from _proportion(text, field, source)


def _too_long(text: str, field: Field) -> Iterator[Fault]:
    if field.most is None or (words := length(text)) <= field.most:
        return
    if field.lang is Lang.ZH:
        said = f"{round(words * 2)} Chinese characters long; at most {field.most * 2}"
    else:
        said = f"{round(words)} words long; at most {field.most}"
    yield Fault(FaultKind.LENGTH, f"The text is {said} are allowed.")


def _loops(text: str) -> Iterator[Fault]:
    if loop := _RUN.search(text):
        again = (loop[1] or loop[2] or loop[3])[:20]
        yield Fault(FaultKind.REPETITION, f"The text repeats “{again}” over and over.")
        return
    units = _UNIT.findall(text.casefold())
    grams = Counter(zip(*(units[n:] for n in range(_LONG)), strict=False))
    said = [sentence for sentence in sentences(text) if len(sentence) >= _SENTENCE]
    if max(grams.values(), default=0) > _MOST_RETURNS or len(set(said)) < len(said):
        yield Fault(FaultKind.REPETITION, "The text says the same thing again and again.")


def _proportion(text: str, field: Field, source: Source) -> Iterator[Fault]:
    """A translation as long as the original calls for."""
    original = source.plain_title if field.kind is Kind.TITLE else source.plain
    had, has = len(_UNIT.findall(original)), len(_UNIT.findall(text))
    least, most, slack = _PROPORTIONS[field.kind]
    if has > most * had + slack:
        yield Fault(
            FaultKind.ADDED, "The translation is much longer than the original; add nothing to it."
        )
    elif has < least * had - slack:
        yield Fault(
            FaultKind.OMITTED,
            "The translation is much shorter than the original; leave nothing out.",
        )
