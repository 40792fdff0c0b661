"""A day's file by its papers: what an earlier one says of a paper can stand in a later one."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from re import Pattern

from storage.models import PaperId

Render = Callable[[Collection[PaperId]], str]
"""Makes a file, of some papers only what tells where they stand."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """How a form of file is divided."""

    between: Pattern[str]
    """What lies between two pieces."""
    joint: str
    """That, as it is written."""
    paper: Pattern[str]
    """What a paper's piece has, with its id in the group."""

    def renewed(
        self,
        render: Render,
        papers: Collection[PaperId],
        former: str | None,
        unchanged: Collection[PaperId],
    ) -> str:
        """The file that `render` makes of these papers, cheaper where it was made before.

        `former` is that file, of the same papers; it says the same of those that are `unchanged`.
        """
        kept = self._of(papers, former) if former and unchanged else None
        if kept is not None:
            text = render(unchanged)
            if self._of(papers, text) is not None:
                return self._joined(text, {_key(paper): kept[_key(paper)] for paper in unchanged})
        return render(())

    def _of(self, papers: Iterable[PaperId], text: str) -> dict[str, str] | None:
        """The papers' pieces; None where not each has one, for a text may look like a piece."""
        found = [(name, piece) for name, piece in self._divided(text) if name]
        if sorted(name for name, _ in found) != sorted(map(_key, papers)):
            return None
        return dict(found)

    def _joined(self, text: str, kept: Mapping[str, str]) -> str:
        pieces = (kept.get(name, piece) for name, piece in self._divided(text))
        return self.joint.join(pieces) + "\n"

    def _divided(self, text: str) -> list[tuple[str, str]]:
        """The pieces in order, each with its paper's key; empty: it is no paper's."""
        return [
            (_key(found[1]) if (found := self.paper.search(piece)) else "", piece)
            for piece in self.between.split(text.rstrip("\n"))
        ]


SECTIONS = Pieces(
    re.compile(r'\n\n(?=<a id="[^"]+v\d+"></a>\n)'),
    "\n\n",
    re.compile(r'\A<a id="([^"]+)v\d+"></a>'),
)
"""A report's."""
ROWS = Pieces(
    between=re.compile(r"\n"),
    joint="\n",
    paper=re.compile(r"\A\|.*?(?<!\\)\[PDF\]\(<[^>]*/pdf/([^>]+)v\d+>\)"),
)
"""A table's."""


def _key(paper: str) -> str:
    """An id as an anchor names it."""
    return paper.replace("/", "-")
