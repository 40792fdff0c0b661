"""What is drawn on a page beside its text: pictures, shapes, rules, filled areas.

Runs in the worker only.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jobs.fulltext.pdf.geometry import Box, Colour, Fill

_MOST_OBJECTS = 4_000
"""Looked at on one page; a plot can have a hundred thousand."""
_THIN = 3.0
"""Points; a stroke's box is as much wider than the stroke."""
_RULE = 15.0
_DEEPEST = 3
_RECTANGLE = 5
"""Segments of a path, at most."""
_SOLID = 200
"""Of 255: what lies under a lighter shade is seen."""
_SIDES = 4
_WHOLE = 0.5
"""Of the page: a form that holds that much of it is the page, not a picture on it."""
_Matrix = tuple[float, float, float, float, float, float]
_UPRIGHT: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everything in drawing order."""

    images: tuple[Box, ...]
    drawings: tuple[Box, ...]
    rules: tuple[Box, ...]
    fills: tuple[Fill, ...]


@dataclass(slots=True)
class _Canvas:
    """Collects what one page shows."""

    area: float
    left: int = _MOST_OBJECTS
    images: list[Box] = field(default_factory=list)
    drawings: list[Box] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)


def drawn(page: Any) -> Drawn:
    """What `page` shows beside text."""
    from pypdfium2 import raw  # noqa: PLC0415 -- only the worker loads the library

    canvas = _Canvas(area=max(1.0, page.get_width() * page.get_height()))
    count = raw.FPDFPage_CountObjects(page)
    objects = (raw.FPDFPage_GetObject(page, index) for index in range(count))
    _look(canvas, raw, objects, _UPRIGHT, 0)
    return Drawn(
        tuple(canvas.images), tuple(canvas.drawings), tuple(canvas.rules), tuple(canvas.fills)
    )


def _look(canvas: _Canvas, raw: Any, objects: Iterator[Any], matrix: _Matrix, depth: int) -> None:
    for item in objects:
        if canvas.left <= 0:
            return
        canvas.left -= 1
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            continue
        box = _box(raw, item, matrix)
        if box is None:
            continue
        if kind == raw.FPDF_PAGEOBJ_PATH:
            _shape(canvas, raw, item, box)
        elif kind == raw.FPDF_PAGEOBJ_FORM and box.area > _WHOLE * canvas.area:
            if depth < _DEEPEST:
                count = raw.FPDFFormObj_CountObjects(item)
                inner = (raw.FPDFFormObj_GetObject(item, index) for index in range(count))
                _look(canvas, raw, inner, _within(raw, item, matrix), depth + 1)
        else:
            canvas.images.append(box)


def _shape(canvas: _Canvas, raw: Any, path: Any, box: Box) -> None:
    if box.height < _THIN:
        if box.width > _RULE:
            canvas.rules.append(box)
        return
    canvas.drawings.append(box)
    if colour := _filling(raw, path):
        whole = raw.FPDFPath_CountSegments(path) <= _RECTANGLE
        canvas.fills.append(Fill(box, colour, whole))


def _filling(raw: Any, path: Any) -> Colour | None:
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, mode, stroked) or mode.value == raw.FPDF_FILLMODE_NONE:
        return None
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(path, red, green, blue, alpha) or alpha.value < _SOLID:
        return None
    return red.value, green.value, blue.value


def _box(raw: Any, item: Any, matrix: _Matrix) -> Box | None:
    sides = [ctypes.c_float() for _ in range(_SIDES)]
    if not raw.FPDFPageObj_GetBounds(item, *sides):
        return None
    left, bottom, right, top = (side.value for side in sides)
    if matrix is _UPRIGHT:
        return Box(left, bottom, right, top)
    a, b, c, d, e, f = matrix
    corners = [(left, bottom), (left, top), (right, bottom), (right, top)]
    across = [a * x + c * y + e for x, y in corners]
    up = [b * x + d * y + f for x, y in corners]
    return Box(min(across), min(up), max(across), max(up))


def _within(raw: Any, form: Any, outer: _Matrix) -> _Matrix:
    """The form's own coordinates to the page's."""
    own = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(form, own):
        return outer
    a, b, c, d, e, f = outer
    return (
        a * own.a + c * own.b,
        b * own.a + d * own.b,
        a * own.c + c * own.d,
        b * own.c + d * own.d,
        a * own.e + c * own.f + e,
        b * own.e + d * own.f + f,
    )
