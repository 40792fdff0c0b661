"""Commands, clicks, submissions, shortcuts of the loopback Slack, and what the app made of them.

Knows no payloads: those are in slack_users.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slack_delivery import Delivery
from slack_messages import Message
from slack_refusals import Refusal

if TYPE_CHECKING:
    from slack_channels import Channel
    from slack_users import User
    from slack_views import View
    from slack_world import World

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass(slots=True, eq=False)
class Interaction:
    """Something that a person did with the app; `await` its `next()` message or `opened()` view."""

    world: "World"
    id: str
    kind: str
    """`slash_command`, `block_actions`, `view_submission`, `message_action` …"""
    user: "User"
    at: float
    """By the server's clock."""
    channel: "Channel | None" = None
    message: Message | None = None
    """Where it was clicked."""
    source: "View | None" = None
    """The view in which it was clicked, or which was submitted."""
    delivery: Delivery | None = None
    messages: list[Message] = field(default_factory=list)
    """What was answered: with the acknowledgement, or through the response URL."""
    view: "View | None" = None
    """What was opened by it, or is shown after the submission."""
    errors: dict[str, str] = field(default_factory=dict)
    """What was found wrong with a submission, by block."""
    triggered: bool = False
    """Whether its trigger_id has been used."""
    uses: int = 0
    """Of its response_url."""
    _read: int = 0

    @property
    def trigger_id(self) -> str:
        return f"{self.id}.loopback"

    @property
    def response_url(self) -> str:
        return f"{self.world.url}/response/{self.id}"

    @property
    def ack(self) -> Any:
        """What the acknowledgement carried."""
        return self.delivery.answer if self.delivery else None

    @property
    def took(self) -> float:
        """Seconds until it was acknowledged."""
        assert self.delivery
        return self.delivery.took

    @property
    def failed(self) -> str:
        """What the person is told when the app did not acknowledge: `operation_timeout` …"""
        return self.delivery.failed if self.delivery else ""

    async def next(self, within: float = 5.0) -> Message:
        """The next message that answers it."""
        await self._until(lambda: len(self.messages) > self._read, within, "another answer")
        self._read += 1
        return self.messages[self._read - 1]

    async def opened(self, within: float = 5.0) -> "View":
        """The view that it has opened."""
        await self._until(lambda: self.view, within, "view")
        assert self.view
        return self.view

    def use_trigger(self) -> None:
        """Refuse a second use, or a late one."""
        if self.triggered:
            raise Refusal("exchanged_trigger_id")
        if self.world.now() - self.at > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        self.triggered = True

    def use_response(self) -> None:
        """Refuse a sixth use, or a late one."""
        if self.uses >= RESPONSE_USES:
            raise Refusal("used_url", status=404)
        if self.world.now() - self.at > RESPONSE_SECONDS:
            raise Refusal("expired_url", status=404)
        self.uses += 1

    async def _until(self, ready: Any, within: float, what: str) -> None:
        def missing() -> str:
            return "\n".join([f"no {what} to {self}", *self.world.recent()])

        await self.world.bell.until(ready, within, missing)

    def __str__(self) -> str:
        return f"{self.user}'s {self.kind}: {len(self.messages)} answers {self.failed}".rstrip()
