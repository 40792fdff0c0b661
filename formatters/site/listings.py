"""The papers of a page, under headings that are topics or days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from formatters.compose.digest import day_name
from formatters.site.contents import Site
from formatters.site.items import Item, one_line
from formatters.site.paths import day_path, relative, topic_path
from formatters.site.templating import render
from storage.models import Lang


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
    from markupsafe import Markup  # noqa: PLC0415 -- comes with the templates

    said = render("listing.html", lang, groups=groups, root=relative("", path), tags=tags)
    return Markup(said)  # noqa: S704 -- a template made it


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


def by_day(items: Iterable[Item], lang: Lang) -> list[Group]:
    """The papers under their days, the newest first."""
    newest_first = sorted(items, key=lambda item: item.day, reverse=True)
    return [
        Group(day_name(day, lang), f"d{day}", day_path(lang, day), tuple(some))
        for day, some in groupby(newest_first, key=lambda item: item.day)
    ]
