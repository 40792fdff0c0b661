"""Logging: structured lines to a file beside the database, secrets struck out."""

import logging
import os
import re
import tempfile
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

SECRETS = re.compile(
    r"(?i)(?P<name>token|ticket|secret|password|api[_-]?key|authorization)"
    r"(?P<is>[\"']?\s*[=:]\s*[\"']?(?:bearer\s+|basic\s+)?)[^\s\"',}]+"
    r"|(?P<scheme>\w+://)[^/\s:@]+:[^/\s@]+@"
    r"|(?<!\d)\d{6,}:[A-Za-z0-9_-]{30,}"
    r"|https://hooks\.slack\.com/[^\s\"'<>]+"
    r"|\bxox[a-z]-[A-Za-z0-9-]+|\bxapp-[A-Za-z0-9-]+|\bsk-[A-Za-z0-9_-]{16,}"
)
MOST_BYTES = 2_000_000


def configure(log_file: Path) -> None:
    """Send structlog's and the libraries' lines to the log file. Called once a process."""
    import structlog  # noqa: PLC0415 -- not for --help

    log_file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(log_file, os.O_CREAT | os.O_WRONLY, 0o600))
    handler = RotatingFileHandler(
        log_file, maxBytes=MOST_BYTES, backupCount=3, encoding="utf-8", delay=True
    )
    handler.setFormatter(_Redacted("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for talkative in ("httpx", "httpcore", "httpx2", "httpcore2", "openai", "apscheduler", "arxiv"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def redacted(text: str) -> str:
    """The text without what looks like a secret."""

    def strike(found: re.Match[str]) -> str:
        if found["name"]:
            return f"{found['name']}{found['is']}[redacted]"
        return f"{found['scheme']}[redacted]@" if found["scheme"] else "[redacted]"

    return SECRETS.sub(strike, text)


def write_defect(trace: str, log_file: Path | None) -> Path:
    """Append a traceback to the log, or to a new file where that can't be; returns which."""
    if log_file is not None:
        with suppress(OSError):
            return _append(trace, log_file)
    number, name = tempfile.mkstemp(prefix="paperround-", suffix=".log")
    os.close(number)
    return _append(trace, Path(name))


def _append(trace: str, log_file: Path) -> Path:
    with log_file.open("a", encoding="utf-8") as log:
        log.write(redacted(trace))
    return log_file


class _Redacted(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))
