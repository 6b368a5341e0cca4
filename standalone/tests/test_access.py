"""The arithmetic behind the embedded broker's rules: filters that cover filters, hashes that match passwords."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import topic_matches_sub

from shigotoba_standalone.brokers.amqtt_access import covers
from shigotoba_standalone.brokers.passwords import hashed, matches

words = st.sampled_from(["a", "b", "up"])
names = st.lists(words, min_size=1, max_size=4).map("/".join)
filters = st.tuples(st.lists(st.one_of(words, st.just("+")), max_size=4), st.booleans()).map(
    lambda parts: "/".join([*parts[0], *(["#"] if parts[1] or not parts[0] else [])])
)


@given(allowed=filters, wanted=filters, topic=names)
def test_what_a_granted_filter_matches_the_rule_matches_too(allowed: str, wanted: str, topic: str):
    if covers(allowed, wanted) and topic_matches_sub(wanted, topic):
        assert topic_matches_sub(allowed, topic)


@given(allowed=filters, topic=names)
def test_a_topic_name_is_covered_exactly_if_the_rule_matches_it(allowed: str, topic: str):
    assert covers(allowed, topic) == topic_matches_sub(allowed, topic)


@pytest.mark.parametrize(
    ("allowed", "wanted"), [("a/+/up/#", "a/#"), ("a/+", "a/#"), ("a/b", "a/+"), ("a/+/up/#", "#"), ("a/b/#", "a/+/#")]
)
def test_a_filter_wider_than_the_rule_is_not_covered(allowed: str, wanted: str):
    assert not covers(allowed, wanted)


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_hash_matches_its_password_and_no_other(password: str, other: str):
    assert matches(password, hashed(password))
    assert matches(other, hashed(password)) == (other == password)
