"""Where a caption's picture, rows or lines stand: above it or below, never beyond text. Pure."""

from collections.abc import Iterable, Sequence
from itertools import compress

from jobs.fulltext.pdf.blocks import Block, Body
from jobs.fulltext.pdf.geometry import Box, Page

_NEAR, _FAR = 3.0, 6.0
"""Of the pitch: how far apart loose lines, and pictures and rules, can follow each other."""
_SLACK = 3.0
_OUTER = 0.8
"""Of the widest rule: as long are those above and below a table."""


class Surroundings:
    """What stands around a caption, up to the next text above and below.

    `walls` says which of the `blocks` are text, headings or captions.
    """

    def __init__(
        self,
        page: Page,
        blocks: Sequence[Block],
        walls: Sequence[bool],
        caption: Block,
        body: Body,
    ) -> None:
        self._page = page
        self._caption = caption.box
        self._pitch = body.pitch
        self._left = min(caption.column.left, self._caption.left) - _SLACK
        self._right = max(caption.column.right, self._caption.right) + _SLACK
        self._loose = [block.box for block, wall in zip(blocks, walls, strict=True) if not wall]
        others = (block.box for block in compress(blocks, walls) if block is not caption)
        low, high = self._reach(others)
        self._above = Box(self._left, self._caption.top, self._right, high)
        self._below = Box(self._left, low, self._right, self._caption.bottom)

    def picture(self) -> Box | None:
        """Around the drawings and their labels, or the labels alone."""
        pictures = [*self._page.images, *self._page.drawings]
        return (
            self._around(pictures, self._above, _FAR, label=self._pitch)
            or self._around(pictures, self._below, _FAR, label=self._pitch)
            or self._around(self._loose, self._above, _NEAR)
        )

    def table(self) -> Box | None:
        """Around the rows: between rules, on the nearer side, or next to the caption."""
        above, below = self._ruled(self._above), self._ruled(self._below)
        if above and below:
            nearer = above.bottom - self._caption.top <= self._caption.bottom - below.top
            return above if nearer else below
        return (
            above
            or below
            or self._around(self._loose, self._above, _NEAR)
            or self._around(self._loose, self._below, _NEAR)
        )

    def _reach(self, walls: Iterable[Box]) -> tuple[float, float]:
        low, high = float("-inf"), float("inf")
        for box in walls:
            if box.beside(self._left + 2 * _SLACK, self._right - 2 * _SLACK):
                continue
            if box.bottom > self._caption.top - 1:
                high = min(high, box.bottom)
            elif box.top < self._caption.bottom + 1:
                low = max(low, box.top)
        return low, high

    def _around(
        self, boxes: Iterable[Box], within: Box, most: float, *, label: float = 1.0
    ) -> Box | None:
        """Around those that follow one another from the caption on, and `label` beyond."""
        up = within is self._above
        low = high = edge = within.bottom if up else within.top
        left, right = within.left, within.right
        inside = [box for box in boxes if _in(box, within)]
        for box in sorted(inside, key=lambda box: box.bottom if up else -box.top):
            if (box.bottom - high if up else low - box.top) > most * self._pitch:
                break
            low, high = min(low, box.bottom), max(high, box.top)
            left, right = min(left, box.left), max(right, box.right)
        if low == high == edge:
            return None
        return Box(left, low - (0 if up else label), right, high + (label if up else 0))

    def _ruled(self, within: Box) -> Box | None:
        """From the first to the last of the long rules near the caption."""
        rules = [rule for rule in self._page.rules if _in(rule, within)]
        widest = max((rule.width for rule in rules), default=0.0)
        outer = [rule for rule in rules if rule.width > _OUTER * widest]
        if len(outer) <= 1:
            return None
        low, high = min(rule.bottom for rule in outer), max(rule.top for rule in outer)
        gap = low - within.bottom if within is self._above else within.top - high
        if gap > _FAR * self._pitch:
            return None
        left = min(within.left, *(rule.left for rule in outer))
        return Box(left, low - 1, max(within.right, *(rule.right for rule in outer)), high + 1)


def _in(box: Box, within: Box) -> bool:
    middle = (box.bottom + box.top) / 2
    return within.bottom <= middle <= within.top and not box.beside(within.left, within.right)
