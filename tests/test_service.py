"""The service as a process: killed again and again, ended, and refused beside another."""

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from arxiv_server import ArxivServer, Fault
from fakes import invented_paper

from jobs import schedule
from storage import chats, subscriptions
from storage.database import Database
from storage.models import Lang, Platform, Slot, Subscription, SubscriptionKey, When

FRIDAY = date(2026, 2, 6)
START = datetime(2026, 2, 6, 5, 0, tzinfo=UTC)
"""The feed's midnight: the announcement has just appeared."""
SPEED = 300.0
KILLS = 20
CHATS = 4
SLOTS = 6
"""Digests a chat, twenty-five minutes apart: the morning lasts as long as the killing."""
ENTRY = Path(__file__).with_name("service_entry.py")
ROOT = ENTRY.parents[1]


@dataclass(slots=True)
class Stage:
    """A database, a loopback arXiv, and the processes on them."""

    folder: Path
    arxiv: ArxivServer
    epoch: float = field(default_factory=time.time)
    running: list[subprocess.Popen] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.folder / "paperround.db"

    @property
    def env(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return kept | {
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "PAPERROUND_DATABASE": str(self.database),
            "PAPERROUND_CATEGORIES": "cs.CV",
            "PAPERROUND_ARXIV_API_URL": self.arxiv.api_url,
            "PAPERROUND_ARXIV_FEED_URL": self.arxiv.feed_url,
            "PAPERROUND_ARXIV_INTERVAL": "0",
        }

    def start(self, *, speed: float = SPEED, pause: float = 0.02) -> subprocess.Popen:
        """Start the service and wait until it is about to serve."""
        options = {
            "start": START.isoformat(),
            "epoch": str(self.epoch),
            "speed": str(speed),
            "sent": str(self.folder / "sent.jsonl"),
            "pause": str(pause),
        }
        line = [f"--{name}={value}" for name, value in options.items()]
        process = subprocess.Popen(
            [sys.executable, str(ENTRY), *line],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.running.append(process)
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        return process

    def delivered(self) -> dict[int, list[int]]:
        """Keys of the parts that arrived, per chat, in the order of arrival."""
        file = self.folder / "sent.jsonl"
        found: dict[int, list[int]] = {}
        for line in file.read_text().splitlines() if file.exists() else []:
            entry = json.loads(line)
            found.setdefault(entry["chat"], []).append(entry["part"])
        return found

    def ask(self, sql: str) -> list[tuple]:
        database = sqlite3.connect(self.database, timeout=5)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def wait(self, sql: str, wanted: int, seconds: float = 30) -> None:
        """Until the query gives at least `wanted`."""
        deadline = time.monotonic() + seconds
        while self.ask(sql)[0][0] < wanted:
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.05)

    def log(self) -> str:
        return self.database.with_suffix(".log").read_text()[-4000:]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    papers = [invented_paper(f"2602.{number:05}") for number in range(1, 13)]
    lines = {FRIDAY: [(paper["id"], 1, "new") for paper in papers]}
    with ArxivServer(papers, lines, day=FRIDAY) as arxiv:
        stage = Stage(tmp_path, arxiv)
        yield stage
        for process in stage.running:
            process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()


def subscribe(stage: Stage, *, chats_wanted: int, hours: list[datetime]) -> None:
    """Chats that each subscribe to one half of an invented topic per hour."""

    async def store() -> None:
        db = Database.open(stage.database)
        try:
            for number in range(chats_wanted):
                await db.write(_add, f"room {number}", hours)
        finally:
            db.close()

    asyncio.run(store())


def _add(tx, address: str, hours: list[datetime]) -> None:
    chat = chats.ensure(tx, Platform.TERMINAL, address, lang=Lang.EN, tz="UTC")
    for number, hour in enumerate(hours):
        when = When(Slot.DAILY, "UTC", hour.time())
        draft = Subscription(
            key=SubscriptionKey(0),
            chat=chat.key,
            # Two papers each: 1 and 2, 3 and 4, …
            topic=f"cs.CV AND (id:2602.{2 * number + 1:05} OR id:2602.{2 * number + 2:05})",
            when=when,
            lang=None,
            limit=None,
            split=False,
            replacements=False,
            since=0,
            paused_until=None,
            next_due=schedule.next_due(when, START),
            created=START,
        )
        subscriptions.add(tx, draft)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds


def test_killed_twenty_times_in_a_morning_every_part_arrives_and_only_those_in_flight_twice(
    stage: Stage,
) -> None:
    hours = [START + timedelta(minutes=15 + 25 * number) for number in range(SLOTS)]
    subscribe(stage, chats_wanted=CHATS, hours=hours)
    moments = random.Random(20260206)
    stage.epoch = time.time() + 1  # the processes find the clock at the morning's start

    for _ in range(KILLS):
        process = stage.start(pause=0.15)
        time.sleep(moments.uniform(0.02, 0.6))
        process.kill()
        process.wait()
    stage.start()
    stage.wait("SELECT COUNT(*) FROM digest", CHATS * SLOTS)
    stage.wait("SELECT COUNT(*) = 0 FROM part WHERE state IN ('pending', 'sending')", 1)

    parts = stage.ask("SELECT chat, key FROM part ORDER BY chat, key")
    wanted = {chat: [key for _, key in group] for chat, group in groupby(parts, lambda p: p[0])}
    arrived = stage.delivered()
    assert {chat: list(dict.fromkeys(keys)) for chat, keys in arrived.items()} == wanted
    assert sum(map(len, arrived.values())) > len(parts), "no kill met a part in flight"
    for keys in arrived.values():
        runs = [len(list(group)) for _, group in groupby(keys)]
        assert len(runs) == len(set(keys)), "what came again came at once, before anything new"
        assert max(runs) <= 2
        assert sum(runs) - len(runs) <= KILLS
    assert stage.ask("SELECT state, COUNT(*) FROM part WHERE state NOT IN ('sent', 'unsure')") == [
        (None, 0)
    ]


def test_after_the_kills_each_digest_was_made_once_with_its_papers(stage: Stage) -> None:
    hours = [START + timedelta(minutes=10 + 10 * number) for number in range(3)]
    subscribe(stage, chats_wanted=2, hours=hours)
    for seconds in (0.1, 0.3, 0.5):
        process = stage.start()
        time.sleep(seconds)
        process.kill()
        process.wait()
    stage.start()
    stage.wait("SELECT COUNT(*) FROM digest", 2 * 3)

    counts = stage.ask("SELECT announced, matched, already_sent, shown, left_over FROM digest")
    assert counts == [(12, 2, 0, 2, 0)] * 6
    assert stage.ask("SELECT COUNT(*) FROM seen") == [(12,)]
    # An overview, two cards, the engine's line.
    assert stage.ask("SELECT COUNT(*) FROM part GROUP BY digest") == [(4,)] * 6


def test_sigterm_ends_the_service_within_five_seconds_with_nothing_half_done(stage: Stage) -> None:
    subscribe(stage, chats_wanted=3, hours=[START + timedelta(minutes=10)])
    process = stage.start(speed=600, pause=0.3)
    stage.wait("SELECT COUNT(*) FROM part WHERE state IN ('sending', 'sent')", 1)
    with within(5):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert process.stderr.read() == ""
    assert stage.ask("SELECT COUNT(*) FROM part WHERE state = 'sending'") == [(0,)]
    assert "ERROR" not in stage.log()

    stage.start(speed=600, pause=0)
    stage.wait("SELECT COUNT(*) = 0 FROM part WHERE state IN ('pending', 'sending')", 1)
    assert all(len(keys) == len(set(keys)) == 4 for keys in stage.delivered().values())


def test_sigterm_ends_a_service_that_waits_for_a_silent_arxiv(stage: Stage) -> None:
    stage.arxiv.fail(Fault.SILENT, times=9)
    process = stage.start()
    assert stage.arxiv.asked.wait(10)
    with within(5):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert process.stderr.read() == ""


def test_sigterm_ends_a_service_in_the_middle_of_a_search(stage: Stage) -> None:
    stage.arxiv.fail(Fault.SILENT, times=9, on="api", after=1)
    process = stage.start()
    deadline = time.monotonic() + 10
    while len(stage.arxiv.requests("api")) < 2:
        assert time.monotonic() < deadline, stage.log()
        time.sleep(0.05)
    with within(5):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert process.stderr.read() == ""


def test_a_second_service_on_the_database_is_refused_with_one_line(stage: Stage) -> None:
    stage.start()
    stage.wait("SELECT COUNT(*) FROM run", 1)
    second = subprocess.run(
        [sys.executable, "-m", "bot.cli", "run"],
        cwd=stage.folder,
        env=stage.env,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert second.returncode == 1
    assert second.stdout == ""
    assert len(second.stderr.splitlines()) == 1
    assert str(stage.database) in second.stderr
