"""`paperround backup` and `paperround archive`: copies of what is stored."""

import sys
from datetime import date
from pathlib import Path

from bot.app import opened
from bot.once.status import steps
from bot.settings import Settings
from formatters.catalogue import say
from formatters.document import Document, Text, plain
from storage.database import back_up
from storage.errors import AlreadyExists, UserError


def back_up_to(settings: Settings, file: str) -> None:
    """Copy the live database. Raises UserError when there is none or the target exists."""
    if not settings.database.exists():
        raise UserError("once.no_database", path=settings.database)
    target = Path(file).expanduser()
    try:
        back_up(settings.database, target)
    except AlreadyExists as error:
        raise UserError("once.backup_exists", path=target) from error
    sys.stdout.write(say("once.backed_up", settings.lang, path=target) + "\n")


async def update_archive(settings: Settings, day: date | None, *, anew: bool) -> None:
    """Bring the archive up to date, or make it anew, and say what was done. Raises UserError."""
    async with opened(settings) as app:
        if app.archiving is None:
            raise UserError("archive.none")
        with steps(settings.lang) as step:
            step("archive")
            only = None if day is None else {day}
            written = await app.archiving.update(only=only, anew=anew or day is not None)
        if day is not None and not written.days:
            raise UserError("archive.no_day", day=day.isoformat())
        line = say(
            "archive.written",
            settings.lang,
            n=written.days,
            files=len(written.files),
            removed=written.removed,
            folder=settings.archive,
        )
        app.terminal.show(Document((Text(plain(line)),)))
