"""A digest's overview, put together of those of its topics. Pure."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import TypeVar

from storage.models import Overview, OverviewTheme, PaperId

MOST_THEMES, MOST_DIRECTIONS, MOST_READS = 4, 3, 3
FEWEST_PAPERS = 2
"""Of a theme."""

Part = TypeVar("Part")


def gathered(overviews: Sequence[Overview], shown: Collection[PaperId]) -> Overview | None:
    """What they say of the papers that are shown, each topic in its turn; None: nothing."""
    if not overviews:
        return None
    narrowed = (_among(theme, shown) for theme in _in_turn([o.themes for o in overviews]))
    themes = [theme for theme in narrowed if len(theme.papers) >= FEWEST_PAPERS]
    directions = [
        replace(direction, papers=tuple(paper for paper in direction.papers if paper in shown))
        for direction in _in_turn([o.directions for o in overviews])
        if not direction.papers or any(paper in shown for paper in direction.papers)
    ]
    reads = [read for read in _in_turn([o.reads for o in overviews]) if read.paper in shown]
    if not themes and not reads:
        return None
    return Overview(
        engine=overviews[0].engine,
        themes=_first(themes, lambda theme: theme.name.casefold(), MOST_THEMES),
        directions=_first(directions, lambda direction: direction.text, MOST_DIRECTIONS),
        reads=_first(reads, lambda read: read.paper, MOST_READS),
    )


def _among(theme: OverviewTheme, shown: Collection[PaperId]) -> OverviewTheme:
    return replace(theme, papers=tuple(paper for paper in theme.papers if paper in shown))


def _in_turn(parts: Iterable[Sequence[Part]]) -> list[Part]:
    """The first of each, then the second of each, and so on."""
    return [part for part in chain.from_iterable(zip_longest(*parts)) if part is not None]


def _first(parts: Iterable[Part], key: Callable[[Part], str], most: int) -> tuple[Part, ...]:
    """At most so many, each once."""
    found: dict[str, Part] = {}
    for part in parts:
        found.setdefault(key(part), part)
    return tuple(found.values())[:most]
