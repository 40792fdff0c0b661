"""Views, triggers and response URLs of the loopback Slack, as the real slack_sdk meets them."""

import pytest
from slack_examples import (
    actions,
    button,
    entry,
    modal,
    mrkdwn,
    plain,
    refusal,
    section,
    without_proxies,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_server import SlackServer

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


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (modal(title="x" * 25), "must be less than 25 characters [json-pointer:/view/title"),
        (modal(submit=plain("x" * 25)), "/view/submit"),
        (modal(close=mrkdwn("x")), "unsupported type: mrkdwn [json-pointer:/view/close"),
        (modal(private_metadata="x" * 3001), "/view/private_metadata"),
        (modal(callback_id="x" * 256), "/view/callback_id"),
        (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks"),
        (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
        (modal(*[section(block_id="b")] * 2), "already exists"),
        ({k: v for k, v in modal(entry(TYPED)).items() if k != "submit"}, "field: submit"),
        ({"type": "home", "blocks": [section()]}, "must be one of: modal"),
    ],
)
async def test_a_view_that_slack_would_not_take_is_refused(client, server, ada, *, view, words):
    trigger = server.interaction("slash_command", ada)
    response = await refusal(client.views_open(trigger_id=trigger.trigger_id, view=view))
    assert response["error"] == "invalid_arguments"
    assert words in response["response_metadata"]["messages"][0]
    assert ada.modals == []


async def test_views_stack_change_and_close(client, server, ada):
    def trigger():
        return server.interaction("block_actions", ada).trigger_id

    field = {"type": "plain_text_input", "action_id": "t", "initial_value": "old"}
    first = await client.views_open(
        trigger_id=trigger(), view=modal(entry(field, block_id="b"), external_id="form")
    )
    form = ada.modals[0]
    assert form.value("t") == "old"
    await ada.fills(form, t="new")
    view = modal(entry(field, block_id="b"), section())
    changed = await client.views_update(external_id="form", view=view, hash=first["view"]["hash"])
    assert form.value("t") == "new"
    stale = client.views_update(view_id=form.id, view=view, hash=first["view"]["hash"])
    assert (await refusal(stale))["error"] == "hash_conflict"
    for _ in range(2):
        await client.views_push(trigger_id=trigger(), view=modal())
    assert [each.previous for each in ada.modals][1:] == [form.id, ada.modals[1].id]
    full = await refusal(client.views_push(trigger_id=trigger(), view=modal()))
    assert full["error"] == "push_limit_reached"
    await ada.closes(ada.modals[-1])
    assert len(ada.modals) == 2
    await ada.closes(ada.modals[-1], all_of_them=True)
    late = client.views_update(view_id=form.id, view=view, hash=changed["view"]["hash"])
    assert (await refusal(late))["error"] == "not_found"
    home = {"type": "home", "blocks": [section("Yours")], "private_metadata": "p"}
    await client.views_publish(user_id=ada.id, view=home)
    assert (ada.home.text, ada.home.private_metadata) == ("Yours", "p")


async def test_triggers_and_response_urls_end():
    clock = [50.0]
    async with SlackServer(now=lambda: clock[0]) as server:
        client = AsyncWebClient(server.token, base_url=server.base_url)
        ada = server.user("Ada")
        made = server.interaction("slash_command", ada, channel=ada.dm)
        await client.views_open(trigger_id=made.trigger_id, view=modal())
        again = client.views_open(trigger_id=made.trigger_id, view=modal())
        assert (await refusal(again))["error"] == "exchanged_trigger_id"
        late = server.interaction("slash_command", ada, channel=ada.dm)
        clock[0] += 3.1
        response = await refusal(client.views_open(trigger_id=late.trigger_id, view=modal()))
        assert response["error"] == "expired_trigger_id"
        response = await refusal(client.views_open(trigger_id="1.2", view=modal()))
        assert response["error"] == "invalid_trigger_id"
        webhook = AsyncWebhookClient(made.response_url)
        for _ in range(5):
            assert (await webhook.send(text="x")).body == "ok"
        ended = await webhook.send(text="x")
        assert (ended.status_code, "used_url" in ended.body) == (404, True)
        clock[0] += 1800
        ended = await AsyncWebhookClient(late.response_url).send(text="x")
        assert (ended.status_code, "expired_url" in ended.body) == (404, True)
        assert len(made.messages) == len(ada.dm.ephemerals) == 5


async def test_a_response_url_answers_replaces_and_deletes(server, client, ada, lab):
    await client.chat_postMessage(channel=lab.id, text="one", blocks=[actions(button())])
    shown = lab.last
    made = server.interaction("block_actions", ada, channel=lab, message=shown)
    webhook = AsyncWebhookClient(made.response_url)
    many = [section("x" * 2900)] * 5
    await webhook.send(text="two", blocks=many, replace_original=True)
    assert (shown.raw, shown.edits) == ("two", 1)
    await webhook.send_dict({"text": "all", "response_type": "in_channel", "thread_ts": shown.ts})
    assert (lab.last.text, lab.last.thread, lab.last.ephemeral) == ("all", shown.ts, False)
    bad = await webhook.send(text="x", blocks=[section("")])
    assert "invalid_blocks" in bad.body
    await webhook.send(delete_original=True)
    assert shown.deleted
    assert (await webhook.send(text="x", replace_original=True)).status_code == 404
