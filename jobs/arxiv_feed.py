"""The announcement feed, RSS 2 and Atom, read into a `Feed`.

Pure. What the fields mean: info.arxiv.org/help/rss_specifications. An item's date is the
midnight, US Eastern, of its announcement, never of its submission.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from lxml.etree import _Element

from jobs.arxiv_ids import parse_paper_id
from jobs.arxiv_xml import NAMESPACES, feed_root, line
from jobs.ports import Feed, SourceError
from jobs.web import Answer
from storage.models import Announced, AnnounceType, Paper, PaperId

FULL = 1900
"""At 2,000 items arXiv cuts a feed, new papers first (arXiv/arxiv-feed, database.py)."""

_EASTERN = "America/New_York"
_RANK = {kind: rank for rank, kind in enumerate(AnnounceType)}
"""Of a paper that is listed twice, the first of new, cross, replace, replace-cross counts."""

_DESCRIPTION = re.compile(
    r"\s*arXiv:(?P<id>\S+)\s+Announce Type:\s*(?P<kind>\S+)\s*(?:Abstract:\s*)?(?P<abstract>.*)",
    re.DOTALL,
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md"})


@dataclass(frozen=True, slots=True)
class _Form:
    """Where a form of the feed keeps what it says; of several dates the first one counts."""

    items: str
    guid: str
    link: str
    description: str
    categories: str
    dates: tuple[str, ...]
    feed_dates: tuple[str, ...]
    feed_title: str
    feed_description: str


_RSS = _Form(
    items="channel/item",
    guid="guid",
    link="link",
    description="description",
    categories="category",
    dates=("pubDate",),
    feed_dates=("channel/pubDate", "channel/lastBuildDate"),
    feed_title="channel/title",
    feed_description="channel/description",
)
_ATOM = _Form(
    items="atom:entry",
    guid="atom:id",
    link="atom:link",
    description="atom:summary",
    categories="atom:category",
    dates=("atom:published",),
    feed_dates=("atom:updated",),
    feed_title="atom:title",
    feed_description="atom:subtitle",
)


def read_feed(answer: Answer) -> Feed:
    """The announcement that `answer` holds, each paper once, in the feed's order.

    The day is the items' newest; of a feed without items the day that the feed itself states
    (a Saturday's empty feed says Saturday), None when it states none. Raises SourceError.
    """
    root = feed_root(answer)
    form = _RSS if root.tag == "rss" else _ATOM
    _refuse_error(answer, root, form)
    items = root.findall(form.items, NAMESPACES)
    days = [day for item in items if (day := _day(item, form.dates))]
    return Feed(
        day=max(days, default=None) or _day(root, form.feed_dates),
        items=_each_once(_announced(item, form) for item in items),
        validators=answer.validators,
    )


def merged(feeds: Sequence[Feed]) -> Feed:
    """One announcement out of those of several category sets; validators are the first's."""
    return Feed(
        day=max((feed.day for feed in feeds if feed.day), default=None),
        items=_each_once(item for feed in feeds for item in feed.items),
        validators=feeds[0].validators,
    )


def author_names(creators: str) -> tuple[str, ...]:
    """The names of a `dc:creator`: markup and affiliations dropped, `, Jr.` kept with its name."""
    plain = line(_TAG.sub("", creators))
    names: list[str] = []
    for part in re.split(r",\s*(?![^()]*\))", plain):
        name = re.sub(r"(?<=\S)\s*\([^()]*\)$", "", part).strip()
        if names and re.sub(r"\W", "", name).casefold() in _SUFFIXES:
            names[-1] += f", {name}"
        elif name:
            names.append(name)
    return tuple(names)


def _refuse_error(answer: Answer, root: _Element, form: _Form) -> None:
    """An error feed has the shape of an empty one; only its words and the status tell."""
    title = line(root.findtext(form.feed_title, None, NAMESPACES))
    said = line(root.findtext(form.feed_description, None, NAMESPACES)) or title
    if said.startswith("Bad "):
        raise SourceError("bad-category", said)
    if answer.status != HTTPStatus.OK or title.startswith("Feed error"):
        raise SourceError("error-entry", said)


def _announced(item: _Element, form: _Form) -> Announced:
    said = _DESCRIPTION.match(_text(item, form.description))
    paper_id, version = _id(item, form, said["id"] if said else "")
    categories = dict.fromkeys(
        line(each.get("term") or each.text) for each in item.iterfind(form.categories, NAMESPACES)
    )
    paper = Paper(
        id=paper_id,
        version=version,
        title=line(_text(item, "title", "atom:title")),
        abstract=line(said["abstract"] if said else _text(item, form.description)),
        authors=author_names(_text(item, "dc:creator")),
        primary_category=next(iter(categories), ""),
        categories=tuple(categories),
        journal_ref=line(_text(item, "arxiv:journal_reference")) or None,
        doi=line(_text(item, "arxiv:DOI")) or None,
        enriched=False,
    )
    stated = (_text(item, "arxiv:announce_type"), said["kind"] if said else "")
    return Announced(paper, _kind(stated, version))


def _id(item: _Element, form: _Form, described: str) -> tuple[PaperId, int]:
    """The paper's id and version; arXiv says them three times, the link without the version."""
    for text in (_text(item, form.guid), described, _text(item, form.link)):
        if found := parse_paper_id(text):
            return found[0], found[1] or 1
    raise SourceError("foreign-page", "an item that names no paper")


def _kind(stated: Iterable[str], version: int) -> AnnounceType:
    """The announce type; where arXiv's word is missing or unknown, a v2 is a replacement."""
    for word in stated:
        if line(word) in tuple(AnnounceType):
            return AnnounceType(line(word))
    return AnnounceType.REPLACE if version > 1 else AnnounceType.NEW


def _each_once(items: Iterable[Announced]) -> tuple[Announced, ...]:
    kept: dict[PaperId, Announced] = {}
    for item in items:
        other = kept.get(item.paper.id)
        if other is None or _RANK[item.kind] < _RANK[other.kind]:
            kept[item.paper.id] = item
    return tuple(kept.values())


def _text(element: _Element, *paths: str) -> str:
    """The first filled one of the paths; Atom's links keep theirs in an attribute."""
    for path in paths:
        found = element.find(path, NAMESPACES)
        if found is not None and (text := found.text or found.get("href")):
            return str(text)
    return ""


def _day(element: _Element, paths: Sequence[str]) -> date | None:
    """The date in US Eastern of the first moment that can be read."""
    for path in paths:
        if moment := _moment(_text(element, path).strip()):
            return moment.astimezone(ZoneInfo(_EASTERN)).date()
    return None


def _moment(text: str) -> datetime | None:
    """RFC 3339 (Atom) or RFC 822 (RSS)."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except ValueError:
            continue
        return moment.replace(tzinfo=moment.tzinfo or UTC)
    return None
