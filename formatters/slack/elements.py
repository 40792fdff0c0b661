"""Runs of text as the elements of Slack's rich text, and as its plain text.

Slack parses neither of them: whatever a paper says, it formats, mentions and links nothing.
"""

import re
from collections.abc import Iterable

from formatters.document import Inline, Span, Style
from formatters.slack.post import Json
from formatters.text import strip_controls
from formatters.text.addresses import web_address

JOINER = "\u2060"
ELEMENT = 10
"""What an element counts beside its text."""
_LONGEST_ADDRESS = 1_000
_EMOJI = re.compile(r":(?=[\w+'-]{1,100}:)")
_ADDRESS = re.compile(r"https?://[\w.-]+(?::\d{1,5})?(?:[/?#]\S*)?", re.ASCII)
_LOOKS = {Style.STRONG: {"bold": True}, Style.CODE: {"code": True}}


def clean(text: str) -> str:
    """Text without what could steer a screen; `:name:` stays a word and no picture."""
    return _EMOJI.sub(f":{JOINER}", _bare(text))


def one_line(text: str) -> str:
    """Text from elsewhere as one clean line."""
    return " ".join(clean(text).split())


def words(text: Inline) -> str:
    """All that the spans say, as clean text."""
    return clean("".join([_bare(span.text) for span in text])).strip()


def cleaned(span: Span) -> Span:
    """The span as it can be shown; code stays as it is, to be copied."""
    shown = _bare(span.text) if span.style is Style.CODE else clean(span.text)
    return Span(shown, span.style, address(span.href))


def address(href: str | None) -> str | None:
    """A web address as Slack takes it, or None."""
    found = web_address(href) or ""
    return found if len(found) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(found) else None


def size(spans: Iterable[Span]) -> int:
    """About what clean spans count."""
    return sum(len(span.text) + len(span.href or "") + ELEMENT for span in spans)


def element(span: Span) -> Json:
    """A clean span that says something as an element of rich text."""
    made: Json = {"type": "text", "text": span.text}
    if span.href:
        made = {"type": "link", "url": span.href, "text": span.text}
    look = _LOOKS.get(span.style)
    return made | {"style": look} if look else made


def plain_text(text: str) -> Json:
    """Clean text as a plain text object."""
    return {"type": "plain_text", "text": text, "emoji": False}


def _bare(text: str) -> str:
    return strip_controls(text).replace("\t", " ")
