"""Settings: what is listed is what there is, and a wrong value says how to mend it."""

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

from bot.settings import EXAMPLES, Settings, load, make_folder
from formatters.catalogue import say
from jobs.llm.choice import Limits
from storage.errors import UserError
from storage.models import Lang

EXAMPLE_FILE = Path(__file__).resolve().parents[1] / ".env.example"
NAMES = {field.alias for field in Settings.model_fields.values()}


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without settings, in a folder without a .env."""
    for name in os.environ:
        ours = ("PAPERROUND_", "TELEGRAM_", "SLACK_", "LLM_")
        if name.startswith(ours) or name.endswith("_PROXY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def listed() -> dict[str, str]:
    """Name → value of the example file's settings."""
    lines = EXAMPLE_FILE.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_file_lists_exactly_the_settings() -> None:
    assert set(listed()) == NAMES == set(EXAMPLES)


def test_each_setting_of_the_example_file_stands_below_a_comment() -> None:
    blocks = EXAMPLE_FILE.read_text("utf-8").strip().split("\n\n")
    settings = [[line for line in block.splitlines() if line[0] != "#"] for block in blocks]
    assert all(block.startswith("#") for block in blocks)
    assert sum(map(len, settings)) == len(NAMES)


def test_the_examples_load_from_a_file_and_are_those_shown_with_errors(bare) -> None:
    Path(".env").write_text(EXAMPLE_FILE.read_text("utf-8"), "utf-8")
    settings = load()
    assert settings.tz == "Asia/Shanghai"
    assert settings.categories[-1] == "stat.ML"
    assert settings.arxiv_proxy == "socks5://127.0.0.1:1080"
    assert settings.database.is_absolute()
    assert listed() == EXAMPLES


def test_without_any_setting_the_defaults_serve(bare, tmp_path: Path) -> None:
    settings = load()
    assert settings.lang is Lang.EN
    assert settings.tz == "UTC"
    assert settings.arxiv_interval == 3.5
    assert settings.database == tmp_path / ".local/share/paperround/paperround.db"
    assert settings.log_file == tmp_path / ".local/share/paperround/paperround.log"
    assert settings.arxiv_api_url == "https://export.arxiv.org/api/query"


def test_the_environment_goes_before_the_file_and_an_empty_value_is_none(bare) -> None:
    Path(".env").write_text("PAPERROUND_TZ=Europe/Berlin\nPAPERROUND_LANG=zh\n", "utf-8")
    bare.setenv("PAPERROUND_TZ", "Asia/Tokyo")
    bare.setenv("PAPERROUND_CONTACT", "")
    bare.setenv("ARXIV_PROXY", "")
    bare.setenv("PAPERROUND_PROXY", "http://127.0.0.1:7890")
    settings = load()
    assert (settings.tz, settings.lang, settings.contact) == ("Asia/Tokyo", Lang.ZH, "")
    assert settings.arxiv_proxy == "http://127.0.0.1:7890"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAPERROUND_LANG", "english"),
        ("PAPERROUND_TZ", "Beijing"),
        ("PAPERROUND_TZ", "../../etc/passwd"),
        ("PAPERROUND_CATEGORIES", "cs.XX"),
        ("PAPERROUND_CATEGORIES", "cs.CV,computer vision"),
        ("PAPERROUND_CATEGORIES", ","),
        ("PAPERROUND_ARXIV_API_URL", "export.arxiv.org/api/query"),
        ("PAPERROUND_ARXIV_FEED_URL", "ftp://rss.arxiv.org"),
        ("PAPERROUND_ARXIV_SITE_URL", "arxiv"),
        ("PAPERROUND_ARXIV_INTERVAL", "2.9"),
        ("PAPERROUND_ARXIV_INTERVAL", "-1"),
        ("PAPERROUND_ARXIV_INTERVAL", "fast"),
        ("PAPERROUND_ARXIV_INTERVAL", "nan"),
        ("PAPERROUND_ARXIV_INTERVAL", "inf"),
        ("PAPERROUND_PROXY", "127.0.0.1:7890"),
        ("ARXIV_PROXY", "socks4://127.0.0.1"),
        ("PAPERROUND_OPEN", "perhaps"),
        ("TELEGRAM_BOT_TOKEN", "4200000001"),
        ("TELEGRAM_WEBHOOK_URL", "http://bot.example.org/telegram"),
        ("TELEGRAM_WEBHOOK_SECRET", "short"),
        ("PAPERROUND_HTTP_PORT", "0"),
        ("SLACK_BOT_TOKEN", "xapp-mistaken"),
        ("SLACK_APP_TOKEN", "xoxb-mistaken"),
        ("LLM_MODEL", "gpt-5-mini"),
        ("LLM_MODEL", "mistral:small"),
        ("LLM_MODEL", "openai:"),
        ("LLM_FALLBACK_MODEL", "llama3"),
        ("LLM_BASE_URL", "127.0.0.1:11434/v1"),
        ("LLM_OUTPUT", "json"),
        ("LLM_SECONDS", "3"),
        ("LLM_SECONDS", "inf"),
        ("LLM_CONTEXT_TOKENS", "2k"),
        ("LLM_CONTEXT_TOKENS", "0"),
        ("LLM_DAILY_TOKENS", "0"),
        ("LLM_DAILY_COST", "nan"),
        ("LLM_DAILY_COST", "-1"),
        ("LLM_PRICES", "0.25"),
        ("LLM_PROXY", "127.0.0.1:7890"),
    ],
)
def test_a_wrong_value_names_its_variable_and_a_correct_example(bare, name, value) -> None:
    bare.setenv(name, value)
    with pytest.raises(UserError) as refused:
        load()
    for lang in Lang:
        said = say(refused.value.key, lang, **refused.value.values)
        assert said.startswith(name)
        assert f"{name}={EXAMPLES[name]}" in said
        assert "\n" not in said


def test_a_webhook_without_a_secret_is_refused(bare) -> None:
    bare.setenv("TELEGRAM_WEBHOOK_URL", "https://bot.example.org/telegram")
    with pytest.raises(UserError, match="TELEGRAM_WEBHOOK_SECRET"):
        load()
    bare.setenv("TELEGRAM_WEBHOOK_SECRET", "a-long-enough-word")
    assert (load().http_host, load().http_port) == ("127.0.0.1", 8080)


def test_a_wrong_token_is_not_repeated(bare) -> None:
    bare.setenv("TELEGRAM_BOT_TOKEN", "4200000001 AAInventedForThisTest")
    with pytest.raises(UserError) as refused:
        load()
    assert "Invented" not in say(refused.value.key, Lang.EN, **refused.value.values)


def test_a_token_shows_in_no_print_of_the_settings(bare) -> None:
    bare.setenv("TELEGRAM_BOT_TOKEN", "4200000001:AAInventedForThisTest-000000000000000")
    assert "Invented" not in repr(load())


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:80"])
def test_a_server_on_this_machine_may_be_asked_at_any_pace(bare, host: str) -> None:
    bare.setenv("PAPERROUND_ARXIV_API_URL", f"http://{host}/api/query")
    bare.setenv("PAPERROUND_ARXIV_FEED_URL", f"http://{host}")
    bare.setenv("PAPERROUND_ARXIV_INTERVAL", "0")
    assert load().arxiv_interval == 0


@pytest.mark.parametrize("host", ["127.0.0.1.example.org", "example.org//127.0.0.1", "mirror"])
def test_a_server_elsewhere_may_not(bare, host: str) -> None:
    bare.setenv("PAPERROUND_ARXIV_API_URL", "http://127.0.0.1/api/query")
    bare.setenv("PAPERROUND_ARXIV_FEED_URL", f"http://{host}")
    bare.setenv("PAPERROUND_ARXIV_INTERVAL", "0")
    with pytest.raises(UserError):
        load()


def test_a_database_folder_that_cannot_be_made_is_a_wrong_setting(bare, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    bare.setenv("PAPERROUND_DATABASE", str(tmp_path / "file" / "paperround.db"))
    with pytest.raises(UserError, match="PAPERROUND_DATABASE"):
        make_folder(load())


def test_addresses_lose_the_slash_at_their_end(bare) -> None:
    bare.setenv("PAPERROUND_ARXIV_SITE_URL", "https://arxiv.org/")
    assert not re.search("/$", load().arxiv_site_url)


def test_without_a_model_none_is_asked_and_with_one_it_goes_to_its_provider(bare) -> None:
    assert load().models == ()
    bare.setenv("LLM_MODEL", "anthropic:claude-invented")
    bare.setenv("LLM_API_KEY", "sk-invented-for-this-test")
    (model,) = load().models
    assert (model.name, model.base_url) == ("anthropic:claude-invented", None)
    assert "invented-for" not in repr(load()) + repr(model)
    bare.setenv("LLM_CONTEXT_TOKENS", "8000")
    bare.setenv("LLM_OUTPUT", "prompted")
    bare.setenv("LLM_SECONDS", "300")
    (model,) = load().models
    assert (model.context, model.output, model.seconds) == (8_000, "prompted", 300)


def test_the_second_model_goes_to_its_own_provider_or_to_the_same_server(bare) -> None:
    bare.setenv("LLM_MODEL", "qwen3")
    bare.setenv("LLM_BASE_URL", "http://127.0.0.1:11434/v1/")
    bare.setenv("PAPERROUND_PROXY", "http://127.0.0.1:7890")
    for name, server, proxy in [
        ("llama3", "http://127.0.0.1:11434/v1", None),
        ("openai:gpt-x", None, "http://127.0.0.1:7890"),
    ]:
        bare.setenv("LLM_FALLBACK_MODEL", name)
        first, second = load().models
        assert (first.base_url, first.proxy) == ("http://127.0.0.1:11434/v1", None)
        assert (second.name, second.base_url, second.proxy) == (name, server, proxy)
    bare.setenv("LLM_PROXY", "socks5://127.0.0.1:1080")
    assert {model.proxy for model in load().models} == {"socks5://127.0.0.1:1080"}


def test_prices_and_limits_are_numbers(bare) -> None:
    bare.setenv("LLM_PRICES", "0.25/2")
    bare.setenv("LLM_DAILY_COST", "1.50")
    settings = load()
    assert settings.model_price is not None
    assert settings.model_price.of(2_000_000, 500_000) == Decimal("1.5")
    assert settings.model_limits == Limits(None, Decimal("1.50"))
