"""What Slack is told of a part, and how digests and edits find their messages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_examples import slack_without_complaints
from slack_faults import flood, reset
from slack_post import POSTING, SlackOffice, channels, draft, edit, said, slack_office
from slack_server import SlackServer

from storage.models import DraftPart


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackServer]:
    async with slack_without_complaints(monkeypatch) as server:
        yield server


@pytest.fixture
async def office(server: SlackServer, tmp_path: Path) -> AsyncIterator[SlackOffice]:
    async with slack_office(tmp_path, server) as office:
        yield office


async def test_a_post_carries_its_parts_key_a_fallback_and_no_previews(
    server: SlackServer, office: SlackOffice
) -> None:
    (lab,) = channels(server, 1)
    parts = await office.digest(lab, "root of *stars* and _lines_", "card")
    await office.deliver_all()
    posted = [call.params for call in server.log if call.method == POSTING]
    for params, part in zip(posted, parts, strict=True):
        assert params["metadata"] == {
            "event_type": "paperround_part",
            "event_payload": {"part": part},
        }
        assert params["text"]
        assert params["mrkdwn"] is False
        assert params["unfurl_links"] is False
        assert params["unfurl_media"] is False
    assert len({params["client_msg_id"] for params in posted}) == 2
    root, card = lab.messages
    assert card.thread == root.ts
    assert not card.broadcast


async def test_cards_wait_for_their_roots_thread(server: SlackServer, office: SlackOffice) -> None:
    lab, other = channels(server, 2)
    for channel in (lab, other):
        await office.digest(channel, "root", "card 1", "card 2")
    server.fail(flood(300), on=POSTING, channel=lab)
    await office.deliver()
    assert said(lab) == []
    await office.deliver_all()
    for channel in (lab, other):
        root, *cards = channel.messages
        assert [card.text for card in cards] == ["card 1", "card 2"]
        assert {card.thread for card in cards} == {root.ts}
        assert channel.roots == [root]


async def test_a_digest_for_a_thread_stays_in_that_thread(
    server: SlackServer, office: SlackOffice
) -> None:
    ada = server.user("Imena")
    lab = server.channel("lab", [ada])
    begun = await ada.says("papers, please", lab)
    card = DraftPart(draft("card").payload, parent=0)
    await office.put(f"{lab.id}/{begun.ts}", draft("root"), card)
    await office.deliver_all()
    assert [(m.text, m.thread) for m in lab.messages] == [("root", begun.ts), ("card", begun.ts)]


async def test_an_edit_takes_the_place_of_what_was_posted(
    server: SlackServer, office: SlackOffice
) -> None:
    lab, other = channels(server, 2)
    for channel in (lab, other):
        await office.put(channel.id, draft("root"), edit("changed"))
    server.fail(reset(after_effect=True), on="chat.update", channel=lab)
    await office.deliver_all()
    assert said(lab) == said(other) == ["changed"]
    assert await office.states() == ["sent"] * 4
    await (
        lab.find(lab.messages[0].ts)
        .channel.world.users.get("x", server.user("X"))
        .deletes(lab.messages[0])
    )
    await office.post(lab, "next")
    await office.deliver_all()
    assert said(lab)[-1] == "next"
