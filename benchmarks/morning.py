"""What a morning costs: CPU and memory from the announcement to a full outbox.

    python benchmarks/morning.py --papers papers.jsonl.xz
    python benchmarks/morning.py --papers papers.jsonl.xz --sweep

Every paper of the file is history; then `--new` papers are announced and every subscription
is due. `collect` stores them: readable text, key phrases, the index, one transaction that says
who is due. The morning is `jobs.digest.make_due`: matching, planning, summaries, rendering, and
the transactions that fill the outbox. CPU counts all threads; each morning runs in a process
of its own, whose peak memory is told. `--sweep` changes one size at a time against the first
line: a tenth of and ten times the subscriptions, half the topics, half the new papers, ten
times the history.
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
from stage import (
    FixedClock,
    MorningSource,
    Scale,
    build,
    new_papers,
    options,
    prepare_all,
    read_papers,
    settings_for,
)

from storage.models import Paper

LONGEST_TRANSACTION = 0.02
"""Seconds: a command that writes waits no longer."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One morning in numbers: seconds of CPU unless said otherwise, memory in megabytes."""

    scale: Scale
    subscriptions: int
    digests: int
    parts: int
    collect: float
    morning: float
    wall: float
    memory_before: float
    memory: float
    lag_99: float
    lag_longest: float
    reads: dict[str, Step]
    writes: dict[str, Step]

    @property
    def matching(self) -> float:
        return self.reads["lay"].cpu

    @property
    def rendering(self) -> float:
        return self.reads["write_up"].cpu

    @property
    def planning(self) -> float:
        return self.reads["plan"].cpu

    @property
    def commits(self) -> float:
        return self.writes["_commit"].cpu


def main() -> None:
    options = _options()
    first = Scale(options.subscriptions, options.topics, options.chats, options.new)
    scales = [first, *(_variations(first) if options.sweep else [])]
    known = read_papers(options.papers)
    prepared = prepare_all(known)
    rows = []
    for scale in scales:
        with tempfile.TemporaryDirectory(prefix="paperround-benchmark-") as folder:
            path = Path(folder) / "morning.db"
            asyncio.run(build(path, prepared, scale))
            rows.append(_in_own_process(path, new_papers(known, scale.new), scale))
        if len(rows) == 1:
            _print_details(rows[0], len(known))
            print(_line(*HEADINGS))
        print(_line(*_cells(rows[-1], rows[0])), flush=True)


def _options() -> argparse.Namespace:
    parser = options(__doc__)
    parser.add_argument("--sweep", action="store_true")
    return parser.parse_args()


def _variations(first: Scale) -> list[Scale]:
    """The first scale with one size changed."""
    subscriptions, chats = first.subscriptions, first.chats
    return [
        replace(first, subscriptions=subscriptions // 10, chats=chats // 10),
        replace(first, subscriptions=subscriptions * 10, chats=chats * 10),
        replace(first, topics=first.topics // 2),
        replace(first, new=first.new // 2),
        replace(first, history=10),
    ]


def _in_own_process(path: Path, morning: Sequence[Paper], scale: Scale) -> Figures:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as pool:
        return pool.submit(measure, path, morning, scale).result()


def measure(path: Path, morning: Sequence[Paper], scale: Scale) -> Figures:
    """Collect and make one morning in this process."""
    return asyncio.run(_measure(path, morning, scale))


async def _measure(path: Path, morning: Sequence[Paper], scale: Scale) -> Figures:
    from bot.app import opened  # noqa: PLC0415 -- only the measured process loads it
    from bot.service import categories_wanted  # noqa: PLC0415
    from jobs import collect  # noqa: PLC0415
    from jobs.digest import make_due  # noqa: PLC0415
    from storage import outbox, subscriptions  # noqa: PLC0415

    source = MorningSource(morning)
    async with opened(settings_for(path), clock=FixedClock(), source=source) as app:
        db = GaugedDatabase(path)
        wanted = await db.study(categories_wanted, app)
        started = time.process_time()
        await collect.collect(db=db, source=source, clock=app.clock, categories=wanted)
        collected = time.process_time() - started
        before = peak_memory()
        async with loop_lag() as lag:
            started, clock = time.process_time(), time.perf_counter()
            digests = await make_due(replace(app.desk, db=db))
            cpu, wall = time.process_time() - started, time.perf_counter() - clock
        memory = peak_memory()
        queue = await db.read(outbox.queue)
        everything = await db.read(subscriptions.everything)
        db.close()
    return Figures(
        scale=scale,
        subscriptions=sum(len(found) for _, found in everything),
        digests=digests,
        parts=queue.waiting,
        collect=collected,
        morning=cpu,
        wall=wall,
        memory_before=before,
        memory=memory,
        lag_99=percentile(lag, 0.99),
        lag_longest=max(lag),
        reads=dict(db.reads),
        writes=dict(db.writes),
    )


def _print_details(found: Figures, papers: int) -> None:
    rest = found.morning - sum((found.matching, found.planning, found.rendering, found.commits))
    per_new = found.collect / found.scale.new
    commit = found.writes["_commit"]
    print(f"{found.subscriptions:,} subscriptions of {found.scale.topics:,} topics in")
    print(f"{found.scale.chats:,} chats; {found.scale.new:,} new papers; history {papers:,}\n")
    for name, value in (
        ("collect (before)", f"{found.collect:6.2f} s CPU, {1e3 * per_new:.2f} ms a new paper"),
        ("morning", f"{found.morning:6.2f} s CPU in {found.wall:.2f} s"),
        ("  matching, ranking", f"{found.matching:6.2f} s"),
        ("  planning", f"{found.planning:6.2f} s"),
        ("  rendering", f"{found.rendering:6.2f} s"),
        ("  commits", f"{found.commits:6.2f} s in {commit.calls:,} transactions"),
        ("  the rest", f"{rest:6.2f} s (summaries, reading what is due, the loop)"),
        ("digests, parts", f"{found.digests:,}, {found.parts:,}"),
        ("longest transaction", f"{1e3 * commit.longest:.1f} ms before its commit"),
        ("event loop's lag", f"{1e3 * found.lag_99:.1f} ms p99, {1e3 * found.lag_longest:.1f} max"),
        ("peak memory", f"{found.memory:.0f} MB, before the morning {found.memory_before:.0f}"),
    ):
        print(f"{name:<22} {value}")
    print()


HEADINGS = (
    "subscriptions", "topics", "chats", "new", "history", "CPU s", "MB",
    "match ms/topic", "ms/subscription", "further", "longest tx ms", "lag p99 ms",
)  # fmt: skip


def _cells(found: Figures, first: Figures) -> tuple[str, ...]:
    scale = found.scale
    more = found.subscriptions - first.subscriptions
    further = f"{1e3 * (found.morning - first.morning) / more:.2f}" if abs(more) > 100 else ""
    return (
        f"{found.subscriptions:,}",
        f"{scale.topics:,}",
        f"{scale.chats:,}",
        f"{scale.new:,}",
        f"×{scale.history}",
        f"{found.morning:.2f}",
        f"{found.memory:.0f}",
        f"{1e3 * found.matching / scale.topics:.2f}",
        f"{1e3 * found.morning / found.subscriptions:.2f}",
        further,
        f"{1e3 * found.writes['_commit'].longest:.1f}",
        f"{1e3 * found.lag_99:.1f}",
    )


def _line(*cells: str) -> str:
    return "  ".join(
        f"{cell:>{len(heading)}}" for cell, heading in zip(cells, HEADINGS, strict=True)
    )


if __name__ == "__main__":
    main()
