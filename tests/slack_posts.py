"""Signed HTTP requests of the loopback Slack to the app's request URL."""

import hashlib
import hmac
import json
import time
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import aiohttp
from slack_delivery import COMMANDS, EVENTS, Delivery

_FORM = "application/x-www-form-urlencoded"


class Signing(StrEnum):
    """How requests are signed; all but the first must be refused by the app."""

    GOOD = "as Slack does"
    BAD = "with another secret"
    STALE = "six minutes ago"
    EARLY = "six minutes ahead"
    MALFORMED = "with a timestamp that is no number"
    MISSING = "not at all"


class Posts:
    """Posts deliveries to `url`, signed with `secret`."""

    def __init__(self, secret: str) -> None:
        self.url = ""
        self.signing = Signing.GOOD
        self.bodies: list[str] = []
        """What the app answered with other statuses than 200."""
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None

    async def carry(self, delivery: Delivery, patience: float) -> str:
        body, kind = _body(delivery)
        headers = self._signed(body) | {"Content-Type": kind}
        if delivery.retry:
            number, reason = delivery.retry
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        delivery.handed()
        try:
            status, answer = await self._post(body, headers, patience)
        except TimeoutError:
            return "http_timeout" if delivery.kind == EVENTS else "operation_timeout"
        except aiohttp.ClientError:
            return "connection_failed" if delivery.kind == EVENTS else "dispatch_failed"
        delivery.status = status
        if status != 200:
            self.bodies.append(answer)
            return "http_error" if delivery.kind == EVENTS else "dispatch_failed"
        delivery.acknowledge(_answer(answer))
        return ""

    async def verify_url(self) -> bool:
        """Whether the app answers Slack's first question with the challenge."""
        body = json.dumps({"type": "url_verification", "token": "legacy", "challenge": "3eZb"})
        headers = self._signed(body) | {"Content-Type": "application/json"}
        status, answer = await self._post(body, headers, 5.0)
        return status == 200 and "3eZb" in answer

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def _post(self, body: str, headers: dict[str, str], patience: float) -> tuple[int, str]:
        self._session = self._session or aiohttp.ClientSession()
        within = aiohttp.ClientTimeout(total=patience)
        async with self._session.post(
            self.url, data=body.encode(), headers=headers, timeout=within
        ) as response:
            return response.status, await response.text()

    def _signed(self, body: str) -> dict[str, str]:
        shift = {Signing.STALE: -360, Signing.EARLY: 360}.get(self.signing, 0)
        at = "yesterday" if self.signing is Signing.MALFORMED else str(int(time.time()) + shift)
        secret = "another" if self.signing is Signing.BAD else self._secret
        digest = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        if self.signing is Signing.MISSING:
            return {}
        return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}


def _body(delivery: Delivery) -> tuple[str, str]:
    if delivery.kind == EVENTS:
        return json.dumps(delivery.payload), "application/json"
    if delivery.kind == COMMANDS:
        return urlencode(delivery.payload), _FORM
    return urlencode({"payload": json.dumps(delivery.payload)}), _FORM


def _answer(body: str) -> Any:
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except ValueError:
        return {"text": body}
