"""The files of one day: its page, its papers', what search knows of it, the other formats."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from itertools import count

from formatters.site.contents import Tally
from formatters.site.pages import day_page, paper_page
from formatters.site.paths import day_path, paper_path, relative, shard_path
from formatters.site.shards import day_shards
from jobs.archive.edition import Edition
from jobs.archive.memory import Kept
from jobs.archive.ports import Entries, Former
from jobs.archive.topics import items_of, lists_of
from storage.models import Lang, PaperId


def make_day(edition: Edition, day: date, entries: Entries) -> None:
    """Bring the day's files up to date; only papers whose marks changed have their pages made."""
    entries = edition.known(entries)
    plan = edition.planned[day].papers
    papers = {entry.paper.id: plan[entry.paper.id] for entry in entries[Lang.EN]}
    kept = edition.days.get(day)
    former = {**dict.fromkeys(edition.begun.get(day, ()), ""), **(kept.papers if kept else {})}
    items = items_of(edition, entries)
    topics = Counter(slug for one in items[Lang.EN] for slug in one.slugs)
    tally = Tally(len(papers), topics, _make_shards(edition, day, entries))
    edition.tallies[day] = tally
    unchanged = {
        paper
        for paper, mark in papers.items()
        if day not in edition.afresh and former.get(paper) == mark
    }
    _make_pages(edition, day, entries, unchanged)
    same = unchanged if former.keys() == papers.keys() else ()
    _make_formats(edition, day, entries, Former(edition.archive.folder.read, same))
    _remove_pages(edition, day, former.keys() - papers.keys())
    edition.days[day] = Kept(edition.form, papers, tally, lists_of(edition, items))
    edition.written.days += 1


def _make_pages(
    edition: Edition, day: date, entries: Entries, unchanged: Collection[PaperId]
) -> None:
    """The day's page, and those of the papers that are not `unchanged`."""
    site = edition.site()
    for lang, some in entries.items():
        for entry in some:
            if entry.paper.id not in unchanged:
                edition.write(paper_path(lang, entry.paper.id), paper_page(entry, lang, site))
                edition.archive.give_way()
        edition.write(day_path(lang, day), day_page(day, some, lang, site))
        edition.archive.give_way()


def _make_formats(edition: Edition, day: date, entries: Entries, former: Former) -> None:
    if edition.archive.formats is not None:
        for path, text in edition.archive.formats(day, entries, former):
            edition.write(path, text)
            edition.archive.give_way()


def _make_shards(edition: Edition, day: date, entries: Entries) -> tuple[int, ...]:
    """Write what search knows of a day; the bytes of each piece."""
    pieces = day_shards(day, entries[Lang.EN], entries[Lang.ZH])
    for number, piece in enumerate(pieces, 1):
        edition.write(shard_path(day, number), piece)
    for number in count(len(pieces) + 1):
        if not edition.text(shard_path(day, number)):
            break
        edition.remove([shard_path(day, number)])
    return tuple(len(piece.encode()) for piece in pieces)


def _remove_pages(edition: Edition, day: date, papers: Iterable[PaperId]) -> None:
    """Papers that left a day lose their pages, unless another day has them now."""
    for paper in papers:
        for lang in Lang:
            path = paper_path(lang, paper)
            if f'href="{relative(day_path(lang, day), path)}"' in edition.text(path):
                edition.remove([path])
