"""Slack's calls by HTTP: who has signed a call, and lately, is heard."""

from collections.abc import Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

SIGNATURE, TIMESTAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"


class Calls:
    """Answers one route. Checks by itself: bolt takes a malformed timestamp for a defect."""

    def __init__(self, app: AsyncApp, secret: str, is_ready: Callable[[], bool]) -> None:
        self._app = app
        self._verifier = SignatureVerifier(secret)
        self._is_ready = is_ready

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """A command, an interaction, an event, or Slack's question whether we are there."""
        if not await self._is_signed(request):
            return web.Response(status=401)
        if not self._is_ready():
            return web.Response(status=503)
        return await to_aiohttp_response(
            await self._app.async_dispatch(await to_bolt_request(request))
        )

    async def _is_signed(self, request: web.Request) -> bool:
        body = await request.read()
        timestamp, signature = request.headers.get(TIMESTAMP), request.headers.get(SIGNATURE)
        try:
            return self._verifier.is_valid(body, timestamp, signature)
        except (ValueError, TypeError, OverflowError):  # no number, no text, no ASCII
            return False
