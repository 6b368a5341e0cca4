"""A site file: floors, spaces and devices of one site, as JSON.

Responsible for the shape of the file and for its being consistent in itself. Refuses to compare it with what is in
the database (see ``importing``).
"""

from __future__ import annotations

import zoneinfo
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from shigotoba_wire.readings import is_name

SpaceKind = Literal["seat", "booth", "room", "studio", "lounge", "equipment"]
DeviceKind = Literal["seat_sensor", "booth_sensor", "booth_button", "mfp"]


class SiteFileError(Exception):
    """A site file cannot be imported; the message says what is wrong and what to do."""


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A building. ``time_zone`` is an IANA name such as Asia/Tokyo."""

    code: str
    name: str
    name_en: str
    time_zone: str


class Floor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A floor; ``level`` orders the floors from the ground up."""

    code: str
    name: str
    name_en: str
    level: int


class Space(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place people or equipment use; ``x`` and ``y`` in metres on the floor plan."""

    code: str
    floor: str
    kind: SpaceKind
    seat_type: str | None
    name: str
    capacity: Annotated[int, msgspec.Meta(ge=0)]
    x: float
    y: float


class Device(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device, the space it serves, and the longest time it should be silent, in seconds."""

    code: str
    kind: DeviceKind
    space: str
    keep_alive_s: Annotated[float, msgspec.Meta(gt=0)]


class SiteFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. ``assigned_from`` is when the devices took up their spaces."""

    site: Site
    floors: list[Floor]
    spaces: list[Space]
    devices: list[Device]
    assigned_from: Annotated[datetime, msgspec.Meta(tz=True)]


def read_site_file(path: Path) -> SiteFile:
    """The site file at ``path``.

    Raises:
        SiteFileError: It cannot be read, is not of this shape, or refers to what it does not contain.
    """
    try:
        described = msgspec.json.decode(path.read_bytes(), type=SiteFile)
    except OSError as error:
        raise SiteFileError(f"{path}: cannot be read ({error.strerror}).") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SiteFileError(f"{path}: not a site file: {error}.") from error
    problems = list(_problems(described))
    if problems:
        raise SiteFileError(f"{path}: {'; '.join(problems)}.")
    return described


def _problems(described: SiteFile) -> Iterator[str]:
    floors = [floor.code for floor in described.floors]
    spaces = [space.code for space in described.spaces]
    devices = [device.code for device in described.devices]
    codes = (described.site.code, *floors, *spaces, *devices)
    if described.site.time_zone not in zoneinfo.available_timezones():
        yield f"time zone {described.site.time_zone!r} is not an IANA name such as Asia/Tokyo"
    yield from (f"code {code!r} is not a name" for code in codes if not is_name(code))
    yield from _repeated("floor", floors)
    yield from _repeated("space", spaces)
    yield from _repeated("device", devices)
    yield from _strangers("space", "floor", ((space.code, space.floor) for space in described.spaces), set(floors))
    yield from _strangers("device", "space", ((device.code, device.space) for device in described.devices), set(spaces))


def _repeated(kind: str, codes: Iterable[str]) -> Iterator[str]:
    return (f"{kind} {code!r} stands {count} times" for code, count in Counter(codes).items() if count > 1)


def _strangers(kind: str, at: str, pairs: Iterable[tuple[str, str]], known: set[str]) -> Iterator[str]:
    strangers = ((code, place) for code, place in pairs if place not in known)
    return (f"{kind} {code!r} is at {at} {place!r}, which is not in the file" for code, place in strangers)
