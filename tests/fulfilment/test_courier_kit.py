"""Our fake couriers pass the kit that everyone's do, in each of their terms; and the kit finds one that lies."""

import asyncio

import pytest

from tokolib.testing import AsyncFakeCourier, CourierKit, FakeCourier
from tokolib.testing.courier_kit import KEY, REQUEST

TERMS = [(True, True, True), (True, False, True), (False, True, True), (False, False, False)]


class TestFakeCourier(CourierKit):
    """The blocking one, as it dedupes or not, can be looked up or not, takes labels back or not."""

    @pytest.fixture(
        params=[(True, True, True), (True, False, True), (False, True, True), (False, False, False)], ids=str
    )
    def courier(self, request):
        dedupes, looks_up, voids = request.param
        return FakeCourier(dedupes=dedupes, looks_up=looks_up, voids=voids)

    @pytest.fixture
    def losing(self, courier):
        return lambda: setattr(courier.switches, "time_out_after", 1)


class TestAsyncFakeCourier(CourierKit):
    """The one that is awaited."""

    @pytest.fixture
    def courier(self):
        return AsyncFakeCourier()

    @pytest.fixture
    def losing(self, courier):
        return lambda: setattr(courier.switches, "time_out_after", 1)

    @pytest.fixture
    def drive(self):
        with asyncio.Runner() as runner:
            yield runner.run


class Forgetful(FakeCourier):
    """It says that it dedupes, and sells a second label."""

    def book(self, request, *, key):
        return self._sell(request, key)


def test_the_kit_finds_a_courier_that_does_not_keep_its_word():
    """Two labels under one key are two answers, so that the promise fails."""
    courier = Forgetful()
    with pytest.raises(AssertionError):
        CourierKit().test_a_repeated_wish_buys_once(courier, lambda key=KEY: courier.book(REQUEST, key=key))
