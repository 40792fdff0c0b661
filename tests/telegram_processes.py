"""`paperround` as processes beside a loopback Telegram and a loopback arXiv."""

import asyncio
import os
import signal
import sqlite3
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from arxiv_server import ArxivServer
from fakes import invented_paper
from telegram_server import TOKEN, TelegramServer

ROOT = Path(__file__).resolve().parents[1]
ENTRY = Path(__file__).with_name("telegram_entry.py")
START = datetime(2026, 2, 6, 5, 0, tzinfo=UTC)
SECRET = TOKEN.partition(":")[2]
"""What must never be seen anywhere."""


@dataclass(slots=True)
class Running:
    """One process and what it has said."""

    process: Process
    folder: Path
    said: list[str] = field(default_factory=list)
    complaints: str = ""

    async def line(self, within: float = 20) -> str:
        """The next line of its output."""
        assert self.process.stdout
        async with asyncio.timeout(within):
            line = (await self.process.stdout.readline()).decode()
        assert line, await self._error()
        self.said.append(line)
        return line.rstrip("\n")

    async def ready(self) -> None:
        """Until it says that it answers."""
        while not (await self.line()).startswith("Telegram: @"):
            pass

    async def ended(self, within: float = 20) -> int:
        """Its exit code; what else it said is then in `said` and `complaints`."""
        async with asyncio.timeout(within):
            out, complaints = await self.process.communicate()
        self.said += out.decode().splitlines(keepends=True)
        self.complaints += complaints.decode()
        assert self.process.returncode is not None
        return self.process.returncode

    async def terminated(self, within: float = 5) -> int:
        """End it as an operator does, in time."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = await self.ended()
        assert time.monotonic() - begun < within, self.log()
        return code

    async def killed(self) -> None:
        self.process.kill()
        await self.ended()

    def log(self) -> str:
        """Its log, as far as it was written."""
        return "".join(file.read_text() for file in sorted(self.folder.glob("*.log*")))

    async def _error(self) -> str:
        await self.ended()
        return self.complaints + self.log()


@dataclass(slots=True)
class Machine:
    """A folder, a loopback arXiv, and the processes started there."""

    folder: Path
    arxiv: ArxivServer
    api_url: str
    epoch: float = field(default_factory=time.time)
    started: list[Running] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.folder / "paperround.db"

    def env(self, **settings: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return kept | {
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "PAPERROUND_DATABASE": str(self.database),
            "PAPERROUND_CATEGORIES": "cs.CV",
            "PAPERROUND_ARXIV_API_URL": self.arxiv.api_url,
            "PAPERROUND_ARXIV_FEED_URL": self.arxiv.feed_url,
            "PAPERROUND_ARXIV_INTERVAL": "0",
            "PAPERROUND_OPEN": "true",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.api_url,
            **settings,
        }

    async def command(self, *words: str, **settings: str) -> Running:
        """Start `paperround …`."""
        return await self._start("-m", "bot.cli", *words, settings=settings)

    async def quick(self, speed: float, **settings: str) -> Running:
        """Start the service on a clock that runs so much faster."""
        options = {"start": START.isoformat(), "epoch": str(self.epoch), "speed": str(speed)}
        words = [f"--{name}={value}" for name, value in options.items()]
        return await self._start(str(ENTRY), *words, settings=settings)

    def ask(self, sql: str) -> list[tuple]:
        database = sqlite3.connect(self.database, timeout=5)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    async def until(self, sql: str, wanted: object, within: float = 20) -> None:
        """Until the query gives this."""
        deadline = time.monotonic() + within
        while (found := self.ask(sql)[0][0]) != wanted:
            assert time.monotonic() < deadline, (found, self.started[-1].log()[-3000:])
            await asyncio.sleep(0.05)

    async def _start(self, *words: str, settings: dict[str, str]) -> Running:
        env = self.env(**settings)
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, cwd=self.folder, env=env, stdout=PIPE, stderr=PIPE
        )
        running = Running(process, Path(env["PAPERROUND_DATABASE"]).parent)
        self.started.append(running)
        return running


async def eventually(holds: Callable[[], bool], within: float = 20) -> None:
    """Wait for what happens in another process."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


@asynccontextmanager
async def machine(folder: Path, server: TelegramServer | str) -> AsyncIterator[Machine]:
    """At the end nothing runs any more, and nothing has told the token."""
    papers = [invented_paper(f"2602.{number:05}") for number in range(1, 5)]
    url = server if isinstance(server, str) else server.api_url
    with ArxivServer(papers, day=START.date()) as arxiv:
        made = Machine(folder, arxiv, url)
        try:
            yield made
        finally:
            for each in made.started:
                if each.process.returncode is None:
                    await each.killed()
        for each in made.started:
            for told in (each.log(), "".join(each.said), each.complaints):
                assert SECRET not in told
