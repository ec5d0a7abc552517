"""The door `returns`, as far as goods are on their way back: agreed to, come in, looked at, or kept after all."""

from collections.abc import Sequence
from datetime import datetime

import attrs

from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import OrderId, ReturnId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import once
from tokolib.orders.finding import nothing_of
from tokolib.orders.model import Order
from tokolib.orders.units import Wanted, wish
from tokolib.returns import receiving
from tokolib.returns.deciding import ReturnPolicies
from tokolib.returns.dispositions import FOUND, Findings, chosen, findings_of
from tokolib.returns.evidence import Evidence, checked
from tokolib.returns.model import Disposition, Return
from tokolib.returns.ports import RETURNS
from tokolib.returns.steps import refine, reject, returns_of


def as_id(goods: Return | ReturnId) -> ReturnId:
    """The id of a return, or the id that was given."""
    return goods.id if isinstance(goods, Return) else goods


def check_term(unit: Unit, until: datetime) -> None:
    """Pass for an instant that is still to come.

    Raises:
        InvalidInput: it has passed.
    """
    if until <= unit.now:
        fault = Fault("until", "returns.past_term", "must be an instant that is still to come", until.isoformat())
        raise InvalidInput((fault,))


@attrs.frozen
class ReturnLife(ReturnPolicies[Colour]):
    """Returns on their way, before anything is credited."""

    @command
    async def show(self, goods: Return | ReturnId, evidence: Sequence[Evidence]) -> Return:
        """The return with more *evidence*, which the host keeps: who showed it, and when, is noted with it.

        The customer may show what is wrong, and the shop in which state the goods came.

        Raises:
            NotFound: there is no such return. IllegalReturnTransition: it has ended.
            InvalidInput: none, or a reference that can't be kept. In all cases nothing was changed.
        """
        proofs = checked(evidence, required=True)

        async def step(unit: Unit) -> Return:
            return await receiving.show(unit, as_id(goods), proofs)

        return await self.work.write("returns.show", step)

    @command
    async def authorise(self, goods: Return | ReturnId, *, until: datetime | None = None) -> Return:
        """The shop agrees that the goods are sent back. Who did is kept; the same word again changes nothing.

        Where *until* is given they have to come by then: when nothing has, `shop.tick()` lets the return expire.

        Raises:
            NotFound: there is no such return. IllegalReturnTransition: it isn't requested any more.
            PartOfAnother: it belongs to an exchange, which is authorised instead. OnlyByStaff: a customer acts.
            NaiveDatetime, InvalidInput: *until* is no instant to come. In all cases nothing was changed.
        """
        when = None if until is None else aware(until, "until")

        async def step(unit: Unit) -> Return:
            if when is not None:
                check_term(unit, when)
            return await receiving.authorise(unit, as_id(goods), when)

        return await self.work.write("returns.authorise", step)

    @command
    async def receive(
        self,
        goods: Return | ReturnId,
        came: Wanted | None = None,
        *,
        location: str | None = None,
        key: str | None = None,
    ) -> Return:
        """What *came* of a return (quantities by SKU or line id), or all that was still to come, is in the house.

        It may come in parts, and at several places: *location*, or where the order left from. Nothing is credited, and
        no stock moves: until the return is accepted the goods are the customer's. What never comes stays with the
        customer, and the rest can be accepted without it. A return that nobody has authorised is authorised by it.
        With a *key* it is safe to repeat.

        Raises:
            NotFound: there is no such return. IllegalReturnTransition: it has ended. OnlyByStaff: a customer acts.
            UnknownLine, NamedTwice: the order hasn't got it. TooManyUnits: not so much of it is to come.
            NothingToReturn: all of it has come. UnknownLocation, InvalidLocation: there is no such place.
            NotExact, InvalidQuantity, InvalidInput: something that can't be counted or kept.
            KeyReused: *key* belongs to another request. In all cases nothing was changed.
        """
        id, wanted = as_id(goods), None if came is None else wish(came)

        async def step(unit: Unit) -> Return:
            async def make() -> str:
                return (await receiving.receive(unit, id, came, location)).id

            made, _ = await once(unit, "returns.receive", key, (id, wanted, location), make)
            return await unit[RETURNS].get(made)

        return await self.work.write("returns.receive", step)

    @command
    async def inspect(
        self, goods: Return | ReturnId, found: Findings | None = None, *, disposition: Disposition | None = None
    ) -> Return:
        """Say what was *found* of all that came in, by SKU or line id, and so what becomes of each unit.

        A `Finding` is of some units or of all the rest, with the condition in which they came; a plain `Disposition`
        is of all. What nothing is said of becomes *disposition*, or what the request says. `refused` units are not
        credited: they stay the customer's. It moves nothing yet, and can be done anew until the return is accepted;
        when more comes in, it has to be.

        Raises:
            NotFound: there is no such return. IllegalReturnTransition: nothing came in yet, or it has ended.
            OnlyByStaff: a customer acts. UnknownLine, NamedTwice: the order hasn't got it.
            NotExact, InvalidQuantity, InvalidInput: it isn't of what came, not of so many units, or can't be kept.
            In all cases nothing was changed.
        """
        for_all = None if disposition is None else chosen("disposition", disposition, FOUND)
        several = findings_of(found or {})

        async def step(unit: Unit) -> Return:
            return await receiving.inspect(unit, as_id(goods), several, for_all)

        return await self.work.write("returns.inspect", step)

    @command
    async def cancel(self, goods: Return | ReturnId, *, reason: str) -> Return:
        """The customer keeps the goods after all.

        Raises:
            NotFound: there is no such return. IllegalReturnTransition: the goods came in, or it has ended.
            PartOfAnother: it belongs to an exchange, which is cancelled instead.
            InvalidInput: a reason that can't be kept. In all cases nothing was changed.
        """
        why = given_reason(reason)

        async def step(unit: Unit) -> Return:
            return await receiving.cancel(unit, as_id(goods), why)

        return await self.work.write("returns.cancel", step)

    @command
    async def reject(self, goods: Return | ReturnId, *, note: str) -> Return:
        """Refuse a return that isn't settled, and say why; the goods stay the customer's.

        Raises:
            NotFound: there is no such return. IllegalReturnTransition: it has ended.
            PartOfAnother: it is settled with an exchange.
            InvalidInput: a note that can't be kept. In all cases nothing was changed.
        """
        id, why = as_id(goods), given_reason(note, path="note")

        async def step(unit: Unit) -> Return:
            return await reject(unit, id, why)

        return await self.work.write("returns.reject", step)

    @command
    async def refine(self, goods: Return | ReturnId, sub_state: str, *, reason: str = "") -> Return:
        """Move a return to another sub-state of the shop's own (`Refinement`); the same again changes nothing.

        Raises:
            IllegalSubState: its state has no sub-states, or its table has no such move. NotFound: no such return.
            InvalidInput: a sub-state or reason that can't be kept. In all cases nothing was changed.
        """
        id = as_id(goods)
        wanted, why = line("sub_state", sub_state, required=True), given_reason(reason, required=False)

        async def step(unit: Unit) -> Return:
            return await refine(unit, id, wanted, why)

        return await self.work.write("returns.refine", step)

    @command
    async def get(self, goods: ReturnId) -> Return:
        """A return by its id.

        Raises:
            NotFound: there is none.
        """

        async def step(unit: Unit) -> Return:
            return await unit[RETURNS].get(goods)

        return await self.work.read(step)

    @command
    async def of(self, order: Order | OrderId) -> tuple[Return, ...]:
        """All returns of an order, the first one first.

        Raises:
            NotFound: there is no such order.
        """
        id = order.id if isinstance(order, Order) else order

        async def step(unit: Unit) -> tuple[Return, ...]:
            return await returns_of(unit, id) or await nothing_of(unit, id)

        return await self.work.read(step)
