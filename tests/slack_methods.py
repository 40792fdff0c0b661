"""The Web API of the loopback Slack: arguments by each method's signature, and the tokens.

The methods themselves are in slack_methods_chat, _conversations and _views.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import slack_checks as checks
import slack_scopes as scopes
from slack_methods_chat import ChatMethods
from slack_methods_conversations import ConversationMethods
from slack_methods_views import ViewMethods
from slack_refusals import Refusal

if TYPE_CHECKING:
    from slack_world import World

APP_METHODS = frozenset({"apps.connections.open"})
_FREE = frozenset({"auth.test"})
"""Methods for every kind of token."""
_EVERYWHERE = frozenset({"token", "team_id"})
"""Arguments that every method takes."""


class Methods:
    """Calls methods by their name with what came over the wire."""

    def __init__(
        self, world: "World", token: str, app_token: str, ticket: Callable[[], str]
    ) -> None:
        self._world = world
        self._token, self._app_token, self._ticket = token, app_token, ticket
        self.chat = ChatMethods(world)
        self._table: dict[str, Callable[..., dict[str, Any]]] = {
            "auth.test": self._auth_test,
            "apps.connections.open": self._connections_open,
            **self.chat.table(),
            **ConversationMethods(world).table(),
            **ViewMethods(world).table(),
        }

    def call(self, name: str, token: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """The result, without `ok`."""
        method = self._table.get(name)
        if method is None:
            raise Refusal("unknown_method", more={"req_method": name})
        self._authorize(name, token)
        scopes.allow(name, self._world.scopes)
        return method(**self._arguments(name, method, params))

    def _authorize(self, name: str, token: str) -> None:
        if not token:
            raise Refusal("not_authed")
        if token not in (self._token, self._app_token):
            raise Refusal("invalid_auth")
        if (token == self._app_token) != (name in APP_METHODS) and name not in _FREE:
            raise Refusal("not_allowed_token_type")
        if self._world.token_error:
            raise Refusal(self._world.token_error)

    def _arguments(
        self, name: str, method: Callable[..., Any], params: Mapping[str, Any]
    ) -> dict[str, Any]:
        known = inspect.signature(method).parameters
        given = {each: value for each, value in params.items() if value is not None}
        if unknown := sorted(set(given) - set(known) - _EVERYWHERE):
            self._world.note(f"{name} has no argument {', '.join(unknown)}")
        for each, about in known.items():
            if about.default is inspect.Parameter.empty and each not in given:
                wrong = f"missing required field: {each} [json-pointer:/{each}]"
                raise Refusal("invalid_arguments", (wrong,))
        return {each: _as(known[each].annotation, given[each]) for each in given if each in known}

    def _auth_test(self) -> dict[str, Any]:
        world = self._world
        return {
            "url": f"https://{world.team_domain}.slack.invalid/",
            "team": world.team_domain,
            "team_id": world.team,
            "user": world.bot_name,
            "user_id": world.bot_user,
            "bot_id": world.bot_id,
            "is_enterprise_install": False,
        }

    def _connections_open(self) -> dict[str, Any]:
        address = self._world.url.replace("http", "ws", 1)
        return {"url": f"{address}/link?ticket={self._ticket()}&app_id={self._world.app_id}"}


def _as(kind: Any, value: Any) -> Any:
    """A form's words as what the method wants."""
    if kind in (bool, bool | None):
        return value in (True, 1, "1", "true", "True")
    if kind is int:
        return int(value)
    if kind is list:
        return checks.decoded(value, "invalid_arguments")
    return value
