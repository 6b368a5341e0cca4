import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.topics import BUCKETS, Channel, bucket_of, local, parse_up, shard_filters, upstream

names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,20}", fullmatch=True, alphabet=st.characters(codec="ascii"))


@given(names, names, names)
def test_an_upward_topic_parses_into_its_channel(site: str, gateway: str, kind: str) -> None:
    channel = upstream(site, gateway)
    assert parse_up(channel.up(kind)) == (channel, kind)


@given(names, names)
def test_a_local_channel_parses_too(gateway: str, agent: str) -> None:
    assert parse_up(local(gateway, agent).up("readings"))[0] == Channel("local", gateway, agent)


@given(st.text())
def test_any_text_is_a_topic_of_ours_or_a_refusal(topic: str) -> None:
    with pytest.raises(MessageError) as caught:
        parse_up(topic)
    assert caught.value.reason is Refusal.BAD_TOPIC


def test_a_gateway_in_a_bucket_that_is_not_its_own_is_refused() -> None:
    wrong = next(bucket for bucket in BUCKETS if bucket != bucket_of("gw-1"))
    with pytest.raises(MessageError, match="bucket"):
        parse_up(f"shigotoba/v1/{wrong}/honcho/gw-1/up/readings")


@given(st.integers(1, 16), names)
def test_every_gateway_belongs_to_exactly_one_shard(shards: int, gateway: str) -> None:
    def reads(shard: int) -> bool:
        return any(f.split("/")[2] in {"+", bucket_of(gateway)} for f in shard_filters(shard, shards))

    owners = [shard for shard in range(shards) if reads(shard)]
    assert len(owners) == 1


@pytest.mark.parametrize(("shard", "shards"), [(-1, 2), (2, 2), (0, 17), (0, 0)])
def test_a_shard_that_cannot_be_is_refused(shard: int, shards: int) -> None:
    with pytest.raises(ValueError, match="shard"):
        shard_filters(shard, shards)
