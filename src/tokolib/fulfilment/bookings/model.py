"""What a shop has booked of one courier account: what was wished for, what was answered, and what it costs."""

from datetime import datetime
from functools import cached_property

import attrs

from tokolib.effects.model import EffectState, Operation
from tokolib.fulfilment.bookings.states import Wishes, doubted, given_back, refused, unanswered
from tokolib.kernel.money import Currency, Money, currency


@attrs.frozen(kw_only=True)
class Booking:
    """Booked once, and given back once; labels and pickups are some."""

    id: str
    version: int
    account: str
    """The courier account that it is booked at: it is given back there, whatever account is used by then."""
    asked_at: datetime
    buying: Operation
    """The wish to book it; there is one."""
    voids: tuple[Operation, ...] = ()
    """Every attempt to give it back."""

    @cached_property
    def wishes(self) -> Wishes:
        """What its state is read off."""
        return Wishes(self.buying, self.voids[-1] if self.voids else None)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All that its courier was asked for, or is to be."""
        return (self.buying, *self.voids)

    @property
    def is_doubted(self) -> bool:
        """Whether a person has to look at it."""
        return doubted(self.wishes)

    @property
    def is_open(self) -> bool:
        """Whether nobody knows yet what became of it."""
        return self.is_doubted or unanswered(self.wishes)

    @property
    def is_gone(self) -> bool:
        """Whether its courier has refused it, or taken it back."""
        return not self.is_open and (refused(self.wishes) or given_back(self.wishes))

    @property
    def stands(self) -> bool:
        """Whether it was booked, and not given back."""
        return not self.is_open and not self.is_gone

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
        if self.is_doubted:
            doubtful = [each for each in self.operations if each.reviews]
            return doubtful[-1].waits_since or doubtful[-1].requested_at
        return None if self.turn is None else self.turn.unasked_since

    @property
    def reference(self) -> str:
        """The courier's name for it; empty until one was told."""
        return self.told("reference") or self.buying.reference

    @property
    def bought_for(self) -> Money | None:
        """What the courier billed when it was booked; None where it has not said so."""
        amount = self.told("price")
        return Money(int(amount), self.currency) if amount else None

    @property
    def price(self) -> Money | None:
        """What it costs by now: nothing when it was given back or refused; None where the courier hasn't said."""
        return Money(0, self.currency) if self.is_gone else self.bought_for

    @property
    def currency(self) -> Currency:
        """The currency that the courier bills in; the one that it was asked in while it has not said."""
        return currency(self.told("currency") or self.buying.amount.currency.code)

    def told(self, name: str) -> str:
        """What the courier has answered by that *name*; empty where it has not."""
        return dict(self.buying.details).get(name, "")

    def operation(self, id: str) -> Operation | None:
        """The operation by its id."""
        return next((each for each in self.operations if each.id == id), None)
