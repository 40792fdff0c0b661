"""Whether a message has the form that ours have: taken whole, and within our budgets."""

import re
from html import unescape
from unicodedata import normalize

import documents
from telegram_texts import Text as Shown
from telegram_texts import check_text, parse, units

from formatters.telegram import Message


def shown(message: Message) -> Shown:
    """The message as TDLib shows it, once it is sure that Telegram takes it whole."""
    text = parse(message.text, "html")
    check_text(text)
    assert text.plain == unescape(re.sub(r"<[^>]*>", "", message.text)).strip()
    assert units(text.plain) <= 3_800
    assert len(text.entities) <= text.weight <= 90
    keys = [key for row in message.rows for key in row]
    assert len(keys) <= 100
    assert all(len(row) <= 8 and row for row in message.rows)
    assert all(key.label.strip() for key in keys)
    assert all(1 <= len(key.data.encode()) <= 64 for key in keys)
    return text


def kinds(text: Shown) -> set[str]:
    return {entity["type"] for entity in text.entities}


def covered(text: Shown, entity: dict) -> str:
    wide = text.plain.encode("utf-16-le")
    start = 2 * entity["offset"]
    return wide[start : start + 2 * entity["length"]].decode("utf-16-le")


def labels(message: Message) -> list[list[str]]:
    return [[key.label for key in row] for row in message.rows]


def bare(text: str) -> str:
    """Text without what stands between parts, and composed as Telegram composes it."""
    return normalize("NFC", documents.bare(text))
