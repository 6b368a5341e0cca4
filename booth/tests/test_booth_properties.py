"""What holds for every booth, whoever presses when."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shigotoba_booth.decisions import Extend, Side, WalkIn, decide_press
from shigotoba_booth.holds import Hold, Policy, SecondPress, stands
from shigotoba_booth.presses import Press, play, run_around

DAY = datetime(2026, 11, 20, tzinfo=UTC)
PEOPLE = st.none() | st.sampled_from(["abe", "kato"])


def minute(minutes: int) -> datetime:
    return DAY + timedelta(minutes=minutes)


MOMENTS = st.integers(0, 600).map(minute)
LENGTHS = st.integers(0, 90).map(lambda minutes: timedelta(minutes=minutes))
POLICIES = st.builds(
    Policy,
    st.integers(1, 90).map(lambda minutes: timedelta(minutes=minutes)),
    LENGTHS,
    LENGTHS,
    LENGTHS,
    st.sampled_from(SecondPress),
    LENGTHS,
    st.none() | st.integers(1, 120).map(lambda minutes: timedelta(minutes=minutes)),
)
PRESSES = st.builds(Press, MOMENTS, st.sampled_from(Side))


@st.composite
def bookings(draw: st.DrawFn) -> tuple[Hold, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 700), max_size=10)))
    pairs = list(pairwise(edges))
    chosen = draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
    return tuple(
        Hold(minute(a), minute(b), draw(PEOPLE), draw(st.booleans()), draw(st.none() | MOMENTS))
        for (a, b), keep in zip(pairs, chosen, strict=True)
        if keep
    )


def overlap(a: Hold, b: Hold) -> bool:
    return a.start < b.end and b.start < a.end


@given(MOMENTS, bookings(), POLICIES, PEOPLE)
def test_a_walk_in_never_overlaps_a_standing_hold_and_is_never_longer_than_the_default(at, holds, policy, person):
    decision = decide_press(Side.ENTER, at, holds, policy, person)
    if isinstance(decision, WalkIn):
        taken = Hold(decision.start, decision.until)
        assert taken.end - taken.start <= policy.default_walk_in
        assert not any(overlap(taken, hold) for hold in holds if stands(hold, at, policy))


@given(MOMENTS, bookings(), POLICIES)
def test_an_extension_never_shortens_and_never_reaches_into_the_next_hold(at, holds, policy):
    decision = decide_press(Side.ENTER, at, holds, policy)
    if isinstance(decision, Extend):
        assert decision.until >= decision.hold.end
        longer = Hold(decision.hold.start, decision.until)
        assert not any(overlap(longer, hold) for hold in holds if hold != decision.hold and stands(hold, at, policy))


@given(st.lists(PRESSES, max_size=12), bookings(), POLICIES)
def test_after_any_presses_no_two_holds_of_a_booth_overlap(presses, holds, policy):
    assert not any(overlap(a, b) for a, b in pairwise(play(presses, holds, policy)))


@given(st.lists(PRESSES, max_size=12), bookings(), POLICIES, st.randoms())
def test_order_of_arrival_and_repeats_change_nothing(presses, holds, policy, random):
    arrived = presses + random.choices(presses, k=3) if presses else presses
    random.shuffle(arrived)
    assert play(arrived, holds, policy) == play(presses, holds, policy)


@given(st.lists(PRESSES, max_size=20), POLICIES, MOMENTS, LENGTHS)
def test_what_lies_outside_the_run_around_a_press_can_be_played_without_it(presses, policy, first, length):
    begin, end = run_around(presses, first, first + length, policy)
    run = play([press for press in presses if begin <= press.at <= end], (), policy)
    before = play([press for press in presses if press.at < begin], (), policy)
    after = play([press for press in presses if press.at > end], (), policy)
    assert play(presses, (), policy) == before + run + after


@given(st.lists(PRESSES, min_size=1, max_size=12), POLICIES)
def test_leaving_frees_the_booth_at_that_moment(presses, policy):
    last = max(press.at for press in presses)
    holds = play([*presses, Press(last, Side.LEAVE)], (), policy)
    assert not any(stands(hold, last, policy) for hold in holds)
