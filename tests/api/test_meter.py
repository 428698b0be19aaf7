"""What a key may ask: evenly filled buckets, told in headers, and 429 with a time when they end."""

from collections.abc import Iterator

import msgspec
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.meter import MINUTE, Meter
from services.backend import Backend


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(1, 500), st.lists(st.floats(0, 5), max_size=300))
def test_never_more_than_a_full_bucket_and_its_filling(limit: int, pauses: list[float]) -> None:
    """Goal: over any time a key gets at most a bucket and what flowed in; refusals cost nothing."""
    hand = Hand()
    meter, got = Meter(limit, hand), 0
    for pause in pauses:
        hand.now += pause
        allowance = meter.take("key")
        assert allowance is not None
        got += allowance.allowed
        assert got <= limit + hand.now * limit / MINUTE + 1e-6
        assert 0 <= allowance.remaining <= limit


def test_a_key_goes_on_after_the_seconds_it_was_told() -> None:
    hand = Hand()
    meter = Meter(6, hand)
    for left in (5, 4, 3, 2, 1, 0):
        allowance = meter.take("key")
        assert allowance is not None
        assert (allowance.allowed, allowance.remaining) == (True, left)
    refused = meter.take("key")
    assert refused is not None
    assert (refused.allowed, refused.retry, refused.reset) == (False, 10, 60)
    other = meter.take("other")
    assert other is not None
    assert other.allowed
    hand.now += refused.retry
    again = meter.take("key")
    assert again is not None
    assert again.allowed


def test_no_limit_counts_nothing() -> None:
    assert Meter(0).take("key") is None


@pytest.fixture
def strict(backend: Backend) -> Iterator[TestClient]:
    """A door at which a key may ask twice a minute."""
    app = create_app(backend)
    app.state.door = msgspec.structs.replace(app.state.door, meter=Meter(2))
    with TestClient(app) as opened:
        yield opened


def test_who_asks_too_fast_is_told_when_to_go_on(strict: TestClient, firm_key: str) -> None:
    headers = {"Authorization": f"Bearer {firm_key}"}
    first = strict.get("/v1/companies", headers=headers)
    assert first.headers["ratelimit-policy"] == '"key";q=2;w=60'
    assert first.headers["ratelimit"] == '"key";r=1;t=30'
    assert strict.get("/v1/companies", headers=headers).status_code == 200
    refused = strict.get("/v1/companies", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    assert refused.headers["ratelimit"].startswith('"key";r=0')


def test_a_stranger_is_not_counted(strict: TestClient) -> None:
    for _ in range(4):
        answer = strict.get("/v1/companies", headers={"Authorization": "Bearer pk_live_wrong"})
        assert answer.status_code == 401
        assert "ratelimit" not in answer.headers
