"""The command line as processes: what it prints, and how it ends."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from arxiv_server import ArxivServer, Fault
from fakes import invented_paper

ROOT = Path(__file__).resolve().parents[1]
FRIDAY = date(2026, 2, 6)


@dataclass(frozen=True, slots=True)
class Machine:
    """A home of its own, and an arXiv on loopback."""

    home: Path
    arxiv: ArxivServer

    @property
    def database(self) -> Path:
        return self.home / "data" / "paperround" / "paperround.db"

    @property
    def log(self) -> Path:
        return self.database.with_suffix(".log")

    def run(
        self, *args: str, typed: str | None = None, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """One command of the command line."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        env = kept | {
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "PYTHONPATH": str(ROOT),
            "PAPERROUND_CATEGORIES": "cs.CV",
            "PAPERROUND_ARXIV_API_URL": self.arxiv.api_url,
            "PAPERROUND_ARXIV_FEED_URL": self.arxiv.feed_url,
            "PAPERROUND_ARXIV_INTERVAL": "0",
        }
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *args],
            cwd=self.home,
            env=env | settings,
            input=typed,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    about = ("Gaussian Splatting", "Protein Folding")
    papers = [
        invented_paper(f"2602.{n:05}", title=f"Invented {about[n % 2]}, Part {n}")
        for n in range(1, 7)
    ]
    lines = {FRIDAY: [(paper["id"], 1, "new") for paper in papers]}
    with ArxivServer(papers, lines, day=FRIDAY) as arxiv:
        yield Machine(tmp_path, arxiv)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of an ending that the user can mend."""
    assert done.returncode == 1, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


COMMANDS = (
    "demo digest chat run collect status subscriptions check backup".split()  # noqa: SIM905
)


def test_the_help_names_each_command_and_each_has_help_of_its_own(machine: Machine) -> None:
    overview = machine.run("--help")
    assert overview.returncode == 0
    for command in COMMANDS:
        assert f"\n  {command} " in overview.stdout
    for command in ("digest", "run"):
        said = machine.run(command, "--help")
        assert said.returncode == 0
        assert len(said.stdout) > 300
    assert not machine.database.parent.exists()


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, bot.cli\n"
        "heavy = {'luqum', 'lxml', 'pylatexenc', 'httpx', 'arxiv', 'pydantic', 'sqlite_utils',"
        " 'apscheduler', 'rich', 'prompt_toolkit', 'structlog'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 0, done.stderr


def test_a_one_off_digest_comes_straight_from_arxiv(machine: Machine) -> None:
    done = machine.run("digest", 'cs.CV AND "gaussian splatting"', "--max", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert "announced 6 → matched 3 → already sent 0 · shown 2 · left over 1" in done.stdout
    assert done.stdout.count("TL;DR") == 2
    assert "Protein" not in done.stdout
    assert {request.kind for request in machine.arxiv.log} == {"feed", "api"}
    assert len(machine.arxiv.log) == 2


def test_a_topic_that_cannot_be_read_is_pointed_at(machine: Machine) -> None:
    done = machine.run("digest", "splatting AND (")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == " " * len("splatting AND ") + "^"
    assert machine.arxiv.log == []


def test_collecting_says_what_came_and_again_that_nothing_is_new(machine: Machine) -> None:
    first, second = machine.run("collect"), machine.run("collect", PAPERROUND_LANG="zh")
    assert first.stdout.startswith("6 new announcements.")
    assert second.stdout.startswith("新收录 0 条公布。")
    assert (first.returncode, second.returncode) == (0, 0)
    status = machine.run("status")
    assert "Friday 6 February 2026: 6 papers" in status.stdout
    assert "has no subscriptions" in machine.run("subscriptions").stdout


def test_arxiv_refusing_is_one_clear_line(machine: Machine) -> None:
    machine.arxiv.fail(Fault.FORBIDDEN, times=9)
    assert "refuses this address" in refused(machine.run("digest", "splatting"))
    assert "refuses this address" in refused(machine.run("collect"))
    found = machine.run("check")
    assert (found.returncode, found.stderr) == (1, "")
    assert [line[0] for line in found.stdout.splitlines()] == ["✓", "✓", "✓", "✗"]
    assert "ARXIV_PROXY" in found.stdout


def test_check_passes_where_all_is_well(machine: Machine) -> None:
    found = machine.run("check")
    assert found.returncode == 0
    assert [line[0] for line in found.stdout.splitlines()] == ["✓"] * 4
    assert "cs.CV: 2026-02-06, 6" in found.stdout


def test_a_chat_from_a_pipe_answers_each_line_once(machine: Machine) -> None:
    machine.run("collect")
    typed = (
        "/subscribe gaussian splatting\n\n收藏 2602.00001\n/export bibtex\nnonsense\nexit\n/help\n"
    )
    done = machine.run("chat", typed=typed)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("Subscribed") == 1
    assert done.stdout.count("no command") == 1
    assert "→ " in done.stdout
    [exported] = machine.home.glob("*.bib")
    assert "2602.00001" in exported.read_text("utf-8")
    assert "Gaussian" in machine.run("subscriptions").stdout


def test_a_chat_without_a_last_newline_answers_its_last_line(machine: Machine) -> None:
    done = machine.run("chat", typed="帮助", PAPERROUND_LANG="zh")
    assert done.returncode == 0
    assert "/subscribe" in done.stdout


def test_a_broken_env_file_is_named_with_a_correct_example(machine: Machine) -> None:
    (machine.home / ".env").write_text("PAPERROUND_TZ=Beijing\n", "utf-8")
    line = refused(machine.run("status"))
    assert line.startswith("PAPERROUND_TZ: ")
    assert "PAPERROUND_TZ=Asia/Shanghai" in line


def test_a_database_that_cannot_be_written_is_one_clear_line(machine: Machine) -> None:
    (machine.home / "file").touch()
    line = refused(machine.run("status", PAPERROUND_DATABASE=str(machine.home / "file" / "x.db")))
    assert "PAPERROUND_DATABASE" in line
    (machine.home / "folder.db").mkdir()
    line = refused(machine.run("status", PAPERROUND_DATABASE=str(machine.home / "folder.db")))
    assert "folder.db" in line
    (machine.home / "letter.db").write_text("Dear reader, this is no database." * 99, "utf-8")
    refused(machine.run("status", PAPERROUND_DATABASE=str(machine.home / "letter.db")))


def test_a_defect_is_told_in_a_line_and_traced_in_the_log(machine: Machine) -> None:
    machine.run("chat", typed="/subscribe splatting\n")
    database = sqlite3.connect(machine.database)
    database.execute("UPDATE chat SET window_opens = 'dawn'")
    database.commit()
    database.close()
    done = machine.run("subscriptions")
    assert done.returncode == 3
    [line] = done.stderr.splitlines()
    assert "ValueError" in line
    assert str(machine.log) in line
    assert "Traceback" in machine.log.read_text("utf-8")
    assert "Traceback" not in done.stdout


def test_a_backup_is_a_whole_database_and_overwrites_nothing(machine: Machine) -> None:
    assert "no database" in refused(machine.run("backup", "copy.db"))
    machine.run("collect")
    assert machine.run("backup", "copy.db").returncode == 0
    copy = sqlite3.connect(machine.home / "copy.db")
    assert copy.execute("SELECT COUNT(*) FROM paper").fetchall() == [(6,)]
    copy.close()
    assert "copy.db" in refused(machine.run("backup", "copy.db"))
    assert (machine.home / "copy.db").stat().st_mode & 0o777 == 0o600


def test_a_reader_that_leaves_early_sees_no_traceback(machine: Machine) -> None:
    line = f"{sys.executable} -m bot.cli digest splatting | true"
    env = {"PATH": os.environ["PATH"], "HOME": str(machine.home), "PYTHONPATH": str(ROOT)}
    urls = {
        "PAPERROUND_ARXIV_API_URL": machine.arxiv.api_url,
        "PAPERROUND_ARXIV_FEED_URL": machine.arxiv.feed_url,
        "PAPERROUND_ARXIV_INTERVAL": "0",
    }
    done = subprocess.run(
        line, shell=True, env=env | urls, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stderr == ""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_demo_plays_a_whole_morning_offline(machine: Machine, lang: str) -> None:
    done = machine.run("demo", "--lang", lang)
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout
    typed = [line for line in said.splitlines() if line.startswith("> ")]
    assert typed == [
        "> /subscribe 多模态 at fresh",
        "> /more",
        "> /search hallucination",
        "> /subscriptions",
        "> /digest",
    ]
    words = {
        "en": ("announced 28 → matched 8", "In short", "cross-list · matched", "at the weekend"),
        "zh": ("公布 28 → 命中 8", "本期看点", "交叉 · 命中", "周末不公布"),
    }[lang]
    places = [said.index(word) for word in words]
    assert places == sorted(places)
    morning = said[places[0] : said.index("> /more")]
    leads = [line for line in morning.splitlines() if line.startswith((" 1. ", " 2. ", " 3. "))]
    assert len(leads) == 3
    assert sum(words[2] in line for line in leads) == 1
    assert morning.count("https://arxiv.org/pdf/2610.") == 3
    ending = " ".join(said[places[-1] :].split())
    for step in ("paperround digest", "paperround chat", "paperround run", "paperround check"):
        assert step in ending
    assert machine.arxiv.log == []
    assert not machine.database.exists()
