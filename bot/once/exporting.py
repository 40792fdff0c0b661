"""`paperround export`: tables and reports of the stored papers, printed or written to files."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.app import App, opened
from bot.settings import Settings
from formatters.archive.daily_table import daily_table
from formatters.archive.entries import ArchivedTopic, Entry
from formatters.archive.report import report
from formatters.archive.topic_tables import TopicTables, topic_files, topic_tables
from formatters.catalogue import say
from formatters.compose.cards import Frame
from jobs import summarize
from jobs.archive.folder import DiskFolder
from jobs.archive.formats import executive_summary, with_findings
from jobs.archive.selecting import archived, archived_topics, entries, in_language, named_topics
from storage import papers
from storage.database import Tx
from storage.errors import UserError
from storage.models import Lang, Overview

DAILY_TABLE, TOPIC_TABLES = "daily-table", "topic-tables"
DAYS_NAMED = 10
"""Stored days that an error names."""
OVERVIEW_WITHIN = 120.0
"""Seconds that a model has for the executive summary."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported."""

    form: str
    """`daily-table`, `topic-tables` or `report`."""
    day: date | None
    """The last one; None: the newest that is stored."""
    days: int
    """How many a topic's table covers."""
    topics: tuple[str, ...]
    """As they were typed; none: those of the archive."""
    lang: Lang
    most: int | None
    target: Path | None
    """A file or a folder; None: standard output."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the store has of it."""

    topics: Sequence[ArchivedTopic]
    entries: Sequence[Entry]
    first: date
    last: date


async def export(settings: Settings, wanted: Wanted) -> None:
    """Print or write one format. Raises UserError, and TopicError for what is no topic."""
    async with opened(settings) as app:
        found = await app.db.study(_find, app, wanted)
        frame = Frame(wanted.lang, app.desk.site)
        if wanted.form == TOPIC_TABLES:
            tables = TopicTables(
                found.topics, found.entries, found.first, found.last, frame, wanted.most
            )
            if wanted.target is not None and _is_folder(wanted.target):
                _write_all(wanted.target, topic_files(tables), wanted.lang)
                return
            text = topic_tables(tables)
        elif wanted.form == DAILY_TABLE:
            text = daily_table(found.last, found.entries, frame, most=wanted.most)
        else:
            text = await _report(app, found, wanted, frame)
        if wanted.target is None:
            sys.stdout.write(text)
        else:
            name = f"{found.last.isoformat()}-{wanted.form}.{wanted.lang}.md"
            file = wanted.target / name if _is_folder(wanted.target) else wanted.target
            _write_all(file.parent, {file.name: text}, wanted.lang)


def _find(tx: Tx, app: App, wanted: Wanted) -> Found:
    desk = app.desk
    if wanted.topics:
        topics: Sequence[ArchivedTopic] = [archived(desk, desk.parse(t)) for t in wanted.topics]
    else:
        configured = named_topics(app.settings.archive_topics) or app.settings.categories
        topics = archived_topics(tx, desk, configured)
    known = papers.days_known(tx, date.min, date.max)
    last = wanted.day or (known[-1] if known else None)
    days = wanted.days if wanted.form == TOPIC_TABLES else 1
    first = None if last is None else last - timedelta(days=days - 1)
    if first is None or last is None or not any(first <= day <= last for day in known):
        raise _no_papers(known, last)
    shown = entries(tx, desk, topics, first, last)
    return Found(topics, in_language(tx, shown, wanted.lang), first, last)


def _no_papers(known: Sequence[date], day: date | None) -> UserError:
    if day is None or not known:
        return UserError("export.nothing_stored")
    near = sorted(sorted(known, key=lambda other: abs(other - day))[:DAYS_NAMED])
    named = ", ".join(other.isoformat() for other in near)
    return UserError("export.no_day", day=day.isoformat(), n=len(known), days=named)


async def _report(app: App, found: Found, wanted: Wanted, frame: Frame) -> str:
    shown = with_findings(found.entries, wanted.lang)
    topic = app.desk.stored(found.topics[0].query) if len(found.topics) == 1 else None
    overview = await _overview(app, shown[: wanted.most], wanted.lang)
    summary = executive_summary(found.last, shown, frame, topic=topic, overview=overview)
    return report(found.last, shown, frame, summary=summary, most=wanted.most)


async def _overview(app: App, shown: Sequence[Entry], lang: Lang) -> Overview | None:
    """What a model says of the papers together, where one is set."""
    return await summarize.overview(
        db=app.db,
        engines=app.desk.engines,
        papers={entry.paper.id: entry.paper for entry in shown},
        said={entry.paper.id: entry.summary for entry in shown if entry.summary},
        lang=lang,
        deadline=summarize.Deadline.within(OVERVIEW_WITHIN),
        now=app.clock.now(),
    )


def _is_folder(target: Path) -> bool:
    return target.is_dir() or not target.suffix


def _write_all(folder: Path, files: Mapping[str, str], lang: Lang) -> None:
    """Write the files, each whole or not at all, and say where they are."""
    for name, text in files.items():
        try:
            DiskFolder(folder).write(name, text)
        except UserError as error:
            raise UserError("export.unwritable", **error.values) from error
        sys.stdout.write(say("export.written", lang, file=folder / name) + "\n")
