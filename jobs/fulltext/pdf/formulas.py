"""Which lines are displayed formulas. Pure."""

import re
from unicodedata import category

from jobs.fulltext.pdf.columns import Column
from jobs.fulltext.pdf.lines import Line

_NUMBER = re.compile(r" ?\((?P<number>[A-Z]?\.?\d{1,3}(?:\.\d{1,3})*[a-z]?)\)\Z")
_WORD = re.compile(r"[a-z]{4,}")
_INDENT = 1.2
_GAP = 1.5
_SOME, _MOST = 0.3, 0.6
_FEW_WORDS = 2


def is_formula(line: Line, column: Column, *, set_off: bool) -> bool:
    """Whether the line shows a formula; `set_off`: there is room above it, or a formula."""
    words = len(_WORD.findall(_NUMBER.sub("", line.text)))
    if words > _FEW_WORDS:
        return False
    indented = line.left > column.left + _INDENT * line.size
    if indented and _numbered_apart(line):
        return True
    math = _math(line)
    return (indented and math >= _SOME) or (set_off and math >= _MOST)


def number_of(text: str) -> tuple[str, str]:
    """A formula's text without its number, and the number."""
    if match := _NUMBER.search(text):
        return text[: match.start()].strip(), match["number"]
    return text, ""


def _numbered_apart(line: Line) -> bool:
    """Ends with a number in brackets, far from what it numbers."""
    if not _NUMBER.search(line.text):
        return False
    right = line.runs[-1].right
    for before, run in zip(reversed(line.runs[:-1]), reversed(line.runs), strict=False):
        if run.left - before.right > _GAP * line.size:
            return right - run.left < 4 * line.size
    return False


def _math(line: Line) -> float:
    """How much of the line is signs of mathematics."""
    signs = total = 0
    for run in line.runs:
        total += len(run.text)
        if run.face.math:
            signs += len(run.text)
        else:
            signs += sum(
                category(sign) == "Sm" or "\u0370" <= sign <= "\u03ff" for sign in run.text
            )
    return signs / total
