"""Our fake couriers pass the kit that everyone's do, in each of their terms; and the kit finds one that lies."""

import asyncio

import attrs
import pytest

from tokolib import Address
from tokolib.shipping import CollectionPoint
from tokolib.testing import AsyncFakeCourier, CourierKit, FakeCourier
from tokolib.testing.courier_kit import KEY, REQUEST
from tokolib.testing.courier_pickup_checks import PICKUP


def point(id, city, **terms):
    """A collection point of the fake courier."""
    place = Address(f"Kios {id}", "Jl. Pasar 1", city=city, postal_code="55271", country="ID")
    return CollectionPoint(courier="fake-courier", id=id, address=place, **terms)


POINTS = (point("P1", "Kab. Sleman"), point("P2", "Kota Yogyakarta"), point("P3", "Kota Yogyakarta"))


class TestFakeCourier(CourierKit):
    """The blocking one, as it dedupes or not, can be looked up or not, takes labels back, fetches, or doesn't."""

    @pytest.fixture(
        params=[(True, True, True), (True, False, True), (False, True, True), (False, False, False)], ids=str
    )
    def courier(self, request):
        dedupes, looks_up, more = request.param
        points = POINTS if more else ()
        able = dict.fromkeys(("voids", "fetches", "carries_back", "tracks"), more)
        return FakeCourier(dedupes=dedupes, looks_up=looks_up, points=points, **able)

    @pytest.fixture
    def losing(self, courier):
        return lambda: setattr(courier.switches, "time_out_after", 1)


class TestAsyncFakeCourier(CourierKit):
    """The one that is awaited."""

    @pytest.fixture
    def courier(self):
        return AsyncFakeCourier(points=POINTS)

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
        return self.labels.add(request, key)

    def book_pickup(self, request, *, key):
        return self.pickup_book.add(request, key)


def test_the_kit_finds_a_courier_that_does_not_keep_its_word():
    """Two labels under one key are two answers, so that the promise fails."""
    courier = Forgetful()
    with pytest.raises(AssertionError):
        CourierKit().test_a_repeated_wish_buys_once(courier, lambda key=KEY: courier.book(REQUEST, key=key))
    with pytest.raises(AssertionError):
        CourierKit().test_a_repeated_pickup_is_one(courier, lambda key=KEY: courier.book_pickup(PICKUP, key=key))


def test_the_kit_finds_a_courier_that_carries_back_though_it_says_it_does_not():
    """A label that is sold in spite of what the capabilities say is found."""
    honest, liar = FakeCourier(carries_back=False), FakeCourier()

    def book(**changes):
        return liar.book(attrs.evolve(REQUEST, **changes), key=KEY)

    with pytest.raises(pytest.fail.Exception):
        CourierKit().test_goods_are_carried_back(honest, book, honest.look_up, REQUEST)


def test_the_kit_finds_a_courier_that_fetches_though_it_says_it_does_not():
    """Capabilities are honest in both directions: what is said to be lacking is refused."""
    honest = FakeCourier(fetches=False)
    liar = FakeCourier()
    with pytest.raises(pytest.fail.Exception):
        CourierKit().test_a_pickup_carries_its_key_and_its_name(
            type("Both", (), {"capabilities": honest.capabilities})(), lambda: liar.book_pickup(PICKUP, key=KEY)
        )
