"""What the archive's folder remembers of itself: from what each day was made, and its tally.

A day is made anew when it would be made from something else: other papers or summaries, other
topics of its papers, another form of the pages. Pure.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from formatters.site.contents import Tally
from formatters.site.paths import month_of
from jobs.archive.ports import Planned
from storage.models import PaperId

FILE = "paperround.json"

TopicMonth = tuple[str, str]
"""A topic's slug and a month: `("cs-cv", "2026-02")`."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One day in the folder."""

    form: str
    """Names what all of its pages were made with."""
    papers: Mapping[PaperId, str]
    """Its papers and the marks that they were made with."""
    tally: Tally
    lists: Mapping[str, str]
    """By a topic's slug, what names all that the topic's page of the month shows of the day."""


@dataclass(frozen=True, slots=True)
class Memory:
    """All that the folder remembers."""

    days: Mapping[date, Kept]
    front: str = ""
    """What the files that stand for all days were made with; empty: they are not all made."""
    span: tuple[str, ...] = ()
    """Paths of the other formats' files of a span of days."""
    begun: Mapping[date, tuple[PaperId, ...]] = field(default_factory=dict)
    """Days that were being made, with their papers: files of theirs may be there or not."""
    links: frozenset[TopicMonth] = frozenset()
    """Topics' months whose pages were to link otherwise, by an update that did not end."""


def remembered(text: str | None) -> Memory:
    """What `text` tells; nothing where it can't be read."""
    try:
        known = json.loads(text or "{}")
        days = {date.fromisoformat(day): _kept(entry) for day, entry in known["days"].items()}
        begun = {
            date.fromisoformat(day): tuple(map(PaperId, papers))
            for day, papers in known["begun"].items()
        }
        links = frozenset((str(slug), str(month)) for slug, month in known["links"])
        return Memory(days, str(known["front"]), tuple(map(str, known["span"])), begun, links)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Memory({})


def told(memory: Memory) -> str:
    """It as a file's text, newest day first, one a line."""
    lines = (
        f'"{day}":' + json.dumps(_entry(memory.days[day]), separators=(",", ":"))
        for day in sorted(memory.days, reverse=True)
    )
    begun = {day.isoformat(): papers for day, papers in sorted(memory.begun.items())}
    links = sorted(memory.links)
    rest = json.dumps({"front": memory.front, "span": memory.span, "begun": begun, "links": links})
    return rest[:-1] + ',"days":{\n' + ",\n".join(lines) + "\n}}\n"


def due(
    memory: Memory,
    planned: Mapping[date, Planned],
    form: str,
    only: Collection[date] | None = None,
) -> list[date]:
    """The days to be made for the folder to be as planned, newest first.

    The day after a new one links to it, so that it is among them. `only` leaves all others out.
    """
    known = memory.days
    changed = {
        day
        for day, plan in planned.items()
        if day in memory.begun or not _as_planned(known.get(day), plan, form)
    }
    if only is not None:
        changed &= set(only)
    fresh = changed.difference(known)
    linking = {later for day, later in pairwise(sorted({*known, *changed})) if day in fresh}
    return sorted(changed | linking.intersection(planned), reverse=True)


def months_of(topics: Mapping[date, Iterable[str]]) -> dict[str, list[str]]:
    """By a topic's slug, the months in which it has papers, oldest first."""
    found: dict[str, set[str]] = {}
    for day, slugs in topics.items():
        for slug in slugs:
            found.setdefault(slug, set()).add(month_of(day))
    return {slug: sorted(months) for slug, months in found.items()}


def relinked(
    before: Mapping[str, list[str]],
    after: Mapping[str, list[str]],
    unsure: Collection[TopicMonth] = (),
) -> frozenset[TopicMonth]:
    """Topics' months whose pages link otherwise than before.

    A month links to the one before it, and the newest one to all. Of those that are `unsure`
    nobody knows how they link.
    """
    found = {(slug, month) for slug, month in unsure if month in after.get(slug, ())}
    found |= {(slug, after[slug][-1]) for slug, _ in unsure if slug in after}
    for slug, months in after.items():
        had = before.get(slug, [])
        older, was_older = ({new: old for old, new in pairwise(known)} for known in (months, had))
        found |= {(slug, month) for month in months if older.get(month) != was_older.get(month)}
        if months != had:
            found.add((slug, months[-1]))
    return frozenset(found)


def _as_planned(kept: Kept | None, plan: Planned, form: str) -> bool:
    return kept is not None and kept.form == form and kept.papers == plan.papers


def _kept(entry: Mapping[str, Any]) -> Kept:
    papers = {PaperId(paper): str(mark) for paper, mark in entry["papers"].items()}
    topics = {str(slug): int(count) for slug, (count, _) in entry["topics"].items()}
    lists = {str(slug): str(name) for slug, (_, name) in entry["topics"].items()}
    tally = Tally(len(papers), topics, tuple(map(int, entry["shards"])))
    return Kept(str(entry["form"]), papers, tally, lists)


def _entry(kept: Kept) -> dict[str, Any]:
    tally = kept.tally
    return {
        "form": kept.form,
        "topics": {s: (n, kept.lists[s]) for s, n in sorted(tally.topics.items())},
        "shards": tally.shards,
        "papers": kept.papers,
    }
