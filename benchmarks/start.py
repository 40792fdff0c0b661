"""How fast the command line starts, and what it imports to do so.

    python benchmarks/start.py

Runs `paperround --help` ten times in processes of their own; then lists which of the heavy
libraries that command has loaded (there should be none) and how many modules in all.
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

TARGET = 0.25
HEAVY = (
    "apscheduler", "arxiv", "httpx", "luqum", "lxml", "prompt_toolkit", "pydantic", "pylatexenc",
    "rich", "sqlite_utils", "structlog", "wcwidth",
)  # fmt: skip
LOADED = """
import sys
from bot.cli import cli
try:
    cli(["--help"])
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    times = sorted(_seconds() for _ in range(runs))
    median = statistics.median(times)
    modules = _modules()
    heavy = sorted({module.partition(".")[0] for module in modules} & set(HEAVY))
    print(f"{'paperround --help':<24}{1e3 * median:6.0f} ms, median of {runs}")
    print(f"{'fastest, slowest':<24}{1e3 * times[0]:6.0f}, {1e3 * times[-1]:.0f} ms")
    print(f"{'modules loaded':<24}{len(modules):6}")
    print(f"{'heavy ones':<24}{', '.join(heavy) or 'none':>6}")
    met = median <= TARGET and not heavy
    print(f"target, {1e3 * TARGET:.0f} ms and nothing heavy: {'met' if met else 'MISSED'}")
    return 0 if met else 1


def _seconds() -> float:
    command = Path(sys.executable).with_name("paperround")
    started = time.perf_counter()
    subprocess.run([command, "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _modules() -> list[str]:
    ran = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True)
    return ran.stderr.split()


if __name__ == "__main__":
    raise SystemExit(main())
