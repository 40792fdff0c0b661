"""Topics' pages of a month: which of them would say something else, and those made."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from formatters.site.items import Item, item
from formatters.site.listings import day_anchor, listed_in
from formatters.site.paths import month_of, topic_path
from formatters.site.topic_pages import topic_pages
from jobs.archive.edition import Edition, named
from jobs.archive.ports import Entries
from storage.models import Lang

Items = Mapping[Lang, Sequence[Item]]
"""Papers as they are listed in each language."""


def items_of(edition: Edition, entries: Entries) -> Items:
    """The entries as topics' pages list them."""
    site, known = edition.site(), edition.known(entries)
    return {lang: [item(entry, lang, site) for entry in some] for lang, some in known.items()}


def lists_of(edition: Edition, items: Items) -> dict[str, str]:
    """By each topic that some of a day's papers are in, what names all that its page shows."""
    shown: dict[str, list[Item]] = {}
    for some in items.values():
        for one in some:
            for slug in one.slugs:
                shown.setdefault(slug, []).append(replace(one, topics=(), slugs=()))
    return {
        slug: named(topic, *shown[slug]) for slug, topic in edition.topics.items() if slug in shown
    }


def touched(edition: Edition, month: str, days: Iterable[date]) -> list[str]:
    """The topics whose pages of a month show or link something else after these days."""
    found = {slug for slug, linking in edition.links if linking == month}
    for day in days:
        if day in edition.memory.begun:
            found |= edition.topics.keys()
        before, after = edition.memory.days.get(day), edition.days[day]
        lists = before.lists if before else {}
        found |= {
            slug
            for slug in {*lists, *after.lists}
            if day in edition.afresh or lists.get(slug) != after.lists.get(slug)
        }
    return [slug for slug in edition.topics if slug in found]


def unlisted(edition: Edition, slug: str, month: str) -> list[date]:
    """The days of a month whose papers the topic's pages do not list yet as they are."""
    pages = [listed_in(edition.text(topic_path(lang, slug, month))) for lang in Lang]
    return [
        day
        for day in _days_of(edition, month)
        if any(_is_stale(edition, slug, day, listed=day_anchor(day) in page) for page in pages)
    ]


def _days_of(edition: Edition, month: str) -> list[date]:
    return [day for day in edition.planned if month_of(day) == month]


def _is_stale(edition: Edition, slug: str, day: date, *, listed: bool) -> bool:
    """Whether a page of the topic, on which the day is `listed` or not, is to show it otherwise."""
    before, after = edition.memory.days.get(day), edition.days.get(day)
    if before is None or after is None or before.form != edition.form:
        return True
    if day in edition.afresh or day in edition.memory.begun:
        return True
    return before.lists.get(slug) != after.lists.get(slug) or listed != (slug in after.lists)


def make_topic(
    edition: Edition, slug: str, month: str, items: Items, fresh: Collection[date]
) -> None:
    """A topic's pages of one month, if it has any paper there.

    `items` are the papers of the days `fresh`; the others' stand on the pages that are there.
    """
    site = edition.site()
    if month not in site.months_of(slug):
        return
    kept = {day_anchor(day) for day in _days_of(edition, month) if day not in fresh}
    for lang, some in items.items():
        there = listed_in(edition.text(topic_path(lang, slug, month)))
        ready = {anchor: group for anchor, group in there.items() if anchor in kept}
        pages = topic_pages(edition.topics[slug], month, some, lang, site, ready=ready)
        for path, text in pages.items():
            edition.write(path, text)
            edition.archive.give_way()
