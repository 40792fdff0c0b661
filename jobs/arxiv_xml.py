"""What counts as an answer of arXiv: one whole, well-formed feed, and nothing else.

Pure. A page of another kind, a cut document or a line of text must never pass for an empty
result; each becomes a SourceError with its cause. What a feed says is read elsewhere.
"""

from http import HTTPStatus

from lxml import etree
from lxml.etree import _Element

from jobs.ports import SourceError
from jobs.web import Answer

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "arxiv": "http://arxiv.org/schemas/atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "opensearch": "http://a9.com/-/spec/opensearch/1.1/",
}


def feed_root(answer: Answer) -> _Element:
    """The root of the feed that `answer` holds: `rss`, or Atom's `feed`.

    Also that of an error feed, which comes with status 400. Raises SourceError `truncated`,
    `foreign-page` or `throttled`.
    """
    body = answer.content.strip()
    if not body:
        raise SourceError("truncated", "an empty answer")
    start = body[:200].decode("utf-8", "replace")
    if "rate exceeded" in start.casefold() and not start.startswith("<?xml"):
        raise SourceError("throttled", "Rate exceeded")
    if answer.status not in (HTTPStatus.OK, HTTPStatus.BAD_REQUEST):
        raise SourceError("foreign-page", f"status {answer.status}")
    if not start.lstrip("\ufeff").startswith("<") or _is_html(answer, start):
        raise SourceError("foreign-page", " ".join(start[:80].split()))
    root = _parsed(body)
    if etree.QName(root).localname not in ("rss", "feed"):
        raise SourceError("foreign-page", f"<{etree.QName(root).localname}>")
    return root


def line(text: str | None) -> str:
    """The text on one line; arXiv wraps long ones."""
    return " ".join((text or "").split())


def _is_html(answer: Answer, start: str) -> bool:
    head = start.casefold()
    return "text/html" in answer.content_type or "<!doctype html" in head or "<html" in head


def _parsed(body: bytes) -> _Element:
    # Strict: a parser that repairs a cut document would hide the papers behind the cut.
    parser = etree.XMLParser(recover=False, resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError("truncated", str(error)) from error
