"""A loopback arXiv: feeds and search API over given papers, with its bad days on switches.

Runs in threads beside the tests, or by itself:

    python tests/arxiv_server.py --papers papers.jsonl --port 0

Papers are dictionaries (or JSON Lines, `.xz` or not): id, version, title, abstract, authors,
primary_category, categories, published, updated, comment, journal_ref, doi, announced.
"""

import argparse
import hashlib
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from email.utils import format_datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

import arxiv_server_xml as xml
from arxiv_server_library import Library, Listing, is_id, load_papers
from arxiv_server_query import QueryError

_HTML = {"Content-Type": "text/html; charset=utf-8"}


class Fault(StrEnum):
    """What may go wrong with a request."""

    THROTTLED = "429"
    FORBIDDEN = "403"
    NOT_ACCEPTABLE = "406"
    OVERLOADED = "503"
    MOVED = "301"
    SILENT = "no answer"
    HTML = "a web page with 200"
    RATE_EXCEEDED = "the words 'Rate exceeded' with 200"
    TRUNCATED = "half of the document"
    UNCLOSED = "all but the last closing tag"
    EMPTY_PAGE = "a page without entries that states the right total"
    ZERO_RESULTS = "no results although there are some"


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the log."""

    at: float
    path: str
    headers: Mapping[str, str]

    @property
    def kind(self) -> str:
        """`feed`, `api`, `html` or `pdf`."""
        begins = self.path.split("/")[1]
        return begins if begins in ("api", "html", "pdf") else "feed"

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back; the content type is XML unless the headers say otherwise."""

    status: int
    body: str | bytes = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Switch:
    fault: Fault
    left: int
    on: str
    after: int
    headers: dict[str, str]


class ArxivServer:
    """The server and its switches. Use as a context manager.

    `announcements` lists each day's papers; where it is not given, it comes from the papers'
    own `announced` days. `interval` > 0: a request that comes sooner after the one before is
    a violation (`now` is the clock it is measured with); one beside another always is.
    """

    def __init__(
        self,
        papers: Iterable[dict],
        announcements: Mapping[date, Sequence[Listing]] | None = None,
        *,
        day: date | None = None,
        interval: float = 0.0,
        now: Callable[[], float] = time.monotonic,
        port: int = 0,
    ) -> None:
        self.library = Library(papers, announcements)
        self.day = day or max(self.library.announcements, default=date(2026, 2, 6))
        """The feed's current day; what is announced later, the API does not know yet."""
        self.held: set[str] = set()
        """Ids that are announced late: their lines are missing until they are taken out."""
        self.stale: set[str] = set()
        """Primary categories whose papers are missing from the feed."""
        self.pages: dict[int, Reply] = {}
        """Answers of the API by `start`, to be given instead of what the papers would give."""
        self.texts: dict[str, bytes] = {}
        """Papers' whole texts by their path: `html/2602.06043v1`, `pdf/2602.06043v1`."""
        self.log: list[Request] = []
        self.violations: list[str] = []
        self.asked = threading.Event()
        """Set by the first request."""
        self._interval = interval
        self._now = now
        self._switches: list[_Switch] = []
        self._closing = threading.Event()
        self._guard = threading.Lock()
        self._open = 0
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._http.daemon_threads = False
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        return self._http.server_address[1]

    @property
    def feed_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        return f"{self.feed_url}/api/query"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def fail(
        self, fault: Fault, times: int = 1, *, on: str = "any", after: int = 0, **headers: str
    ) -> None:
        """The next `times` requests of a kind, or of `any`, meet `fault`.

        `after` so many good ones. Headers are given with underscores: `Retry_After="30"`.
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._switches.append(_Switch(fault, times, on, after, named))

    def mend(self) -> None:
        """Put all switches back."""
        self._switches.clear()

    def requests(self, kind: str = "any") -> list[Request]:
        """The log of one kind, or of all."""
        return [each for each in self.log if kind in ("any", each.kind)]

    def answer(self, path: str, headers: Mapping[str, str]) -> Reply | None:
        """The reply to one request, None for none at all; called by the listener's threads."""
        with self._guard:
            request = self._noted(path, headers)
            switch = self._next_switch(request.kind)
        try:
            if not switch:
                return self._good(request)
            return None if switch.fault is Fault.SILENT else self._spoiled(request, switch)
        finally:
            with self._guard:
                self._open -= 1

    def hang(self) -> None:
        """Keep a connection open without a word, until the server closes."""
        self._closing.wait(10)

    def _noted(self, path: str, headers: Mapping[str, str]) -> Request:
        now = self._now()
        self._open += 1
        if self._open > 1:
            self.violations.append(f"{self._open} at once: {path}")
        # A hundredth of a second is left to the arithmetic of times.
        if self._interval and self.log and now - self.log[-1].at < self._interval - 0.01:
            self.violations.append(f"after {now - self.log[-1].at:.2f} s: {path}")
        request = Request(now, path, dict(headers))
        self.log.append(request)
        self.asked.set()
        return request

    def _next_switch(self, kind: str) -> _Switch | None:
        for switch in self._switches:
            if switch.on not in ("any", kind) or not switch.left:
                continue
            if switch.after:
                switch.after -= 1
                return None
            switch.left -= 1
            return switch
        return None

    def _spoiled(self, request: Request, switch: _Switch) -> Reply:
        fault = switch.fault
        if fault.value.isdecimal():
            return Reply(int(fault.value), "<html>no</html>", {**_HTML, **switch.headers})
        if fault is Fault.HTML:
            return Reply(200, "<!DOCTYPE html>\n<html><p>Back soon.</p></html>", _HTML)
        if fault is Fault.RATE_EXCEEDED:
            return Reply(200, "Rate exceeded.", {"Content-Type": "text/plain"})
        body = self._good(request, empty=fault in (Fault.EMPTY_PAGE, Fault.ZERO_RESULTS)).body
        if isinstance(body, bytes):
            return Reply(200, body[: len(body) // 2], _HTML)
        if fault is Fault.ZERO_RESULTS:
            body = re.sub(r"totalResults>\d+", "totalResults>0", body)
        cut = {Fault.TRUNCATED: len(body) // 2, Fault.UNCLOSED: body.rindex("</")}
        return Reply(200, body[: cut.get(fault)])

    def _good(self, request: Request, *, empty: bool = False) -> Reply:
        parts = unquote(urlsplit(request.path).path).split("/")[1:]
        match parts:
            case ["api", "query"]:
                return self._page(request.query, empty=empty)
            case ["rss" | "atom" as form, path]:
                return self._feed(form, path, request.headers)
            case ["html" | "pdf" as form, *ident] if (
                path := "/".join([form, *ident])
            ) in self.texts:
                kind = "text/html; charset=utf-8" if form == "html" else "application/pdf"
                return Reply(200, self.texts[path], {"Content-Type": kind})
            case _:
                return Reply(404, "<html>not found</html>", _HTML)

    def _feed(self, form: str, path: str, headers: Mapping[str, str]) -> Reply:
        wanted = path.split("+")
        archives = self.library.archives | {"cs", "math", "stat"}
        for each in wanted:
            if each.split(".")[0] not in archives:
                return Reply(400, xml.feed_error(path, f"Bad archive '{each}'. Valid are: cs."))
        items = self.library.items(self.day, wanted, held=self.held, stale=self.stale)
        body = {"rss": xml.rss, "atom": xml.atom}[form](path, self.day, items)
        midnight = xml.midnight(self.day).astimezone(UTC)
        validators = {
            "ETag": f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"',
            "Last-Modified": format_datetime(midnight, usegmt=True),
        }
        if headers.get("If-None-Match") == validators["ETag"]:
            return Reply(304, "", validators)
        return Reply(200, body, validators)

    def _page(self, query: Mapping[str, str], *, empty: bool) -> Reply:
        start, most = int(query.get("start", 0)), int(query.get("max_results", 10))
        if start in self.pages:
            return self.pages[start]
        asked = query.get("search_query", "")
        idents = [each for each in query.get("id_list", "").split(",") if each]
        if start + most > 30_000 or most > 2000:
            return Reply(400, xml.api_error("max_results is too large"))
        if bad := [each for each in idents if not is_id(each)]:
            return Reply(400, xml.api_error(f"incorrect id format for {bad[0]}"))
        try:
            hits = self.library.search(asked, idents, query)
        except QueryError as error:
            return Reply(400, xml.api_error(str(error)))
        found = [(hit, v) for hit in hits if (v := self.library.version(hit["id"], self.day))]
        entries = [] if empty else [xml.api_entry(*each) for each in found[start : start + most]]
        return Reply(
            200, xml.api_page(entries, total=len(found), start=start, per_page=most, query=asked)
        )


def _handler(server: ArxivServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = server.answer(self.path, self.headers)
            if reply is None:
                server.hang()
                return
            body = reply.body if isinstance(reply.body, bytes) else reply.body.encode()
            self.send_response(reply.status)
            headers = {"Content-Type": "application/xml", **reply.headers}
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet: the log is the server's own."""

    return Handler


def main() -> None:
    """Serve until killed; the first line printed is the port."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--papers", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--day", type=date.fromisoformat, help="the feed's day; default: the last")
    options = parser.parse_args()
    papers = load_papers(options.papers)
    with ArxivServer(papers, day=options.day, port=options.port) as server:
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
