"""Displayed formulas: LaTeXML's rows of cells to one TeX each, with its number. Pure."""

from collections.abc import Iterator

from lxml.etree import _Element

from jobs.fulltext.html.inline import formula, running
from jobs.fulltext.html.kinds import Kind, classes_of, kind_of
from storage.models.fulltext import Equation

_ROWS = ("ltx_eqn_row", "ltx_equation")
_CELL = "ltx_eqn_cell"
_TAGS = ("ltx_tag_equation", "ltx_tag_equationgroup")


def equations_of(display: _Element) -> list[Equation]:
    """The formulas of a display: one for each number, lines under one number together.

    Lines without a number belong to the display's only formula, or each to itself where
    several are numbered.
    """
    lines = list(_lines(display))
    numbers = [number for _, number in lines if number]
    if len(numbers) > 1:
        return [Equation(tex, number) for tex, number in lines if tex]
    whole = r" \\ ".join(tex for tex, _ in lines if tex)
    return [Equation(whole, numbers[0] if numbers else "")] if whole else []


def _lines(display: _Element) -> Iterator[tuple[str, str]]:
    """The TeX of each row and its number, in order."""
    parts: list[str] = []
    number = ""
    for element in display.iter():
        classes = classes_of(element)
        if any(row in classes for row in _ROWS):
            if parts:
                yield " ".join(parts), number
                parts, number = [], ""
        elif any(tag in classes for tag in _TAGS):
            number = number or running(element).strip(" ()[]")
        elif kind_of(element) is Kind.MATHS:
            parts.append(formula(element))
        elif _CELL in classes and (text := _words_of(element)):
            parts.append(f"\\text{{{text}}}")
    if parts or number:
        yield " ".join(parts), number


def _words_of(cell: _Element) -> str:
    """What a cell says between formulas: `where`."""
    is_other = next(cell.iter("math"), None) is not None or "ltx_eqn_eqno" in classes_of(cell)
    return "" if is_other else running(cell)
