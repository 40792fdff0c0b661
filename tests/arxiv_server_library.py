"""What the loopback arXiv knows: its papers, and on which day it announced which of them."""

import json
import lzma
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from arxiv_server_query import compile_query

Listing = tuple[str, int, str]
"""One line of a day's announcement: base id, version, announce type."""
Item = tuple[dict, int, str]
"""The same with the paper in the place of its id."""

_MOST_ITEMS = 2000
_LAST_REPLACEMENT = 5
_KINDS = ("replace-cross", "replace", "cross", "new")
"""In the order in which arXiv fills a feed before it cuts it at 2,000 items."""


class Library:
    """Papers by id, and the announcements by day."""

    def __init__(
        self, papers: Iterable[dict], announcements: Mapping[date, Sequence[Listing]] | None = None
    ) -> None:
        self.papers = {paper["id"]: paper for paper in papers}
        self.archives = {
            category.split(".")[0]
            for paper in self.papers.values()
            for category in paper["categories"]
        }
        given = _own_days(self.papers.values()) if announcements is None else announcements
        self.announcements: dict[date, list[Listing]] = {}
        self._history: dict[str, list[tuple[date, int]]] = {}
        for day, lines in given.items():
            self.announce(day, lines)

    def announce(self, day: date, lines: Sequence[Listing]) -> None:
        """Add lines to a day's announcement."""
        self.announcements.setdefault(day, []).extend(lines)
        for ident, version, _ in lines:
            self._history.setdefault(ident, []).append((day, version))

    def version(self, ident: str, day: date) -> int | None:
        """The newest version on that day; None: the paper is announced later."""
        history = self._history.get(ident)
        if not history:
            return self.papers[ident].get("version") or 1
        return max((version for at, version in history if at <= day), default=None)

    def items(
        self, day: date, wanted: Sequence[str], *, held: Collection[str], stale: Collection[str]
    ) -> list[Item]:
        """A day's lines in these categories, as arXiv picks, types, cuts and sorts them."""
        items = []
        for ident, version, kind in self.announcements.get(day, ()):
            paper = self.papers[ident]
            dropped = kind.startswith("replace") and version > _LAST_REPLACEMENT
            if dropped or ident in held or paper["primary_category"] in stale:
                continue
            if any(covers(each, category) for each in wanted for category in paper["categories"]):
                own = any(covers(each, paper["primary_category"]) for each in wanted)
                items.append((paper, version, _relative(kind, own=own)))
        filled = sorted(items, key=lambda item: _KINDS.index(item[2]))[:_MOST_ITEMS]
        return sorted(filled, key=lambda item: -_KINDS.index(item[2]))

    def search(self, asked: str, idents: Sequence[str], query: Mapping[str, str]) -> list[dict]:
        """The papers that a query, a list of ids or both name, as `sortBy` wants them."""
        pool = [self.papers[each] for each in idents if each in self.papers]
        matches = compile_query(asked) if asked else lambda _: bool(idents)
        found = [paper for paper in (pool if idents else self.papers.values()) if matches(paper)]
        by = {"submittedDate": "published", "lastUpdatedDate": "updated"}.get(query.get("sortBy"))
        if by:
            newest_first = query.get("sortOrder") != "ascending"
            found.sort(key=lambda paper: paper.get(by) or "", reverse=newest_first)
        return found


def load_papers(path: Path) -> list[dict]:
    """JSON Lines, packed with xz or not."""
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def covers(wanted: str, category: str) -> bool:
    """Whether a category is the wanted one, or one of the wanted archive's."""
    return category == wanted or category.startswith(f"{wanted}.")


def is_id(text: str) -> bool:
    """Whether arXiv would look it up at all."""
    return bool(re.fullmatch(r"[a-z-]+(\.[\w-]+)?/\d{7}(v\d+)?|\d{4}\.\d{4,5}(v\d+)?", text))


def _own_days(papers: Iterable[dict]) -> dict[date, list[Listing]]:
    """Announcements by the papers' own `announced` days, all of them new."""
    days: dict[date, list[Listing]] = {}
    for paper in papers:
        if paper.get("announced"):
            line = (paper["id"], paper.get("version") or 1, "new")
            days.setdefault(date.fromisoformat(paper["announced"]), []).append(line)
    return days


def _relative(kind: str, *, own: bool) -> str:
    """arXiv's feed calls a paper new only where its primary category was asked for."""
    return kind if own else {"new": "cross", "replace": "replace-cross"}.get(kind, kind)
