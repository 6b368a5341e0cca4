"""Where everybody is at the instant from which a stretch of lively hours is computed.

The state at a midnight is drawn from that midnight, not from the day before it; the days on both sides agree because
both ask here. Responsible for those instants. Refuses to fill the hours between them (see ``days``).
"""

from __future__ import annotations

from typing import Final

import msgspec

from shigotoba_sim.chance import Chance, chance_of
from shigotoba_sim.people import rounds
from shigotoba_sim.people.workday import Visit
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.stays import Places, Stay, rocker_presses

_AWAY_SHARE: Final = 0.15
_FILLING_MS: Final = 90_000
"""A building that comes to life at night fills within this time."""


class Threshold(msgspec.Struct, frozen=True):
    """An instant and the posts around it.

    Attributes:
        left_ms: For each post, when its person was free for the last time before.
        back_ms: For each post, when its person is free again after.
        stays: The stays that reach across.
    """

    left_ms: tuple[int, ...]
    back_ms: tuple[int, ...]
    stays: tuple[Stay, ...]


def coming_to_life(inputs: PlanInputs, begun: list[Stay]) -> Threshold:
    """The threshold at ``lively_from``: who sits there rises before long, the others come in soon after.

    Args:
        inputs: The plan's inputs.
        begun: The stays that began in office hours before.
    """
    chance = chance_of(inputs.seed, "coming to life")
    stays = [
        _risen_by(stay, inputs.lively_ms + chance.randrange(rounds.stay_ms(chance, booth=False))) for stay in begun
    ]
    posts = rounds.posts(inputs.roll)
    seated = [stay.end_ms for stay in stays if stay.end_ms > inputs.lively_ms][:posts]
    free_ms = [end_ms + rounds.away_ms(chance) for end_ms in seated]
    free_ms += [inputs.lively_ms + chance.randrange(_FILLING_MS) for _ in range(posts - len(seated))]
    return Threshold((inputs.lively_ms,) * posts, tuple(free_ms), tuple(stays))


def _risen_by(stay: Stay, latest_ms: int) -> Stay:
    if stay.end_ms <= latest_ms:
        return stay
    pressed = tuple(press for press in stay.presses if press.at_ms < latest_ms)
    return Stay(stay.space, stay.start_ms, latest_ms, stay.person, pressed)


def crossing(inputs: PlanInputs, midnight: int) -> Threshold:
    """The threshold at ``midnight``, UTC milliseconds."""
    chance = chance_of(inputs.seed, "midnight", midnight)
    booths, seats = (Places(inputs.place.of_kind(kind)) for kind in ("booth", "seat"))
    left_ms: list[int] = []
    back_ms: list[int] = []
    stays: list[Stay] = []
    for post in range(rounds.posts(inputs.roll)):
        booth = rounds.wants_booth(chance)
        visit = _visit_across(chance, inputs, post, midnight, rounds.stay_ms(chance, booth))
        space = (booths if booth else seats).take(chance, visit.person, midnight, visit.end_ms)
        if space is not None and visit.start_ms < midnight and not chance.happens(_AWAY_SHARE):
            presses = tuple(rocker_presses(chance, visit, space)) if booth else ()
            stays.append(Stay(space, visit.start_ms, visit.end_ms, visit.person.number, presses))
        left_ms.append(visit.start_ms - rounds.away_ms(chance))
        back_ms.append(visit.end_ms + rounds.away_ms(chance))
    return Threshold(tuple(left_ms), tuple(back_ms), tuple(stays))


def _visit_across(chance: Chance, inputs: PlanInputs, post: int, midnight: int, length_ms: int) -> Visit:
    # Nobody is there before the building has come to life.
    earliest_ms = inputs.lively_ms + chance.randrange(_FILLING_MS)
    behind_ms = chance.randrange(length_ms)
    person = rounds.person_at(inputs.roll, post, midnight)
    return Visit(person, max(midnight - behind_ms, earliest_ms), midnight + length_ms - behind_ms)
