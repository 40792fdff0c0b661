"""The built-in sample: a week of invented papers behind the same PaperSource as arXiv.

For trying paperround without a network. Every paper says in its comment that it is invented.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from formatters.text import readable
from jobs.categories import falls_under
from jobs.matching import evaluate
from jobs.ports import Feed, Validators
from storage.models import Announced, AnnounceType, Paper, PaperId
from storage.search import DayIndex, IndexedPaper
from storage.syntax import Node

DAY = date(2026, 10, 16)
"""The sample's last day, a Friday: the one that the feed shows at first."""


@dataclass(frozen=True, slots=True)
class SamplePaper:
    """One invented paper and its announcement."""

    day: date
    announced: Announced


class SampleSource:
    """Serves the sample as arXiv would. `day` can be moved: a day without papers is empty."""

    def __init__(self, day: date = DAY) -> None:
        self.day = day
        self._requests = 0

    @property
    def requests(self) -> int:
        """Requests made so far."""
        return self._requests

    async def announcements(
        self, categories: Sequence[str], known: Validators | None = None
    ) -> Feed | None:
        """The day's announcement in these categories; empty on a day without one."""
        self._requests += 1
        validators = Validators(etag=f"sample-{self.day}")
        if known == validators:
            return None
        items = tuple(
            entry.announced
            for entry in sample()
            if entry.day == self.day and _is_in(entry.announced.paper, categories)
        )
        return Feed(self.day if items else None, items, validators)

    async def papers(self, ids: Sequence[PaperId]) -> list[Paper]:
        """The newest version known on the day of each of these papers."""
        self._requests += 1
        known = {e.announced.paper.id: e.announced.paper for e in sample() if e.day <= self.day}
        return [known[paper] for paper in ids if paper in known]

    async def search(
        self,
        node: Node,
        *,
        limit: int,
        submitted: tuple[datetime, datetime] | None = None,
        newest_first: bool = True,  # noqa: ARG002 -- a week knows one order
    ) -> list[Paper]:
        """The matching papers up to the day, newest first."""
        self._requests += 1
        known = {e.announced.paper.id: e.announced.paper for e in sample() if e.day <= self.day}
        found = [
            paper
            for paper in _matching(node, list(known.values()))
            if submitted is None
            or (paper.published and submitted[0] <= paper.published < submitted[1])
        ]
        found.sort(key=lambda paper: (paper.published is not None, paper.published), reverse=True)
        return found[:limit]


@cache
def sample() -> tuple[SamplePaper, ...]:
    """All invented papers in the order of their announcement."""
    lines = files("jobs").joinpath("sample.jsonl").read_text("utf-8").splitlines()
    return tuple(_entry(json.loads(line)) for line in lines)


def _entry(row: dict[str, Any]) -> SamplePaper:
    paper = Paper(
        id=PaperId(row["id"]),
        version=row["version"],
        title=row["title"],
        abstract=row["abstract"],
        authors=tuple(row["authors"]),
        primary_category=row["primary_category"],
        categories=tuple(row["categories"]),
        published=datetime.fromisoformat(row["published"]),
        updated=datetime.fromisoformat(row["updated"]),
        comment=row["comment"],
    )
    return SamplePaper(date.fromisoformat(row["day"]), Announced(paper, AnnounceType(row["kind"])))


def _is_in(paper: Paper, categories: Sequence[str]) -> bool:
    return any(falls_under(of, asked) for of in paper.categories for asked in categories)


def _matching(node: Node, papers: Sequence[Paper]) -> list[Paper]:
    with DayIndex() as index:
        index.add(
            IndexedPaper(
                row=row,
                paper_id=paper.id,
                title=readable(paper.title),
                abstract=readable(paper.abstract),
                authors=paper.authors,
                categories=paper.categories,
            )
            for row, paper in enumerate(papers)
        )
        return [papers[row] for row in sorted(evaluate(node, index.rows, index.universe))]
