"""The label of one parcel at one courier account: what was told, what was answered, and what it costs."""

from datetime import datetime
from functools import cached_property

import attrs

from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.fulfilment.couriers.model import LabelRequest
from tokolib.fulfilment.labels.states import LABEL, LabelState, Wishes
from tokolib.kernel.ids import LabelId, OrderId, ShipmentId
from tokolib.kernel.money import Currency, Money, currency

LABELS_BY = frozenset({EffectKind.LABEL, EffectKind.LABEL_VOID})
"""What a courier is asked to do with labels."""


@attrs.frozen(kw_only=True)
class Reweighed:
    """The courier weighed the parcel itself, and bills another price."""

    price: Money
    grams: int | None
    """What it found; None where it doesn't say."""
    at: datetime


@attrs.frozen(kw_only=True)
class Label:
    """One label: bought once, given back once."""

    id: LabelId
    version: int
    order_id: OrderId
    shipment_id: ShipmentId
    parcel: int
    account: str
    """The courier account that it is bought at: it is voided there, whatever account is used by then."""
    request: LabelRequest
    """What the courier is told."""
    asked_at: datetime
    buying: Operation
    """The wish to buy it; there is one."""
    voids: tuple[Operation, ...] = ()
    """Every attempt to give it back."""
    reweighed: tuple[Reweighed, ...] = ()
    """What the courier has billed otherwise since, the last one last."""

    @cached_property
    def wishes(self) -> Wishes:
        """What its state is read off."""
        return Wishes(self.buying, self.voids[-1] if self.voids else None)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All that its courier was asked for, or is to be."""
        return (self.buying, *self.voids)

    @property
    def state(self) -> LabelState:
        """How far it is."""
        return LABEL.read(self.wishes)

    @property
    def turn(self) -> Operation | None:
        """The wish that has no definite answer yet; None when there is none."""
        last = self.wishes.last
        return last if last.standing not in (EffectState.SUCCEEDED, EffectState.FAILED) else None

    @property
    def ask_at(self) -> datetime | None:
        """When the courier is to be asked next; None when no machine can go on."""
        turn = self.turn
        return None if turn is None or turn.unasked_since is not None else turn.next_at

    @property
    def absent(self) -> str | None:
        """The account that it waits for, since the shop has none of that name; None when it doesn't."""
        turn = self.turn
        return None if turn is None or turn.unasked_since is None else self.account

    @property
    def waits_since(self) -> datetime | None:
        """Since when a person has to look, or to bring its courier back; None when neither is so."""
        if self.state is LabelState.REVIEW:
            doubted = [each for each in self.operations if each.reviews]
            return doubted[-1].waits_since or doubted[-1].requested_at
        return None if self.turn is None else self.turn.unasked_since

    @property
    def reference(self) -> str:
        """The courier's name for it; empty until one was told."""
        return self._told("reference") or self.buying.reference

    @property
    def tracking(self) -> str:
        """The number on it; empty until one was told."""
        return self._told("tracking")

    @property
    def document(self) -> str:
        """Where it is found, to be printed."""
        return self._told("document")

    @property
    def bought_for(self) -> Money | None:
        """What the courier billed when it was bought; None where it has not said so."""
        amount = self._told("price")
        return Money(int(amount), self.currency) if amount else None

    @property
    def price(self) -> Money | None:
        """What it costs by now: nothing when it was given back, and what the courier last billed otherwise."""
        if self.state in (LabelState.VOIDED, LabelState.REFUSED):
            return Money(0, self.currency)
        return self.reweighed[-1].price if self.reweighed else self.bought_for

    @property
    def currency(self) -> Currency:
        """The currency that the courier bills in; the order's while it has not said."""
        return currency(self._told("currency") or self.request.value.currency.code)

    def _told(self, name: str) -> str:
        return dict(self.buying.details).get(name, "")

    def operation(self, id: str) -> Operation | None:
        """The operation by its id."""
        return next((each for each in self.operations if each.id == id), None)
