"""A page as the drawing of it: runs of characters, boxes, and where they stand.

Lengths are in points, from the page's lower left corner. Knows no PDF library.
"""

from dataclasses import dataclass

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Never negative."""
        return max(0.0, self.right - self.left)

    @property
    def height(self) -> float:
        """Never negative."""
        return max(0.0, self.top - self.bottom)

    @property
    def area(self) -> float:
        """In square points."""
        return self.width * self.height

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside or on the edge."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def beside(self, left: float, right: float) -> bool:
        """Whether the span from `left` to `right` lies wholly left or right of it."""
        return right <= self.left or left >= self.right


@dataclass(frozen=True, slots=True)
class Face:
    """A font, as far as it says what its text is."""

    name: str
    bold: bool = False
    italic: bool = False
    math: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one line in one font, left to right, as one piece of the page's program."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    """As it is seen, scaled."""
    face: Face
    spaced: bool = False
    """A space stands before it."""
    colour: Colour | None = (0, 0, 0)
    """None: nothing is drawn."""

    @property
    def middle(self) -> tuple[float, float]:
        """A point inside, at half the height of a small letter."""
        return (self.left + self.right) / 2, self.baseline + 0.25 * self.size


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled area, in drawing order among its like."""

    box: Box
    colour: Colour
    whole: bool = True
    """All of the box is filled: a rectangle."""


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one page, upright text only."""

    number: int
    """From 1."""
    frame: Box
    """What of it is seen."""
    runs: tuple[Run, ...] = ()
    """In the order in which they are drawn."""
    images: tuple[Box, ...] = ()
    """Pictures, and drawings that were included as a whole."""
    drawings: tuple[Box, ...] = ()
    """Lines and shapes of the page itself, rules excepted."""
    rules: tuple[Box, ...] = ()
    """Thin level lines."""
    fills: tuple[Fill, ...] = ()
    links: tuple[str, ...] = ()
    """Addresses that can be clicked."""
