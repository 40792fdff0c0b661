"""Whether a request is one that the Bot API defines, and whether its keyboard can be shown.

The parameters are judged by aiogram's models of the methods, with everything refused that those
would silently keep as an unknown field. Knows no chats: what depends on them is checked there.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin
from urllib.parse import urlsplit

from aiogram import methods
from aiogram.enums import ChatAction
from aiogram.types import InlineKeyboardMarkup, InputFile
from pydantic import BaseModel, ValidationError
from telegram_refusals import bad_request

BUTTONS = 100
BUTTONS_IN_ROW = 8

_ACTIONS = frozenset(action.value for action in ChatAction)


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file."""

    name: str
    content: bytes


Params = dict[str, Any]


@cache
def known_methods() -> Mapping[str, type[BaseModel]]:
    """The Bot API's methods by their name in lower case."""
    every = (getattr(methods, name) for name in methods.__all__)
    named = (each for each in every if isinstance(getattr(each, "__api_method__", None), str))
    return {each.__api_method__.lower(): each for each in named}


def decoded(model: type[BaseModel], fields: Mapping[str, Any]) -> Params:
    """Form fields as values: numbers, flags and objects come as JSON."""
    values = {}
    for name, value in fields.items():
        if isinstance(value, str) and name in model.model_fields and not _is_text(model, name):
            try:
                values[name] = json.loads(value)
            except ValueError:
                raise bad_request(f"can't parse {name}: {value[:100]}") from None
        else:
            values[name] = value
    return values


def check(model: type[BaseModel], params: Params) -> None:
    """Refuse parameters that the method does not define, at any depth."""
    shown = {
        name: f"attach://{value.name}" if isinstance(value, File) else value
        for name, value in params.items()
        if not (name == "thumbnail" and isinstance(value, File))
    }
    try:
        parsed = model.model_validate_json(json.dumps(shown), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise bad_request(f"parameter {where}: {first['msg']}") from None
    if unknown := list(unknown_fields(parsed)):
        raise bad_request(f"unknown parameters: {', '.join(unknown)}")
    if isinstance(getattr(parsed, "reply_markup", None), InlineKeyboardMarkup):
        check_keyboard(params["reply_markup"])


def check_keyboard(markup: Mapping[str, Any]) -> None:
    """Refuse an inline keyboard that Telegram would refuse."""
    rows = markup["inline_keyboard"]
    if sum(map(len, rows)) > BUTTONS or any(len(row) > BUTTONS_IN_ROW for row in rows):
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for button in (each for row in rows for each in row):
        _check_button(button)


def check_commands(commands: list[Mapping[str, str]], language: str | None) -> None:
    """Refuse a command menu that Telegram would refuse."""
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for each in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", each["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(each["description"].strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def check_toast(text: str, url: str, username: str) -> None:
    """Refuse an answer to a tap that Telegram would refuse."""
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    allowed = re.escape(f"t.me/{username}?start=")
    if url and not re.fullmatch(rf"(https?://)?{allowed}[A-Za-z0-9_-]{{0,64}}", url):
        raise bad_request("URL_INVALID")


def check_action(action: str) -> None:
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")


def is_web_address(url: str) -> bool:
    """Whether a button or link may lead there."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "tg":
        return bool(host)
    plain = not re.search(r"\s", url)
    return plain and parts.scheme in ("http", "https") and bool(re.search(r".\.[^.]", host))


def _check_button(button: Mapping[str, Any]) -> None:
    kinds = [name for name in button if name not in ("text", "style", "icon_custom_emoji_id")]
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: Button text must be non-empty")
    if not kinds:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed")
    if len(kinds) > 1:
        raise bad_request("can't parse inline keyboard button: more than one action")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if (url := button.get("url")) is not None and not is_web_address(url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


@cache
def _is_text(model: type[BaseModel], name: str) -> bool:
    """Whether a field holds words, which a form sends as they are."""
    annotation = model.model_fields[name].annotation
    union = get_origin(annotation) in (Union, UnionType)
    kinds = get_args(annotation) if union else (annotation,)
    return str in kinds or InputFile in kinds


def unknown_fields(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from (f"{path}{name}" for name in value.model_extra or ())
        for name in value.model_fields_set & type(value).model_fields.keys():
            yield from unknown_fields(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from unknown_fields(each, f"{path}{number}.")
