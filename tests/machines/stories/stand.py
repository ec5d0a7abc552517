"""The shop at which every story is told, and how a story says which state it leads out of."""

from collections.abc import Callable
from datetime import date
from typing import Any

import attrs

import tokolib
from tokolib import IDR, Address, Policies, Staff
from tokolib.adapters.memory import MemoryStorage
from tokolib.kernel import Registration
from tokolib.records.collections import COLLECTIONS
from tokolib.testing.builders import Given
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_courier import FakeCourier
from tokolib.testing.fake_gateway import FakeGateway, FakeWorld
from tokolib.testing.fake_sealer import FakeSealer
from tokolib.testing.fake_tax import FakeTaxProvider

PRICE = IDR(75_000)
OAKLAND = Address(
    "Ann Lee", "1 Main St", city="Oakland", province="CA", district="Alameda", postal_code="94607", country="US"
)
NEXUS = (Registration("US", date(2020, 1, 1), scheme="CA"),)


@attrs.frozen
class Stand:
    """A shop with a member of staff at it, its clock, and the world of its gateway."""

    shop: Any
    given: Any
    clock: ManualClock
    world: FakeWorld
    tax: FakeTaxProvider
    courier: FakeCourier

    def order(self, tender="cash", quantity=1):
        return self.given.order({"KOPI-250": quantity}, tender=tender)

    def state_of(self, order):
        return self.shop.orders.get(order.id)

    def filed(self, **trouble):
        """The invoice of a sale whose taxes are the tax provider's word, issued while that is in trouble."""
        self.shop.settings.change(registrations=NEXUS, prices_include_tax=False)
        order = self.given.order({"KOPI-250": 1}, ship_to=OAKLAND)
        for name, count in trouble.items():
            setattr(self.tax.switches, name, count)
        return self.shop.invoices.issue(order)

    def intent(self, order):
        return self.shop.payments.intent(order)

    def operation(self, order):
        return self.intent(order).operations[-1]

    def paid_by_card(self):
        self.world.instant = True
        return self.order("fake")

    def reserved(self):
        """An order whose money is reserved, and captured as its goods leave."""
        self.shop.settings.change(policies=Policies(capture="at_hand_over"))
        return self.paid_by_card()

    def disputed(self, *, taken):
        """An order that a bank wants back the money of, and the dispute as the provider has it."""
        order = self.paid_by_card()
        dispute = self.world.dispute(self.world.charges[-1].key, taken=taken)
        self.deliver()
        return order, dispute

    def dispute(self, order):
        (found,) = self.shop.payments.disputes(order)
        return found

    def deliver(self):
        for message in self.world.webhooks():
            self.shop.webhooks.receive("fake", *message)

    def shipped(self, quantity=1, goods=None):
        order = self.order(quantity=quantity)
        return order, self.shop.shipments.hand_over(order, goods)


def stand(**options):
    clock = ManualClock()
    world, tax, courier = FakeWorld(clock), FakeTaxProvider(clock), FakeCourier()
    outside = {"gateways": [FakeGateway(world)], "tax": tax, "couriers": [courier], "sealer": FakeSealer()}
    options = {"country": "ID", "clock": clock} | outside | options
    shop = tokolib.open(MemoryStorage(COLLECTIONS), **options)
    given = Given(shop)
    given.goods({"KOPI-250": 75_000, "Teh-100": 20_000})
    given.delivery({"jne:reg": 18_000})
    return Stand(shop.acting(Staff("budi")), given, clock, world, tax, courier)


Story = Callable[[Stand], tuple[Callable[[], Any], Callable[[], Any]]]
EXITS: dict[tuple[str, Any], Story] = {}


def leaving(machine, state):
    """The story of how a person leads something out of a state: how its state is read, and what the person does."""

    def note(story):
        assert (machine, state) not in EXITS
        EXITS[machine, state] = story
        return story

    return note
