"""Digests: made when due (`morning`), and what is asked for out of turn (`asked`)."""

from jobs.digest.asked import (
    Preview,
    StoredIndex,
    digest_now,
    next_page,
    page_from,
    preview,
)
from jobs.digest.desk import Desk
from jobs.digest.morning import make_due
from jobs.digest.one_off import one_off

__all__ = [
    "Desk",
    "Preview",
    "StoredIndex",
    "digest_now",
    "make_due",
    "next_page",
    "one_off",
    "page_from",
    "preview",
]
