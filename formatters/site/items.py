"""An entry as pages show it: text made readable, links that are safe to follow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from formatters.archive.entries import ArchivedTopic, Entry
from formatters.catalogue import say
from formatters.compose.cards import BUILT_IN, kind_label, tldr_label
from formatters.html import LANG_TAGS
from formatters.site.contents import Site
from formatters.site.paths import paper_path, topic_path
from formatters.text import byline, readable, strip_controls
from formatters.text.addresses import first_doi, web_address
from storage.models import Lang, Paper

NAMED_AUTHORS = 6


@dataclass(frozen=True, slots=True)
class Link:
    """A label and where it leads: a path of the archive, or a web address."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text with the language that it is in, for who reads it aloud."""

    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Item:
    """One paper in a list."""

    id: str
    path: str
    title: str
    translated: str
    """Its title in the page's language, where that is another; else empty."""
    byline: str
    kind: str
    """How it was announced."""
    category: str
    day: date
    topics: tuple[Link, ...]
    slugs: tuple[str, ...]
    """Of its topics."""
    tldr: Quoted | None
    tldr_label: str
    abstract: Quoted | None
    """Only where it may be shown."""
    withdrawn: bool


def item(entry: Entry, lang: Lang, site: Site, *, with_abstract: bool = False) -> Item:
    """An entry for a page in `lang`."""
    paper, summary = entry.paper, entry.summary
    topics = topics_of(entry, site)
    return Item(
        id=paper.id,
        path=paper_path(lang, paper.id),
        title=readable(paper.title) or paper.id,
        translated=one_line(summary.title or "") if summary else "",
        byline=byline(paper.authors, lang, NAMED_AUTHORS),
        kind=kind_label(entry.kind, paper.version, lang),
        category=paper.primary_category,
        day=entry.day,
        topics=tuple(_topic_link(topic, lang) for topic in topics),
        slugs=tuple(topic.slug for topic in topics),
        tldr=_tldr(entry),
        tldr_label=tldr_label(summary, lang) if summary else "",
        abstract=abstract(entry) if with_abstract else None,
        withdrawn=paper.withdrawn,
    )


def topics_of(entry: Entry, site: Site) -> list[ArchivedTopic]:
    """The archive's topics that an entry is in, in the archive's order."""
    return [topic for topic in site.topics if topic.slug in entry.topics]


def abstract(entry: Entry) -> Quoted:
    """The abstract in the summary's language where it was translated, else the authors' own."""
    summary = entry.summary
    if summary and summary.abstract:
        return Quoted(one_line(summary.abstract), LANG_TAGS[summary.lang])
    return Quoted(readable(entry.paper.abstract), LANG_TAGS[Lang.EN])


def links(entry: Entry, lang: Lang, site: Site) -> Iterator[Link]:
    """Where the paper itself is, its code and its project's pages."""
    paper = entry.paper
    version = f"{paper.id}v{paper.version}"
    yield Link(f"arXiv:{version}", f"{site.arxiv}/abs/{paper.id}")
    yield Link("PDF", f"{site.arxiv}/pdf/{version}")
    yield Link("HTML", f"{site.arxiv}/html/{version}")
    if doi := first_doi(paper.doi):
        yield from _web(f"DOI: {doi}", f"https://doi.org/{quote(doi, safe='/:;')}")
    for address in entry.code:
        yield from _web(say("site.code_at", lang, address=bare(address)), address)
    for address in entry.project:
        yield from _web(say("site.project_at", lang, address=bare(address)), address)


def bare(address: str) -> str:
    """An address as it is read: without its scheme."""
    return address.partition("://")[2].rstrip("/") or address


def one_line(text: str) -> str:
    """A text that an engine wrote, without signs that steer a screen."""
    return " ".join(strip_controls(text).split())


def authors(paper: Paper) -> tuple[str, ...]:
    """All authors' names, readable."""
    return tuple(name for author in paper.authors if (name := readable(author)))


def _web(label: str, address: str) -> Iterator[Link]:
    safe = web_address(address)
    if safe:
        yield Link(label, safe)


def _tldr(entry: Entry) -> Quoted | None:
    summary = entry.summary
    if summary is None or not summary.tldr.strip():
        return None
    lang = Lang.EN if summary.engine == BUILT_IN else summary.lang
    return Quoted(one_line(summary.tldr), LANG_TAGS[lang])


def _topic_link(topic: ArchivedTopic, lang: Lang) -> Link:
    return Link(one_line(topic.name(lang)), topic_path(lang, topic.slug))
