"""The way to a model: its HTTP client, and the library's model for its provider.

Imported when a model is configured and not before. The providers' packages are optional,
so each is imported where it is wanted.
"""

import httpx2
from pydantic_ai.models import Model

from jobs.llm.choice import SILENCE, ModelChoice
from jobs.llm.failure import Failure, Trouble

CONNECT_SECONDS = 10.0


def http_client(choice: ModelChoice) -> httpx2.AsyncClient:
    """The way to the model: through its proxy or straight, whatever the environment says."""
    return httpx2.AsyncClient(
        proxy=choice.proxy,
        trust_env=False,
        timeout=httpx2.Timeout(SILENCE * choice.seconds, connect=CONNECT_SECONDS),
    )


def build(choice: ModelChoice, client: httpx2.AsyncClient) -> Model:
    """The model that was chosen. Raises Failure where its provider's package is missing."""
    provider, _, name = choice.name.partition(":")
    if choice.base_url:
        from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415 -- optional
        from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415

        bare = name if provider == "openai" and name else choice.name
        key = choice.api_key or "none"  # the library insists on one; local servers don't
        reached = OpenAIProvider(base_url=choice.base_url, api_key=key, http_client=client)
        return OpenAIChatModel(bare, provider=reached)
    try:
        return _BUILDERS[provider](name, choice.api_key, client)
    except ImportError as error:
        raise Failure(Trouble.MISSING, f"pip install 'paperround[{provider}]'") from error


def _openai(name: str, key: str, client: httpx2.AsyncClient) -> Model:
    from pydantic_ai.models.openai import OpenAIResponsesModel  # noqa: PLC0415 -- optional
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415

    return OpenAIResponsesModel(name, provider=OpenAIProvider(api_key=key, http_client=client))


def _anthropic(name: str, key: str, client: httpx2.AsyncClient) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415 -- optional
    from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

    return AnthropicModel(name, provider=AnthropicProvider(api_key=key, http_client=client))


def _google(name: str, key: str, client: httpx2.AsyncClient) -> Model:
    from pydantic_ai.models.google import GoogleModel  # noqa: PLC0415 -- optional
    from pydantic_ai.providers.google import GoogleProvider  # noqa: PLC0415

    return GoogleModel(name, provider=GoogleProvider(api_key=key, http_client=client))


_BUILDERS = {"openai": _openai, "anthropic": _anthropic, "google": _google}
