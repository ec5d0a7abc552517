"""One thing that can't be moved on stops none of the others: not even an adapter's own mistake does."""

from datetime import date

import pytest

from tokolib import Address
from tokolib.effects.answers import UnusableAnswer
from tokolib.kernel import Registration
from tokolib.testing import ManualClock
from tokolib.testing.fake_gateway import FakeGateway, FakeWorld
from tokolib.testing.fake_tax import FakeTaxProvider

OAKLAND = Address(
    "Ann Lee", "1 Main St", city="Oakland", province="CA", district="Alameda", postal_code="94607", country="US"
)


class Mistaken(FakeTaxProvider):
    """A provider whose adapter stumbles over its own code."""

    def commit(self, document, *, key):
        """Never answer."""
        raise ValueError("no such field")


class MistakenGateway(FakeGateway):
    """A gateway whose adapter does."""

    def query(self, asked):
        """Never answer."""
        raise ValueError("no such field")


def test_a_mistake_of_a_tax_provider_leaves_the_rest_to_the_tick(play):
    """What it hinders is told, and an unpaid order ends all the same."""

    async def body(toko):
        await toko.settings.change(
            prices_include_tax=False, registrations=(Registration("US", date(2020, 1, 1), scheme="CA"),)
        )
        unpaid = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer", ship_to=OAKLAND)
        paid = await toko.given.order({"KOPI-250": 1}, ship_to=OAKLAND)
        with pytest.raises(UnusableAnswer, match=r"fake-tax gave no usable answer to commit .*: no such field"):
            await toko.invoices.issue(paid)
        toko.clock.forward(hours=25)

        ticked = await toko.tick()

        assert (0, 1) == (ticked.asked_filings, ticked.expired_orders)
        assert ["it raised ValueError: no such field"] == [each.split(": ", 2)[2] for each in ticked.failures]
        assert "expired" == (await toko.orders.get(unpaid.id)).state

    play(body, tax=Mistaken(ManualClock()))


def test_a_mistake_of_a_gateway_leaves_the_rest_to_the_tick(play):
    """The same of whoever takes payments."""
    world = FakeWorld(ManualClock())

    async def body(toko):
        world.switches.time_out_before = 1
        unpaid = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        await toko.given.order({"KOPI-250": 1}, tender="fake")
        toko.clock.forward(hours=25)

        ticked = await toko.tick()

        assert (0, 2) == (ticked.asked_payments, ticked.expired_orders)
        assert ["it raised ValueError: no such field"] == [each.split(": ", 2)[2] for each in ticked.failures]
        assert "expired" == (await toko.orders.get(unpaid.id)).state

    play(body, gateways=[MistakenGateway(world)])
