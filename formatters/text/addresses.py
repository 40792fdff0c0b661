"""Which addresses may become links."""

import re
from urllib.parse import quote, urlsplit

from formatters.text.controls import strip_controls

_SIGNS = "%/:=&?~#+!$,;@*[]"
_BLANK = re.compile(r"\s")


def web_address(address: str | None) -> str | None:
    """The address in ASCII, percent-encoded where need be; None where it is none of the web's."""
    if not address or _BLANK.search(address) or strip_controls(address) != address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return quote(address, safe=_SIGNS)


def first_doi(said: str | None) -> str:
    """The first of the DOIs that arXiv has of a paper, each sign as it is; empty without one."""
    return next(iter(strip_controls(said or "").split()), "")
