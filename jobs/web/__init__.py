"""The one polite HTTP client: everything paperround fetches from arXiv goes through it.

`client` talks, `pace` decides when the next request may go out, for every process on the
database. Neither knows what the answers mean: the reader that the caller hands in does.
"""

from jobs.web.client import Answer, Web

__all__ = ["Answer", "Web"]
