"""What a morning costs: CPU and memory from the announcement to a full outbox.

    python benchmarks/morning.py --papers papers.jsonl.xz
    python benchmarks/morning.py --papers papers.jsonl.xz --sweep

Every paper of the file is history; then `--new` papers are announced and every subscription
is due. `collect` is storing them (readable text, key phrases, index, one transaction for
who is due); the morning is `jobs.digest.make_due`: matching, planning, summaries, rendering,
and the transactions that fill the outbox. CPU counts all threads; each morning runs in a
process of its own. `--sweep` adds a tenth and ten times the subscriptions, other numbers of
topics and papers, and ten times the history, each on its own against the first line.
"""

import argparse
import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from gauges import GaugedDatabase, Step, loop_lag, peak_memory, percentile
from rich.console import Console
from rich.table import Table
from stage import FixedClock, MorningSource, Scale, build, new_papers, prepare_all, read_papers
from stage import settings_for

MATCHING = ("lay",)
PLANNING = ("plan",)
RENDERING = ("write_up",)


@dataclass(frozen=True, slots=True)
class Figures:
    """One morning in numbers; times are seconds of CPU, memory is megabytes."""

    subscriptions: int
    digests: int
    parts: int
    collect: float
    morning: float
    wall: float
    memory_before: float
    memory: float
    lag: tuple[float, float]
    """99th percentile and maximum."""
    reads: dict[str, Step]
    writes: dict[str, Step]


def main() -> None:
    options = _options()
    first = Scale(options.subscriptions, options.topics, options.chats)
    with tempfile.TemporaryDirectory(prefix="paperround-benchmark-") as folder:
        _run_all(options, _scales(first, sweep=options.sweep), Path(folder))


def _run_all(
    options: argparse.Namespace, scales: Sequence[tuple[str, Scale, int]], folder: Path
) -> None:
    console = Console(width=110)
    known = read_papers(options.papers)
    prepared = prepare_all(known)
    rows = []
    for name, scale, new in scales:
        path = folder / "morning.db"
        asyncio.run(build(path, prepared, scale))
        morning = new_papers(known, new or options.new)
        figures = _in_own_process(path, morning, options.profile)
        if not rows:
            console.print(_details(figures, scale, len(morning)))
        rows.append((name, figures))
        for file in folder.iterdir():
            file.unlink()
    if len(rows) > 1:
        console.print(_comparison(rows))


def _in_own_process(path: Path, morning: Sequence[object], profile: Path | None) -> Figures:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as pool:
        return pool.submit(measure, path, morning, profile).result()


def measure(path: Path, morning: Sequence, profile: Path | None) -> Figures:
    """Collect and make one morning in this process."""
    return asyncio.run(_measure(path, morning, profile))


async def _measure(path: Path, morning: Sequence, profile: Path | None) -> Figures:
    from bot.app import opened  # only the measured process is to load the application
    from bot.service import categories_wanted
    from jobs import collect
    from jobs.digest import make_due
    from storage import outbox

    source = MorningSource(morning)
    async with opened(settings_for(path), clock=FixedClock(), source=source) as app:
        db = GaugedDatabase(path)
        desk = replace(app.desk, db=db)
        wanted = await db.study(categories_wanted, app)
        started = time.process_time()
        await collect.collect(db=db, source=source, clock=app.clock, categories=wanted)
        collected = time.process_time() - started
        before = peak_memory()
        async with loop_lag() as lag:
            started, clock = time.process_time(), time.perf_counter()
            digests = await make_due(desk)
            cpu, wall = time.process_time() - started, time.perf_counter() - clock
        queue = await db.read(outbox.queue)
        subscriptions = await db.read(
            lambda tx: tx.execute("SELECT COUNT(*) FROM subscription").fetchone()[0]
        )
        db.close()
    return Figures(
        subscriptions=subscriptions,
        digests=digests,
        parts=queue.waiting,
        collect=collected,
        morning=cpu,
        wall=wall,
        memory_before=before,
        memory=peak_memory(),
        lag=(percentile(lag.seconds, 0.99), max(lag.seconds)),
        reads=dict(db.reads),
        writes=dict(db.writes),
    )
