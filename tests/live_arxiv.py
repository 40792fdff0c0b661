"""A source that reads a loopback arXiv, and papers to put into it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from arxiv_server import ArxivServer
from arxiv_server_library import Listing
from fakes import FakeClock, invented_paper

from jobs.arxiv_source import ArxivSource
from jobs.web import Web

FRIDAY, SATURDAY = date(2026, 2, 6), date(2026, 2, 7)
SERVED = datetime(2026, 2, 6, 6, tzinfo=UTC)
"""An hour after Friday's feed appeared."""


@asynccontextmanager
async def arxiv_of(
    papers: Sequence[dict],
    lines: Mapping[date, Sequence[Listing]],
    tmp_path: Path,
    *,
    timeout: float = 5.0,  # noqa: ASYNC109  # the client's, for one request
) -> AsyncIterator[tuple[ArxivServer, ArxivSource]]:
    """A loopback arXiv on Friday that insists on its pace, and a source that reads it."""
    clock = FakeClock(SERVED)

    def seconds() -> float:
        return clock.now().timestamp()

    with ArxivServer(papers, lines, day=FRIDAY, interval=3.0, now=seconds) as server:
        async with Web(
            clock=clock,
            pace_file=tmp_path / "pace",
            contact="lab@round.example",
            timeout=timeout,
        ) as web:
            source = ArxivSource(web, api_url=server.api_url, feed_url=server.feed_url)
            yield server, source
    assert server.violations == []


def many(count: int) -> list[dict]:
    """So many invented papers of cs.CV."""
    return [invented_paper(f"2602.{number:05}") for number in range(1, count + 1)]


def ids(papers: Sequence[dict]) -> list[str]:
    return [paper["id"] for paper in papers]


def all_new(papers: Sequence[dict]) -> dict[date, list[Listing]]:
    """An announcement of all of them on Friday."""
    return {FRIDAY: [(ident, 1, "new") for ident in ids(papers)]}
