"""Digests: made when due (`morning`), and what is asked for out of turn (`asked`)."""

from jobs.digest.asked import Preview, StoredIndex, digest_now, page, preview
from jobs.digest.desk import Desk
from jobs.digest.morning import make_due

__all__ = ["Desk", "Preview", "StoredIndex", "digest_now", "make_due", "page", "preview"]
