"""Asking arXiv politely: one request at a time, an answer that is one, or an error.

Owns time-outs, retries, cool-downs, the user agent, proxies, conditional requests and the
cap on an answer's size. Does not know feeds, papers or pages: `read` judges the answer.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import SplitResult, urlsplit

import httpx

from jobs.ports import Clock, RetryLater, SourceError, Validators
from jobs.web.headers import conditions, retry_after, user_agent
from jobs.web.pace import PaceFile, Turn

T = TypeVar("T")

MOST_BYTES = 32 * 1024 * 1024
"""Default cap; a full feed of 2,000 items has about 5 MB."""

_TRIES = 4
_PASSING = frozenset({"throttled", "server-error", "unreachable", "foreign-page", "truncated"})
"""Causes that another try may mend."""
_REFUSALS = {
    HTTPStatus.FORBIDDEN: timedelta(hours=6),
    HTTPStatus.NOT_ACCEPTABLE: timedelta(minutes=10),
}
"""Status → cool-down. Asking on after a 403 counts as an attack (info.arxiv.org/help/robots)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole: 2xx, 304 or a 4xx that says what was wrong with the request."""

    status: int
    content: bytes
    content_type: str = ""
    validators: Validators = field(default_factory=Validators)
    moved_to: str | None = None


class Web:
    """The polite client. Use as an async context manager, or call `aclose`.

    `interval` is in seconds between the end of one request and the next, over every process
    that names the same `pace_file`. Only `proxy` decides the route: the environment's proxy
    variables are not looked at.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        pace_file: Path,
        interval: float = 3.5,
        contact: str = "",
        proxy: str | None = None,
        timeout: float = 30.0,
    ) -> None:
        self._clock = clock
        self._pace = PaceFile(pace_file, timedelta(seconds=interval), clock)
        self._timeout = timeout
        self._requests = 0
        self._http = httpx.AsyncClient(
            headers={"User-Agent": user_agent(contact)},
            proxy=proxy,
            timeout=timeout,
            # An idle connection kept alive would be a second one beside another process's.
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
            trust_env=False,
        )

    @property
    def requests(self) -> int:
        """Requests made so far by this client."""
        return self._requests

    async def get(
        self,
        url: str,
        read: Callable[[Answer], T],
        *,
        known: Validators | None = None,
        most: int = MOST_BYTES,
    ) -> T:
        """Fetch `url` and return what `read` makes of the answer (called in a thread).

        `read` raises SourceError when the answer is no answer; causes that may pass are tried
        again like an overload. With `known`, the request is conditional and `read` may see a
        304. Raises SourceError, or RetryLater when arXiv has to be left alone for a while.
        """
        for tries_left in reversed(range(_TRIES)):
            async with self._pace.turn() as turn:
                try:
                    answer = await self._ask(url, known, most)
                    if not answer.moved_to:
                        value = await asyncio.to_thread(read, answer)
                        turn.went_well()
                        return value
                except (_Failure, SourceError) as problem:
                    _settle(turn, problem, last=not tries_left)
                else:
                    turn.went_well()
                    url = _followed(url, answer.moved_to)
        raise SourceError("foreign-page", "too many redirects")

    async def aclose(self) -> None:
        """Close the connection."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _ask(self, url: str, known: Validators | None, most: int) -> Answer:
        """One request; everything that is no answer becomes a _Failure or a SourceError."""
        self._requests += 1
        try:
            # httpx limits each step; a body that trickles in for ever is limited here.
            async with (
                asyncio.timeout(self._timeout * 4),
                self._http.stream("GET", url, headers=conditions(known)) as response,
            ):
                _refuse(response, self._clock.now())
                return await _take(response, most)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise _Failure("unreachable", str(error) or type(error).__name__) from error


class _Failure(Exception):  # internal: becomes RetryLater or SourceError
    """A request that brought no answer."""

    def __init__(self, cause: str, detail: str, pause: timedelta | None = None) -> None:
        super().__init__(cause, detail)
        self.cause = cause
        self.detail = detail
        self.pause = pause


def _refuse(response: httpx.Response, now: datetime) -> None:
    """Raise _Failure for the statuses that are no answer."""
    status = response.status_code
    if status in _REFUSALS:
        raise _Failure("refused", str(status), _REFUSALS[HTTPStatus(status)])
    asked = retry_after(response.headers.get("Retry-After"), now)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise _Failure("throttled", str(status), asked)
    if status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _Failure("server-error", str(status), asked)


async def _take(response: httpx.Response, most: int) -> Answer:
    """Read the whole body, but no more than `most` bytes of it, unpacked."""
    following = response.next_request
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > most:
            raise SourceError("too-large", f"more than {most} bytes")
    return Answer(
        status=response.status_code,
        content=bytes(body),
        content_type=response.headers.get("Content-Type", ""),
        validators=Validators(
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        ),
        moved_to=str(following.url) if following else None,
    )


def _followed(url: str, to: str) -> str:
    """Where a redirect leads: it stays on its host, or on arXiv's. SourceError elsewhere."""
    before, after = urlsplit(url), urlsplit(to)
    within = after.netloc == before.netloc or (_is_arxiv(before) and _is_arxiv(after))
    if after.scheme not in ("http", "https") or not within:
        raise SourceError("foreign-page", f"redirected to {after.netloc}")
    return to


def _is_arxiv(url: SplitResult) -> bool:
    host = url.hostname or ""
    return url.port is None and (host == "arxiv.org" or host.endswith(".arxiv.org"))


def _settle(turn: Turn, problem: _Failure | SourceError, *, last: bool) -> None:
    """Note what happened; returns only when another try is in order."""
    passing = problem.cause in _PASSING
    if isinstance(problem, SourceError):
        if passing:
            turn.struck(problem.cause, None)
        else:
            turn.went_well()  # arXiv did answer: the mistake is in the question
        if last or not passing:
            raise problem
        return
    pause = turn.struck(problem.cause, problem.pause)
    if not passing:
        raise SourceError(problem.cause, problem.detail) from problem
    if last:
        raise RetryLater(problem.cause, pause) from problem
