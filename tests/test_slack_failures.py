"""What each error of Slack's SDK means for delivery."""

from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.failures import (
    CHAT_GONE,
    LATER,
    THREAD_CLOSED,
    TOKEN_GONE,
    UNKNOWN,
    NotSent,
    asked_to_wait,
    code_of,
    meaning,
)
from bot.slack.once import MOST_KEPT, Once
from jobs.ports import Ambiguous, Rejected, RetryLater

PLACE = SimpleNamespace(host="slack.com", port=443, ssl=True, is_ssl=True)
PAGES = ({}, "", "<html>Service Unavailable</html>", None)
"""What the SDK makes of bodies that are no JSON."""


def answered(
    data: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> SlackApiError:
    """An answer that the SDK does not take."""
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data=data,
        headers=dict(headers or {}),
        status_code=status,
    )
    return SlackApiError("the request failed", response)


def refused(code: str, status: int = 200) -> SlackApiError:
    return answered({"ok": False, "error": code}, status)


@pytest.mark.parametrize("repeatable", [False, True])
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "35"}, 35),
        ({"retry-after": "1"}, 1),
        ({}, 1),
        ({"Retry-After": "soon"}, 1),
        ({"Retry-After": ""}, 1),
    ],
)
def test_a_429_says_how_long_to_wait(
    headers: dict[str, str], seconds: int, repeatable: bool
) -> None:
    for data in ({"ok": False, "error": "ratelimited"}, *PAGES):
        meant = meaning(answered(data, 429, headers), repeatable=repeatable)
        assert isinstance(meant, RetryLater)
        assert meant.after == timedelta(seconds=seconds)


def test_a_refusal_for_other_reasons_asks_for_no_wait() -> None:
    assert asked_to_wait(refused("is_archived")) is None
    assert asked_to_wait(answered({}, 503, {"Retry-After": "9"})) is None


@pytest.mark.parametrize("code", sorted(LATER))
def test_what_slack_calls_passing_means_later(code: str) -> None:
    for status in (200, 503):
        assert isinstance(meaning(refused(code, status)), RetryLater)


@pytest.mark.parametrize("code", sorted(UNKNOWN))
def test_an_error_of_slacks_own_may_have_had_its_effect(code: str) -> None:
    for status in (200, 500):
        assert isinstance(meaning(refused(code, status)), Ambiguous)
        assert isinstance(meaning(refused(code, status), repeatable=True), RetryLater)


@pytest.mark.parametrize("status", [400, 403, 404, 407, 500, 502, 503, 504])
@pytest.mark.parametrize("data", PAGES, ids=repr)
def test_an_error_page_that_is_not_slacks_means_later(status: int, data: object) -> None:
    meant = meaning(answered(data, status))
    assert isinstance(meant, RetryLater)
    assert str(meant) == f"http {status}"


@pytest.mark.parametrize("data", PAGES, ids=repr)
def test_a_page_that_says_all_is_well_and_is_not_slacks_leaves_it_unknown(data: object) -> None:
    assert isinstance(meaning(answered(data)), Ambiguous)
    assert isinstance(meaning(answered(data), repeatable=True), RetryLater)


def test_an_answer_that_the_sdk_could_not_read_is_understood_all_the_same() -> None:
    for status, meant in ((503, RetryLater), (200, Ambiguous)):
        raw = SimpleNamespace(status=status, headers={})  # aiohttp's own response
        assert isinstance(meaning(SlackApiError("no JSON", raw)), meant)
    assert isinstance(meaning(SlackClientError("no answer of Slack's")), Ambiguous)


@pytest.mark.parametrize("code", sorted(CHAT_GONE))
def test_a_channel_that_takes_nothing_is_parked_and_why_is_known(code: str) -> None:
    meant = meaning(refused(code))
    assert isinstance(meant, Rejected)
    assert meant.gone
    assert meant.cause is CHAT_GONE[code]
    assert str(meant) == code


def test_what_closes_a_thread_closes_a_chat_that_lives_there() -> None:
    assert CHAT_GONE.keys() >= THREAD_CLOSED


@pytest.mark.parametrize("code", sorted(TOKEN_GONE))
def test_a_token_that_is_not_accepted_loses_nothing(code: str) -> None:
    for repeatable in (False, True):
        meant = meaning(refused(code), repeatable=repeatable)
        assert isinstance(meant, RetryLater)
        assert meant.after > timedelta(minutes=1)


@pytest.mark.parametrize(
    "code",
    ["invalid_blocks", "msg_blocks_too_long", "no_text", "missing_scope", "message_not_found"],
)
def test_an_error_of_ours_is_refused_without_losing_the_chat(code: str) -> None:
    for repeatable in (False, True):
        meant = meaning(refused(code), repeatable=repeatable)
        assert isinstance(meant, Rejected)
        assert not meant.gone


@pytest.mark.parametrize(
    "error",
    [
        NotSent("ProxyError"),
        aiohttp.ClientConnectorError(PLACE, OSError("refused")),
        aiohttp.ClientProxyConnectionError(PLACE, OSError("refused")),
        aiohttp.ConnectionTimeoutError("slow"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_never_left_goes_later(error: Exception) -> None:
    assert isinstance(meaning(error), RetryLater)


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError("reset by peer"),
        aiohttp.ClientPayloadError("cut off"),
        aiohttp.SocketTimeoutError("no answer"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_left_and_got_no_answer_is_of_unknown_effect(error: Exception) -> None:
    assert isinstance(meaning(error), Ambiguous)
    assert isinstance(meaning(error, repeatable=True), RetryLater)


def test_what_is_stored_of_an_error_has_no_address() -> None:
    secret = "https://hooks.slack.com/commands/T0/1/invented"
    for error in (aiohttp.InvalidURL(secret), aiohttp.ClientOSError(secret)):
        assert secret not in str(meaning(error))


@given(
    st.text(max_size=40) | st.none() | st.integers(),
    st.sampled_from([200, 400, 429, 500, 503]),
    st.booleans(),
)
def test_whatever_slack_says_it_means_something(
    word: object, status: int, repeatable: bool
) -> None:
    error = answered({"ok": False, "error": word}, status)
    assert code_of(error)
    assert isinstance(meaning(error, repeatable=repeatable), RetryLater | Rejected | Ambiguous)


def test_events_and_interactions_are_known_again() -> None:
    once = Once()
    for body in ({"event_id": "Ev1"}, {"trigger_id": "1.2"}):
        assert once.is_first(body)
        assert not once.is_first(dict(body))
    assert once.is_first({}), "what has no name is always new"
    assert once.is_first({})
    assert all(once.is_first({"event_id": f"Ev1{n}"}) for n in range(MOST_KEPT))
    assert once.is_first({"event_id": "Ev1"}), "what is long ago is forgotten"
    assert len(once._seen) == MOST_KEPT
