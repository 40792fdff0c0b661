"""What of a page's text a reader can see; what was kept from sight and says something.

Pure. Hidden text is kept out whether it says something or not; single letters are not
worth a report.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from formatters.text import strip_controls
from jobs.fulltext.pdf.geometry import WHITE, Box, Colour, Page, Run
from storage.models.fulltext import Hidden, HiddenKind

_TINY = 3.0
_LIKE = 24
"""Of 255: colours that differ less can't be told apart."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_TELLING = 3
"""Words that are a message."""
_SCAN = 0.6
"""Of the page, covered by a picture: what lies under it unseen is its recognized text."""
_UNSEEN_LAYER = 0.9
_LONGEST = 2_000


def seen(page: Page) -> tuple[Page, tuple[Hidden, ...]]:
    """The page with nothing but what can be seen, and the hidden texts that say something."""
    if _recognized(page):
        return page, ()
    kinds = [_kind(run, page) for run in page.runs]
    if not any(kinds):
        return page, ()
    hidden = tuple(_reports(page, kinds))
    silent = HiddenKind.TINY not in {each.kind for each in hidden}
    kept = (
        run
        for run, kind in zip(page.runs, kinds, strict=True)
        if kind is None or (silent and kind is HiddenKind.TINY)
    )
    return replace(page, runs=tuple(kept)), hidden


def _recognized(page: Page) -> bool:
    """A scan with its recognized text under or over it, undrawn."""
    if not any(image.area > _SCAN * page.frame.area for image in page.images):
        return False
    undrawn = sum(run.colour is None for run in page.runs)
    return undrawn > _UNSEEN_LAYER * len(page.runs)


def _kind(run: Run, page: Page) -> HiddenKind | None:
    if run.colour is None:
        return HiddenKind.INVISIBLE
    x, y = run.middle
    if not page.frame.holds(x, y):
        return HiddenKind.OFF_PAGE
    if run.size < _TINY and not _inside(page.images, x, y):
        return HiddenKind.TINY
    if (page.fills or min(run.colour) > WHITE[0] - _LIKE) and _like_ground(run, page):
        return HiddenKind.INVISIBLE
    return None


def _like_ground(run: Run, page: Page) -> bool:
    """Whether the run has the colour of what lies under it; nobody knows a picture's colours."""
    x, y = run.middle
    if _inside(page.images, x, y):
        return False
    for fill in reversed(page.fills):
        if fill.box.holds(x, y):
            if not _alike(run.colour, fill.colour):
                return False
            if fill.whole:
                return True
    return _alike(run.colour, WHITE)


def _alike(one: Colour | None, other: Colour) -> bool:
    return one is not None and all(abs(a - b) < _LIKE for a, b in zip(one, other, strict=True))


def _inside(boxes: Iterable[Box], x: float, y: float) -> bool:
    return any(box.holds(x, y) for box in boxes)


def _reports(page: Page, kinds: list[HiddenKind | None]) -> Iterator[Hidden]:
    for kind in (HiddenKind.INVISIBLE, HiddenKind.TINY, HiddenKind.OFF_PAGE):
        said = (run for run, found in zip(page.runs, kinds, strict=True) if found is kind)
        text = "".join(f" {run.text}" if run.spaced else run.text for run in said)
        text = " ".join(strip_controls(text).split())
        if len(_WORD.findall(text)) >= _TELLING:
            yield Hidden(kind, text[:_LONGEST], f"page {page.number}")
