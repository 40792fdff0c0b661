"""The papers of a page, under headings that are topics or days."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from formatters.compose.digest import day_name
from formatters.site.contents import Site
from formatters.site.items import Item, one_line
from formatters.site.paths import day_path, relative, topic_path
from formatters.site.templating import render
from storage.models import Lang

_SECTION = re.compile(
    r'<section class="group" aria-labelledby="([^"]+)">\n.*?</section>\n', re.DOTALL
)
_PAPER = '<article class="item"'
"""As the templates have them; what papers say is escaped, so that none of it can look like this."""


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that stand under one heading."""

    name: str
    anchor: str
    path: str
    """What the heading links to."""
    papers: tuple[Item, ...]


def listing(path: str, groups: Sequence[Group], lang: Lang, *, tags: bool) -> str:
    """The papers of the page at `path` as HTML, which any page in its folder can hold.

    `tags` says in which topics a paper is.
    """
    root = relative("", path)
    return joined([render("listing.html", lang, groups=groups, root=root, tags=tags)])


def joined(groups: Iterable[str]) -> str:
    """Groups that a template has made, as part of a page."""
    from markupsafe import Markup  # noqa: PLC0415 -- comes with the templates

    return Markup("".join(groups))  # noqa: S704 -- a template made them


def listed_in(page: str) -> Mapping[str, str]:
    """The groups of a page as its HTML has them, by their anchors."""
    return {found[1]: found[0] for found in _SECTION.finditer(page)}


def papers_in(listing: str) -> int:
    """How many papers a listing has."""
    return listing.count(_PAPER)


def by_topic(items: Iterable[Item], lang: Lang, site: Site) -> list[Group]:
    """Each paper under the first of its topics, in the archive's order."""
    held: dict[str, list[Item]] = {topic.slug: [] for topic in site.topics}
    for item in items:
        if item.slugs:
            held[item.slugs[0]].append(item)
    return [
        Group(
            name=one_line(topic.name(lang)),
            anchor=f"topic-{topic.slug}",
            path=topic_path(lang, topic.slug),
            papers=tuple(held[topic.slug]),
        )
        for topic in site.topics
        if held[topic.slug]
    ]


def day_anchor(day: date) -> str:
    """The anchor of a day's group."""
    return f"d{day}"


def by_day(items: Iterable[Item], lang: Lang) -> list[Group]:
    """The papers under their days, the newest first."""
    newest_first = sorted(items, key=lambda item: item.day, reverse=True)
    return [
        Group(day_name(day, lang), day_anchor(day), day_path(lang, day), tuple(some))
        for day, some in groupby(newest_first, key=lambda item: item.day)
    ]
