"""What search loads, in pieces: a script a day, and one that lists the days.

Scripts rather than JSON, for a page opened from a disk may load those alone. Each calls
`paperround`, which `search.js` owns; the records are data and only ever shown as text.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from formatters.archive.entries import Entry
from formatters.site.contents import Site
from formatters.site.items import authors, one_line
from formatters.site.paths import paper_path
from formatters.text import readable, truncate
from storage.models import Lang

LARGEST = 150_000
"""Bytes of one piece."""
MOST_AUTHORS = 400
"""Characters of a paper's authors that can be searched: some have thousands of names."""


def day_shards(day: date, entries: Sequence[Entry], translated: Sequence[Entry]) -> list[str]:
    """The pieces of one day, one paper a line; none for a day without papers.

    `translated` are the same papers with their Chinese summaries.
    """
    titles = {entry.paper.id: _translated_title(entry) for entry in translated}
    pieces: list[list[str]] = []
    size = LARGEST
    for entry in entries:
        line = _compact(_record(entry, titles.get(entry.paper.id, "")))
        size += len(line.encode()) + 2
        if size > LARGEST - 100:
            pieces.append([])
            size = len(line.encode()) + 2
        pieces[-1].append(line)
    return [f'paperround.add("{day}",[\n' + ",\n".join(piece) + "\n]);\n" for piece in pieces]


def manifest(site: Site) -> str:
    """The days, newest first, with their papers and the bytes of each piece; the topics' names."""
    names = {
        topic.slug: {str(lang): one_line(topic.name(lang)) for lang in Lang}
        for topic in site.topics
    }
    days = [
        _compact([day.isoformat(), site.days[day].papers, list(site.days[day].shards)])
        for day in site.newest_first
    ]
    return (
        f'paperround.open({{"topics":{_compact(names)},"days":[\n' + ",\n".join(days) + "\n]});\n"
    )


def _record(entry: Entry, translated: str) -> list[Any]:
    """Id, page, title, translated title, authors, slugs of topics; `search.js` reads them so."""
    paper = entry.paper
    page = paper_path(Lang.EN, paper.id).rpartition("/")[2]
    names = truncate(", ".join(authors(paper)), MOST_AUTHORS)
    title = readable(paper.title) or paper.id
    return [paper.id, page, title, translated, names, sorted(entry.topics)]


def _translated_title(entry: Entry) -> str:
    return one_line(entry.summary.title or "") if entry.summary else ""


def _compact(value: Iterable[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
