"""What is on gift cards and grants of store credit, reckoned beside the shop: by what was issued, paid and given back.

The shop keeps a counter and a ledger for each. A purse keeps neither: it folds what has happened, commit by commit,
and then the counter as it was read must say the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

import attrs

from tokolib.effects.model import EffectKind, Operation
from tokolib.kernel.events import Event
from tokolib.kernel.ids import CustomerId
from tokolib.kernel.policies import CreditReturn
from tokolib.payments.events import OperationRequested
from tokolib.payments.tenders import STORE_CREDIT, STORED
from tokolib.stored_value import events as told
from tokolib.testing.simulator.errors import Broken

TOPICS: Final = frozenset(
    each.topic
    for each in (
        OperationRequested,
        told.GiftCardIssued,
        told.GiftCardBlocked,
        told.GiftCardUnblocked,
        told.GiftCardTakenBack,
        told.GiftCardExpired,
        told.GiftCardProlonged,
        told.CreditGranted,
        told.CreditWithdrawn,
        told.CreditExpired,
        told.CreditProlonged,
    )
)
"""The events that a purse is told of; of operations only those by stored value."""


@attrs.define
class Pot:
    """A gift card, or a grant."""

    id: str
    made: int
    owed: int
    until: datetime | None
    customer: CustomerId | None = None
    """Whose grant it is; None of a gift card, which is its bearer's."""
    bought: bool = False
    """Whether an order bought it, and may have to give it back."""
    blocked: bool = False
    over: bool = False
    """Whether it has expired, or was taken back."""
    paid: dict[str, int] = attrs.field(factory=dict)
    """How often it paid each order."""

    def pays(self, now: datetime) -> bool:
        """Whether something may be paid with it."""
        return not self.blocked and not self.is_over(now)

    def is_over(self, now: datetime) -> bool:
        """Whether its date has come, or it was taken back."""
        return self.over or (self.until is not None and self.until <= now)


@attrs.define(eq=False)
class Purse:
    """Everything that the shop owes on cards and credit, as the world has it."""

    pots: dict[str, Pot] = attrs.field(factory=dict)
    asked: Counter[tuple[str, int]] = attrs.field(factory=Counter)
    """What was asked to be made, by tender and amount: each amount is asked for once."""
    returns: CreditReturn = CreditReturn.PROLONG
    """What the shop's policy says of money that comes back."""
    paid_again: int = 0
    """How often something paid an order that had given its money back."""

    def has(self, customer: str | None, now: datetime) -> int:
        """What a customer may pay with credit *now*."""
        return sum(pot.owed for pot in self.pots.values() if pot.customer == customer is not None and pot.pays(now))

    def fold(
        self,
        events: Iterable[tuple[str, Event]],
        operation: Callable[[str], Operation | None],
        now: datetime,
    ) -> Iterator[Broken]:
        """Take in what was committed, each event with the id of whose history it is in; what can't be is told.

        *operation* finds a payment's operation as it is known by now: what is paid with stored value is paid and told
        in one commit.
        """
        for id, event in events:
            match event:
                case OperationRequested(wish):
                    if wish.provider in STORED and (done := operation(wish.id)) is not None:
                        yield from self._pay(done, operation, now)
                case told.GiftCardIssued():
                    made = event.amount.minor_units
                    pot = Pot(id, made, made, event.valid_until, bought=event.order_id is not None)
                    yield from self._make("gift_card", pot)
                case told.CreditGranted():
                    made = event.amount.minor_units
                    pot = Pot(id, made, made, event.valid_until, event.customer)
                    yield from self._make(STORE_CREDIT.name, pot)
                case told.GiftCardBlocked() | told.GiftCardUnblocked():
                    self.pots[id].blocked = isinstance(event, told.GiftCardBlocked)
                case told.GiftCardProlonged() | told.CreditProlonged():
                    self.pots[id].until, self.pots[id].over = event.valid_until, False
                case told.GiftCardExpired() | told.CreditExpired():
                    yield from self._expire(self.pots[id], event.amount.minor_units, now)
                case told.GiftCardTakenBack():
                    yield from self._take_back(self.pots[id])
                case told.CreditWithdrawn():
                    self.pots[id].owed -= event.amount.minor_units
                case _:
                    pass
        for id, pot in self.pots.items():
            if pot.owed < 0:
                yield Broken("X4", f"pot {id}", f"{-pot.owed} more was paid than it had")

    def compare(self, left: Mapping[str, int]) -> Iterator[Broken]:
        """What is *left* on some of them, as the shop says, against what ought to be."""
        for id, here in left.items():
            ought = self.pots[id].owed if id in self.pots else 0
            if here != ought:
                yield Broken("X4", f"pot {id}", f"has {here} left, and ought to have {ought}")

    def _make(self, tender: str, pot: Pot) -> Iterator[Broken]:
        self.pots[pot.id] = pot
        self.asked[tender, pot.made] -= 1
        if self.asked[tender, pot.made] < 0:
            yield Broken("X4", f"pot {pot.id}", f"was made with {pot.made}, for which nobody asks, or not once more")

    def _pay(self, done: Operation, find: Callable[[str], Operation | None], now: datetime) -> Iterator[Broken]:
        amount = done.amount.minor_units
        if not done.succeeded:
            yield Broken("X4", f"operation {done.id}", f"by {done.provider} is {done.state}, and not done at once")
        if done.kind is EffectKind.CHARGE:
            yield from self._charge(self.pots.get(done.reference), done, now)
        elif (charge := find(done.about)) is not None and charge.provider == done.provider:
            pot = self.pots[charge.reference]
            if self.returns is CreditReturn.PROLONG or pot.blocked or not pot.is_over(now):
                pot.owed += amount
        else:
            self.asked[STORE_CREDIT.name, amount] += 1  # it becomes a grant of the customer's

    def _charge(self, pot: Pot | None, done: Operation, now: datetime) -> Iterator[Broken]:
        row = f"operation {done.id}"
        if pot is None:
            yield Broken("X4", row, f"is paid with {done.reference}, which nobody has")
            return
        if not pot.pays(now):
            yield Broken("X4", row, f"is paid with {pot.id}, which pays nothing any more")
        pot.owed -= done.amount.minor_units
        pot.paid[done.intent] = pot.paid.get(done.intent, 0) + 1
        self.paid_again += pot.paid[done.intent] > 1

    def _expire(self, pot: Pot, amount: int, now: datetime) -> Iterator[Broken]:
        if pot.over or not pot.is_over(now):
            yield Broken("X4", f"pot {pot.id}", f"expired before its time, which is {pot.until}")
        if amount != pot.owed:
            yield Broken("X4", f"pot {pot.id}", f"expired with {amount}, and had {pot.owed}")
        pot.owed, pot.over = 0, True

    def _take_back(self, pot: Pot) -> Iterator[Broken]:
        if pot.owed != pot.made:
            yield Broken("X4", f"pot {pot.id}", f"was taken back with {pot.owed} of {pot.made}")
        pot.owed, pot.over = 0, True
