"""What the archive shows, from the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from formatters.archive.entries import ArchivedTopic
from jobs.archive import selecting
from jobs.archive.ports import Entries, Planned
from jobs.digest import Desk
from storage.models import Lang


@dataclass(frozen=True, slots=True)
class StoredSelection:
    """The papers of the configured topics and of public subscriptions."""

    desk: Desk
    configured: Sequence[str]
    """Topics, as they would be subscribed to."""

    async def topics(self) -> tuple[ArchivedTopic, ...]:
        """As Selection.topics. Raises UserError for a configured one that is no topic."""
        return await self.desk.db.study(selecting.archived_topics, self.desk, self.configured)

    async def planned(self, topics: Sequence[ArchivedTopic]) -> Mapping[date, Planned]:
        """As Selection.planned."""
        return await self.desk.db.study(selecting.planned, self.desk, topics)

    async def entries(self, topics: Sequence[ArchivedTopic], first: date, last: date) -> Entries:
        """As Selection.entries."""
        study = self.desk.db.study
        shown = await study(selecting.entries, self.desk, topics, first, last)
        return {lang: await study(selecting.in_language, shown, lang) for lang in Lang}
