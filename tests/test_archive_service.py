"""The archive beside the service: kept up to date, told of, and in nobody's way."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from digest_stage import FRESH, THURSDAY, Announcer, study
from fakes import FakeClock
from lxml import html
from service_entry import FastClock

from bot.app import App, opened
from bot.local import request
from bot.once.checking import look_at_archive
from bot.once.keeping import update_archive
from bot.service import Service
from bot.settings import Settings
from formatters.text import readable
from jobs import collect
from jobs.digest import make_due
from storage import chats, subscriptions
from storage.database import owned
from storage.errors import AlreadyExists, UserError
from storage.models import Lang, Platform, Subscription, SubscriptionKey

MORNING = datetime(2026, 2, 5, 9, tzinfo=UTC)


def settings(tmp_path: Path, **others: object) -> Settings:
    known = {
        "PAPERROUND_DATABASE": tmp_path / "data" / "p.db",
        "PAPERROUND_CATEGORIES": "cs.CV",
        "PAPERROUND_ARCHIVE": tmp_path / "archive",
        "PAPERROUND_ARCHIVE_URL": "https://papers.example.org/",
    }
    return Settings(_env_file=None, **{**known, **others})


@asynccontextmanager
async def app_with_papers(tmp_path: Path, **others: object) -> AsyncIterator[App]:
    """An app whose arXiv announced four papers this morning, collected already."""
    source, clock = Announcer(), FakeClock(MORNING)
    source.announce(THURSDAY, *(study(number) for number in range(1, 5)))
    async with opened(settings(tmp_path, **others), clock=clock, source=source) as app:
        await collect.collect(db=app.db, source=source, clock=clock, categories=("cs.CV",))
        yield app


def subscription(chat, topic: str, **fields) -> Subscription:
    known = {
        "key": SubscriptionKey(0), "chat": chat.key, "topic": topic, "when": FRESH, "lang": None,
        "limit": None, "split": False, "replacements": False, "since": 0, "paused_until": None,
        "next_due": MORNING, "created": MORNING,
    }  # fmt: skip
    return Subscription(**{**known, **fields})


async def subscribed(app: App, topic: str, *, public: bool = False) -> None:
    def store(tx) -> None:
        chat = chats.ensure(tx, Platform.TERMINAL, "room", lang=Lang.EN, tz="UTC")
        subscriptions.add(tx, subscription(chat, topic, public=public))

    await app.db.write(store)


async def asked(app: App, command: str, lang: Lang = Lang.EN) -> str:
    reply = await app.commands.dispatch(request(command, lang, "UTC"))
    return "".join(app.terminal.renderer.notice(reply.document)[0].payload.split("\n"))


async def test_what_was_collected_is_on_the_site_and_private_topics_are_not(tmp_path):
    async with app_with_papers(tmp_path) as app:
        await subscribed(app, '"gaussian splatting"')
        await app.archiving.update()
        folder = tmp_path / "archive"
        page = html.parse(folder / "en" / "day" / f"{THURSDAY}.html")
        assert len(page.xpath("//article")) == 4
        assert [p.name for p in (folder / "en" / "topic").iterdir()] == ["cs-cv"]
        texts = [file.read_text("utf-8") for file in folder.rglob("*") if file.is_file()]
        assert not [text for text in texts if "“gaussian splatting”" in text]
        assert (folder / "markdown" / "2026").is_dir()


async def test_a_public_subscription_has_its_topic_on_the_site(tmp_path):
    async with app_with_papers(tmp_path) as app:
        await app.archiving.update()
        await subscribed(app, "3dgs", public=True)
        written = await app.archiving.update()
        assert written.days == 1
        page = html.parse(tmp_path / "archive" / "zh" / "topic" / "3dgs" / "index.html")
        assert page.xpath("//h1")[0].text
        assert len(page.xpath("//article")) == 4


async def test_a_digest_leads_to_its_day_where_the_archive_is_served(tmp_path):
    address = f"https://papers.example.org/en/day/{THURSDAY}.html"
    async with app_with_papers(tmp_path) as app:
        await subscribed(app, "cs.CV")
        assert await make_due(app.desk) == 1
        sent = "".join(await app.db.read(payloads))
    assert "This day in the archive" in sent
    assert address in sent.replace("\n", "").replace(" ", "")


def payloads(tx) -> list[str]:
    return [row["payload"] for row in tx.query("SELECT payload FROM part ORDER BY key")]


async def test_without_an_address_or_an_archive_digests_lead_nowhere(tmp_path):
    for others in ({"PAPERROUND_ARCHIVE": None}, {"PAPERROUND_ARCHIVE_URL": None}):
        async with opened(settings(tmp_path, **others), source=Announcer()) as app:
            assert app.desk.archive == ""


async def test_status_tells_how_the_archive_went(tmp_path):
    async with app_with_papers(tmp_path) as app:
        assert "Archive" not in await asked(app, "/status")
        await app.archiving.update()
        assert "written Thursday 5 February 2026" in await asked(app, "/status")
        (tmp_path / "archive" / "static" / "style.css").unlink()
        (tmp_path / "archive" / "static" / "style.css").mkdir()
        with pytest.raises(UserError):
            await app.archiving.update(anew=True)
        said = readable(await asked(app, "/status"))
        assert "failed Thursday 5 February 2026" in said
        assert "style.css" in said.replace(" ", "")


async def test_two_processes_do_not_write_one_archive(tmp_path):
    async with app_with_papers(tmp_path) as app:
        with owned(app.archiving.lock), pytest.raises(AlreadyExists):
            await app.archiving.update()


async def test_check_says_whether_the_folder_can_be_written(tmp_path, capsys):
    async with app_with_papers(tmp_path) as app:
        assert (await look_at_archive(app))[0].passed
    (tmp_path / "file").write_text("in the way")
    async with app_with_papers(tmp_path, PAPERROUND_ARCHIVE=tmp_path / "file") as app:
        (finding,) = await look_at_archive(app)
        assert not finding.passed
        assert str(tmp_path / "file") in finding.detail
    async with app_with_papers(tmp_path, PAPERROUND_ARCHIVE_TOPICS="cs.CV AND (") as app:
        assert not (await look_at_archive(app))[0].passed
    async with app_with_papers(tmp_path, PAPERROUND_ARCHIVE=None) as app:
        assert await look_at_archive(app) == []


async def test_the_command_line_makes_the_archive_and_days_anew(tmp_path, capsys):
    known = settings(tmp_path)
    async with app_with_papers(tmp_path):
        pass
    await update_archive(known, None, anew=False)
    assert "1 day made" in capsys.readouterr().out
    await update_archive(known, THURSDAY, anew=False)
    assert "1 day made, 0 files written, 0 removed" in capsys.readouterr().out
    with pytest.raises(UserError) as refused:
        await update_archive(known, THURSDAY.replace(day=4), anew=False)
    assert refused.value.key == "archive.no_day"
    with pytest.raises(UserError) as refused:
        await update_archive(settings(tmp_path, PAPERROUND_ARCHIVE=None), None, anew=False)
    assert refused.value.key == "archive.none"


class Sent:
    """A platform that takes everything."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def turn(self, address: str) -> None:
        """Anything may go at once."""

    async def send(self, part) -> None:
        self.texts.append(part.payload)


@pytest.mark.parametrize("writable", [True, False])
async def test_the_service_keeps_the_archive_and_delivers_whether_or_not_it_can(tmp_path, writable):
    if not writable:
        (tmp_path / "archive").write_text("in the way")
    source, sent = Announcer(), Sent()
    source.announce(THURSDAY, *(study(number) for number in range(1, 5)))
    clock = FastClock(MORNING, time.time(), 120)
    platforms = {Platform.TERMINAL: sent}
    known = settings(tmp_path)
    async with opened(known, clock=clock, source=source, messengers=platforms) as app:
        await subscribed(app, "cs.CV")
        service = Service(app, clock)
        running = asyncio.create_task(service.run())
        async with asyncio.timeout(60):
            while not sent.texts or app.archiving.news() is None:  # noqa: ASYNC110 -- on its disk
                await asyncio.sleep(0.05)
        service.stop()
        await running
        assert (app.archiving.news().failed is None) is writable
    assert (tmp_path / "archive" / "en" / "index.html").is_file() is writable


async def test_a_topic_that_is_made_public_is_on_the_site_at_once(tmp_path):
    source = Announcer()
    source.announce(THURSDAY, *(study(number) for number in range(1, 5)))
    clock = FastClock(MORNING, time.time(), 10)
    topic = tmp_path / "archive" / "en" / "topic" / "3dgs" / "index.html"
    async with opened(settings(tmp_path), clock=clock, source=source) as app:
        service = Service(app, clock)
        running = asyncio.create_task(service.run())
        async with asyncio.timeout(30):
            while app.archiving.news() is None:  # noqa: ASYNC110 -- on its disk
                await asyncio.sleep(0.05)
            await subscribed(app, "3dgs", public=True)
            app.changed.set()
            while not topic.is_file():  # noqa: ASYNC110 -- likewise
                await asyncio.sleep(0.05)
        service.stop()
        await running


async def test_only_another_set_of_public_topics_outdates_the_archive(tmp_path):
    async with app_with_papers(tmp_path) as app:
        assert await app.archiving.shows_others()
        await app.archiving.update()
        await subscribed(app, "3dgs")
        assert not await app.archiving.shows_others()
        await subscribed(app, "robots", public=True)
        assert await app.archiving.shows_others()


async def withdraw(app: App) -> None:
    await app.db.write(lambda tx: tx.conn.execute("UPDATE subscription SET public = 0"))


async def test_a_withdrawn_topic_without_papers_leaves_no_trace(tmp_path):
    async with app_with_papers(tmp_path) as app:
        await app.archiving.update()
        await subscribed(app, '"secret merger target"', public=True)
        await app.archiving.update()
        assert traces(tmp_path / "archive", "secret")
        await withdraw(app)
        await app.archiving.update()
        assert not traces(tmp_path / "archive", "secret")


def traces(folder: Path, word: str) -> list[Path]:
    """The files and folders that are named by a word, and the files that say it."""
    return [
        path
        for path in folder.rglob("*")
        if word in path.name or (path.is_file() and word in path.read_text("utf-8"))
    ]


@pytest.mark.parametrize("memory", [None, "{", '{"days": {}, "front": "x", "span": []}'])
async def test_a_withdrawn_topic_leaves_no_trace_where_the_folder_forgot_it(tmp_path, memory):
    async with app_with_papers(tmp_path, PAPERROUND_ARCHIVE_TOPICS="cs.LG") as app:
        await subscribed(app, "splatting", public=True)
        await app.archiving.update()
        folder = tmp_path / "archive"
        assert len(list((folder / "en" / "paper").iterdir())) == 4
        if memory is None:
            (folder / "paperround.json").unlink()
        else:
            (folder / "paperround.json").write_text(memory)
        await withdraw(app)
        await app.archiving.update()
        assert not traces(folder, "splatting")


async def test_a_folder_with_files_of_others_is_refused_and_left_as_it_was(tmp_path):
    theirs = ("static/style.css", "en/index.html", "markdown/topics/en/README.md", "search/x.js")
    async with app_with_papers(tmp_path) as app:
        for path in theirs:
            file = tmp_path / "archive" / path
            file.parent.mkdir(parents=True)
            file.write_text("mine")
            with pytest.raises(UserError) as refused:
                await app.archiving.update()
            assert (refused.value.key, refused.value.values) == ("archive.foreign", {"file": path})
            assert file.read_text() == "mine"
            file.unlink()
            for folder in file.relative_to(tmp_path / "archive").parents[:-1]:
                (tmp_path / "archive" / folder).rmdir()
        assert list((tmp_path / "archive").iterdir()) == []
        (tmp_path / "archive" / "README.md").write_text("mine")
        await app.archiving.update()
        (tmp_path / "archive" / "paperround.json").unlink()
        assert (await app.archiving.update()).files == set()
        assert (tmp_path / "archive" / "README.md").read_text() == "mine"
