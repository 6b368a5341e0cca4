"""The arithmetic of the ledger, against plain sets of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from shigotoba_backend.ingest.ledger import Account, Claim, Span, accounts, claim, split
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.waiting import until

RANGES = st.tuples(st.integers(1, 60), st.integers(1, 20)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def numbers(spans: Sequence[Span]) -> set[int]:
    return {number for first, beyond in spans for number in range(first, beyond)}


@given(st.lists(st.integers(1, 15), max_size=8), RANGES)
def test_a_split_parts_the_numbers_and_loses_none(gaps: list[int], cut: Span) -> None:
    edges = [sum(gaps[: index + 1]) for index in range(len(gaps))]
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    inside, left = split(spans, *cut)
    assert numbers(inside) == numbers(spans) & numbers([cut])
    assert numbers(left) == numbers(spans) - numbers([cut])
    assert inside == sorted(inside)
    assert left == sorted(left)


@pytest.mark.integration
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.lists(st.tuples(st.sampled_from("ab"), RANGES), max_size=6), max_size=5))
def test_each_number_of_an_epoch_is_new_exactly_once(
    conn: psycopg.Connection, small_site: SiteFile, calls: list[list[tuple[str, Span]]]
) -> None:
    conn.execute("TRUNCATE shigotoba.ledger")
    (site_id,) = conn.execute("SELECT site_id FROM shigotoba.site").fetchone() or (0,)
    seen: set[tuple[str, int]] = set()
    for call in calls:
        with conn.transaction():
            fresh = claim(conn, [Claim((site_id, "gw-1", epoch), *span) for epoch, span in call])
        for (epoch, span), spans in zip(call, fresh, strict=True):
            asked = {(epoch, number) for number in numbers([span])}
            assert {(epoch, number) for number in numbers(spans)} == asked - seen
            seen |= asked


@pytest.mark.integration
def test_what_was_rolled_back_was_not_received(conn: psycopg.Connection, small_site: SiteFile) -> None:
    (site_id,) = conn.execute("SELECT site_id FROM shigotoba.site").fetchone() or (0,)
    wanted = [Claim((site_id, "gw-1", "e"), 1, 11)]
    with conn.transaction(force_rollback=True):
        assert claim(conn, wanted) == [[(1, 11)]]
    with conn.transaction():
        assert claim(conn, wanted) == [[(1, 11)]]
    with conn.transaction():
        assert claim(conn, wanted) == [[]]


@pytest.mark.integration
@pytest.mark.parametrize(("rolled_back", "left"), [(False, [(11, 15)]), (True, [(5, 15)])])
def test_who_claims_of_an_epoch_that_another_has_open_waits_and_gets_what_that_one_leaves(
    database: str, conn: psycopg.Connection, small_site: SiteFile, rolled_back: bool, left: list[Span]
) -> None:
    (site_id,) = conn.execute("SELECT site_id FROM shigotoba.site").fetchone() or (0,)
    epoch = (site_id, "gw-1", "e")

    def claim_later(second: psycopg.Connection) -> list[list[Span]]:
        with second.transaction():
            return claim(second, [Claim(epoch, 5, 15)])

    with (
        psycopg.connect(database, autocommit=True) as second,
        psycopg.connect(database, autocommit=True) as watching,
        ThreadPoolExecutor(1) as elsewhere,
    ):
        with conn.transaction(force_rollback=rolled_back):
            assert claim(conn, [Claim(epoch, 1, 11)]) == [[(1, 11)]]
            got = elsewhere.submit(claim_later, second)
            until(lambda: _waits(watching, second), what="the second claim waits for the first")
            assert not got.done()
        assert got.result() == [left]
    received = conn.execute("SELECT received FROM shigotoba.ledger").fetchall()
    assert received == [(Multirange([Range(5 if rolled_back else 1, 15)]),)]


def _waits(watching: psycopg.Connection, other: psycopg.Connection) -> bool:
    asked = watching.execute("SELECT FROM pg_locks WHERE pid = %s AND NOT granted", [other.info.backend_pid])
    return asked.fetchone() is not None


@pytest.mark.integration
def test_the_account_of_a_gateway_shows_its_holes(conn: psycopg.Connection, small_site: SiteFile) -> None:
    (site_id,) = conn.execute("SELECT site_id FROM shigotoba.site").fetchone() or (0,)
    for epoch, first, beyond in [("old", 1, 101), ("new", 1, 11), ("new", 15, 21), ("new", 16, 21)]:
        with conn.transaction():
            claim(conn, [Claim((site_id, "gw-1", epoch), first, beyond)])
    assert accounts(conn) == [Account("honcho", "gw-1", epochs=2, received=116, missing=4, highest=20)]


@pytest.mark.integration
def test_the_largest_sequence_number_fits(conn: psycopg.Connection, small_site: SiteFile) -> None:
    (site_id,) = conn.execute("SELECT site_id FROM shigotoba.site").fetchone() or (0,)
    top = 2**63 - 1
    with conn.transaction():
        assert claim(conn, [Claim((site_id, "gw-1", "e"), top - 5, top)]) == [[(top - 5, top)]]
