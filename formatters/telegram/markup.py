"""Runs of text as Telegram's HTML, measured as Telegram measures them.

Telegram makes links of some plain text by itself. Where that would mention somebody, offer
a command, or open a stranger's site for `cs.CV`, an invisible word joiner prevents it.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from formatters.document import Style
from formatters.text import strip_controls
from formatters.text.addresses import web_address

JOINER = "\u2060"
_LONGEST_ADDRESS = 1_000
ENTITY_WEIGHT = 16
_TAGS = {
    Style.PLAIN: ("", ""),
    Style.STRONG: ("<b>", "</b>"),
    Style.FAINT: ("<i>", "</i>"),
    Style.CODE: ("<code>", "</code>"),
}

_WEB = r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,50}[A-Za-z0-9])?\.)+[A-Za-z]{2,20}"
_WEB += r"(?::\d{1,4})?(?:/[\w.~%/?=&+:;@#!$*-]*)?"
_TAKEN = (
    r"(?<![A-Za-z0-9_])@(?=[A-Za-z0-9_]|\Z)"  # a mention
    r"|\#(?=\S|\Z)"  # a hashtag
    r"|\$(?=[A-Z1]|\Z)"  # a cashtag
    r"|:(?=//)"  # an address that only apps understand: tg://
    r"|(?<=[^\s.])\.(?=[A-Z][A-Za-z])"  # cs.CV, which is a domain of Cape Verde
)
_COMMAND = r"(?<![A-Za-z0-9_])/(?=[A-Za-z0-9_]|\Z)"
_OWN = re.compile(f"(?P<web>{_WEB})|{_TAKEN}", re.ASCII)
_FOREIGN = re.compile(f"(?P<web>{_WEB})|{_TAKEN}|{_COMMAND}", re.ASCII)
_FOUND = re.compile(
    r"://|\.[^\W\d_]{2}|\d\.\d+\.\d+\.\d|(?:\d[ -]?){13}|(?<![A-Za-z0-9_/<>])/[A-Za-z0-9_]"
)
"""At least what Telegram makes an entity: addresses, card numbers, commands left tappable.

Each of them cuts the style that it stands in.
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """Finished HTML, and what it counts."""

    html: str
    size: int
    """UTF-16 units of the text that is seen."""
    entities: int
    """Its own and those that Telegram finds in it."""
    weight: int
    """About how many bytes the entities take, addresses above all."""


@lru_cache(maxsize=1 << 13)
def piece(
    text: str, style: Style = Style.PLAIN, href: str | None = None, *, foreign: bool = False
) -> Piece:
    """Clean text in one style. `foreign`: from a paper or a person, so no command in it."""
    shown = text if style is Style.CODE else _harmless(text, foreign=foreign or href is not None)
    before, after = _TAGS[style] if not text.isspace() else ("", "")
    if href and style is Style.CODE:
        before = after = ""
    found = len(_FOUND.findall(shown)) if style is not Style.CODE and not href else 0
    entities = found * (3 if before else 1) + bool(before) + bool(href)
    html = f"{before}{_linked(escape(shown, quote=False), href)}{after}"
    return Piece(html, units(shown), entities, entities * ENTITY_WEIGHT + len(href or ""))


def joined(pieces: Iterable[Piece]) -> Piece:
    """Pieces one after the other."""
    parts = list(pieces)
    if len(parts) == 1:
        return parts[0]
    return Piece(
        "".join([part.html for part in parts]),
        sum([part.size for part in parts]),
        sum([part.entities for part in parts]),
        sum([part.weight for part in parts]),
    )


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def clean(text: str) -> str:
    """Text without what Telegram drops or what could steer a screen."""
    shown = strip_controls(text).replace("\t", " ")
    if "\u030a" in shown:  # Telegram drops the bare ring: å must be one sign
        shown = unicodedata.normalize("NFC", shown)
    return shown


def one_line(text: str) -> str:
    """Text from elsewhere as one clean line."""
    return " ".join(clean(text).split())


def address(href: str | None) -> str | None:
    """A web address as Telegram takes it, or None."""
    found = web_address(href)
    return found if found and len(found) <= _LONGEST_ADDRESS else None


def _linked(html: str, href: str | None) -> str:
    return f'<a href="{escape(href)}">{html}</a>' if href else html


def _harmless(text: str, *, foreign: bool) -> str:
    """Text in which Telegram finds nobody to mention, and no command that we did not mean."""
    return (_FOREIGN if foreign else _OWN).sub(
        lambda sign: sign[0] if sign["web"] else sign[0] + JOINER, text
    )
