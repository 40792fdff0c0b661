"""The form of /subscribe: opened at once, submitted, answered in its own place.

What is entered goes the way of every line, so that access, rights and floods hold. What the
form says is `form`'s and `suggesting`'s subject.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.request import Reply, Told
from bot.slack import form, suggesting
from bot.slack.conversation import Conversation
from bot.slack.failures import FAILURES
from bot.slack.form import CHANNEL, TOPIC, Asker, Entered, Errors, Json
from bot.slack.places import Place
from formatters.catalogue import say
from formatters.compose.replies.mistakes import user_error

LONGEST_ACK = 2.0
"""Seconds after which the form says that it is being worked on; Slack waits three."""
MOST_KEPT = 100
ASKING = "/subscribe"

log = structlog.get_logger()

Ack = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submitted form: another view in its place, or errors at its fields."""

    view: Json | None = None
    errors: Errors | None = None
    told: tuple[Told, ...] = ()
    """Words to others."""
    reply: Reply | None = None
    """What the chat sees of it, where it can be reached."""
    place: Place | None = None

    @property
    def response(self) -> Json:
        """As the acknowledgement carries it."""
        if self.errors:
            return {"response_action": "errors", "errors": self.errors}
        return {"response_action": "update", "view": self.view}


class Modal:
    """Opens and reads the form for one app."""

    def __init__(self, client: AsyncWebClient, conversation: Conversation) -> None:
        self._client = client
        self._conversation = conversation
        self._answers = conversation.answers
        self._submitted: OrderedDict[str, asyncio.Task[Outcome]] = OrderedDict()

    async def open(self, trigger: str, place: Place, user: str) -> Reply | None:
        """Show the form; or return what is to be answered, where that can't be."""
        reply = await self._conversation.ask(ASKING, place, user, by_form=True)
        if reply is None or reply.failed:
            return reply
        who = await self._conversation.people.person(user)
        channel = None if place.is_private else place.channel
        view = form.form(Asker(who.lang or reply.lang, who.tz, channel))
        try:
            await self._client.views_open(trigger_id=trigger, view=view)
        except FAILURES as error:
            log.warning("form not opened", reason=str(error))
            return await self._conversation.ask(ASKING, place, user)
        return None

    def suggestions(self, body: Json) -> list[suggesting.Option]:
        """What a menu of the form offers for what was typed."""
        lang = form.lang_of_form(body["view"])
        offered = suggesting.topics if body["action_id"] == TOPIC else suggesting.zones
        return offered(body.get("value") or "", lang)

    async def submitted(self, ack: Ack, body: Json) -> bool:
        """Answer a submission in time; what comes later is put in the form's place.

        Whether it made a subscription.
        """
        task, is_first = self._once(body)
        await asyncio.wait([task], timeout=LONGEST_ACK)
        in_time = task.done()
        meanwhile = Outcome(form.working(form.lang_of_form(body["view"])))
        await ack(**(task.result() if in_time else meanwhile).response)
        if not is_first:
            return False
        outcome = await task
        if not in_time:
            await self._show_late(body["view"], outcome)
        await self._tell(outcome)
        return not outcome.errors

    def _once(self, body: Json) -> tuple[asyncio.Task[Outcome], bool]:
        """The work on a submission; one that comes again gets the same answer."""
        trigger = body["trigger_id"]
        known = self._submitted.get(trigger)
        if known is not None:
            return known, False
        task = asyncio.create_task(self._work(body))
        self._submitted[trigger] = task
        if len(self._submitted) > MOST_KEPT:
            self._submitted.popitem(last=False)
        return task, True

    async def _work(self, body: Json) -> Outcome:
        entered = form.entered(body["view"])
        try:
            return await self._subscribed(entered, body["user"]["id"])
        except Exception:
            log.exception("form failed")
            return Outcome(errors={TOPIC: say("elsewhere.defect", entered.lang)})

    async def _subscribed(self, entered: Entered, user: str) -> Outcome:
        if entered.mistakes:
            return Outcome(errors=entered.mistakes)
        place = entered.place(user)
        reply = await self._conversation.ask(entered.line, place, user, tapped=True, by_form=True)
        if reply is None:
            return Outcome(errors={CHANNEL: say("form.unheard", entered.lang)})
        if reply.failed or reply.question is not None:
            return Outcome(errors=_mistake(reply, entered), told=reply.told)
        told = await self._conversation.with_invitation(reply, place)
        view = form.answer(told.document, reply.lang)
        is_there = told is reply
        return Outcome(view, reply=reply if is_there else None, place=place)

    async def _show_late(self, submitted: Json, outcome: Outcome) -> None:
        lang = form.lang_of_form(submitted)
        view = outcome.view or form.failed(outcome.errors or {}, lang)
        try:
            await self._client.views_update(view_id=submitted["id"], view=view)
        except FAILURES as error:
            log.info("form not updated", reason=str(error))

    async def _tell(self, outcome: Outcome) -> None:
        """Everybody in the chat sees what was subscribed; admins hear of who wants to be let in."""
        await self._answers.tell(outcome.told)
        if outcome.reply is not None and outcome.place is not None:
            reply = outcome.reply
            await self._answers.say(reply.document, reply.lang, outcome.place)


def _mistake(reply: Reply, entered: Entered) -> Errors:
    """What was wrong, at its field; a mistake is told in the form's language."""
    if reply.question is not None:
        return {entered.topic_field: say("form.no_topic", entered.lang)}
    told = user_error(reply.wrong, entered.lang) if reply.wrong else reply.document
    return {entered.field_of(reply.wrong): form.words(told)}
