"""A site file: floors, zones, spaces, devices and the calendar of one site, as JSON.

Responsible for the shape of the file and for its being consistent in itself. Refuses to compare it with what is in
the database (see ``importing``).
"""

from __future__ import annotations

import zoneinfo
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from shigotoba_wire.readings import is_name

SpaceKind = Literal["seat", "booth", "room", "studio", "lounge", "equipment"]
DeviceKind = Literal["seat_sensor", "booth_sensor", "booth_button", "mfp"]
ClockTime = Annotated[str, msgspec.Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""``08:30``; ``24:00`` is the end of the day."""

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


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


class Zone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a floor with a name of its own, such as one for quiet work."""

    code: str
    floor: str
    name: str
    name_en: str


class Space(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place people or equipment use; ``x`` and ``y`` in metres on the floor plan, ``zone`` on the same floor."""

    code: str
    floor: str
    kind: SpaceKind
    seat_type: str | None
    name: str
    capacity: Annotated[int, msgspec.Meta(ge=0)]
    x: float
    y: float
    zone: str | None = None


class Device(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device, the space it serves, and the longest time it should be silent, in seconds."""

    code: str
    kind: DeviceKind
    space: str
    keep_alive_s: Annotated[float, msgspec.Meta(gt=0)]


class OpeningHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From when to when the site is open, by its own clock, on these weekdays (1 is Monday) of the days given.

    Days from ``since`` up to, not including, ``until``; without an end where that is null.
    """

    weekdays: list[Annotated[int, msgspec.Meta(ge=1, le=7)]]
    opens: ClockTime
    closes: ClockTime
    since: date
    until: date | None = None


class Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days on which the site is not open, from ``since`` up to, not including, ``until``."""

    since: date
    until: date
    name: str
    name_en: str


class Closure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A space, or the whole site where ``space`` is null, is out of use from ``since`` up to ``until``."""

    since: Moment
    until: Moment | None
    reason: str
    space: str | None = None


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the organisation, perhaps of another section."""

    code: str
    name: str
    name_en: str
    part_of: str | None = None


class Headcount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Staff of a section on the roll at this site, on that floor where one is named, from ``as_of`` on."""

    section: str
    as_of: date
    people: Annotated[int, msgspec.Meta(ge=0)]
    floor: str | None = None


class SiteFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. ``assigned_from`` is when the devices took up their spaces.

    Of the calendar, a list that is given is all there is to be; one that is left out changes nothing.
    """

    site: Site
    floors: list[Floor]
    spaces: list[Space]
    devices: list[Device]
    assigned_from: Moment
    zones: list[Zone] = []
    opening_hours: list[OpeningHours] | None = None
    holidays: list[Holiday] | None = None
    closures: list[Closure] | None = None
    sections: list[Section] = []
    headcounts: list[Headcount] = []


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
    zones = {zone.code: zone.floor for zone in described.zones}
    codes = (described.site.code, *floors, *zones, *spaces, *devices)
    if described.site.time_zone not in zoneinfo.available_timezones():
        yield f"time zone {described.site.time_zone!r} is not an IANA name such as Asia/Tokyo"
    yield from (f"code {code!r} is not a name" for code in codes if not is_name(code))
    yield from _repeated("floor", floors)
    yield from _repeated("zone", (zone.code for zone in described.zones))
    yield from _repeated("space", spaces)
    yield from _repeated("device", devices)
    yield from _strangers("zone", "floor", zones.items(), set(floors))
    yield from _misplaced(described.spaces, zones)
    yield from _strangers("space", "floor", ((space.code, space.floor) for space in described.spaces), set(floors))
    yield from _strangers("device", "space", ((device.code, device.space) for device in described.devices), set(spaces))
    counted = ((count.section, count.floor) for count in described.headcounts if count.floor is not None)
    yield from _strangers("section", "floor", counted, set(floors))
    named = (("", closure.space) for closure in described.closures or () if closure.space is not None)
    yield from _strangers("closure", "space", named, set(spaces))
    yield from _backwards(described)


def _repeated(kind: str, codes: Iterable[str]) -> Iterator[str]:
    return (f"{kind} {code!r} stands {count} times" for code, count in Counter(codes).items() if count > 1)


def _strangers(kind: str, at: str, pairs: Iterable[tuple[str, str]], known: set[str]) -> Iterator[str]:
    strangers = ((code, place) for code, place in pairs if place not in known)
    return (f"{kind} {code!r} is at {at} {place!r}, which is not in the file" for code, place in strangers)


def _misplaced(spaces: Iterable[Space], floor_of: Mapping[str, str]) -> Iterator[str]:
    for space in spaces:
        if space.zone is not None and floor_of.get(space.zone) != space.floor:
            yield f"space {space.code!r} is in zone {space.zone!r}, which is not on its floor {space.floor!r}"


def _backwards(described: SiteFile) -> Iterator[str]:
    for hours in described.opening_hours or ():
        if hours.opens >= hours.closes:
            yield f"opening hours from {hours.opens} to {hours.closes} do not end after they begin"
    dated = (*(described.opening_hours or ()), *(described.holidays or ()))
    yield from (
        _no_days(each.since, each.until) for each in dated if each.until is not None and each.until <= each.since
    )
    for closure in described.closures or ():
        if closure.until is not None and closure.until <= closure.since:
            yield _no_days(closure.since, closure.until)


def _no_days(since: date, until: date) -> str:
    return f"until {until.isoformat()} is not after since {since.isoformat()} (it is the first that no longer counts)"
