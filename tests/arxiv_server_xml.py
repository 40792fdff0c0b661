"""The loopback arXiv's documents: announcement feeds and search pages, as arXiv writes them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

_EXTENSIONS = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n"


def midnight(day: date) -> datetime:
    """When a day's announcement is dated: midnight in the east of the US."""
    return datetime.combine(day, time(), ZoneInfo("America/New_York"))


def rss(path: str, day: date, items: Sequence[tuple[dict, int, str]]) -> str:
    """The RSS 2 form; an item is (paper, version, announce type)."""
    stamp = format_datetime(midnight(day))
    return (
        f'{_HEAD}<rss {_EXTENSIONS} version="2.0">\n<channel>\n'
        f"<title>{path} updates on arXiv.org</title>\n"
        f"<description>{path} updates on the arXiv.org e-print archive.</description>\n"
        f"<lastBuildDate>{stamp}</lastBuildDate>\n<pubDate>{stamp}</pubDate>\n"
        "<skipDays><day>Sunday</day><day>Saturday</day></skipDays>\n"
        + "".join(_rss_item(*item, stamp) for item in items)
        + "</channel>\n</rss>"
    )


def atom(path: str, day: date, items: Sequence[tuple[dict, int, str]]) -> str:
    """The Atom form of the same."""
    start = midnight(day)
    return (
        f'{_HEAD}<feed {_EXTENSIONS} xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{path} updates on arXiv.org</title>\n"
        f"<updated>{(start + timedelta(seconds=1)).isoformat()}</updated>\n"
        f"<subtitle>{path} updates on the arXiv.org e-print archive.</subtitle>\n"
        + "".join(_atom_item(*item, start.isoformat()) for item in items)
        + "</feed>"
    )


def feed_error(path: str, said: str) -> str:
    """What a feed with an unknown category says, with status 400."""
    return (
        f'{_HEAD}<rss version="2.0"><channel>'
        f"<title>Feed error for query: {path}</title>"
        f"<description>{escape(said)}</description></channel></rss>"
    )


def api_page(
    entries: Iterable[str], *, total: int, start: int, per_page: int, query: str = ""
) -> str:
    """A page of search results."""
    return (
        f'{_HEAD}<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>arXiv Query: {escape(query)}</title>\n"
        f"<opensearch:itemsPerPage>{per_page}</opensearch:itemsPerPage>\n"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>\n"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>\n" + "".join(entries) + "</feed>"
    )


def api_entry(paper: dict, version: int) -> str:
    """A paper in a page; what it has no value for is absent."""
    address = f"{paper['id']}v{version}"
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper["authors"])
    categories = "".join(f"<category term={quoteattr(each)}/>" for each in paper["categories"])
    optional = "".join(
        f"<{tag}>{escape(paper[field])}</{tag}>\n"
        for field, tag in (
            ("published", "published"),
            ("updated", "updated"),
            ("comment", "arxiv:comment"),
            ("journal_ref", "arxiv:journal_ref"),
            ("doi", "arxiv:doi"),
        )
        if paper.get(field)
    )
    return (
        f"<entry>\n<id>http://arxiv.org/abs/{address}</id>\n"
        f"<title>{escape(paper['title'])}</title>\n"
        f'<link href="https://arxiv.org/pdf/{address}" rel="related" title="pdf"/>\n'
        f"<summary>{escape(paper['abstract'])}</summary>\n{categories}\n{optional}"
        f"<arxiv:primary_category term={quoteattr(paper['primary_category'])}/>\n"
        f"{authors}</entry>\n"
    )


def api_error(said: str) -> str:
    """arXiv's error: a feed whose one entry is titled so, with status 400."""
    entry = (
        f"<entry><id>https://arxiv.org/api/errors#{escape(said.replace(' ', '_'))}</id>"
        f"<title>Error</title><summary>{escape(said)}</summary>"
        "<author><name>arXiv api core</name></author></entry>"
    )
    return api_page([entry], total=1, start=0, per_page=1)


def _described(paper: dict, version: int, kind: str) -> str:
    text = f"arXiv:{paper['id']}v{version} Announce Type: {kind} \nAbstract: {paper['abstract']}"
    return escape(text)


def _marks(paper: dict, kind: str) -> str:
    return (
        f"<arxiv:announce_type>{kind}</arxiv:announce_type>\n"
        f"<dc:creator>{escape(', '.join(paper['authors']))}</dc:creator>\n"
    )


def _rss_item(paper: dict, version: int, kind: str, stamp: str) -> str:
    categories = "".join(f"<category>{each}</category>" for each in paper["categories"])
    return (
        f"<item>\n<title>{escape(paper['title'])}</title>\n"
        f"<link>https://arxiv.org/abs/{paper['id']}</link>\n"
        f"<description>{_described(paper, version, kind)}</description>\n"
        f'<guid isPermaLink="false">oai:arXiv.org:{paper["id"]}v{version}</guid>\n'
        f"{categories}\n<pubDate>{stamp}</pubDate>\n{_marks(paper, kind)}</item>\n"
    )


def _atom_item(paper: dict, version: int, kind: str, stamp: str) -> str:
    categories = "".join(f"<category term={quoteattr(each)}/>" for each in paper["categories"])
    return (
        f"<entry>\n<id>oai:arXiv.org:{paper['id']}v{version}</id>\n"
        f"<title>{escape(paper['title'])}</title>\n<updated>{stamp}</updated>\n"
        f'<link href="https://arxiv.org/abs/{paper["id"]}" rel="alternate" type="text/html"/>\n'
        f"<summary>{_described(paper, version, kind)}</summary>\n"
        f"{categories}\n<published>{stamp}</published>\n{_marks(paper, kind)}</entry>\n"
    )
