"""The archive as this process keeps it: one writer at a time, and what became of it."""

import asyncio
import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import structlog

from formatters.archive.entries import ArchivedTopic
from formatters.compose.replies.status import ArchiveNews
from jobs.archive.edition import Archive, Written
from jobs.archive.folder import DiskFolder
from jobs.archive.writing import update
from jobs.ports import Clock
from storage.database import owned
from storage.errors import StorageError, UserError

log = structlog.get_logger()


@dataclass(slots=True)
class Archiving:
    """An archive, and two files beside the database: its lock, and how the last update went."""

    archive: Archive
    folder: DiskFolder
    clock: Clock
    lock: Path
    notes: Path
    topics: tuple[ArchivedTopic, ...] | None = None
    """What was to be shown when this process updated it last; None before that."""

    async def update(self, *, only: Collection[date] | None = None, anew: bool = False) -> Written:
        """Bring it up to date, as `jobs.archive.writing.update`, and note how that went.

        Raises UserError, and AlreadyExists while another process writes it.
        """
        with owned(self.lock):
            try:
                await asyncio.to_thread(self.folder.check)
                self.topics = await self.archive.selection.topics()
                written = await update(self.archive, only=only, anew=anew)
            except UserError as error:
                self._note(error)
                raise
        self._note(None)
        return written

    async def shows_others(self) -> bool:
        """Whether it shows other topics than it should; what can't be read, an update tells."""
        try:
            return await self.archive.selection.topics() != self.topics
        except (UserError, StorageError):
            return True

    async def look(self) -> None:
        """See that the folder can be written and the topics be read. Raises UserError."""
        await asyncio.to_thread(self.folder.check)
        await self.archive.selection.topics()

    def news(self) -> ArchiveNews | None:
        """How the last update went; None before the first."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            noted = json.loads(self.notes.read_text("utf-8"))
            return ArchiveNews(
                at=datetime.fromisoformat(noted["at"]),
                failed=noted["failed"] and UserError(noted["failed"], **noted["values"]),
            )
        return None

    def _note(self, error: UserError | None) -> None:
        noted = {
            "at": self.clock.now().isoformat(),
            "failed": error.key if error else None,
            "values": {name: str(value) for name, value in error.values.items()} if error else {},
        }
        try:
            self.notes.write_text(json.dumps(noted), "utf-8")
        except OSError as reason:
            log.warning("how the archive went can't be noted", reason=str(reason))
