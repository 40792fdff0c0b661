"""What Slack hands over more than once acts once; and all of it is acknowledged first."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_channels import Channel
from slack_connected import staged
from slack_examples import slack_without_complaints
from slack_faults import late
from slack_manifests import manifest
from slack_server import SlackServer
from slack_stage import Stage
from slack_users import User


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackServer]:
    async with slack_without_complaints(monkeypatch, manifest=manifest()) as server:
        yield server


@pytest.fixture
async def stage(server: SlackServer, tmp_path: Path) -> AsyncIterator[Stage]:
    """On a clock by which nobody has to sleep."""
    async with staged(server, tmp_path) as stage:
        yield stage
        await server.quiet()


@pytest.fixture
def ada(server: SlackServer) -> User:
    return server.user("Imena")


@pytest.fixture
def lab(server: SlackServer, ada: User) -> Channel:
    return server.channel("lab", [ada])


@pytest.mark.usefixtures("stage")
async def test_what_comes_again_after_a_lost_acknowledgement_acts_once(
    server: SlackServer, ada: User, lab: Channel
) -> None:
    server.sockets.swallow = 1
    done = await ada.commands("/paperround", "subscribe diffusion models at 08:30", lab)
    assert done.delivery.attempts == 2
    first = await done.next()
    await server.quiet()
    assert len(lab.sent) == 1
    server.sockets.swallow = 1
    await ada.mentions("subscriptions", lab)
    await lab.wait_for(2)
    await server.quiet()
    assert len(lab.sent) == 2
    server.sockets.swallow = 1
    clicked = await ada.clicks(first, first.labels[0])
    assert clicked.delivery.attempts == 2
    await server.quiet()
    posted = server.calls["response_url"] + server.calls["chat.postMessage"]
    assert posted == 3


async def test_a_form_that_is_submitted_again_subscribes_once_and_gets_the_same_answer(
    server: SlackServer, stage: Stage, ada: User, lab: Channel
) -> None:
    form = await (await ada.commands("/subscribe", "", lab)).opened()
    await ada.fills(form, topic="diffusion models")
    server.sockets.swallow = 1
    done = await ada.submits(form)
    assert done.delivery.attempts == 2
    assert not done.failed
    assert done.view is not None
    await server.quiet()
    assert len(await stage.query("SELECT key FROM subscription")) == 1
    assert len(lab.sent) == 1


@pytest.mark.usefixtures("stage")
async def test_events_that_come_twice_act_once(
    server: SlackServer, ada: User, lab: Channel
) -> None:
    server.courier.twice = True
    await ada.mentions("subscribe diffusion models at 08:30", lab)
    await lab.wait_for(1)
    await ada.says("help")
    await ada.dm.wait_for(1)
    await server.quiet()
    assert (len(lab.sent), len(ada.dm.sent)) == (1, 1)
    heard = [each for each in server.deliveries if each.payload.get("event")]
    for each in heard:
        server.courier.repeat(each, number=2)
    await server.quiet()
    assert (len(lab.sent), len(ada.dm.sent)) == (1, 1)


async def test_everything_is_acknowledged_before_it_is_answered(
    server: SlackServer, stage: Stage, ada: User, lab: Channel
) -> None:
    server.fail(late(0.4), on="users.info", times=9)
    server.fail(late(0.4), on="response_url", times=9)
    server.fail(late(0.4), on="chat.postMessage", times=9)
    commanded = await ada.commands("/paperround", "subscribe diffusion models at 08:30", lab)
    await ada.mentions("subscriptions", lab)
    answer = await commanded.next()
    clicked = await ada.clicks(answer, answer.labels[0])
    await server.quiet()
    assert max(server.courier.ack_times()) < 0.3
    assert commanded.took < 0.3
    assert clicked.took < 0.3
