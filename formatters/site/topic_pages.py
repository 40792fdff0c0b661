"""A topic's pages: one a month, and an index that is its newest month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from formatters.archive.entries import ArchivedTopic
from formatters.site.contents import Site
from formatters.site.items import Item, Link, one_line
from formatters.site.listings import by_day, day_anchor, joined, listed_in, listing, papers_in
from formatters.site.paths import feed_path, topic_path
from formatters.site.shell import month_name, page
from storage.models import Lang


@dataclass(frozen=True, slots=True)
class _Month:
    """What a topic's page of a month and its index share."""

    topic: ArchivedTopic
    name: str
    """Empty: the topic has no paper yet."""
    papers: int = 0
    listing: str = ""


def topic_pages(
    topic: ArchivedTopic,
    month: str,
    items: Iterable[Item],
    lang: Lang,
    site: Site,
    *,
    ready: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """A topic's page of one month, newest day first; of its newest month as its index, too.

    `ready` are the groups of days, by their anchors, as an earlier page had them; `items` are
    those of the other days, of whatever topics, in the order of their days. Path → text.
    """
    ready = ready or {}
    months = site.months_of(topic.slug)
    own = [one for one in items if topic.slug in one.slugs and day_anchor(one.day) not in ready]
    path, index = topic_path(lang, topic.slug, month), topic_path(lang, topic.slug)
    made = listed_in(listing(path, by_day(own, lang), lang, tags=False))
    groups = {**made, **ready}
    said = joined(groups[anchor] for anchor in sorted(groups, reverse=True))
    shared = _Month(topic, month_name(month, lang), papers_in(said), said)
    older = [known for known in months if known < month]
    pages = {path: _page(shared, path, lang, site, older[:1])}
    if months and months[0] == month:
        pages[index] = _page(shared, index, lang, site, older)
    return pages


def empty_topic_page(topic: ArchivedTopic, lang: Lang, site: Site) -> str:
    """The index of a topic that has no paper yet."""
    return _page(_Month(topic, ""), topic_path(lang, topic.slug), lang, site, [])


def _page(month: _Month, path: str, lang: Lang, site: Site, older: Sequence[str]) -> str:
    """One file; `older` are the months that it links to."""
    topic, index = month.topic, topic_path(lang, month.topic.slug)
    return page(
        "topic.html",
        path,
        lang,
        site,
        title=one_line(topic.name(lang)),
        query=one_line(topic.query),
        month=month.name,
        listing=month.listing,
        papers=month.papers,
        feed=feed_path(lang, topic.slug),
        months=[
            Link(month_name(known, lang), topic_path(lang, topic.slug, known)) for known in older
        ],
        index=index if path != index else "",
    )
