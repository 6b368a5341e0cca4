"""What BlueZ answers when it will not do as asked; names and texts are those of its ``src/error.c``."""

from __future__ import annotations


class BluezError(Exception):
    """An error reply.

    Attributes:
        name: The D-Bus error name.
    """

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


def not_ready() -> BluezError:
    """The adapter is not powered."""
    return BluezError("org.bluez.Error.NotReady", "Resource Not Ready")


def in_progress() -> BluezError:
    """The client already has a discovery session."""
    return BluezError("org.bluez.Error.InProgress", "Operation already in progress")


def failed(text: str) -> BluezError:
    """Any other refusal."""
    return BluezError("org.bluez.Error.Failed", text)


def invalid_arguments() -> BluezError:
    """A filter with an unknown key, a wrong type or two kinds of proximity."""
    return BluezError("org.bluez.Error.InvalidArguments", "Invalid arguments in method call")


def unknown_method(interface: str, member: str) -> BluezError:
    """No such method at this path."""
    return BluezError(
        "org.freedesktop.DBus.Error.UnknownMethod", f'Method "{member}" on interface "{interface}" doesn\'t exist'
    )


def unknown_property(name: str) -> BluezError:
    """No such property at this path."""
    return BluezError("org.freedesktop.DBus.Error.UnknownProperty", f"No such property '{name}'")
