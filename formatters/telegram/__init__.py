"""Documents as Telegram messages: HTML within Telegram's limits, with their keyboards.

Pure, and knows no library of Telegram's. Nothing of a paper can mention anybody, offer a
command, or break the markup.
"""

from formatters.telegram.callbacks import (
    Callback,
    callback_data,
    long_commands,
    read_callback,
)
from formatters.telegram.fitting import messages, one_message
from formatters.telegram.message import Key, Message, from_payload, to_payload
from formatters.telegram.renderer import TelegramRenderer
from formatters.telegram.toasts import toast

__all__ = [
    "Callback",
    "Key",
    "Message",
    "TelegramRenderer",
    "callback_data",
    "from_payload",
    "long_commands",
    "messages",
    "one_message",
    "read_callback",
    "to_payload",
    "toast",
]
