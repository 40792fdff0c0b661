"""Blocks and views in short, and what tests of the loopback Slack do again and again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_server import SlackServer


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, **more}


def section(text: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(label: str = "x", action: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": action, **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "x", value: str = "1") -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def menu(*options: dict[str, Any], action: str = "m", **more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": action, "options": list(options), **more}


def entry(element: dict[str, Any], label: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain(label), "element": element, **more}


def modal(*blocks: dict[str, Any], title: str = "x", **more: Any) -> dict[str, Any]:
    made = {"type": "modal", "title": plain(title), "submit": plain("ok")}
    return made | {"blocks": list(blocks) or [section()]} | more


async def refusal(call: Any) -> Any:
    """The response of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk would send what is for the loopback to a proxy."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@asynccontextmanager
async def slack_without_complaints(
    monkeypatch: pytest.MonkeyPatch, **how: Any
) -> AsyncIterator[SlackServer]:
    """A loopback Slack; at the end it must have refused nothing and found nothing wrong."""
    without_proxies(monkeypatch)
    async with SlackServer(**how) as server:
        yield server
        assert server.violations == []
        assert server.refused == []
