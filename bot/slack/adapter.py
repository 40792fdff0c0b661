"""The app on Slack: built once, connected while the service runs.

Socket Mode with an app-level token, else HTTP on our endpoint; slack-bolt checks signatures,
acknowledges and routes. Everything is acknowledged before it is answered.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.commands.dispatch import Commands
from bot.endpoint import Endpoint
from bot.pacing import Limits, Pacer, Rate, Turnstile
from bot.slack.answering import Answers
from bot.slack.channels import Channels, Heard
from bot.slack.client import Connection, open_session, web_client
from bot.slack.conversation import Conversation, Rules, commanded_from, line_of, subscribing
from bot.slack.failures import FAILURES, TOKEN_GONE, code_of
from bot.slack.form import CALLBACK, TOPIC, ZONE
from bot.slack.home import HomeTab
from bot.slack.messenger import SlackMessenger
from bot.slack.modal import Modal
from bot.slack.once import Once
from bot.slack.people import People
from bot.slack.requirements import LOOKUP, PATH
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

Ack = Callable[..., Awaitable[Any]]


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
        greet: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Needs a running loop. `greet` is told the app's name once it is known."""
        self._connection = connection
        self._commands = commands
        self._clock = clock
        self._endpoint = endpoint
        self._greet = greet
        self._session = open_session(connection)
        self._client = web_client(connection, self._session)
        turnstile = Turnstile(Pacer(LIMITS), clock)
        self.messenger = SlackMessenger(
            self._client, turnstile, clock, verify=connection.verify_posts
        )
        self._people = People(self._client, clock)
        answers = Answers(self._client, self._session, turnstile, clock)
        self._conversation = Conversation(commands, answers, self._people, rules=rules)
        self._modal = Modal(self._client, self._conversation)
        self._home = HomeTab(self._client, commands, self._conversation, self._modal)
        self._channels = Channels(commands, answers, self._people)
        self._once = Once()
        self._busy: set[asyncio.Task[None]] = set()
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._app = self._built()
        if connection.app_token is None:
            endpoint.add(PATH, self._called)

    async def listen(self) -> None:
        """Answer people until cancelled.

        Raises UserError for a wrong token, and when the app is taken out of the workspace.
        """
        await self._reach()
        await self._commands.rooms.judge_again(Platform.SLACK)
        handler: AsyncSocketModeHandler | None = None
        try:
            if self._connection.app_token is None:
                await self._endpoint.open()
            else:
                handler = await self._connected(self._connection.app_token)
            await self._ended
        finally:
            await self._end(handler)

    async def close(self) -> None:
        """Give the connections back."""
        await self._session.close()

    async def _reach(self) -> None:
        """Ask who we are, again and again while Slack is out of reach."""
        wait = FIRST_AGAIN
        while True:
            try:
                known = await self._client.auth_test()
            except SlackApiError as error:
                if code_of(error) in TOKEN_GONE:
                    raise UserError("connecting.slack_token", code=code_of(error)) from error
                log.warning("Slack is out of reach", reason=code_of(error), again_in=wait)
            except FAILURES as error:
                log.warning("Slack is out of reach", reason=type(error).__name__, again_in=wait)
            else:
                self._people.own_id = known["user_id"]
                self._greet(known["user"])
                return
            await self._clock.sleep(wait)
            wait = min(2 * wait, LAST_AGAIN)

    async def _connected(self, app_token: str) -> AsyncSocketModeHandler:
        """A Socket Mode connection; it reconnects by itself."""
        handler = AsyncSocketModeHandler(self._app, app_token)
        socket = handler.client
        await socket.aiohttp_client_session.close()
        socket.aiohttp_client_session = self._session
        socket.proxy = None
        wait = FIRST_AGAIN
        while True:
            try:
                await handler.connect_async()  # type: ignore[no-untyped-call]
            except SlackApiError as error:
                if code_of(error) in TOKEN_GONE | {"not_allowed_token_type"}:
                    raise UserError("connecting.slack_app_token", code=code_of(error)) from error
                log.warning("Socket Mode is out of reach", reason=code_of(error))
            except FAILURES as error:
                log.warning("Socket Mode is out of reach", reason=type(error).__name__)
            else:
                return handler
            await self._clock.sleep(wait)
            wait = min(2 * wait, LAST_AGAIN)

    async def _called(self, request: web.Request) -> web.StreamResponse:
        """One call by HTTP; slack-bolt checks signature and time."""
        return await to_aiohttp_response(
            await self._app.async_dispatch(await to_bolt_request(request))
        )

    async def _end(self, handler: AsyncSocketModeHandler | None) -> None:
        """Hear nothing more, and answer what was asked."""
        if handler is not None:
            await handler.client.disconnect()  # type: ignore[no-untyped-call]
            handler.client.closed = True
            handler.client.message_processor.cancel()
        else:
            await self._endpoint.close()
        if self._busy:
            _, late = await asyncio.wait(self._busy, timeout=PATIENCE)
            for task in late:
                task.cancel()

    def _built(self) -> AsyncApp:
        app = AsyncApp(
            client=self._client,
            signing_secret=self._connection.signing_secret or "",
            request_verification_enabled=self._connection.app_token is None,
        )
        app.command(re.compile("/.*"))(self._acknowledged(self._on_command))
        app.action(re.compile("command-.*"))(self._acknowledged(self._on_click))
        app.shortcut(LOOKUP)(self._acknowledged(self._conversation.on_lookup))
        app.view(CALLBACK)(self._on_submission)
        app.options(re.compile(f"{TOPIC}|{ZONE}"))(self._on_typing)
        for name, heard in self.events.items():
            app.event(name)(self._heard(heard))
        return app

    @property
    def events(self) -> Mapping[str, Heard]:
        """What is listened to, by the events' names."""
        return {
            "app_home_opened": self._home.on_opened,
            "app_mention": self._conversation.on_mention,
            "app_uninstalled": self._on_goodbye,
            "message": self._on_message,
            "tokens_revoked": self._on_goodbye,
            **self._channels.events,
        }

    def _acknowledged(
        self, answer: Callable[[dict[str, Any]], Awaitable[None]]
    ) -> Callable[..., Awaitable[None]]:
        async def listener(ack: Ack, body: dict[str, Any]) -> None:
            await ack()
            if self._once.is_first(body):
                await self._work(answer(body))

        return listener

    def _heard(
        self, answer: Callable[[dict[str, Any]], Awaitable[None]]
    ) -> Callable[..., Awaitable[None]]:
        async def listener(body: dict[str, Any], event: dict[str, Any]) -> None:
            if self._once.is_first(body):
                await self._work(answer(event))

        return listener

    async def _work(self, answering: Awaitable[None]) -> None:
        """Answer, and be waited for at the end. Raises nothing."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 -- a listener runs in one
        self._busy.add(task)
        try:
            await answering
        except Exception:
            log.exception("event failed")
        finally:
            self._busy.discard(task)

    async def _on_command(self, body: dict[str, Any]) -> None:
        """A slash command; the one to subscribe without a topic opens the form."""
        if subscribing(line_of(body)) != "":
            await self._conversation.on_command(body)
            return
        origin = commanded_from(body)
        try:
            reply = await self._modal.open(body["trigger_id"], origin.place, origin.user)
        except Exception:
            await self._conversation.sorry(origin)
            raise
        if reply is not None:
            await self._conversation.answers.answer(reply, origin)

    async def _on_click(self, body: dict[str, Any]) -> None:
        """A button of the Home tab, or of a message."""
        answering = self._home if body.get("view") else self._conversation
        await answering.on_click(body)

    async def _on_submission(self, ack: Ack, body: dict[str, Any]) -> None:
        await self._work(self._submitted(ack, body))

    async def _submitted(self, ack: Ack, body: dict[str, Any]) -> None:
        """The form; where it was opened from the Home tab, that has changed beneath it."""
        if await self._modal.submitted(ack, body):
            await self._home.show(body["user"]["id"])

    async def _on_typing(self, ack: Ack, body: dict[str, Any]) -> None:
        await ack(options=self._modal.suggestions(body))

    async def _on_message(self, event: dict[str, Any]) -> None:
        """Direct messages of people; edits, joins and other bots are no talk to us."""
        is_talk = event.get("subtype") in (None, "file_share", "thread_broadcast")
        if event.get("channel_type") == "im" and is_talk and not event.get("bot_id"):
            await self._conversation.on_direct(event)

    async def _on_goodbye(self, _: dict[str, Any]) -> None:
        """The app was taken out of the workspace, or its tokens were revoked."""
        if not self._ended.done():
            self._ended.set_exception(UserError("connecting.slack_gone"))
