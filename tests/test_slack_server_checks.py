"""What the loopback Slack refuses, notes and reads, as the real slack_sdk meets it."""

import pytest
from slack_examples import (
    actions,
    button,
    entry,
    menu,
    mrkdwn,
    option,
    plain,
    refusal,
    section,
    without_proxies,
)
from slack_refusals import Refusal
from slack_sdk.web.async_client import AsyncWebClient
from slack_server import SlackServer

URL = "https://example.org/"


TYPED = {"type": "plain_text_input", "action_id": "t"}


@pytest.fixture
async def server(monkeypatch):
    without_proxies(monkeypatch)
    async with SlackServer() as started:
        yield started


@pytest.fixture
def client(server):
    return AsyncWebClient(server.token, base_url=server.base_url)


@pytest.fixture
def ada(server):
    return server.user("Ada", admin=True)


@pytest.fixture
def lab(server, ada):
    return server.channel("lab", [ada])


async def post(client, channel, **content):
    """Without what slack_sdk itself says about the content."""
    return await client.api_call("chat.postMessage", json={"channel": channel.id, **content})


@pytest.mark.parametrize(
    ("block", "words", "where"),
    [
        (section("x" * 3001), "must be less than 3001 characters", "/text/text"),
        (section(" "), "must be more than 0 characters", "/text/text"),
        ({"type": "section"}, "missing required field: text", ""),
        (section(colour="red"), "invalid additional property: colour", ""),
        (section(fields=[mrkdwn("x")] * 11), "no more than 10 items allowed", "/fields"),
        (section(fields=[mrkdwn("x" * 2001)]), "must be less than 2001", "/fields/0/text"),
        (section(block_id="x" * 256), "must be less than 256 characters", "/block_id"),
        ({"type": "header", "text": plain("x" * 151)}, "must be less than 151", "/text/text"),
        ({"type": "header", "text": mrkdwn("x")}, "unsupported type: mrkdwn", "/text/type"),
        ({"type": "context", "elements": [mrkdwn("x")] * 11}, "no more than 10", "/elements"),
        ({"type": "context", "elements": []}, "no fewer than 1 items required", "/elements"),
        (actions(*[button(action=str(at)) for at in range(26)]), "no more than 25", "/elements"),
        (actions(button(), button()), '`action_id` "a" already exists', "/elements/1/action_id"),
        (actions(button("x" * 76)), "must be less than 76", "/elements/0/text/text"),
        (actions(button(value="x" * 2001)), "must be less than 2001", "/elements/0/value"),
        (actions(button(url=URL + "x" * 3000)), "must be less than 3001", "/elements/0/url"),
        (actions(button(url="nowhere")), "invalid url", "/elements/0/url"),
        (actions(button(style="loud")), "must be one of: primary, danger", "/elements/0/style"),
        (actions(menu(*[option()] * 101)), "no more than 100", "/elements/0/options"),
        (actions(menu(option("x" * 76))), "must be less than 76", "/options/0/text/text"),
        (actions(menu(option("x", "y" * 151))), "must be less than 151", "/options/0/value"),
        (actions(menu(option(), initial_option=option("z"))), "must match one of", "option"),
        (actions(TYPED), "unsupported type: plain_text_input", "/elements/0/type"),
        (section(accessory={"type": "divider"}), "unsupported type: divider", "/accessory/type"),
        (entry(TYPED | {"placeholder": plain("x" * 151)}), "must be less than 151", "text"),
        ({"type": "image", "alt_text": "x"}, "either image_url or slack_file", ""),
        ({"type": "markdown", "text": "x" * 12_001}, "must be less than 12001", "/text"),
        ({"type": "carousel", "elements": []}, "at least 1 card", ""),
        ({"type": "marquee"}, "unsupported type: marquee", "/type"),
        ("words", "must provide an object", ""),
    ],
)
async def test_a_bad_block_is_refused_with_its_place(client, lab, *, block, words, where):
    content = {"text": "x", "blocks": [{"type": "divider"}, block]}
    response = await refusal(post(client, lab, **content))
    assert response["error"] == "invalid_blocks"
    (first, *_) = response["response_metadata"]["messages"]
    assert first.startswith("[ERROR] ")
    assert words in first
    assert "[json-pointer:/blocks/1" in first
    assert first.endswith(f"{where}]")
    assert lab.sent == []


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": "x", "blocks": [section()] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": [section(block_id="b"), section(block_id="b")]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section("x" * 2700)] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "blocks": [{"type": "markdown", "text": "x" * 6500}] * 2}, "msg_too_long"),
        ({"text": "x", "blocks": "no json"}, "invalid_blocks_format"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"text": "x", "metadata": {"event_type": "part"}}, "invalid_metadata_format"),
        (
            {"text": "x", "metadata": {"event_type": "p", "event_payload": {"x": "y" * 20_000}}},
            "metadata_too_large",
        ),
    ],
)
async def test_a_message_that_slack_would_not_take_is_refused(client, lab, *, content, error):
    response = await refusal(post(client, lab, **content))
    assert response["error"] == error
    assert lab.sent == []


async def test_the_most_that_slack_takes_is_taken(server, client, lab):
    blocks = [section("x" * 180) for _ in range(50)]
    await client.chat_postMessage(channel=lab.id, text="digest", blocks=blocks)
    assert lab.last.characters == 9000
    assert server.violations == []
    await client.chat_postMessage(channel=lab.id, text="d", blocks=[section("x" * 3000)] * 4)
    assert server.violations == ["12000 characters over all blocks, where 9000 are safe"]


async def test_what_would_be_spoiled_is_noted(server, client, lab):
    await post(client, lab, blocks=[section()])
    await client.chat_postMessage(channel=lab.id, text="x" * 40_001)
    await client.chat_postMessage(channel=lab.id, text="x", thread="1.2", client_msg_id="key")
    await client.chat_postMessage(channel=lab.id, text="x", thread_ts="1.2", link_names=True)
    assert len(lab.messages[1].raw) == 40_000
    assert server.violations == [
        "blocks without a fallback text",
        "text of 40001 characters is cut",
        "chat.postMessage has no argument thread",
        "client_msg_id 'key' is no UUID",
        "plain words may mention: link_names or parse=full",
        f"an answer to 1.2, which is no message of {lab}",
    ]


async def test_what_was_sent_with_a_message_is_kept(client, lab):
    part = {"event_type": "paperround_part", "event_payload": {"part": "7"}}
    ident = "5b1f0d4e-0d6c-5d3b-8a57-3f6b4c1d2e3f"
    sent = await client.chat_postMessage(
        channel="#lab", text="x", metadata=part, client_msg_id=ident, unfurl_links=False
    )
    await client.chat_postMessage(
        channel=lab.id, text="y", thread_ts=sent["ts"], reply_broadcast=True, metadata=part
    )
    await client.chat_postMessage(channel=lab.id, text="z", thread_ts=sent["ts"])
    root, card, other = lab.messages
    assert (root.metadata, root.client_msg_id, root.unfurl) == (part, ident, (False, None))
    assert root.replies == [card, other]
    assert lab.roots == [root, card]
    history = await client.conversations_history(channel=lab.id, include_all_metadata=True)
    assert [each.get("metadata") for each in history["messages"]] == [part, part]
    assert history["messages"][-1]["reply_count"] == 2
    thread = await client.conversations_replies(channel=lab.id, ts=sent["ts"], limit=2)
    assert [each["text"] for each in thread["messages"]] == ["x", "y"]
    assert "metadata" not in thread["messages"][0]
    assert thread["response_metadata"]["next_cursor"]
    since = await client.conversations_history(channel=lab.id, oldest=sent["ts"], inclusive=False)
    assert [each["text"] for each in since["messages"]] == ["y"]


async def test_messages_are_changed_and_deleted_by_their_author(client, ada, lab):
    sent = await client.chat_postMessage(channel=lab.id, text="x", blocks=[section("one")])
    await client.chat_update(channel=lab.id, ts=sent["ts"], text="two")
    assert (lab.last.text, lab.last.raw) == ("one", "two")
    await client.chat_update(channel=lab.id, ts=sent["ts"], text="two", blocks=[])
    assert (lab.last.text, lab.last.edits) == ("two", 2)
    theirs = await ada.says("hello", lab)
    for ts, text, error in [
        (theirs.ts, "x", "cant_update_message"),
        ("1.2", "x", "message_not_found"),
        (sent["ts"], "x" * 4001, "msg_too_long"),
    ]:
        response = await refusal(client.chat_update(channel=lab.id, ts=ts, text=text))
        assert response["error"] == error
    whispered = await client.chat_postEphemeral(channel=lab.id, user=ada.id, text="psst")
    response = await refusal(
        client.chat_update(channel=lab.id, ts=whispered["message_ts"], text="x")
    )
    assert response["error"] == "message_not_found"
    await client.chat_delete(channel=lab.id, ts=sent["ts"])
    assert lab.messages == []


async def test_where_the_bot_may_write(server, client, ada, lab):
    away = server.channel("away", [ada], bot=False)
    den = server.channel("den", [ada], private=True, bot=False)
    hall = server.channel("hall", [ada])
    hall.posting = "admins"

    async def tried(channel):
        return (await refusal(client.chat_postMessage(channel=channel.id, text="x")))["error"]

    assert await tried(away) == "not_in_channel"
    assert await tried(den) == "channel_not_found"
    assert await tried(hall) == "restricted_action"
    await lab.archive()
    assert await tried(lab) == "is_archived"
    await lab.delete()
    assert await tried(lab) == "channel_not_found"
    server.messages_tab = False
    assert await tried(ada.dm) == "messages_tab_disabled"
    server.scopes |= {"chat:write.public"}
    await client.chat_postMessage(channel=away.id, text="x")
    stranger = server.user("Bo")
    response = await refusal(client.chat_postEphemeral(channel=hall.id, user=stranger.id, text="x"))
    assert response["error"] == "restricted_action"
    hall.posting = "everyone"
    response = await refusal(client.chat_postEphemeral(channel=hall.id, user=stranger.id, text="x"))
    assert response["error"] == "user_not_in_channel"
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [each["name"] for each in listed["channels"]] == ["away", "hall"]
    assert (await refusal(client.conversations_info(channel=den.id)))[
        "error"
    ] == "channel_not_found"


async def test_tokens_and_scopes(server, client, ada, lab):
    for token, error in [("", "not_authed"), ("xoxb-other", "invalid_auth")]:
        other = AsyncWebClient(token, base_url=server.base_url)
        assert (await refusal(other.auth_test()))["error"] == error
    response = await refusal(client.apps_connections_open(app_token=server.token))
    assert response["error"] == "not_allowed_token_type"
    server.scopes = frozenset({"chat:write", "channels:read"})
    tested = await client.auth_test()
    assert tested.headers["x-oauth-scopes"] == "channels:read,chat:write"
    assert tested["user_id"] == server.bot_user
    await client.conversations_info(channel=lab.id)
    response = await refusal(client.conversations_history(channel=lab.id))
    assert (response["error"], response["needed"]) == ("missing_scope", "channels:history")
    response = await refusal(client.users_info(user=ada.id))
    assert (response["needed"], response["provided"]) == ("users:read", "channels:read,chat:write")
    server.token_error = "token_revoked"
    assert (await refusal(client.auth_test()))["error"] == "token_revoked"


async def test_people_bots_and_the_workspace_are_known(server, client, ada, lab):
    user = (await client.users_info(user=ada.id, include_locale=True))["user"]
    assert (user["tz"], user["locale"], user["is_admin"]) == ("Europe/Amsterdam", "en-US", True)
    opened = await client.conversations_open(users=[ada.id])
    assert opened["channel"]["id"] == ada.dm.id
    assert (await client.conversations_info(channel=ada.dm.id))["channel"]["user"] == ada.id
    members = (await client.conversations_members(channel=lab.id))["members"]
    assert members == [ada.id, server.bot_user]
    assert (await client.bots_info(bot=server.bot_id))["bot"]["user_id"] == server.bot_user
    assert (await client.team_info())["team"]["id"] == server.team
    await ada.deactivates()
    assert (await refusal(client.conversations_open(users=[ada.id])))["error"] == "user_disabled"


async def test_files_are_kept_with_their_name_bytes_and_thread(client, lab):
    root = await client.chat_postMessage(channel=lab.id, text="papers")
    await client.files_upload_v2(
        content="@article{x}",
        filename="papers.bib",
        title="Papers",
        channel=lab.id,
        thread_ts=root["ts"],
        initial_comment="1 paper",
    )
    (file,) = lab.last.files
    assert (file.name, file.title, file.content) == ("papers.bib", "Papers", b"@article{x}")
    assert (lab.last.text, lab.last.thread) == ("1 paper", root["ts"])
    response = await refusal(client.files_completeUploadExternal(files=[{"id": "F1"}]))
    assert response["error"] == "file_not_found"
    await client.reactions_add(channel=lab.id, timestamp=root["ts"], name="eyes")
    twice = client.reactions_add(channel=lab.id, timestamp=root["ts"], name="eyes")
    assert (await refusal(twice))["error"] == "already_reacted"


async def test_a_manifest_says_what_the_app_may_and_hears(monkeypatch):
    without_proxies(monkeypatch)
    manifest = {
        "features": {"slash_commands": [{"command": "/help"}]},
        "oauth_config": {"scopes": {"bot": ["chat:write", "im:history"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.im", "app_mention"]}},
    }
    async with SlackServer(manifest=manifest, patience=0.01) as server:
        client = AsyncWebClient(server.token, base_url=server.base_url)
        ada = server.user("Ada")
        lab = server.channel("lab", [ada])
        await ada.says("hello")
        await ada.mentions("hello", lab)
        (heard,) = server.deliveries
        assert heard.payload["event"]["channel_type"] == "im"
        await client.chat_postMessage(channel=ada.dm.id, text="x")
        echo = server.deliveries[-1].payload["event"]
        assert (echo["text"], echo["bot_id"]) == ("x", server.bot_id)
        assert (await refusal(client.team_info()))["needed"] == "team:read"
        with pytest.raises(AssertionError, match="/digest is not a valid command"):
            await ada.commands("/digest")
        assert (await ada.commands("/help")).failed == "operation_timeout"
    with pytest.raises(Refusal, match="unknown_events"):
        SlackServer(manifest={"settings": {"event_subscriptions": {"bot_events": ["rain"]}}})


async def test_waiting_in_vain_says_what_there_was(server, client, ada, lab):
    await client.chat_postMessage(channel=lab.id, text="only this")
    with pytest.raises(AssertionError, match=r"no 2 messages(.|\n)*only this(.|\n)*postMessage"):
        await lab.wait_for(2, within=0.05)
    await ada.says("hello")
    with pytest.raises(AssertionError, match="not quiet: "):
        await server.quiet(within=0.05)
    with pytest.raises(AssertionError, match=r"no button 'Save' .*there are \[\]"):
        await ada.clicks(lab.last, "Save")
