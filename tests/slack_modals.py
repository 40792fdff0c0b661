"""How views come about in the loopback Slack: opened, pushed, updated, published, submitted."""

from typing import TYPE_CHECKING, Any

import slack_checks as checks
from slack_interactions import Interaction
from slack_refusals import Refusal
from slack_views import View

if TYPE_CHECKING:
    from slack_users import User
    from slack_world import World

STACK = 3


class Modals:
    """Keeps everybody's stack of modals and their App Home."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.views: dict[str, View] = {}

    def open(self, trigger: Interaction, content: Any) -> View:
        """A new stack; what was open before is gone."""
        made = self._made(trigger.user, checks.view(content, "modal"))
        trigger.use_trigger()
        self._close(trigger.user.modals)
        return self._shown(trigger, made)

    def push(self, trigger: Interaction, content: Any) -> View:
        made = self._made(trigger.user, checks.view(content, "modal"))
        self._room(trigger.user)
        trigger.use_trigger()
        return self._shown(trigger, made)

    def update(self, view: View, content: Any, digest: str | None = None) -> View:
        if digest and digest != view.hash:
            raise Refusal("hash_conflict")
        if view.closed:
            raise Refusal("not_found")
        checked = checks.view(content, view.content["type"])
        view.show(self._numbered(checked), self._world.new_id("hash"))
        view.updates += 1
        self._world.bell.ring()
        return view

    def publish(self, user: "User", content: Any, digest: str | None = None) -> View:
        """The App Home of one person."""
        if user.home:
            return self.update(user.home, content, digest)
        user.home = self._made(user, checks.view(content, "home"))
        self.views[user.home.id] = user.home
        self._world.bell.ring()
        return user.home

    def find(self, ident: str | None, external: str | None) -> View:
        for each in self.views.values():
            named = external and each.content.get("external_id") == external
            if (each.id == ident or named) and not each.closed:
                return each
        raise Refusal("not_found")

    def answered(self, to: Interaction, answer: Any) -> None:
        """What the app says to a submission: errors, another view, or nothing."""
        self._world.guarded(f"the answer to {to}", self._answered, to, answer or {})

    def close(self, user: "User", *, all_of_them: bool) -> None:
        """The uppermost modal, or the stack."""
        self._close(user.modals if all_of_them else user.modals[-1:])

    def _answered(self, to: Interaction, answer: dict[str, Any]) -> None:
        assert to.source
        match answer.get("response_action"):
            case "errors":
                to.errors = self._errors(to.source, answer.get("errors"))
            case "update":
                to.view = self.update(to.source, answer.get("view"))
            case "push":
                self._room(to.user)
                self._shown(to, self._made(to.user, checks.view(answer.get("view"), "modal")))
            case "clear":
                self.close(to.user, all_of_them=True)
            case None:
                self._close([to.source])
                to.view = to.user.modals[-1] if to.user.modals else None
            case other:
                raise Refusal("invalid_response_action", (str(other),))

    def _errors(self, view: View, errors: Any) -> dict[str, str]:
        inputs = {each["block_id"] for each in view.blocks if each["type"] == "input"}
        if not isinstance(errors, dict) or not errors or set(errors) - inputs:
            raise Refusal("invalid_errors", (f"{errors} are not errors of {sorted(inputs)}",))
        return errors

    def _room(self, user: "User") -> None:
        if len(user.modals) >= STACK:
            raise Refusal("push_limit_reached")

    def _made(self, user: "User", content: dict[str, Any]) -> View:
        world, external = self._world, content.get("external_id")
        if external and any(
            each.content.get("external_id") == external and not each.closed
            for each in self.views.values()
        ):
            raise Refusal("duplicate_external_id")
        made = View(world, world.new_id("V"), user, {}, "")
        made.show(self._numbered(content), world.new_id("hash"))
        return made

    def _shown(self, trigger: Interaction, view: View) -> View:
        stack = trigger.user.modals
        view.previous = stack[-1].id if stack else None
        view.root = stack[0].id if stack else view.id
        stack.append(view)
        self.views[view.id] = trigger.view = view
        self._world.bell.ring()
        return view

    def _close(self, views: list[View]) -> None:
        for each in [*views]:
            each.closed = True
            if each in each.user.modals:
                each.user.modals.remove(each)
        self._world.bell.ring()

    def _numbered(self, content: dict[str, Any]) -> dict[str, Any]:
        return content | {"blocks": self._world.with_ids(content["blocks"])}
