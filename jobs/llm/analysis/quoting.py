"""Whether words that a model quotes stand in the paper, letter for letter. Pure.

White space, hyphens, quotation marks, ligatures and case don't count: models and PDFs write
them as they like. What is kept is always the paper's own form.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from formatters.text import folded, readable
from jobs.chinese import has_han
from storage.models import Figure, FullText, Listing, Paragraph, Table

MOST_WORDS = 40
MOST_HAN = 80
_LEAST_LETTERS, _LEAST_HAN = 12, 6
"""Of a quotation: less stands everywhere."""
_FORMULA = re.compile(r"\$[^$]{1,1000}\$")
_WORD = re.compile(r"(?:\$[^$]+\$|[^\s$]|\$)+")
_LEFT_OUT = re.compile(r"\s*(?:\[\s*)?(?:…|\.{3,})(?:\s*\])?\s*")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the paper."""

    text: str
    section: str | None
    """As in Claim."""
    passage: str
    """What they stand in, as it is in the paper."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A text of the paper and its letters."""

    text: str
    section: str | None
    letters: str


class Quotable:
    """Everything of a paper that can be quoted: running text and captions."""

    def __init__(self, text: FullText) -> None:
        self._lines = tuple(
            _Line(words, section or None, _joined(words)) for words, section in _texts(text)
        )

    def find(self, said: str, section: str | None = None) -> Quote | None:
        """The paper's own form of words said to be its; first looked for in `section`.

        At most 40 words of it. None where they don't stand there, or are too few to tell.
        """
        said = max(_LEFT_OUT.split(readable(said)), key=len)
        letters = _joined(said)
        if len(letters) < (_LEAST_HAN if has_han(letters) else _LEAST_LETTERS):
            return None
        for line in sorted(self._lines, key=lambda line: line.section != section):
            if (span := _place(letters, line)) is not None:
                return Quote(_held(line.text[slice(*span)]), line.section, line.text)
        return None


def _texts(text: FullText) -> Iterator[tuple[str, str | None]]:
    yield text.abstract, None
    for section in text.sections:
        for passage in section.passages:
            match passage:
                case Paragraph(words):
                    yield words, section.name
                case Table(_, _, caption) | Figure(caption) | Listing(_, _, caption):
                    yield caption, section.name
                case _:
                    pass


def _joined(text: str) -> str:
    return "".join(letter for letter, _ in _letters(text))


def _letters(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The letters and digits of a text, a formula's as it is read, and where each stands."""
    at = 0
    for formula in _FORMULA.finditer(text):
        yield from _of_prose(text, at, formula.start())
        for letter in _plain(readable(formula[0])):
            yield letter, formula.span()
        at = formula.end()
    yield from _of_prose(text, at, len(text))


def _of_prose(text: str, start: int, end: int) -> Iterator[tuple[str, tuple[int, int]]]:
    for at in range(start, end):
        sign = text[at]
        if sign == "." and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit():
            yield ".", (at, at + 1)
        for letter in _folded(sign):
            yield letter, (at, at + 1)


def _plain(text: str) -> Iterator[str]:
    return (letter for letter, _ in _of_prose(text, 0, len(text)))


@lru_cache(maxsize=1 << 12)
def _folded(sign: str) -> str:
    return folded(unicodedata.normalize("NFKC", sign))


def _place(letters: str, line: _Line) -> tuple[int, int] | None:
    """Where they stand, from the beginning of a word to the end of one."""
    at = line.letters.find(letters)
    spans = [span for _, span in _letters(line.text)] if at >= 0 else []
    while at >= 0:
        start, end = spans[at][0], spans[at + len(letters) - 1][1]
        if _between(line.text, start) and _between(line.text, end):
            return start, end
        at = line.letters.find(letters, at + 1)
    return None


def _between(text: str, at: int) -> bool:
    """Whether a word may end or begin here; Chinese ones do everywhere."""
    around = text[max(0, at - 1) : at + 1]
    return not (len(around) > 1 and around.isalnum()) or has_han(around)


def _held(text: str) -> str:
    if has_han(text):
        return text[:MOST_HAN]
    words = list(_WORD.finditer(text))
    return text if len(words) <= MOST_WORDS else text[: words[MOST_WORDS - 1].end()]
