"""Settings, read once from the environment or `.env`; a wrong value names its variable.

Knows no default path of a machine beyond the user's own data folder.
"""

import os
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic.functional_validators import BeforeValidator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from jobs.analyze.allowance import Allowance, Allowances
from jobs.categories import taxonomy
from jobs.fulltext.pdf.limits import PdfLimits
from jobs.llm.choice import (
    CONTEXT_TOKENS,
    PROVIDERS,
    SECONDS,
    Limits,
    ModelChoice,
    Output,
    Price,
)
from storage.errors import UserError
from storage.models import Lang

EXAMPLES = {
    "PAPERROUND_DATABASE": "~/.local/share/paperround/paperround.db",
    "PAPERROUND_LANG": "en",
    "PAPERROUND_TZ": "Asia/Shanghai",
    "PAPERROUND_CONTACT": "lab-bot@example.org",
    "PAPERROUND_CATEGORIES": "cs.AI,cs.CL,cs.CV,cs.LG,cs.RO,stat.ML",
    "PAPERROUND_ARXIV_API_URL": "https://export.arxiv.org/api/query",
    "PAPERROUND_ARXIV_FEED_URL": "https://rss.arxiv.org",
    "PAPERROUND_ARXIV_SITE_URL": "https://arxiv.org",
    "PAPERROUND_ARXIV_INTERVAL": "3.5",
    "PAPERROUND_PROXY": "http://127.0.0.1:7890",
    "ARXIV_PROXY": "socks5://127.0.0.1:1080",
    "PAPERROUND_ADMINS": "123456789",
    "PAPERROUND_ALLOWED_CHATS": "-1001234567890,123456789",
    "PAPERROUND_OPEN": "false",
    "TELEGRAM_BOT_TOKEN": "",
    "TELEGRAM_GROUP_ADMINS_ONLY": "true",
    "TELEGRAM_API_URL": "https://api.telegram.org",
    "TELEGRAM_PROXY": "socks5://127.0.0.1:1080",
    "TELEGRAM_WEBHOOK_URL": "https://bot.example.org/telegram",
    "TELEGRAM_WEBHOOK_SECRET": "some-long-random-word",
    "SLACK_BOT_TOKEN": "",
    "SLACK_APP_TOKEN": "",
    "SLACK_SIGNING_SECRET": "",
    "SLACK_ANYONE_MANAGES": "true",
    "SLACK_VERIFY_POSTS": "false",
    "SLACK_API_URL": "https://slack.com/api",
    "SLACK_PROXY": "http://127.0.0.1:7890",
    "LLM_MODEL": "openai:gpt-5-mini",
    "LLM_API_KEY": "",
    "LLM_BASE_URL": "http://127.0.0.1:11434/v1",
    "LLM_FALLBACK_MODEL": "anthropic:claude-haiku-4-5",
    "LLM_FALLBACK_API_KEY": "",
    "LLM_CONTEXT_TOKENS": "24000",
    "LLM_OUTPUT": "prompted",
    "LLM_SECONDS": "300",
    "LLM_DAILY_TOKENS": "2000000",
    "LLM_DAILY_COST": "1.50",
    "LLM_PRICES": "0.25/2.00",
    "LLM_PROXY": "http://127.0.0.1:7890",
    "ANALYZE_PER_USER_PER_DAY": "20",
    "ANALYZE_PER_CHAT_PER_DAY": "60",
    "ASK_PER_USER_PER_DAY": "100",
    "PDF_SECONDS": "60",
    "PDF_MEGABYTES": "50",
    "PDF_MEMORY_MEGABYTES": "1500",
    "PDF_PAGES": "200",
    "PDF_CHARACTERS": "2000000",
    "PAPERROUND_ARCHIVE": "~/paper-archive",
    "PAPERROUND_ARCHIVE_URL": "https://papers.example.org",
    "PAPERROUND_ARCHIVE_TOPICS": "multimodal; continual learning; cs.CL",
    "PAPERROUND_HTTP_HOST": "127.0.0.1",
    "PAPERROUND_HTTP_PORT": "8080",
}
"""A correct value of each setting: shown with an error, and the same as `.env.example`."""

SHORTEST_INTERVAL = 3.0
"""arXiv's terms: no more than one request every three seconds. Loopback is exempt."""
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,100}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{8,256}")
_PRICES = re.compile(r"\d{1,6}(?:\.\d{1,6})?/\d{1,6}(?:\.\d{1,6})?")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("no such time zone") from error
    return name


def _address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("an address begins with http:// or https://")
    return value.rstrip("/")


def _optional_address(value: str | None) -> str | None:
    return _address(value) if value else None


def _folder(value: Path | None) -> Path | None:
    return value.expanduser() if value else None


def _proxy(value: str | None) -> str | None:
    if not value:
        return None
    if not value.startswith(("http://", "https://", "socks5://", "socks5h://")):
        raise ValueError("a proxy begins with http:// or socks5://")
    return value


def _webhook(value: str | None) -> str | None:
    if value and not value.startswith("https://"):
        raise ValueError("Telegram calls nothing but https://")
    return value or None


def _token(value: SecretStr | None) -> SecretStr | None:
    said = value.get_secret_value().strip() if value else ""
    if said and not _TOKEN.fullmatch(said):
        raise ValueError("that is no bot token; BotFather gives one like 123456789:ABC-def_ghi")
    return SecretStr(said) if said else None


def _slack_token(beginning: str) -> Callable[[SecretStr | None], SecretStr | None]:
    def read(value: SecretStr | None) -> SecretStr | None:
        said = value.get_secret_value().strip() if value else ""
        if said and not said.startswith(beginning):
            raise ValueError(f"that is another token; this one begins with {beginning}")
        return SecretStr(said) if said else None

    return read


def _secret(value: SecretStr | None) -> SecretStr | None:
    said = value.get_secret_value() if value else ""
    if said and not _SECRET.fullmatch(said):
        raise ValueError("8 to 256 letters, digits, - and _")
    return SecretStr(said) if said else None


def _prices(value: str | None) -> str | None:
    if value and not _PRICES.fullmatch(value):
        raise ValueError("dollars for a million tokens, in and out, with a stroke between")
    return value or None


def _listed(value: Any) -> Any:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _categories(value: tuple[str, ...]) -> tuple[str, ...]:
    found = [(name, taxonomy().find(name)) for name in value]
    unknown = [name for name, category in found if category is None]
    if unknown or not found:
        raise ValueError(f"no arXiv category: {', '.join(unknown) or 'the list is empty'}")
    return tuple(category for _, category in found if category is not None)


def _home() -> Path:
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "paperround" / "paperround.db"


Address = Annotated[str, AfterValidator(_address)]
Proxy = Annotated[str | None, AfterValidator(_proxy)]
Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Everything that can be set. Built by `load`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    database: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        default_factory=_home, alias="PAPERROUND_DATABASE"
    )
    lang: Lang = Field(Lang.EN, alias="PAPERROUND_LANG")
    tz: Annotated[str, AfterValidator(_zone)] = Field("UTC", alias="PAPERROUND_TZ")
    contact: str = Field("", alias="PAPERROUND_CONTACT")
    categories: Annotated[Listed, AfterValidator(_categories)] = Field(
        ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "cs.RO", "stat.ML"), alias="PAPERROUND_CATEGORIES"
    )
    arxiv_api_url: Address = Field(
        "https://export.arxiv.org/api/query", alias="PAPERROUND_ARXIV_API_URL"
    )
    arxiv_feed_url: Address = Field("https://rss.arxiv.org", alias="PAPERROUND_ARXIV_FEED_URL")
    arxiv_site_url: Address = Field("https://arxiv.org", alias="PAPERROUND_ARXIV_SITE_URL")
    arxiv_interval: float = Field(3.5, ge=0, allow_inf_nan=False, alias="PAPERROUND_ARXIV_INTERVAL")
    proxy: Proxy = Field(None, alias="PAPERROUND_PROXY")
    arxiv_own_proxy: Proxy = Field(None, alias="ARXIV_PROXY")

    admins: Listed = Field((), alias="PAPERROUND_ADMINS")
    allowed_chats: Listed = Field((), alias="PAPERROUND_ALLOWED_CHATS")
    open: bool = Field(False, alias="PAPERROUND_OPEN")
    telegram_token: Annotated[SecretStr | None, AfterValidator(_token)] = Field(
        None, alias="TELEGRAM_BOT_TOKEN"
    )
    telegram_admins_only: bool = Field(True, alias="TELEGRAM_GROUP_ADMINS_ONLY")
    telegram_api_url: Address = Field("https://api.telegram.org", alias="TELEGRAM_API_URL")
    telegram_own_proxy: Proxy = Field(None, alias="TELEGRAM_PROXY")
    telegram_webhook_url: Annotated[str | None, AfterValidator(_webhook)] = Field(
        None, alias="TELEGRAM_WEBHOOK_URL"
    )
    telegram_webhook_secret: Annotated[SecretStr | None, AfterValidator(_secret)] = Field(
        None, alias="TELEGRAM_WEBHOOK_SECRET"
    )
    slack_token: Annotated[SecretStr | None, AfterValidator(_slack_token("xoxb-"))] = Field(
        None, alias="SLACK_BOT_TOKEN"
    )
    slack_app_token: Annotated[SecretStr | None, AfterValidator(_slack_token("xapp-"))] = Field(
        None, alias="SLACK_APP_TOKEN"
    )
    slack_signing_secret: SecretStr | None = Field(None, alias="SLACK_SIGNING_SECRET")
    slack_anyone_manages: bool = Field(True, alias="SLACK_ANYONE_MANAGES")
    slack_verify_posts: bool = Field(False, alias="SLACK_VERIFY_POSTS")
    slack_api_url: Address = Field("https://slack.com/api", alias="SLACK_API_URL")
    slack_own_proxy: Proxy = Field(None, alias="SLACK_PROXY")
    llm_model: str = Field("", alias="LLM_MODEL")
    llm_api_key: SecretStr | None = Field(None, alias="LLM_API_KEY")
    llm_base_url: Annotated[str | None, AfterValidator(_optional_address)] = Field(
        None, alias="LLM_BASE_URL"
    )
    llm_fallback_model: str = Field("", alias="LLM_FALLBACK_MODEL")
    llm_fallback_api_key: SecretStr | None = Field(None, alias="LLM_FALLBACK_API_KEY")
    llm_context_tokens: int = Field(CONTEXT_TOKENS, ge=4_000, alias="LLM_CONTEXT_TOKENS")
    llm_output: Output = Field(Output.NATIVE, alias="LLM_OUTPUT")
    llm_seconds: float = Field(SECONDS, ge=10, le=3_600, allow_inf_nan=False, alias="LLM_SECONDS")
    llm_daily_tokens: int | None = Field(None, ge=1, alias="LLM_DAILY_TOKENS")
    llm_daily_cost: Decimal | None = Field(None, gt=0, allow_inf_nan=False, alias="LLM_DAILY_COST")
    llm_prices: Annotated[str | None, AfterValidator(_prices)] = Field(None, alias="LLM_PRICES")
    llm_own_proxy: Proxy = Field(None, alias="LLM_PROXY")
    analyze_per_user: int = Field(20, ge=0, alias="ANALYZE_PER_USER_PER_DAY")
    analyze_per_chat: int = Field(60, ge=0, alias="ANALYZE_PER_CHAT_PER_DAY")
    ask_per_user: int = Field(100, ge=0, alias="ASK_PER_USER_PER_DAY")
    pdf_seconds: float = Field(60, gt=0, le=600, allow_inf_nan=False, alias="PDF_SECONDS")
    pdf_megabytes: int = Field(50, ge=1, le=1_000, alias="PDF_MEGABYTES")
    pdf_memory_megabytes: int = Field(1_500, ge=300, le=64_000, alias="PDF_MEMORY_MEGABYTES")
    pdf_pages: int = Field(200, ge=1, alias="PDF_PAGES")
    pdf_characters: int = Field(2_000_000, ge=1_000, alias="PDF_CHARACTERS")
    archive: Annotated[Path | None, AfterValidator(_folder)] = Field(
        None, alias="PAPERROUND_ARCHIVE"
    )
    archive_url: Annotated[str | None, AfterValidator(_optional_address)] = Field(
        None, alias="PAPERROUND_ARCHIVE_URL"
    )
    archive_topics: str = Field("", alias="PAPERROUND_ARCHIVE_TOPICS")
    http_host: str = Field("127.0.0.1", alias="PAPERROUND_HTTP_HOST")
    http_port: int = Field(8080, ge=1, le=65535, alias="PAPERROUND_HTTP_PORT")

    @property
    def telegram_proxy(self) -> str | None:
        """The route to Telegram: its own proxy, else the common one."""
        return self.telegram_own_proxy or self.proxy

    @property
    def slack_proxy(self) -> str | None:
        """The route to Slack: its own proxy, else the common one."""
        return self.slack_own_proxy or self.proxy

    @property
    def arxiv_proxy(self) -> str | None:
        """The route to arXiv: its own proxy, else the common one."""
        return self.arxiv_own_proxy or self.proxy

    @property
    def models(self) -> tuple[ModelChoice, ...]:
        """The language models, in the order in which they are asked; none without LLM_MODEL.

        The second one goes to its own provider where it names one, else to the same server.
        """
        if not self.llm_model:
            return ()
        key = self.llm_api_key.get_secret_value() if self.llm_api_key else ""
        first = self._model(self.llm_model, key, self.llm_base_url)
        if not self.llm_fallback_model:
            return (first,)
        other = self.llm_fallback_api_key
        server = None if _has_provider(self.llm_fallback_model) else self.llm_base_url
        key = other.get_secret_value() if other else key
        return (first, self._model(self.llm_fallback_model, key, server))

    def _model(self, name: str, key: str, server: str | None) -> ModelChoice:
        local = server is not None and urlsplit(server).hostname in LOOPBACK
        proxy = self.llm_own_proxy or (None if local else self.proxy)
        return ModelChoice(
            name, key, server, proxy, self.llm_context_tokens, self.llm_output, self.llm_seconds
        )

    @property
    def model_limits(self) -> Limits:
        """What a day's calls to models may use."""
        return Limits(self.llm_daily_tokens, self.llm_daily_cost)

    @property
    def model_price(self) -> Price | None:
        """The price that was set, where the library's table is not to be used."""
        if self.llm_prices is None:
            return None
        into, out = map(Decimal, self.llm_prices.split("/"))
        return Price(into, out)

    @property
    def allowances(self) -> Allowances:
        """How often people and chats may have papers analyzed, and ask about them."""
        analyze = Allowance(self.analyze_per_user, self.analyze_per_chat)
        return Allowances(analyze, Allowance(self.ask_per_user))

    @property
    def pdf_limits(self) -> PdfLimits:
        """What reading one PDF may take."""
        return PdfLimits(
            seconds=self.pdf_seconds,
            memory=self.pdf_memory_megabytes * 1_000_000,
            pages=self.pdf_pages,
            characters=self.pdf_characters,
            file=self.pdf_megabytes * 1_000_000,
        )

    def beside(self, what: str) -> Path:
        """A file of the process's own beside the database."""
        return self.database.with_name(f"{self.database.name}.{what}")

    @property
    def log_file(self) -> Path:
        """The log, beside the database."""
        return self.database.with_suffix(".log")

    def checked(self) -> Self:
        """Refuse what only the combination of settings shows. Raises UserError."""
        asked = (self.arxiv_api_url, self.arxiv_feed_url)
        local = all(urlsplit(url).hostname in LOOPBACK for url in asked)
        if self.arxiv_interval < SHORTEST_INTERVAL and not local:
            raise _wrong("PAPERROUND_ARXIV_INTERVAL", "arXiv asks for at least 3 seconds")
        if self.telegram_webhook_url and not self.telegram_webhook_secret:
            raise _wrong("TELEGRAM_WEBHOOK_SECRET", "a webhook needs a secret")
        if self.slack_token and not (self.slack_app_token or self.slack_signing_secret):
            raise _wrong("SLACK_APP_TOKEN", "Slack needs it, or SLACK_SIGNING_SECRET for HTTP")
        for name, model in (
            ("LLM_MODEL", self.llm_model),
            ("LLM_FALLBACK_MODEL", self.llm_fallback_model),
        ):
            if model and not (_has_provider(model) or self.llm_base_url):
                providers = ", ".join(f"{provider}:" for provider in PROVIDERS)
                raise _wrong(name, f"begins with {providers} or goes with LLM_BASE_URL")
        return self


def _has_provider(model: str) -> bool:
    provider, colon, name = model.partition(":")
    return bool(colon and name) and provider in PROVIDERS


def load(**overrides: Any) -> Settings:
    """The settings of this process. Raises UserError for a wrong value, naming its variable."""
    try:
        return Settings(**overrides).checked()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise _wrong(name, first["msg"].removeprefix("Value error, ")) from None


def make_folder(settings: Settings) -> None:
    """Make the database's folder, where the log goes, too. Raises UserError where it can't be."""
    folder = settings.database.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _wrong("PAPERROUND_DATABASE", f"{folder}: {error.strerror}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _wrong("PAPERROUND_DATABASE", f"{folder} can't be written")


def _wrong(name: str, reason: str) -> UserError:
    example = f"{name}={EXAMPLES[name]}" if name in EXAMPLES else ""
    return UserError("settings.wrong", name=name, reason=reason, example=example)
