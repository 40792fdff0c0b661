"""What the benchmarks measure with: CPU per step, the peak of memory, the event loop's lag."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.database import Database, Tx

TICK = 0.01
"""Seconds between two looks at the loop: a watcher that costs nothing itself."""


@dataclass(slots=True)
class Step:
    """All calls of one query function."""

    calls: int = 0
    cpu: float = 0.0
    longest: float = 0.0
    """Wall seconds of the longest call: for a change, its transaction without the commit."""


class GaugedDatabase(Database):
    """A database that keeps what each function run on its threads costs."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.reads: defaultdict[str, Step] = defaultdict(Step)
        self.writes: defaultdict[str, Step] = defaultdict(Step)

    async def write(self, change: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await super().write(_gauged(change, self.writes), *args, **kwargs)

    async def study(self, query: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await super().study(_gauged(query, self.reads), *args, **kwargs)


def _gauged(work: Callable[..., Any], steps: defaultdict[str, Step]) -> Callable[..., Any]:
    step = steps[work.__name__]

    def run(tx: Tx, *args: Any, **kwargs: Any) -> Any:
        cpu, wall = time.thread_time(), time.perf_counter()
        try:
            return work(tx, *args, **kwargs)
        finally:
            step.calls += 1
            step.cpu += time.thread_time() - cpu
            step.longest = max(step.longest, time.perf_counter() - wall)

    return run


@asynccontextmanager
async def loop_lag() -> AsyncIterator[list[float]]:
    """Watch the loop: by how many seconds each of many short sleeps ends too late."""
    lag: list[float] = []

    async def watch() -> None:
        while True:
            asked = time.perf_counter() + TICK
            await asyncio.sleep(TICK)
            lag.append(time.perf_counter() - asked)

    watcher = asyncio.create_task(watch())
    try:
        yield lag
    finally:
        watcher.cancel()


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed; 0 without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def spread(seconds: Sequence[float]) -> str:
    """Cells of a table: the median, the 99th percentile and the longest, in milliseconds."""
    figures = (percentile(seconds, 0.5), percentile(seconds, 0.99), max(seconds))
    return "".join(f"{1e3 * each:>8.1f}" for each in figures)


def verdict(target: float, *, met: bool) -> str:
    """Whether 99 of 100 came within the target's seconds."""
    return f"target, 99th percentile within {1e3 * target:.0f} ms: {'met' if met else 'MISSED'}"


def peak_memory() -> float:
    """The process's largest resident set so far, in megabytes.

    `getrusage` would not do: what it tells of a child begins with its parent's size.
    """
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("no VmHWM in /proc/self/status")
