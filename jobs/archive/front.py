"""The files that stand for many days: feeds, a span's other formats, indexes, search."""

from datetime import date

from formatters.site.feeds import feed
from formatters.site.pages import index_page, root_page, search_page
from formatters.site.paths import (
    MANIFEST,
    ROOT,
    STATIC,
    feed_path,
    index_path,
    search_path,
    topic_path,
)
from formatters.site.shards import manifest
from formatters.site.templating import static_files
from formatters.site.topic_pages import empty_topic_page
from jobs.archive.edition import Edition
from jobs.archive.ports import Entries
from storage.models import Lang


def make_feeds(edition: Edition, recent: Entries) -> None:
    """The topics' feeds, and a page for those of them that have no paper."""
    made, coming = edition.made(), edition.site()
    for lang, entries in edition.known(recent).items():
        for topic in made.topics:
            edition.write(feed_path(lang, topic.slug), feed(topic, entries, lang, made))
            if not coming.months_of(topic.slug):
                page = empty_topic_page(topic, lang, coming)
                edition.write(topic_path(lang, topic.slug), page)
            edition.archive.give_way()


def make_span(edition: Edition, first: date, last: date, recent: Entries) -> None:
    """The other formats of a span of days; those of one before that are no more go."""
    formats, folder = edition.archive.formats, edition.archive.folder
    if formats is None:
        return
    files = {}
    topics = list(edition.topics.values())
    for path, text in formats.of_span(first, last, edition.known(recent), topics):
        files[path] = text
        edition.archive.give_way()
    for path in folder.paths(formats.span_place):
        if path not in files and (path in edition.span or formats.is_of_span(edition.text(path))):
            edition.written.removed += folder.remove(path)
    edition.span = tuple(files)
    for path, text in files.items():
        edition.write(path, text)


def make_indexes(edition: Edition) -> None:
    """Indexes, search, and what all pages share."""
    site = edition.made()
    for lang in Lang:
        edition.write(index_path(lang), index_page(lang, site))
        edition.write(search_path(lang), search_page(lang, site))
    edition.write(MANIFEST, manifest(site))
    for name, text in static_files().items():
        edition.write(f"{STATIC}/{name}", text)
    edition.write(ROOT, root_page(site))
