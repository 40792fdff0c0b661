"""The loopback Telegram's rates and faults, as the real python-telegram-bot meets them."""

import time

import pytest
import telegram
import telegram_faults as faults
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram_limits import Limits, Rates
from telegram_server import TelegramServer

# The library warns of a coming change whenever it makes a RetryAfter.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


@pytest.fixture
async def server():
    async with TelegramServer() as started:
        yield started


@pytest.fixture
async def bot(server):
    async with telegram.Bot(server.token, base_url=server.base_url) as made:
        yield made


@pytest.fixture
async def ada(server):
    made = server.user("Ada")
    made.started = True
    return made


async def test_more_than_the_rates_is_refused_and_later_accepted():
    clock = [50.0]
    rates = Rates(burst=2)
    async with TelegramServer(rates=rates, now=lambda: clock[0]) as server:
        ada = server.user("Ada")
        ada.started = True
        async with telegram.Bot(server.token, base_url=server.base_url) as bot:
            for _ in range(2):
                await bot.send_message(ada.id, "hi")
            with pytest.raises(RetryAfter) as caught:
                await bot.send_message(ada.id, "hi")
            assert caught.value._retry_after.total_seconds() == 1
            clock[0] += 1
            await bot.send_message(ada.id, "hi")
            await bot.send_chat_action(ada.id, "typing")
    assert server.throttled == 1
    assert server.arrivals[ada.id] == [50.0, 50.0, 50.0, 51.0]
    assert [each.status for each in server.refused] == [429]


@pytest.mark.parametrize(
    ("chats", "step", "allowed"),
    [
        ([7], 0.0, 3),
        ([7], 1.0, 100),
        ([7], 0.5, 5),
        (list(range(1, 101)), 0.0, 30),
        (list(range(1, 101)), 1 / 30, 100),
        ([-7], 1.0, 20),
        ([-7], 3.2, 100),
    ],
)
def test_the_rates_are_those_of_telegram(chats, step, allowed):
    limits = Limits(Rates())
    times = [step * number for number in range(100)]
    waits = [limits.take(chats[at % len(chats)], now) for at, now in enumerate(times)]
    assert next((at for at, wait in enumerate(waits) if wait), 100) == allowed


def test_a_wait_is_as_long_as_stated():
    limits = Limits(Rates(burst=1, slack=0.0))
    for chat in (-7, 8):
        now = 0.0
        for _ in range(25):
            if wait := limits.take(chat, now):
                assert limits.take(chat, now + wait - 0.01)
                now += wait + 1e-9
                assert not limits.take(chat, now)


@pytest.mark.parametrize(
    ("fault", "error", "arrived"),
    [
        (faults.flood(17), RetryAfter, 0),
        (faults.denied("user is deactivated"), Forbidden, 0),
        (faults.bad("message thread not found"), BadRequest, 0),
        (faults.bad("moved", migrate_to_chat_id=-1001), ChatMigrated, 0),
        (faults.broken(500), NetworkError, 0),
        (faults.broken(502), NetworkError, 0),
        (faults.silent(after_effect=False), TimedOut, 0),
        (faults.silent(after_effect=True), TimedOut, 1),
        (faults.reset(), NetworkError, 1),
    ],
)
async def test_each_fault_shows_as_telegram_shows_it(server, bot, ada, *, fault, error, arrived):
    bo = server.user("Bo")
    bo.started = True
    server.fail(fault, on="sendMessage", chat=ada.private, after=1)
    await bot.send_message(ada.id, "before")
    await bot.send_message(bo.id, "beside")
    with pytest.raises(error):
        await bot.send_message(ada.id, "hi", read_timeout=0.2)
    assert len(ada.private.messages) == 1 + arrived
    await bot.send_message(ada.id, "after")
    assert server.refused == []


async def test_a_late_answer_comes_late(server, bot, ada):
    server.fail(faults.late(0.1), times=2)
    began = time.monotonic()
    await bot.send_message(ada.id, "hi")
    assert time.monotonic() - began >= 0.1
    server.mend()
    assert (await bot.get_me()).id == int(server.token.split(":")[0])
