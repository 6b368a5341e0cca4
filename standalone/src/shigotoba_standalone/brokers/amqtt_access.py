"""The embedded broker's checks: who one is, and which topics one may use.

Two amqtt plug-ins over the same rules and hashes that mosquitto gets. Anonymous clients are refused; a filter that
would cover more than a rule allows is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from amqtt.contexts import Action
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from shigotoba_standalone.brokers.passwords import matches


def covers(allowed: str, wanted: str) -> bool:
    """Whether every topic that the name or filter ``wanted`` can match is also matched by the filter ``allowed``."""
    allowed_parts, wanted_parts = allowed.split("/"), wanted.split("/")
    for i, part in enumerate(allowed_parts):
        if part == "#":
            return True
        if i >= len(wanted_parts) or wanted_parts[i] == "#":
            return False
        if part not in ("+", wanted_parts[i]):
            return False
    return len(allowed_parts) == len(wanted_parts)


class PasswordPlugin(BaseAuthPlugin):
    """Accepts a session whose password has the hash on file for its user."""

    config: Config

    async def authenticate(self, *, session: Session) -> bool | None:
        """Whether the user is known and the password is right."""
        stored = self.config.hashes.get(session.username or "")
        return stored is not None and matches(session.password or "", stored)

    @dataclass
    class Config(BaseAuthPlugin.Config):
        """``hashes``: user name to stored hash."""

        hashes: Mapping[str, str] = field(default_factory=dict[str, str])


class TopicPlugin(BaseTopicPlugin):
    """Lets a user publish and subscribe to what its rules cover."""

    config: Config

    async def topic_filtering(
        self, *, session: Session | None = None, topic: str | None = None, action: Action | None = None
    ) -> bool | None:
        """Whether ``action`` on ``topic`` is covered; what may be subscribed to may be received."""
        if session is None or session.username is None or topic is None:
            return False
        rules = self.config.may_write if action is Action.PUBLISH else self.config.may_read
        return any(covers(allowed, topic) for allowed in rules.get(session.username, ()))

    @dataclass
    class Config(BaseTopicPlugin.Config):
        """User name to the filters it may write and read."""

        may_write: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
        may_read: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
