"""What keeping the archive costs: one day more in an archive of 90,000 papers.

    python benchmarks/archive.py --papers papers.jsonl.xz

Real papers, in copies under other ids, make the database; the whole archive is written once.
Then one day is announced and the archive brought up to date in a process of its own, whose
seconds, peak memory and written files are told, with the bytes that search loads at first.
What comes behind the newest day is told apart: old papers that were replaced, each of another
day, and summaries of the newest ones.
"""

import argparse
import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from gauges import peak_memory
from stage import (
    MORNING,
    FixedClock,
    Scale,
    build,
    new_papers,
    prepare_all,
    read_papers,
    settings_for,
)

from bot.app import opened
from bot.settings import Settings
from formatters.site.paths import MANIFEST, search_path
from formatters.site.templating import static_files
from jobs.archive.edition import Written
from jobs.collect import prepare
from jobs.extractive import summarize
from storage import digests, papers
from storage.database import Database, Tx
from storage.models import AnnounceType, Lang, Paper

SECONDS, MEGABYTES, FIRST_LOAD = 5.0, 300.0, 300_000
LOADED_AT_ONCE = 240_000
"""As `search.js` has it: bytes of pieces after which it waits to be asked."""
TOPICS = "3dgs; continual-learning; multimodal; cs.AI; cs.CL; cs.CV; cs.LG; cs.RO; stat.ML"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figures:
    """One update in numbers."""

    written: Written
    wall: float
    cpu: float
    memory: float


def main() -> int:
    options = _options()
    known = read_papers(options.papers)
    new = new_papers(known, options.new)
    fresh = {paper.id for paper in new}
    with tempfile.TemporaryDirectory() as folder:
        database, archive = Path(folder, "papers.db"), Path(folder, "archive")
        history = [pair for pair in known if pair[1].id not in fresh][-options.of_file :]
        scale = Scale(0, 20, 0, options.new, options.copies)
        asyncio.run(build(database, prepare_all(history), scale))
        whole = _apart(database, archive)
        _tell("the whole archive", whole)
        asyncio.run(_change(database, _announce, new))
        day = _apart(database, archive)
        _tell(f"one day more, {options.new} papers", day)
        kinds = Counter(_kind(path) for path in day.written.files)
        print("    " + ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())))
        asyncio.run(_change(database, _replace, options.replaced))
        _tell(f"{options.replaced} replaced papers of old days", _apart(database, archive))
        asyncio.run(_change(database, _summarize, options.summaries))
        _tell(f"{options.summaries} summaries of the newest", _apart(database, archive))
        first = _first_load(archive)
        print(f"search loads {first / 1000:.0f} kB at first, at most {FIRST_LOAD / 1000:.0f}")
        met = day.cpu <= SECONDS and day.memory <= MEGABYTES and first <= FIRST_LOAD
    print(f"target, {SECONDS:.0f} s and {MEGABYTES:.0f} MB: {'met' if met else 'MISSED'}")
    return 0 if met else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=Path, required=True, metavar="FILE.jsonl.xz")
    parser.add_argument("--of-file", type=int, default=18_000, help="papers of the file")
    parser.add_argument("--copies", type=int, default=5, help="how often, 90 days apart")
    parser.add_argument("--new", type=int, default=225)
    parser.add_argument("--replaced", type=int, default=100, help="papers, each of another day")
    parser.add_argument("--summaries", type=int, default=60, help="in each language")
    return parser.parse_args()


def _apart(database: Path, archive: Path) -> Figures:
    """An update in a process of its own, so that its memory is known."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_update, database, archive).result()


def _update(database: Path, archive: Path) -> Figures:
    settings = settings_for(database).model_copy(
        update={"archive": archive, "archive_topics": TOPICS}
    )
    return asyncio.run(_timed(settings))


async def _timed(settings: Settings) -> Figures:
    async with opened(settings, clock=FixedClock()) as app:
        assert app.archiving is not None
        wall, cpu = time.perf_counter(), time.process_time()
        written = await app.archiving.update()
        return Figures(
            written, time.perf_counter() - wall, time.process_time() - cpu, peak_memory()
        )


async def _change(database: Path, change: Callable[[Tx, T], None], what: T) -> None:
    db = Database.open(database)
    try:
        await db.write(change, what)
    finally:
        db.close()


def _announce(tx: Tx, new: list[Paper]) -> None:
    papers.store(tx, prepare([replace(paper, enriched=True) for paper in new]))
    items = [(paper.id, paper.version, AnnounceType.NEW) for paper in new]
    papers.announce(tx, MORNING, items, live=True)


def _replace(tx: Tx, count: int) -> None:
    """A new version of a paper of each of so many old days, spread over all of them."""
    rows = tx.query(
        "SELECT MIN(paper) AS row FROM announcement WHERE day < ? GROUP BY day ORDER BY day",
        [MORNING.isoformat()],
    )
    days = [r["row"] for r in rows]
    chosen = days[:: max(1, len(days) // count)][-count:] if count else []
    old = papers.by_rows(tx, chosen).values()
    papers.store(tx, prepare([_next_version(paper) for paper in old]))


def _next_version(paper: Paper) -> Paper:
    return replace(
        paper, version=paper.version + 1, abstract=f"{paper.abstract} Revised.", enriched=True
    )


def _summarize(tx: Tx, count: int) -> None:
    """What the built-in engine says of some of the newest papers."""
    newest = papers.by_rows(tx, papers.rows_between(tx, MORNING, MORNING)[:count]).values()
    digests.keep_summaries(tx, [summarize(paper, lang) for paper in newest for lang in Lang])


def _first_load(archive: Path) -> int:
    """Bytes of the search page, of all that it names, and of the pieces loaded at once."""
    page = archive / search_path(Lang.ZH)
    named = [archive / "static" / name for name in static_files()]
    pieces = sorted((archive / "search").glob("2*.js"), reverse=True)
    total = sum(file.stat().st_size for file in (page, archive / MANIFEST, *named))
    loaded = 0
    for piece in pieces:
        if loaded and loaded + piece.stat().st_size > LOADED_AT_ONCE:
            break
        loaded += piece.stat().st_size
    return total + loaded


def _kind(path: str) -> str:
    top, _, rest = path.partition("/")
    return rest.partition("/")[0] if top in tuple(Lang) else top


def _tell(what: str, figures: Figures) -> None:
    files, days = len(figures.written.files), figures.written.days
    print(
        f"{what}: {days} days, {files} files, {figures.cpu:.1f} s of CPU, {figures.wall:.1f} s,"
        f" {figures.memory:.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
