"""The app on Slack: built once, connected while the service runs.

Socket Mode with an app-level token, else HTTP on our endpoint; slack-bolt routes what comes.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.dispatch import Commands
from bot.endpoint import Endpoint
from bot.kept import Kept
from bot.pacing import Limits, Pacer, Rate, Turnstile
from bot.slack.answering import Answers
from bot.slack.calls import Calls
from bot.slack.channels import Channels, Heard
from bot.slack.client import Connection, ConsiderateClient, open_session
from bot.slack.conversation import Conversation, Rules
from bot.slack.failures import FAILURES, TOKEN_GONE, asked_to_wait, code_of
from bot.slack.home import HomeTab
from bot.slack.inbox import Inbox
from bot.slack.messenger import SlackMessenger
from bot.slack.modal import Modal
from bot.slack.people import People
from bot.slack.requirements import PATH
from bot.slack.routes import Routes
from bot.slack.socket_mode import SocketMode
from jobs.ports import Clock
from storage.errors import UserError
from storage.models import Platform

FIRST_AGAIN, LAST_AGAIN = 1.0, 60.0
"""Seconds between two tries to reach Slack."""
PATIENCE = 3.0
"""Seconds for which an ending app finishes what it was asked."""
LIMITS = Limits(
    overall=Rate(4, timedelta(seconds=1)),
    at_once=Rate(4, timedelta(seconds=1)),
    with_answers=Rate(8, timedelta(seconds=1)),
    apart=timedelta(seconds=1.2),
    group=Rate(50, timedelta(minutes=1)),
)
"""One message a second and channel, some hundred a minute and workspace, with room."""

log = structlog.get_logger()


class Slack:
    """One app in one workspace. `messenger` delivers parts; `listen` answers people."""

    def __init__(
        self,
        connection: Connection,
        commands: Commands,
        clock: Clock,
        rules: Rules,
        *,
        endpoint: Endpoint,
        kept: Path,
        greet: Callable[[str], None] = lambda _: None,
        complain: Callable[[UserError], None] = lambda _: None,
    ) -> None:
        """Needs a running loop. `kept`: the file for what is unanswered at the end.

        `greet` is told the app's name, `complain` what ends Slack while the service goes on.
        """
        self._connection = connection
        self._commands = commands
        self._clock = clock
        self._endpoint = endpoint
        self._greet = greet
        self._complain = complain
        self._session = open_session(connection)
        self._client = ConsiderateClient(connection, self._session, clock)
        turnstile = Turnstile(Pacer(LIMITS), clock)
        self.messenger = SlackMessenger(
            self._client, turnstile, clock, verify=connection.verify_posts
        )
        self._people = people = People(self._client, clock)
        self._answers = answers = Answers(self._client, self._session, turnstile, clock)
        conversation = Conversation(commands, answers, people, rules=rules)
        modal = Modal(self._client, conversation)
        home = HomeTab(self._client, commands, conversation, modal)
        channels = Channels(commands, answers, people)
        self._routes = Routes(conversation, modal, home, channels, self._on_goodbye)
        self._inbox = Inbox(self._routes.answer, Kept(kept))
        self._bot_id = ""
        self._gone: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._app = self._built()
        self._socket: SocketMode | None = None
        if connection.app_token is not None:
            self._socket = SocketMode(self._client, connection.app_token, self._taken, clock)
        else:
            calls = Calls(self._app, connection.signing_secret or "", lambda: bool(people.own_id))
            endpoint.add(PATH, calls.handle)

    @property
    def events(self) -> Mapping[str, Heard]:
        """What is listened to, by the events' names."""
        return self._routes.events

    async def listen(self) -> None:
        """Answer people until cancelled.

        Raises UserError for a wrong token. When the app is taken out of the workspace later,
        that is told, and the rest of the service goes on.
        """
        name = await self._reach()
        await self._commands.rooms.judge_again(Platform.SLACK)
        try:
            await self._connect()
            self._greet(name)
            self._inbox.take_kept(self._people.own_id)
            error = await self._hear()
        finally:
            await self._end()
        log.error("Slack is gone", reason=error.key, **error.values)
        self._complain(error)
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Give the connections back."""
        await self._session.close()

    async def _reach(self) -> str:
        """Ask who we are, again and again while Slack is out of reach; the app's name."""
        wait = FIRST_AGAIN
        while True:
            try:
                known = await self._client.auth_test()
            except SlackApiError as error:
                code = code_of(error)
                if code in TOKEN_GONE:
                    raise UserError("connecting.slack_token", code=code) from error
                if asked := asked_to_wait(error):
                    wait = asked.total_seconds()
                log.warning("Slack is out of reach", reason=code, again_in=wait)
            except FAILURES as error:
                log.warning("Slack is out of reach", reason=type(error).__name__, again_in=wait)
            else:
                self._people.own_id, self._bot_id = known["user_id"], known.get("bot_id", "")
                return str(known["user"])
            await self._clock.sleep(wait)
            wait = min(2 * wait, LAST_AGAIN)

    async def _connect(self) -> None:
        if self._socket is not None:
            await self._socket.open()
        else:
            await self._endpoint.open()

    async def _hear(self) -> UserError:
        """Until the app is taken out of the workspace, or may connect no more; why."""
        hearing: asyncio.Future[object] = asyncio.ensure_future(
            self._socket.run() if self._socket else asyncio.Event().wait()
        )
        try:
            await asyncio.wait([hearing, self._gone], return_when=asyncio.FIRST_COMPLETED)
            (self._gone if self._gone.done() else hearing).result()
        except UserError as error:
            return error
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)
        raise AssertionError("nothing else ends it")

    async def _end(self) -> None:
        """Hear nothing more, answer what was asked, keep what that takes too long for."""
        if self._socket is not None:
            await self._socket.end()
        else:
            await self._endpoint.close()
        await self._inbox.end(self._people.own_id, PATIENCE)
        await self._answers.following.end()

    def _built(self) -> AsyncApp:
        """Bolt's part. It is told who we are, for it would ask Slack, on a route of its own."""

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None,
                team_id=None,
                bot_user_id=self._people.own_id,
                bot_id=self._bot_id,
                bot_token=self._connection.bot_token,
            )

        logger = logging.getLogger("slack_bolt")
        logger.setLevel(logging.ERROR)  # it warns of tokens in the environment, which is ours
        app = AsyncApp(
            logger=logger,
            client=AsyncWebClient(base_url=self._client.base_url, session=self._session),
            authorize=authorize,
            request_verification_enabled=False,  # `Calls` does that; a socket needs none
        )
        self._routes.lead(app, self._inbox)
        return app

    async def _taken(self, payload: dict[str, Any]) -> dict[str, Any] | None:
        """What acknowledges a payload of Socket Mode; None: nothing does."""
        response = await self._app.async_dispatch(
            AsyncBoltRequest(mode="socket_mode", body=payload)
        )
        if response.status != 200:  # noqa: PLR2004 -- anything else
            log.warning("not for us", kind=payload.get("type"), status=response.status)
            return None
        return json.loads(response.body) if response.body else {}

    def _on_goodbye(self, event: dict[str, Any]) -> None:
        """The app was taken out of the workspace, or tokens were revoked: ours among them?"""
        revoked = event.get("tokens")
        ours = revoked is None or self._people.own_id in (revoked.get("bot") or ())
        if ours and not self._gone.done():
            self._gone.set_exception(UserError("connecting.slack_gone"))
