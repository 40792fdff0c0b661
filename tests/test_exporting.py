"""`paperround export`: what it prints and writes, and what it says where it can't."""

import asyncio
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from digest_stage import FRIDAY, study
from gfm import read

from bot.cli import cli
from bot.once.exporting import Wanted, export
from bot.settings import Settings
from formatters.catalogue import say
from jobs.collect import store_papers
from storage import papers
from storage.database import Database
from storage.errors import UserError
from storage.models import AnnounceType, Lang

THURSDAY = FRIDAY - timedelta(days=1)


async def _filled(path) -> None:
    db = Database.open(path)
    for day, found in ((THURSDAY, [study(1), study(2)]), (FRIDAY, [study(3, "proteins")])):
        await store_papers(db, found)
        items = [(paper.id, 1, AnnounceType.NEW) for paper in found]
        await db.write(papers.announce, day, items, live=True)
    db.close()


@pytest.fixture
def settings(tmp_path) -> Settings:
    path = tmp_path / "paperround.db"
    asyncio.run(_filled(path))
    return Settings(_env_file=None, PAPERROUND_DATABASE=str(path))


def wanted(form: str, day: date | None = FRIDAY, **fields: object) -> Wanted:
    known = {"days": 30, "topics": (), "lang": Lang.EN, "most": None, "target": None}
    return Wanted(form, day, **{**known, **fields})


def exported(settings, *args, **fields) -> None:
    asyncio.run(export(settings, wanted(*args, **fields)))


def words_of(error: UserError) -> str:
    return say(error.key, Lang.EN, **error.values)


def test_a_daily_table_is_printed(settings, capsys):
    exported(settings, "daily-table", THURSDAY, lang=Lang.ZH)
    file = read(capsys.readouterr().out)
    assert file.headings == [(1, "arXiv 2026-02-05")]
    assert [len(table) for table in file.tables] == [3]


def test_without_a_date_the_newest_stored_day_is_taken(settings, capsys):
    exported(settings, "report", None)
    assert read(capsys.readouterr().out).headings[0] == (1, "arXiv papers of 2026-02-06")


def test_topic_tables_cover_the_days_before_and_only_the_topics_asked_for(settings, capsys):
    exported(settings, "topic-tables", topics=("splatting", "proteins"), days=2)
    file = read(capsys.readouterr().out)
    assert [len(table) for table in file.tables] == [3, 2]
    exported(settings, "topic-tables", topics=("splatting", "proteins"), days=1)
    assert [len(table) for table in read(capsys.readouterr().out).tables] == [2]


def test_a_folder_gets_a_file_a_topic_and_an_index(settings, tmp_path, capsys):
    exported(settings, "topic-tables", topics=("multimodal", "cs.CV"), target=tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["README.md", "cs-cv.md", "multimodal.md"]
    assert capsys.readouterr().out.count("Written: ") == 3


def test_other_forms_go_into_a_file_of_their_own_in_a_folder(settings, tmp_path):
    exported(settings, "daily-table", target=tmp_path)
    assert (tmp_path / "2026-02-06-daily-table.en.md").read_text("utf-8").startswith("# arXiv")
    exported(settings, "report", target=tmp_path / "day.md", lang=Lang.ZH)
    assert (tmp_path / "day.md").read_text("utf-8").startswith("# arXiv 论文日报 2026-02-06")


def test_a_day_that_is_not_stored_is_answered_with_those_that_are(settings):
    with pytest.raises(UserError) as caught:
        exported(settings, "daily-table", date(2026, 1, 1))
    assert words_of(caught.value) == (
        "No papers of 2026-01-01 are stored. Stored are 2 days; the nearest: 2026-02-05, 2026-02-06"
    )


def test_an_empty_store_says_how_to_fill_it(tmp_path):
    settings = Settings(_env_file=None, PAPERROUND_DATABASE=str(tmp_path / "new.db"))
    with pytest.raises(UserError) as caught:
        exported(settings, "report", None)
    assert "paperround collect" in words_of(caught.value)


def test_a_file_that_can_not_be_written_is_named(settings, tmp_path):
    (tmp_path / "taken").write_text("a file, no folder", "utf-8")
    with pytest.raises(UserError) as caught:
        exported(settings, "report", target=tmp_path / "taken" / "report.md")
    assert str(tmp_path / "taken" / "report.md") in words_of(caught.value)
    assert "-o" in words_of(caught.value)


def test_the_command_line_takes_all_of_it(settings, tmp_path):
    arguments = [
        "export", "topic-tables", "--date", "2026-02-06", "--days", "2", "--topic", "splatting",
        "--topic", "proteins", "--lang", "zh", "--max", "1", "-o", str(tmp_path / "all.md"),
    ]  # fmt: skip
    env = {"PAPERROUND_DATABASE": str(settings.database), "HOME": str(tmp_path)}
    done = CliRunner().invoke(cli, arguments, env=env)
    assert done.exit_code == 0, done.output
    file = read((tmp_path / "all.md").read_text("utf-8"))
    assert [len(table) for table in file.tables] == [2, 2]
    assert "另有 1 篇未列出。" in file.text
