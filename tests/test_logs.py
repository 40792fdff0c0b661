"""The log: every line lands in it, and no secret does."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.logs import redacted, write_defect

BOT_TOKEN = "123456789:AAE-invented_invented_invented_1234"
SECRETS = {
    "a bot token in an address": (
        f"GET https://api.telegram.org/bot{BOT_TOKEN}/getUpdates",
        BOT_TOKEN,
    ),
    "a bot token by itself": (f"token is {BOT_TOKEN}.", BOT_TOKEN),
    "an app token": ("xapp-1-A0INVENTED-123-abcdef said no", "xapp-1-A0INVENTED-123-abcdef"),
    "a workspace token": ("auth with xoxb-1234-invented", "xoxb-1234-invented"),
    "an address to answer at": (
        "POST https://hooks.slack.com/commands/T0INVENTED/17/abcDEF said 404",
        "T0INVENTED/17/abcDEF",
    ),
    "a WebSocket's address": ("wss://wss.slack.com/link/?ticket=ab-12&app_id=1", "ab-12"),
    "a model's key": ("key sk-proj-inventedinvented1234 refused", "sk-proj-inventedinvented1234"),
    "a bearer header": ("Authorization: Bearer inventedtoken123", "inventedtoken123"),
    "a header in a dictionary": (
        "{'Authorization': 'Bearer inventedtoken123'}",
        "inventedtoken123",
    ),
    "a password in a proxy": ("via http://reader:hunter2@127.0.0.1:7890", "hunter2"),
    "a setting": ("LLM_API_KEY=invented123", "invented123"),
    "a JSON field": ('{"api_key": "invented123", "model": "small"}', "invented123"),
}


@pytest.mark.parametrize("kind", SECRETS)
def test_no_secret_is_written(kind: str) -> None:
    said, secret = SECRETS[kind]
    assert secret not in redacted(said)
    assert "[redacted]" in redacted(said)


@pytest.mark.parametrize(
    "said",
    [
        "collected state=fresh announced=729 requests=3",
        "2602.06043v2 of https://arxiv.org/abs/2602.06043 at 12:30:05",
        "max_tokens=4096 of the tokenizer",
    ],
)
def test_what_is_no_secret_stays(said: str) -> None:
    assert redacted(said) == said


def test_the_words_around_a_secret_stay() -> None:
    line = '{"api_key": "invented123", "model": "small"}'
    assert json.loads(redacted(line)) == {"api_key": "[redacted]", "model": "small"}


def test_a_processs_log_lines_and_tracebacks_are_redacted_and_private(tmp_path: Path) -> None:
    log = tmp_path / "deep" / "paperround.log"
    program = f"""
import logging, structlog
from pathlib import Path
from bot.logs import configure
configure(Path({str(log)!r}))
structlog.get_logger().info("asked", url="https://x.org/bot{BOT_TOKEN}/send")
logging.getLogger("httpx").info("HTTP Request: POST bot{BOT_TOKEN}")
try:
    raise ValueError("password=hunter2")
except ValueError:
    logging.getLogger("jobs").exception("failed")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=20
    )
    written = log.read_text("utf-8")
    assert (done.stdout, done.stderr) == ("", "")
    assert "event='asked'" in written
    assert "Traceback" in written
    assert BOT_TOKEN not in written
    assert "hunter2" not in written
    assert "HTTP Request" not in written
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_defect_is_appended_to_the_log_without_its_secrets(tmp_path: Path) -> None:
    log = tmp_path / "paperround.log"
    log.write_text("before\n", "utf-8")
    assert write_defect("KeyError: 'x'\npassword=hunter2\n", log) == log
    assert log.read_text("utf-8") == "before\nKeyError: 'x'\npassword=[redacted]\n"


@pytest.mark.parametrize("place", [None, "missing/folder/paperround.log"])
def test_a_defect_without_a_log_gets_a_file_of_its_own(tmp_path: Path, place: str | None) -> None:
    written = write_defect("KeyError: 'x'\n", tmp_path / place if place else None)
    try:
        assert written.read_text("utf-8") == "KeyError: 'x'\n"
    finally:
        written.unlink()
