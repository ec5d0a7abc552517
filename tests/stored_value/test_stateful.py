"""Gift cards and store credit under whatever people do: a model beside the shop, compared after each step."""

from collections import Counter
from datetime import timedelta
from typing import Any

import attrs
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import tokolib
from tokolib import IDR, Basket, OrderState
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.ids import CustomerId
from tokolib.kernel.money import Money
from tokolib.payments.errors import RefundTooLarge
from tokolib.stored_value import FromGiftCard, FromStoreCredit, GiftCardRefused, InsufficientBalance
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_gateway import FakeGateway, FakeWorld

SITI = CustomerId("siti")
PRICE = 20_000
AMOUNTS = st.sampled_from((5_000, 20_000, 35_000, 100_000))
DAYS = st.sampled_from((40, 1, 3, None))
REACHED = {
    "a card paid all", "a card paid a part", "credit paid", "two grants paid", "a named amount",
    "too little", "blocked or expired", "cancelled", "expired unpaid", "paid late", "declined", "refunded to a card",
    "refunded to a grant", "refunded as credit", "opened again", "expired with a rest", "withdrawn",
}  # fmt: skip
"""What a run must have come across, or it has shown nothing about it."""
seen: Counter[str] = Counter()


@attrs.define
class Purse:
    """A gift card or a grant in the model."""

    left: int
    until: Any
    code: str = ""
    blocked: bool = False
    over: bool = False

    def pays(self, now: Any) -> bool:
        return not self.blocked and not self.over and (self.until is None or now < self.until)


class Checkout(RuleBasedStateMachine):
    """A shop, its customers, and what they should have."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.world = FakeWorld(self.clock)
        self.shop = tokolib.open("memory://", country="ID", clock=self.clock, gateways=[FakeGateway(self.world)])
        self.cards: dict[str, Purse] = {}
        self.grants: dict[str, Purse] = {}
        self.orders: list[str] = []
        self.booked: set[str] = set()
        self.count = 0

    @initialize()
    def furnish(self) -> None:
        self.shop.catalog.put("TEH", "Teh", weight="100 g")
        self.shop.prices.put("TEH", IDR(PRICE))
        self.shop.stock.receive("TEH", 100_000, key="opening")
        self.sell_a_card(100_000, 40)
        self.sell_a_card(35_000, 1)
        self.grant_credit(35_000, 3)
        self.grant_credit(100_000, None)

    def key(self) -> str:
        self.count += 1
        return f"k-{self.count}"

    def until(self, days: int | None) -> Any:
        return None if days is None else self.clock.now() + timedelta(days=days)

    @rule(card=st.booleans(), amount=AMOUNTS, days=DAYS)
    def give_or_sell(self, card: bool, amount: int, days: int | None) -> None:
        self.sell_a_card(amount, days) if card else self.grant_credit(amount, days)

    def sell_a_card(self, amount: int, days: int | None) -> None:
        until = self.until(days)
        sold = self.shop.gift_cards.sell(IDR(amount), method="cash", key=self.key(), valid_until=until)
        self.cards[sold.card.id] = Purse(amount, until, sold.code or "")

    def grant_credit(self, amount: int, days: int | None) -> None:
        until = self.until(days)
        made = self.shop.store_credit.grant(SITI, IDR(amount), reason="sorry", key=self.key(), valid_until=until)
        self.grants[made.id] = Purse(amount, until)

    def usable(self) -> list[tuple[str, Purse]]:
        """The grants that pay, in the order in which they do."""
        now = self.clock.now()
        good = [(id, purse) for id, purse in self.grants.items() if purse.pays(now)]
        return sorted(good, key=lambda each: (each[1].until is None, each[1].until or now, each[0]))

    def predicted(self, total: int, wishes: list[tuple[str, int | None]]) -> dict[str, int] | type[TokolibError]:
        """What each purse is to pay, or what is refused; worked out in another way than the shop does."""
        taken: dict[str, int] = {}
        for name, _ in wishes:
            pots = self.usable() if name == "credit" else [(name, self.cards[name])]
            if not all(purse.pays(self.clock.now()) for _, purse in pots):
                seen["blocked or expired"] += 1
                return GiftCardRefused
        for name, amount in wishes:
            pots = self.usable() if name == "credit" else [(name, self.cards[name])]
            has = sum(purse.left for _, purse in pots)
            if has == 0 or (amount or 0) > has:
                seen["too little"] += 1
                return InsufficientBalance
            wanted = min(total - sum(taken.values()), amount or has)
            seen["a named amount"] += amount is not None
            for id, purse in pots:
                if (part := min(purse.left, wanted)) > 0:
                    taken[id] = part
                    wanted -= part
            if name == "credit":
                seen["two grants paid"] += sum(id in taken for id, _ in pots) > 1
                seen["credit paid"] += 1
            else:
                seen["a card paid all" if taken.get(name) == total else "a card paid a part"] += 1
        return taken

    @rule(data=st.data(), quantity=st.integers(1, 6))
    def buy_for_cash(self, data: Any, quantity: int) -> None:
        self.buy(data, quantity, "cash")

    @rule(data=st.data(), quantity=st.integers(1, 6))
    def buy_by_transfer(self, data: Any, quantity: int) -> None:
        self.buy(data, quantity, "bank_transfer")

    @rule(data=st.data(), quantity=st.integers(1, 6))
    def buy_by_gateway(self, data: Any, quantity: int) -> None:
        self.buy(data, quantity, "fake")

    @precondition(lambda self: self.dated())
    @rule(data=st.data())
    def buy_and_be_declined(self, data: Any) -> None:
        self.order_with([(data.draw(st.sampled_from(self.dated())), None)], 6, "fake", declined=True)

    def dated(self) -> list[str]:
        """Cards with money and a date."""
        now = self.clock.now()
        return [id for id, purse in self.cards.items() if purse.left and purse.until is not None and purse.pays(now)]

    @precondition(lambda self: self.dated())
    @rule(data=st.data())
    def buy_and_cancel_when_the_card_is_over(self, data: Any) -> None:
        card = data.draw(st.sampled_from(self.dated()))
        self.order_with([(card, None)], 1, "cash", declined=False)
        self.pass_time(24 * 41)
        self.shop.orders.cancel(self.orders[-1], reason="never came")
        self.learn(self.orders[-1])

    @precondition(lambda self: self.dated())
    @rule(data=st.data())
    def buy_and_pay_too_late(self, data: Any) -> None:
        self.order_with([(data.draw(st.sampled_from(self.dated())), None)], 6, "bank_transfer", declined=False)
        self.pass_time(25)
        if self.orders[-1] in self.lapsed():
            self.settle(self.orders[-1])
            seen["paid late"] += 1

    def buy(self, data: Any, quantity: int, tender: str) -> None:
        amounts = st.sampled_from((None, None, 10_000, 60_000))
        funded = [id for id, purse in self.cards.items() if purse.left] or [*self.cards]
        names = data.draw(st.lists(st.sampled_from((*funded, "credit")), unique=True, max_size=3))
        wishes = [(name, data.draw(amounts)) for name in names]
        self.order_with(wishes, quantity, tender, declined=False)

    def order_with(self, wishes: list[tuple[str, int | None]], quantity: int, tender: str, *, declined: bool) -> None:
        expected = self.predicted(quantity * PRICE, wishes)
        credit = [
            FromStoreCredit(amount and IDR(amount)) if name == "credit"
            else FromGiftCard(self.cards[name].code, amount and IDR(amount))
            for name, amount in wishes
        ]  # fmt: skip
        self.world.switches.decline = int(declined)
        try:
            order = self.shop.orders.place(
                Basket({"TEH": quantity}, customer=SITI), tender=tender, credit=credit, key=self.key()
            )
        except tokolib.orders.errors.PaymentDeclined as error:
            assert declined and isinstance(expected, dict)
            seen["declined"] += bool(expected)
            order = self.shop.orders.get(error.order_id)
        except TokolibError as error:
            assert expected is type(error)
            return
        finally:
            self.world.switches.decline = 0
        assert isinstance(expected, dict)
        charges = [
            each
            for each in self.shop.payments.intent(order).operations
            if each.kind == "charge" and each.provider in ("gift_card", "store_credit")
        ]
        assert expected == {each.reference: each.amount.minor_units for each in charges}
        self.booked.update(each.id for each in charges)
        for id, part in expected.items():
            self.purse(id).left -= part
        self.orders.append(order.id)
        self.learn(order.id)

    def purse(self, id: str) -> Purse:
        return self.cards[id] if id in self.cards else self.grants[id]

    def learn(self, order_id: str) -> None:
        """Take in what the payment of an order says that it has given back, and was paid again by what came late."""
        intent = self.shop.payments.intent(order_id)
        for each in intent.operations:
            if each.provider not in ("gift_card", "store_credit") or each.id in self.booked:
                continue
            if each.kind == "charge":
                assert each.succeeded and self.purse(each.reference).pays(self.clock.now())
                self.booked.add(each.id)
                self.purse(each.reference).left -= each.amount.minor_units
                seen["paid again"] += 1
                continue
            assert each.succeeded, "stored value is given back in the transaction that decides it"
            self.booked.add(each.id)
            charge = intent.operation(each.about)
            if charge.provider == each.provider:
                self.come_back(charge.reference, each.amount.minor_units)
                seen[f"refunded to a {'card' if each.provider == 'gift_card' else 'grant'}"] += 1
            else:
                known = {grant.id for grant in self.shop.store_credit.grants(SITI)} - self.grants.keys()
                id = min(known)
                self.grants[id] = Purse(each.amount.minor_units, None)
                seen["refunded as credit"] += 1

    def come_back(self, id: str, amount: int) -> None:
        purse, least = self.purse(id), self.clock.now() + timedelta(days=30)
        purse.left += amount
        if purse.until is not None and purse.until < least:
            seen["opened again"] += purse.over
            purse.until, purse.over = least, False

    def alive(self) -> list[str]:
        """Orders that have not ended."""
        states = (OrderState.PENDING_PAYMENT, OrderState.PLACED)
        return [id for id in self.orders if self.shop.orders.get(id).state in states]

    @precondition(lambda self: self.alive())
    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        id = data.draw(st.sampled_from(self.alive()))
        self.shop.orders.cancel(id, reason="changed mind")
        seen["cancelled"] += 1
        self.learn(id)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), amount=st.sampled_from((1_000, 20_000, 40_000)), as_credit=st.booleans())
    def refund(self, data: Any, amount: int, as_credit: bool) -> None:
        id = data.draw(st.sampled_from(self.orders))
        method = "store_credit" if as_credit else None
        try:
            self.shop.payments.refund(id, IDR(amount), reason="dented", key=self.key(), method=method)
        except RefundTooLarge:
            return
        self.learn(id)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def pay(self, data: Any) -> None:
        self.settle(data.draw(st.sampled_from(self.orders)))

    def lapsed(self) -> list[str]:
        """Orders that expired, whose transfer may still come."""
        unpaid = [id for id in self.orders if self.shop.orders.get(id).state is OrderState.EXPIRED]
        return [id for id in unpaid if self.shop.payments.intent(id).tender == "bank_transfer"]

    def settle(self, id: str) -> None:
        intent = self.shop.payments.intent(id)
        if intent.tender == "bank_transfer" and not intent.outstanding.is_zero:
            self.shop.payments.received(id, intent.outstanding)
        elif (charge := intent.live_charge) is not None:
            self.world.pay(charge.key)
            for message in self.world.webhooks():
                self.shop.webhooks.receive("fake", *message)
        self.learn(id)

    @precondition(lambda self: self.cards)
    @rule(data=st.data())
    def block_or_unblock(self, data: Any) -> None:
        id = data.draw(st.sampled_from(sorted(self.cards)))
        purse = self.cards[id]
        if purse.over:
            return
        change = self.shop.gift_cards.unblock if purse.blocked else self.shop.gift_cards.block
        change(id, reason="in doubt")
        purse.blocked = not purse.blocked

    @rule(amount=st.sampled_from((1_000, 30_000)))
    def withdraw(self, amount: int) -> None:
        has = sum(purse.left for _, purse in self.usable())
        try:
            left = self.shop.store_credit.withdraw(SITI, IDR(amount), reason="mistake", key=self.key())
        except InsufficientBalance:
            assert has < amount
            return
        assert IDR(has - amount) == left
        seen["withdrawn"] += 1
        for _, purse in self.usable():
            part = min(purse.left, amount)
            purse.left, amount = purse.left - part, amount - part

    @rule(hours=st.sampled_from((1, 25, 25, 80, 24 * 31)))
    def pass_time(self, hours: int) -> None:
        self.clock.forward(hours=hours)
        pending = [id for id in self.orders if self.shop.orders.get(id).state is OrderState.PENDING_PAYMENT]
        ticked = self.shop.tick(budget=1000)
        assert () == ticked.failures
        for id in pending:
            seen["expired unpaid"] += self.shop.orders.get(id).state is OrderState.EXPIRED
            self.learn(id)
        ended = 0
        for purse in (*self.cards.values(), *self.grants.values()):
            if not purse.over and not purse.blocked and purse.until is not None and purse.until <= self.clock.now():
                seen["expired with a rest"] += purse.left > 0
                purse.left, purse.over, ended = 0, True, ended + 1
        assert ended == ticked.expired_credit

    @invariant()
    def the_books_are_the_model(self) -> None:
        for id, purse in self.cards.items():
            statement = self.shop.gift_cards.statement(id)
            owed = Money.total((each.amount for each in statement.movements), IDR)
            assert IDR(purse.left) == owed
            assert IDR(purse.left if purse.pays(self.clock.now()) else 0) == statement.balance
        statement = self.shop.store_credit.statement(SITI)
        owed = Money.total((each.amount for each in statement.movements), IDR)
        assert IDR(sum(purse.left for purse in self.grants.values())) == owed
        assert IDR(sum(purse.left for _, purse in self.usable())) == statement.balance

    def teardown(self) -> None:
        if self.orders or self.cards or self.grants:
            for id in self.cards:
                if self.cards[id].blocked and not self.cards[id].over:
                    self.shop.gift_cards.unblock(id, reason="over")
                    self.cards[id].blocked = False
            self.pass_time(24 * 31)  # what was never paid gives back what it took, which is good for thirty days more
            self.pass_time(24 * 60)
            self.the_books_are_the_model()
            dated = [purse for purse in (*self.cards.values(), *self.grants.values()) if purse.until is not None]
            assert 0 == sum(purse.left for purse in dated)
            report = self.shop.verify()
            assert report, [str(each) for each in report.violations]
        self.shop.close()


def test_whatever_people_do_the_shop_owes_what_they_have(record_property):
    """Nothing is spent twice, nothing is below zero, and what nobody used in time closes at zero."""
    seen.clear()
    examples = settings().max_examples
    run_state_machine_as_test(
        Checkout,
        settings=settings(
            max_examples=max(60, examples // 2),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    record_property("counted", f"stored value: {dict(sorted(seen.items()))}")
    assert REACHED == {name for name in REACHED if seen[name]}
