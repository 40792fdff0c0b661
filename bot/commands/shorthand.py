"""Commands that are too long for a platform's buttons, kept under a short name for ever."""

from collections.abc import Mapping

from jobs.ports import Clock
from storage import shorthand
from storage.database import Database


class Shorthand:
    """Long commands by name."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def keep(self, commands: Mapping[str, str]) -> None:
        """Remember these, by name."""
        if commands:
            await self._db.write(shorthand.keep, commands, self._clock.now())

    async def find(self, name: str) -> str | None:
        """The command of a name, or None."""
        return await self._db.read(shorthand.find, name)
