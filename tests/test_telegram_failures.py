"""What each error of the library means for delivery."""

from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    PassportDecryptionError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram.failures import CHAT_GONE, TOPIC_GONE, meaning, says, seconds_asked
from bot.telegram.places import Place
from jobs.ports import Ambiguous, Moved, Rejected, RetryLater

ANNA = Place(7001)
GROUP = Place(-1001000000001)
TOPIC = Place(-1001000000001, 14)


def lost(cause: Exception, *, left: bool, kind: type[NetworkError] = NetworkError) -> NetworkError:
    """A request without an answer, as the library reports it."""
    request = httpx.Request("POST", "https://api.telegram.org/bot…/sendMessage")
    request.extensions["left"] = left
    if isinstance(cause, httpx.HTTPError):
        cause.request = request
    error = kind() if kind is TimedOut else kind(repr(cause))
    error.__cause__ = cause
    return error


def answered(message: str, kind: type[TelegramError] = NetworkError) -> TelegramError:
    return kind(message)


@pytest.mark.parametrize("after", [1, 35, timedelta(seconds=35)])
def test_a_429_says_how_long_to_wait(
    after: int | timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the adapter sets it
    meant = meaning(RetryAfter(after), ANNA)
    assert isinstance(meant, RetryLater)
    assert meant.after == (after if isinstance(after, timedelta) else timedelta(seconds=after))
    assert seconds_asked(RetryAfter(after)) == meant.after


@pytest.mark.parametrize("repeatable", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        "Internal Server Error: restart",
        "Bad Gateway (502). Parsing the server response b'<html>' failed",
        "Gateway Timeout (504)",
        "Too Many Requests",
    ],
)
def test_an_answer_that_the_server_is_in_trouble_means_later(words: str, repeatable: bool) -> None:
    error = answered(words)
    assert isinstance(meaning(error, ANNA, repeatable=repeatable), RetryLater)
    error.__cause__ = TelegramError("Invalid server response")  # a web page, not JSON
    assert isinstance(meaning(error, ANNA, repeatable=repeatable), RetryLater)


@pytest.mark.parametrize(
    "cause",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.PoolTimeout("full"),
        httpx.ProxyError("502 Bad Gateway"),
        httpx.ReadTimeout("the proxy says nothing"),
        httpx.RemoteProtocolError("the proxy hung up"),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_what_never_left_goes_later(cause: httpx.HTTPError) -> None:
    for kind in (NetworkError, TimedOut):
        assert isinstance(meaning(lost(cause, left=False, kind=kind), ANNA), RetryLater)


@pytest.mark.parametrize(
    "cause",
    [
        httpx.ReadTimeout("no answer"),
        httpx.WriteTimeout("half of it"),
        httpx.ReadError("reset"),
        httpx.WriteError("broken pipe"),
        httpx.RemoteProtocolError("disconnected without an answer"),
        httpx.DecodingError("no gzip"),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_what_left_and_got_no_answer_is_of_unknown_effect(cause: httpx.HTTPError) -> None:
    assert isinstance(meaning(lost(cause, left=True), ANNA), Ambiguous)


def test_a_failure_that_names_no_request_is_of_unknown_effect() -> None:
    error = NetworkError("…")
    error.__cause__ = httpx.ReadError("reset")
    assert isinstance(meaning(error, ANNA), Ambiguous)
    assert isinstance(meaning(lost(OSError("who knows"), left=False), ANNA), Ambiguous)


def test_what_may_be_done_twice_goes_later_whatever_became_of_it() -> None:
    for cause in (httpx.ReadTimeout("no answer"), OSError("who knows")):
        assert isinstance(meaning(lost(cause, left=True), ANNA, repeatable=True), RetryLater)
    assert isinstance(meaning(TelegramError("odd"), ANNA, repeatable=True), RetryLater)


def test_an_answer_that_can_not_be_read_is_of_unknown_effect() -> None:
    assert isinstance(meaning(TelegramError("Invalid server response"), ANNA), Ambiguous)
    assert isinstance(meaning(PassportDecryptionError("odd"), ANNA), Ambiguous)


@pytest.mark.parametrize(
    "words",
    [
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        "Forbidden: bot was kicked from the supergroup chat",
        "Forbidden: bot is not a member of the channel chat",
        "Forbidden: the group chat was deleted",
        "Forbidden: bot can't initiate conversation with a user",
    ],
)
def test_forbidden_means_that_the_chat_is_gone(words: str) -> None:
    meant = meaning(Forbidden(words), ANNA)
    assert isinstance(meant, Rejected)
    assert meant.gone
    assert "Forbidden" in str(meant)


@pytest.mark.parametrize("words", CHAT_GONE)
def test_bad_requests_of_a_chat_that_takes_nothing_park_it(words: str) -> None:
    for said in (words, words.upper(), f"Bad Request: {words}"):
        meant = meaning(BadRequest(said), TOPIC)
        assert isinstance(meant, Rejected)
        assert meant.gone


@pytest.mark.parametrize(
    "words",
    [
        'can\'t parse entities: unsupported start tag "p" at byte offset 0',
        "message is too long",
        "BUTTON_DATA_INVALID",
        "message text is empty",
    ],
)
def test_a_bad_request_of_ours_is_refused_without_losing_the_chat(words: str) -> None:
    for repeatable in (False, True):
        meant = meaning(BadRequest(words), ANNA, repeatable=repeatable)
        assert isinstance(meant, Rejected), "a BadRequest is a NetworkError to the library"
        assert not meant.gone


@pytest.mark.parametrize("words", TOPIC_GONE)
def test_a_deleted_topic_falls_back_to_the_chat(words: str) -> None:
    meant = meaning(BadRequest(f"Bad Request: {words}"), TOPIC)
    assert isinstance(meant, Moved)
    assert meant.address == GROUP.address
    there = meaning(BadRequest(f"Bad Request: {words}"), GROUP)
    assert isinstance(there, Rejected), "a chat without a topic has nowhere to fall back to"


def test_a_closed_topic_parks_that_topic_alone() -> None:
    meant = meaning(BadRequest("Bad Request: TOPIC_CLOSED"), TOPIC)
    assert isinstance(meant, Rejected)
    assert meant.gone


def test_a_migrated_group_has_another_address_with_the_same_topic() -> None:
    meant = meaning(ChatMigrated(-1002), Place(-5001))
    assert isinstance(meant, Moved)
    assert meant.address == "-1002"


def test_a_token_that_is_not_accepted_loses_nothing() -> None:
    meant = meaning(InvalidToken("The token `4200000001:secret` was rejected"), ANNA)
    assert isinstance(meant, RetryLater)
    assert meant.after > timedelta(minutes=1)
    assert "4200000001" not in str(meant)


@given(st.text(max_size=80), st.booleans(), st.sampled_from([ANNA, GROUP, TOPIC]))
def test_whatever_a_bad_request_says_it_is_never_tried_again_by_itself(
    words: str, repeatable: bool, place: Place
) -> None:
    meant = meaning(BadRequest(words), place, repeatable=repeatable)
    assert isinstance(meant, Rejected) or (isinstance(meant, Moved) and place.thread is not None)


def test_words_are_found_in_any_case() -> None:
    assert says(BadRequest("MESSAGE_ID_INVALID"), "message_id_invalid")
    assert not says(BadRequest("message is too long"), "message_id_invalid", "not found")
