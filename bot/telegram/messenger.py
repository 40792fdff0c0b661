"""The outbox's way to Telegram: each part one call, at Telegram's pace."""

import structlog
from telegram import Bot

from bot.pacing import Turnstile
from bot.telegram import posting
from bot.telegram.places import Place, read_address
from formatters.file import from_file_payload
from formatters.telegram import from_payload
from jobs.ports import Rejected, RetryLater
from storage.models import Operation, Part

log = structlog.get_logger()


class TelegramMessenger:
    """Sends parts. A part's reference is `chat:message`, as a later edit needs it."""

    def __init__(self, bot: Bot, turnstile: Turnstile) -> None:
        self._bot = bot
        self._turnstile = turnstile

    async def turn(self, address: str) -> None:
        """Wait until Telegram's limits let something go there. Raises RetryLater."""
        place = read_address(address)
        await self._turnstile.turn(place.room, group=not place.is_private)

    async def send(self, part: Part) -> str | None:
        """Post, edit or send a file. Raises RetryLater, Rejected, Ambiguous or Moved."""
        place = read_address(part.address)
        try:
            if part.operation is Operation.EDIT:
                return await self._edit(part)
            sent = await self._post(part, place)
        except RetryLater as error:
            if error.after:
                self._turnstile.refused(place.room, error.after)
            raise
        except Rejected as error:
            if not error.gone:  # it is what we sent that is wrong
                log.exception("part refused", part=part.key, chat=place.room)
            raise
        return f"{place.chat}:{sent}"

    async def _post(self, part: Part, place: Place) -> int:
        if part.operation is Operation.FILE:
            file = from_file_payload(part.payload)
            return await posting.send_file(self._bot, place, file, answers=_beneath(part, place))
        return await posting.post(
            self._bot, place, from_payload(part.payload), answers=_beneath(part, place)
        )

    async def _edit(self, part: Part) -> str | None:
        if part.parent_ref is None:
            raise Rejected("nothing to edit")
        place = read_address(part.address)
        message_id = _beneath(part, place)
        if message_id is None:
            raise Rejected("it stands in the group that became this one")
        try:
            await posting.edit(self._bot, place, message_id, from_payload(part.payload))
        except posting.Gone as error:
            raise Rejected(str(error)) from error
        return part.parent_ref


def _beneath(part: Part, place: Place) -> int | None:
    """The message that the part belongs to, where it still stands in this chat."""
    chat, _, message_id = (part.parent_ref or "").partition(":")
    return int(message_id) if chat == place.room else None
