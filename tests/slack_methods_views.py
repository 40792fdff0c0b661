"""The loopback Slack's methods that show views: views.*."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from slack_interactions import Interaction
from slack_refusals import Refusal
from slack_views import View

if TYPE_CHECKING:
    from slack_world import World


class ViewMethods:
    """Modals by trigger, App Homes by person."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def table(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {
            "views.open": self.open,
            "views.push": self.push,
            "views.update": self.update,
            "views.publish": self.publish,
        }

    def open(
        self, view: Any, trigger_id: str = "", interactivity_pointer: str = ""
    ) -> dict[str, Any]:
        return _shown(self._world.modals.open(self._trigger(trigger_id), view))

    def push(
        self, view: Any, trigger_id: str = "", interactivity_pointer: str = ""
    ) -> dict[str, Any]:
        return _shown(self._world.modals.push(self._trigger(trigger_id), view))

    def update(
        self,
        view: Any,
        view_id: str = "",
        external_id: str = "",
        hash: str = "",  # noqa: A002
    ) -> dict[str, Any]:
        modals = self._world.modals
        return _shown(modals.update(modals.find(view_id, external_id), view, hash))

    def publish(self, user_id: str, view: Any, hash: str = "") -> dict[str, Any]:  # noqa: A002
        user = self._world.users.get(user_id)
        if user is None:
            raise Refusal("user_not_found")
        return _shown(self._world.modals.publish(user, view, hash))

    def _trigger(self, trigger_id: str) -> Interaction:
        return self._world.triggered(trigger_id)


def _shown(view: View) -> dict[str, Any]:
    return {"view": view.to_json()}
