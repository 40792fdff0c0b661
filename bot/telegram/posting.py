"""One call to Telegram at a time: a message posted, edited, a file sent; errors understood.

Both ways out go through here: delivery (`messenger`) and answers (`answering`). Texts come
finished from `formatters.telegram`.
"""

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.telegram.failures import meaning, says
from bot.telegram.places import Place
from formatters.file import File
from formatters.telegram import Key, Message

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
UNCHANGED = "message is not modified"
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


class Gone(Exception):
    """The message that was to be edited is not there any more, or too old."""


async def post(bot: Bot, place: Place, message: Message, *, answers: int | None = None) -> int:
    """Post a message, as an answer to another where that still stands; returns its id.

    Raises RetryLater, Rejected, Ambiguous or Moved.
    """
    try:
        sent = await bot.send_message(
            place.chat,
            message.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=place.thread,
            link_preview_options=NO_PREVIEW,
            disable_notification=message.silent,
            reply_markup=keyboard(message),
            reply_parameters=_answering(answers),
        )
    except TelegramError as error:
        raise meaning(error, place) from error
    return sent.message_id


async def edit(bot: Bot, place: Place, message_id: int, message: Message) -> None:
    """Put a message in the place of another one; the same once more is no failure.

    Raises Gone, RetryLater, Rejected or Moved.
    """
    try:
        await bot.edit_message_text(
            message.text,
            chat_id=place.chat,
            message_id=message_id,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard(message),
        )
    except BadRequest as error:
        if says(error, UNCHANGED):
            return
        if says(error, *GONE):
            raise Gone(error.message) from error
        raise meaning(error, place) from error
    except TelegramError as error:
        raise meaning(error, place, repeatable=True) from error


async def send_file(bot: Bot, place: Place, file: File, *, answers: int | None = None) -> int:
    """Post a file; as for `post`."""
    try:
        sent = await bot.send_document(
            place.chat,
            InputFile(file.content.encode(), filename=file.name),
            message_thread_id=place.thread,
            disable_notification=True,
            reply_parameters=_answering(answers),
        )
    except TelegramError as error:
        raise meaning(error, place) from error
    return sent.message_id


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The message's keys as Telegram takes them."""
    if not message.rows:
        return None
    return InlineKeyboardMarkup([[_button(key) for key in row] for row in message.rows])


def _button(key: Key) -> InlineKeyboardButton:
    return InlineKeyboardButton(key.label, callback_data=key.data, url=key.href)


def _answering(message_id: int | None) -> ReplyParameters | None:
    if message_id is None:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)
