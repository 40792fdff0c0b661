"""What the polite client says in its headers, and what it reads from arXiv's. Pure."""

import importlib.metadata
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from jobs.ports import Validators


def user_agent(contact: str) -> str:
    """`paperround/<version> (+contact)`: arXiv throttles nameless clients first."""
    name = f"paperround/{_version()}"
    plain = "".join(sign for sign in contact.strip() if sign.isascii() and sign.isprintable())
    return f"{name} (+{plain})" if plain else name


def _version() -> str:
    try:
        return importlib.metadata.version("paperround")
    except importlib.metadata.PackageNotFoundError:
        return "0"


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """The header's wait: seconds or an HTTP date (RFC 9110 §10.2.3); None when unusable."""
    if not value:
        return None
    try:
        if value.strip().isdecimal():
            return timedelta(seconds=int(value))
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(moment.replace(tzinfo=moment.tzinfo or UTC) - now, timedelta(0))


def conditions(known: Validators | None) -> dict[str, str]:
    """What makes the request conditional on what is known already (RFC 9110 §13.1)."""
    if known is None:
        return {}
    pairs = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in pairs.items() if value}
