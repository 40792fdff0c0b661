"""The polite client against a loopback arXiv: pace, retries, cool-downs, refusals."""

import asyncio
import os
import socket
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from arxiv_server import ArxivServer, Fault
from fakes import FakeClock, invented_paper
from hypothesis import given
from hypothesis import strategies as st

from jobs.ports import RetryLater, SourceError, Validators
from jobs.web import Answer, Web
from jobs.web.headers import retry_after, user_agent
from jobs.web.pace import LONGEST, Pace

START = datetime(2026, 2, 6, 6, tzinfo=UTC)
FRIDAY = date(2026, 2, 6)
INTERVAL = 3.5


@pytest.fixture
def clock():
    return FakeClock(START)


@pytest.fixture
def server(clock):
    papers = [invented_paper("2602.00001")]
    lines = {FRIDAY: [("2602.00001", 1, "new")]}
    seconds = lambda: clock.now().timestamp()  # noqa: E731
    with ArxivServer(papers, lines, interval=INTERVAL, now=seconds) as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def web(clock, tmp_path):
    async with Web(clock=clock, pace_file=tmp_path / "pace", timeout=0.3) as client:
        yield client


def feed(server):
    return f"{server.feed_url}/rss/cs.CV"


def whole(answer: Answer) -> Answer:
    return answer


@asynccontextmanager
async def another(clock, tmp_path):
    """A second client on the same database."""
    async with Web(clock=clock, pace_file=tmp_path / "pace", timeout=0.3) as client:
        yield client


async def test_an_answer_comes_back_whole(server, web):
    answer = await web.get(feed(server), whole)
    assert (answer.status, answer.content_type) == (200, "application/xml")
    assert b"2602.00001" in answer.content
    assert web.requests == 1


async def test_lesson_01_a_429_is_retried_with_growing_jittered_waits(server, web, clock):
    server.fail(Fault.THROTTLED, times=3)
    answer = await web.get(feed(server), whole)
    assert answer.status == 200
    assert len(server.log) == web.requests == 4
    for waited, least in zip(clock.slept, (10, 20, 40), strict=True):
        assert least <= waited <= least * 1.25


async def test_lesson_01_retry_after_in_seconds_is_honoured(server, web, clock):
    server.fail(Fault.THROTTLED, Retry_After="90")
    await web.get(feed(server), whole)
    assert clock.slept == [90]


async def test_lesson_01_retry_after_as_a_date_is_honoured(server, web, clock):
    date_header = format_datetime(START + timedelta(seconds=75), usegmt=True)
    server.fail(Fault.OVERLOADED, Retry_After=date_header)
    await web.get(feed(server), whole)
    assert clock.slept == [75]


async def test_lesson_01_a_long_retry_after_is_handed_to_the_caller(server, web, clock, tmp_path):
    server.fail(Fault.THROTTLED, Retry_After="3600")
    with pytest.raises(RetryLater) as raised:
        await web.get(feed(server), whole)
    assert raised.value.after == timedelta(hours=1)
    async with another(clock, tmp_path) as second:
        with pytest.raises(RetryLater, match="throttled"):
            await second.get(feed(server), whole)
    assert len(server.log) == 1
    clock.advance(timedelta(hours=1))
    assert (await web.get(feed(server), whole)).status == 200


async def test_lesson_01_four_tries_are_enough(server, web):
    server.fail(Fault.OVERLOADED, times=99)
    with pytest.raises(RetryLater, match="server-error") as raised:
        await web.get(feed(server), whole)
    assert len(server.log) == 4
    assert timedelta(seconds=80) <= raised.value.after <= timedelta(seconds=100)


async def test_lesson_01_a_lasting_overload_is_asked_ever_more_rarely(server, web, clock):
    server.fail(Fault.THROTTLED, times=10_000)
    end = clock.now() + timedelta(hours=2)
    while clock.now() < end:
        with pytest.raises(RetryLater) as raised:
            await web.get(feed(server), whole)
        clock.advance(raised.value.after)
    assert len(server.log) <= 20


async def test_lesson_01_the_cool_down_holds_for_every_process(server, web, clock, tmp_path):
    server.fail(Fault.OVERLOADED, times=4)
    with pytest.raises(RetryLater):
        await web.get(feed(server), whole)
    async with another(clock, tmp_path) as second:
        slept = len(clock.slept)
        await second.get(feed(server), whole)
    assert 80 <= sum(clock.slept[slept:]) <= 100


async def test_a_success_ends_the_growth_of_the_waits(server, web, clock):
    for _ in range(3):
        server.fail(Fault.OVERLOADED)
        await web.get(feed(server), whole)
    assert max(clock.slept) <= 12.5


async def test_lesson_02_the_client_says_who_it_is(server, clock, tmp_path):
    contact = "mailto:round@lab.example"
    async with Web(clock=clock, pace_file=tmp_path / "pace", contact=contact) as web:
        await web.get(feed(server), whole)
    name = server.log[0].headers["User-Agent"]
    assert name.startswith("paperround/")
    assert name.endswith("(+mailto:round@lab.example)")


def test_a_contact_cannot_smuggle_in_a_header():
    assert "\n" not in user_agent("lab\r\nX-Evil: 1")
    assert user_agent("实验室") == user_agent("") == user_agent("  ")
    assert "(" not in user_agent("")


async def test_a_403_stops_everything_for_hours(server, web, clock, tmp_path):
    server.fail(Fault.FORBIDDEN)
    with pytest.raises(SourceError) as refused:
        await web.get(feed(server), whole)
    assert (refused.value.cause, refused.value.detail) == ("refused", "403")
    clock.advance(timedelta(hours=5))
    async with another(clock, tmp_path) as second:
        with pytest.raises(RetryLater, match="refused") as later:
            await second.get(feed(server), whole)
    assert len(server.log) == 1
    clock.advance(later.value.after)
    assert (await web.get(feed(server), whole)).status == 200


async def test_lesson_03_a_406_is_a_refusal(server, web):
    server.fail(Fault.NOT_ACCEPTABLE, times=9)
    with pytest.raises(SourceError, match="refused: 406"):
        await web.get(feed(server), whole)
    assert len(server.log) == 1


async def test_no_answer_is_retried(server, web):
    server.fail(Fault.SILENT)
    assert (await web.get(feed(server), whole)).status == 200
    assert len(server.log) == 2


async def test_a_host_that_is_not_there_is_given_up_soon(web, clock):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(RetryLater, match="unreachable"):
        await web.get(f"http://127.0.0.1:{port}/rss/cs.CV", whole)
    assert sum(clock.slept) < 30


async def test_an_address_that_is_none_is_an_error_of_ours(web):
    with pytest.raises((RetryLater, SourceError)):
        await web.get("http://[/rss", whole)


async def test_requests_of_one_process_queue_up(server, web):
    answers = await asyncio.gather(*(web.get(feed(server), whole) for _ in range(5)))
    assert {answer.status for answer in answers} == {200}
    assert len(server.log) == 5


async def test_two_clients_on_one_database_share_the_pace(server, web, clock, tmp_path):
    async with another(clock, tmp_path) as second:
        await asyncio.gather(*(each.get(feed(server), whole) for each in (web, second) * 3))
    assert len(server.log) == 6


ASKER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from jobs.web import Web

class RealClock:
    def now(self):
        return datetime.now(UTC)

    async def sleep(self, seconds):
        await asyncio.sleep(seconds)

async def main():
    async with Web(clock=RealClock(), pace_file=Path(sys.argv[2]), interval=0.15) as web:
        for _ in range(4):
            await web.get(sys.argv[1], lambda answer: answer)

asyncio.run(main())
"""


def test_two_processes_on_one_database_share_the_pace(tmp_path):
    checkout = Path(__file__).resolve().parents[1]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    with ArxivServer([], {}, day=FRIDAY, interval=0.15) as server:
        command = [sys.executable, "-c", ASKER, feed(server), str(tmp_path / "pace")]
        askers = [subprocess.Popen(command, env=environment) for _ in range(2)]
        assert [asker.wait(60) for asker in askers] == [0, 0]
    assert len(server.log) == 8
    assert server.violations == []


async def test_a_request_that_is_cut_short_by_a_kill_still_counts(server, clock, tmp_path):
    async with another(clock, tmp_path) as killed:
        server.fail(Fault.SILENT)
        asking = asyncio.create_task(killed.get(feed(server), whole))
        await asyncio.to_thread(server.asked.wait, 5)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    async with another(clock, tmp_path) as successor:
        await successor.get(feed(server), whole)
    assert clock.slept == [INTERVAL]


@pytest.mark.parametrize("left_behind", [b"{", b"[]", b'{"last": 3}', b"\xff\xfe", b"null"])
async def test_a_damaged_pace_file_costs_one_interval(server, web, clock, tmp_path, left_behind):
    (tmp_path / "pace").write_bytes(left_behind)
    await web.get(feed(server), whole)
    assert clock.slept == [INTERVAL]


async def test_a_clock_that_was_set_back_does_not_stop_the_round(server, web, clock):
    server.day = FRIDAY
    await web.get(feed(server), whole)
    server.log.clear()
    clock.set(START - timedelta(days=300))
    await web.get(feed(server), whole)
    assert clock.slept == [INTERVAL]


async def test_an_unchanged_feed_costs_one_conditional_request(server, web):
    first = await web.get(feed(server), whole)
    again = await web.get(feed(server), whole, known=first.validators)
    assert (again.status, again.content) == (304, b"")
    server.day = date(2026, 2, 7)
    changed = await web.get(feed(server), whole, known=first.validators)
    assert changed.status == 200


async def test_validators_are_sent_as_they_were_received(server, web):
    known = Validators(etag='W/"abc"', last_modified="Fri, 06 Feb 2026 05:00:00 GMT")
    await web.get(feed(server), whole, known=known)
    headers = server.log[0].headers
    assert headers["If-None-Match"] == 'W/"abc"'
    assert headers["If-Modified-Since"] == "Fri, 06 Feb 2026 05:00:00 GMT"


async def test_an_endless_answer_is_cut_off_once(server, web):
    with pytest.raises(SourceError, match="too-large"):
        await web.get(feed(server), whole, most=100)
    assert len(server.log) == 1


async def test_a_redirect_is_followed_at_the_same_pace(server, web, clock):
    server.fail(Fault.MOVED, Location="/rss/cs.LG")
    answer = await web.get(feed(server), whole)
    assert b"cs.LG updates" in answer.content
    assert clock.slept == [INTERVAL]


async def test_a_redirect_to_itself_ends(server, web):
    server.fail(Fault.MOVED, times=99, Location="/rss/cs.CV")
    with pytest.raises(SourceError, match="redirects"):
        await web.get(feed(server), whole)


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:9/rss/cs.LG", "https://arxiv.org/rss/cs.LG", "file:///etc/passwd"]
)
async def test_a_redirect_stays_on_its_host(server, web, to):
    server.fail(Fault.MOVED, Location=to)
    with pytest.raises(SourceError):
        await web.get(feed(server), whole)
    assert len(server.log) == 1


async def test_a_foreign_page_is_asked_for_again_and_told_as_such(server, web):
    def refuse(answer):
        raise SourceError("foreign-page", "no feed")

    with pytest.raises(SourceError, match="foreign-page"):
        await web.get(feed(server), refuse)
    assert len(server.log) == 4


async def test_a_mistake_in_the_question_is_not_asked_again(server, web, clock):
    def refuse(answer):
        raise SourceError("bad-category", "xx")

    with pytest.raises(SourceError, match="bad-category"):
        await web.get(feed(server), refuse)
    await web.get(feed(server), whole)
    assert clock.slept == [INTERVAL]


async def test_only_the_proxy_given_decides_the_route(server, clock, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with Web(clock=clock, pace_file=tmp_path / "pace") as direct:
        assert (await direct.get(feed(server), whole)).status == 200
    async with Web(clock=clock, pace_file=tmp_path / "pace", proxy=server.feed_url) as routed:
        assert (await routed.get("http://rss.arxiv.example/rss/cs.CV", whole)).status == 200
    assert server.log[-1].path == "http://rss.arxiv.example/rss/cs.CV"


async def test_a_socks_proxy_is_taken(clock, tmp_path):
    async with Web(clock=clock, pace_file=tmp_path / "pace", proxy="socks5://127.0.0.1:9") as web:
        with pytest.raises(RetryLater, match="unreachable"):
            await web.get("http://rss.arxiv.example/rss/cs.CV", whole)


@pytest.mark.parametrize("value", [None, "", "soon", "-5", "1.5", "Fri, 99 Feb 2026 05:00:00 GMT"])
def test_a_retry_after_that_says_nothing_is_ignored(value):
    assert retry_after(value, START) is None


def test_a_retry_after_in_the_past_means_now():
    assert retry_after("Thu, 05 Feb 2026 05:00:00 GMT", START) == timedelta(0)


MOMENTS = st.none() | st.integers(-(10**9), 10**9).map(lambda s: START + timedelta(seconds=s))


@given(MOMENTS, MOMENTS, st.sampled_from(["", "throttled"]), st.integers(0, 10**6))
def test_no_state_of_the_file_stops_the_round_for_longer_than_a_day(last, until, cause, strikes):
    pace = Pace.load(Pace(last, until, cause, strikes).dump(), START)
    assert Pace.load(pace.dump(), START) == pace
    assert timedelta(0) <= pace.wait(START, timedelta(seconds=INTERVAL)) <= LONGEST
    assert timedelta(seconds=10) <= pace.backoff("throttled") <= timedelta(minutes=10)
