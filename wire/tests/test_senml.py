import contextlib
import json
import string

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.pack import MAX_PAYLOAD_BYTES
from shigotoba_wire.readings import MAX_SEQUENCE, Batch, Quality, Reading, is_name
from shigotoba_wire.senml import decode_batch, encode_batch

names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,20}", fullmatch=True, alphabet=string.printable)
values = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
)
times = st.integers(2**28 * 1000, 253_402_300_799_999)
readings = st.builds(Reading, names, names, values, times, st.sampled_from(Quality))
batches = st.builds(
    Batch,
    names,
    names,
    names,
    st.integers(1, MAX_SEQUENCE - 1_000),
    st.lists(readings, min_size=1, max_size=30).map(tuple),
)

AT_MS = 1_795_000_000_123


HEAD = {"bn": "honcho/gw-1/", "bt": AT_MS / 1000, "ep": "e1", "sq": 7}
LABELS = st.sampled_from(["n", "t", "v", "vb", "vs", "ql", "u", "bn", "bt", "bver", "sq", "must_", "colour"])


def pack(*records: dict[str, object]) -> bytes:
    return json.dumps([HEAD | records[0], *records[1:]]).encode()


def said(payload: bytes) -> Batch | Refusal:
    try:
        return decode_batch(payload)
    except MessageError as error:
        return error.reason


def refusal_of(payload: bytes) -> Refusal:
    with pytest.raises(MessageError) as caught:
        decode_batch(payload)
    return caught.value.reason


@given(batches)
def test_a_batch_survives_the_way_there_and_back(batch: Batch) -> None:
    again = decode_batch(encode_batch(batch))
    assert again == batch
    assert [type(r.value) for r in again.readings if not isinstance(r.value, float)] == [
        type(r.value) for r in batch.readings if not isinstance(r.value, float)
    ]


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_the_documented_error(payload: bytes) -> None:
    with pytest.raises(MessageError):
        decode_batch(payload)


@given(batches, st.data())
def test_a_truncated_payload_is_refused_as_malformed(batch: Batch, data: st.DataObject) -> None:
    payload = encode_batch(batch)
    cut = data.draw(st.integers(0, len(payload) - 1))
    assert refusal_of(payload[:cut]) in {Refusal.MALFORMED, Refusal.NOT_UTF8}


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda x: (
            st.lists(x) | st.dictionaries(st.sampled_from(["bn", "bt", "n", "v", "vb", "vs", "t", "ep", "sq", "ql"]), x)
        ),
    )
)
def test_any_json_is_a_batch_or_a_refusal(value: object) -> None:
    with contextlib.suppress(MessageError):
        assert decode_batch(json.dumps(value).encode()).readings


def test_a_pack_written_by_hand_is_understood() -> None:
    payload = pack({"n": "ble-5448e68f8001/occupancy", "vb": True}, {"n": "mfp-X1/fax_sent", "t": 1.5, "v": 12})
    assert decode_batch(payload) == Batch(
        "honcho",
        "gw-1",
        "e1",
        7,
        (
            Reading("ble-5448e68f8001", "occupancy", True, AT_MS),
            Reading("mfp-X1", "fax_sent", 12, AT_MS + 1500),
        ),
    )


def test_unknown_labels_are_ignored_as_rfc_8428_asks() -> None:
    assert decode_batch(pack({"n": "d/occupancy", "vb": True, "colour": "blue"})).readings[0].value is True


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"[" + b" " * MAX_PAYLOAD_BYTES + b"]", Refusal.TOO_LONG),
        (b'[{"n":"\xff"}]', Refusal.NOT_UTF8),
        (b"", Refusal.MALFORMED),
        (b"[]", Refusal.MALFORMED),
        (b'{"n":"a"}', Refusal.MALFORMED),
        (b"[" * 100_000, Refusal.MALFORMED),
        (pack({"n": "d/p", "v": "12"}), Refusal.MALFORMED),
        (pack({"n": "d/p", "v": 1, "bver": 11}), Refusal.UNSUPPORTED),
        (pack({"n": "d/p", "v": 1}, {"n": "d/p", "v": 2, "bt": 5}), Refusal.UNSUPPORTED),
        (pack({"n": "d/p", "v": 1, "must_": True}), Refusal.UNSUPPORTED),
        (pack({"n": "d", "v": 1}), Refusal.BAD_NAME),
        (pack({"n": "席/p", "v": 1}), Refusal.BAD_NAME),
        (pack({"n": "d/p", "v": 1, "bn": "honcho/"}), Refusal.BAD_NAME),
        (pack({"n": "d/p"}), Refusal.BAD_VALUE),
        (pack({"n": "d/p", "v": 1, "vb": True}), Refusal.BAD_VALUE),
        (pack({"n": "d/p", "v": 1, "bt": 60.0}), Refusal.BAD_TIME),
        (pack({"n": "d/p", "v": 1, "t": 1e300}), Refusal.BAD_TIME),
        (pack({"n": "d/p", "v": 1, "sq": 0}), Refusal.BAD_SEQUENCE),
        (pack({"n": "d/p", "v": 1, "sq": MAX_SEQUENCE}), Refusal.BAD_SEQUENCE),
        (pack({"n": "d/p", "v": 1, "ep": ""}), Refusal.BAD_SEQUENCE),
    ],
)
def test_each_kind_of_nonsense_has_its_reason(payload: bytes, reason: Refusal) -> None:
    assert refusal_of(payload) is reason


def test_numbers_too_large_for_json_are_refused_not_stored_as_infinity() -> None:
    assert refusal_of(pack({"n": "d/p", "v": 1}).replace(b'"v": 1', b'"v": 1e999')) in {
        Refusal.BAD_VALUE,
        Refusal.MALFORMED,
    }


def test_a_batch_of_a_hundred_readings_stays_near_five_kilobytes() -> None:
    batch = Batch(
        "honcho", "gw-1", "e1", 1, tuple(Reading(f"ble-{i:012x}", "occupancy", True, AT_MS + i) for i in range(100))
    )
    assert len(encode_batch(batch)) < 6_000


@given(names)
def test_names_allowed_on_the_wire_are_valid_senml_names(name: str) -> None:
    assert is_name(name)
    assert set(name) <= set(string.ascii_letters + string.digits + "-:._")


@given(st.lists(st.dictionaries(LABELS, st.none() | st.booleans() | st.integers() | values, max_size=5), max_size=4))
def test_spaces_between_records_change_nothing(records: list[dict[str, object]]) -> None:
    told = [HEAD | records[0], *records[1:]] if records else []
    assert said(json.dumps(told, separators=(",", ":")).encode()) == said(json.dumps(told).encode())


@pytest.mark.parametrize("text", ["},{", "a},{b", '"},{"'])
def test_a_text_that_looks_like_the_end_of_a_record_is_a_text(text: str) -> None:
    batch = Batch("honcho", "gw-1", "e1", 1, tuple(Reading("d", "button", text, AT_MS) for _ in range(3)))
    assert decode_batch(encode_batch(batch)) == batch


def test_an_empty_batch_cannot_be_encoded() -> None:
    with pytest.raises(ValueError, match="at least one"):
        encode_batch(Batch("a", "b", "c", 1, ()))
    assert msgspec.json.decode(b"[]") == []
