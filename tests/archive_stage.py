"""What the tests of the archive's updating are made with: papers by day, a folder in memory."""

import errno
import os
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from site_stage import FRIDAY, SPLATTING, VISION, analysis, entry, paper, summary

from jobs.archive.edition import Archive
from jobs.archive.ports import Planned
from storage.errors import UserError
from storage.models import Lang

THURSDAY, MONDAY = FRIDAY - timedelta(days=1), date(2026, 1, 26)
OLD = date(2025, 12, 29)


class Shelf:
    """What the archive shows, as a test has it."""

    def __init__(self, days: dict[date, list[int]], topics=(VISION, SPLATTING)) -> None:
        self.days = days
        self.shown = tuple(topics)
        self.said: dict[int, str] = {}
        self.versions: dict[int, int] = {}
        self.asked: Counter[tuple[date, date]] = Counter()

    async def topics(self):
        return self.shown

    async def planned(self, topics):
        slugs = {topic.slug: topic.name(Lang.EN) for topic in topics}
        return {day: self._planned(day, slugs) for day in self.days}

    async def entries(self, topics, first, last):
        self.asked[first, last] += 1
        slugs = [topic.slug for topic in topics]
        return {
            lang: [
                self._entry(number, day, lang, slugs)
                for day in sorted(self.days)
                if first <= day <= last
                for number in self.days[day]
                if set(slugs) & set(entry(number).topics)
            ]
            for lang in Lang
        }

    def _planned(self, day: date, slugs: dict[str, str]) -> Planned:
        found = {
            number: [slug for slug in slugs if slug in entry(number).topics]
            for number in self.days[day]
        }
        papers = {
            paper(number).id: repr(
                (self.said.get(number), self.versions.get(number), [slugs[s] for s in own])
            )
            for number, own in found.items()
            if own
        }
        return Planned(papers, Counter(slug for own in found.values() for slug in own))

    def _entry(self, number: int, day: date, lang: Lang, slugs: list[str]):
        shown = paper(number, version=self.versions.get(number, 1))
        found = entry(number, lang, day, paper=shown)
        own = tuple(slug for slug in slugs if slug in found.topics)
        if number in self.said:
            said = summary(found.paper, lang, tldr=self.said[number])
            return replace(found, topics=own, summary=said)
        return replace(found, topics=own, analysis=analysis(found.paper, lang))


class MemoryFolder:
    """A folder that may have no room for some file."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.full_at: str | None = None
        self.order: list[str] = []
        """What was written, in turn."""

    def read(self, path: str) -> str | None:
        return self.files.get(path)

    def write(self, path: str, text: str) -> bool:
        if path == self.full_at:
            raise UserError("archive.failed", file=path, reason=os.strerror(errno.ENOSPC))
        self.order.append(path)
        changed = self.files.get(path) != text
        self.files[path] = text
        return changed

    def paths(self, place: str) -> list[str]:
        return sorted(p for p in self.files if p == place or p.startswith(f"{place}/"))

    def remove(self, path: str) -> bool:
        return self.files.pop(path, None) is not None


def shelf() -> Shelf:
    return Shelf({OLD: [1, 2], MONDAY: [3, 4], THURSDAY: [5, 6], FRIDAY: [7, 8]})


def archive(selection, folder=None, **fields) -> Archive:
    return Archive(
        selection, MemoryFolder() if folder is None else folder, "https://arxiv.org", **fields
    )
