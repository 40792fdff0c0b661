"""The manifests: within Slack's limits, and just what the code uses, neither more nor less."""

import ast
from pathlib import Path
from typing import Any

import pytest
from slack_manifests import ROOT, manifest
from slack_sdk.web.async_client import AsyncWebClient
from slack_stage import slack_stage

from bot.commands.names import Name, by_word
from bot.slack import requirements
from bot.slack.conversation import UMBRELLA

NAMES = ("slack-manifest.yaml", "slack-manifest-verify.yaml")
METHOD_SCOPES = {
    "apps_connections_open": (),  # of the app-level token
    "auth_test": (),
    "chat_postEphemeral": ("chat:write",),
    "chat_postMessage": ("chat:write",),
    "chat_update": ("chat:write",),
    "conversations_history": requirements.HISTORY_SCOPES,
    "conversations_info": ("channels:read", "groups:read"),
    "conversations_members": ("channels:read", "groups:read"),
    "conversations_open": ("im:write",),
    "conversations_replies": requirements.HISTORY_SCOPES,
    "files_upload_v2": ("files:write",),
    "users_info": ("users:read",),
    "views_open": (),
    "views_publish": (),
    "views_update": (),
}
"""What the Web API's methods need, by Slack's reference of methods."""
EVENT_SCOPES = {
    "app_mention": ("app_mentions:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "message.im": ("im:history",),
    **dict.fromkeys(("app_home_opened", "app_uninstalled", "tokens_revoked"), ()),
    **{
        f"{kind}_{what}": (f"{kind}s:read",)
        for kind in ("channel", "group")
        for what in ("archive", "deleted", "left", "rename", "unarchive")
    },
}


def methods_called() -> set[str]:
    """The Web API's methods that the package calls."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "bot" / "slack").glob("*.py")]
    called = {
        node.func.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    known = {*vars(AsyncWebClient)}
    return {name for name in called if "_" in name.strip("_") and name in known}


@pytest.fixture(params=NAMES)
def shown(request: pytest.FixtureRequest) -> dict[str, Any]:
    return manifest(request.param)


def test_the_scopes_are_those_of_the_methods_and_events_that_the_code_uses() -> None:
    needed = {"commands"}  # slash commands and shortcuts
    for name in methods_called():
        needed |= {*METHOD_SCOPES[name]}
    for name in requirements.EVENTS:
        needed |= {*EVENT_SCOPES[name]}
    assert needed - {*requirements.HISTORY_SCOPES} == {*requirements.BOT_SCOPES}
    assert {*requirements.HISTORY_SCOPES} < needed


async def test_the_events_are_those_that_the_code_listens_to(tmp_path: Path) -> None:
    async with slack_stage(tmp_path) as stage:
        (slack,) = stage.app.listeners
        heard = {*slack.events} - {"message"} | {"message.im"}
    assert heard == {*requirements.EVENTS}


def test_the_commands_exist_and_answer_to_their_words() -> None:
    words = [command.removeprefix("/") for command in requirements.SLASH_COMMANDS]
    assert f"/{words[0]}" == UMBRELLA
    assert {*words[1:]} <= {*by_word()}
    assert {*words[1:]} <= {*Name}


@pytest.mark.parametrize("name", NAMES)
def test_a_manifest_has_just_what_the_code_requires(name: str) -> None:
    shown = manifest(name)
    scopes, events = {*requirements.BOT_SCOPES}, [*requirements.EVENTS]
    if name == NAMES[1]:
        scopes |= {*requirements.HISTORY_SCOPES}
    commands = [each["command"] for each in shown["features"]["slash_commands"]]
    assert commands == [*requirements.SLASH_COMMANDS]
    assert shown["oauth_config"] == {"scopes": {"bot": sorted(scopes)}}
    (shortcut,) = shown["features"]["shortcuts"]
    assert (shortcut["type"], shortcut["callback_id"]) == ("message", requirements.LOOKUP)
    assert shown["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert shown["settings"] == {
        "event_subscriptions": {"bot_events": sorted(events)},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
    }


def test_the_variant_differs_by_its_scopes_alone() -> None:
    usual, verifying = map(manifest, NAMES)
    scopes = verifying["oauth_config"]["scopes"]
    scopes["bot"] = [s for s in scopes["bot"] if s not in requirements.HISTORY_SCOPES]
    assert verifying == usual


def test_every_text_is_within_slacks_limits(shown: dict[str, Any]) -> None:
    about, features = shown["display_information"], shown["features"]
    assert {*shown} == {
        "_metadata", "display_information", "features", "oauth_config", "settings",
    }  # fmt: skip
    assert 0 < len(about["name"]) <= 35
    assert 0 < len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert len(about["background_color"]) == 7
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(features["slash_commands"]) <= 50
    for each in features["slash_commands"]:
        assert {*each} <= {"command", "description", "usage_hint", "should_escape"}
        assert len(each["command"]) <= 32
        assert each["command"] == each["command"].lower()
        assert 0 < len(each["description"]) <= 2000
        assert each.get("usage_hint", "-")
        assert len(each.get("usage_hint", "")) <= 1000
    for each in features["shortcuts"]:
        assert 0 < len(each["name"]) <= 24
        assert 0 < len(each["description"]) <= 150
        assert len(each["callback_id"]) <= 255
    assert len(shown["settings"]["event_subscriptions"]["bot_events"]) <= 100


def test_no_address_is_given_under_socket_mode(shown: dict[str, Any]) -> None:
    assert "url" not in str(shown).casefold()
