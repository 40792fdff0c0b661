"""The one polite HTTP client: everything paperround fetches from arXiv goes through it.

`client` talks, `headers` words what is said, `pace` decides when the next request may go out,
for every process on the database. What an answer means is the caller's to know.
"""

from jobs.web.client import Answer, Web

__all__ = ["Answer", "Web"]
