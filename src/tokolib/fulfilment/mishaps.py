"""The door `shipments`, as far as goods don't arrive: tried in vain, turned back, lost, sent again, claimed."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

import attrs

from tokolib.fulfilment import journeys
from tokolib.fulfilment.errors import InvalidClaim
from tokolib.fulfilment.lookups import ShipmentLookups, as_id
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.scanning import scan
from tokolib.inventory.again import T, looking_again
from tokolib.inventory.model import StockState
from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import ShipmentId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.shipping.tracking import Scan


@attrs.frozen
class ShipmentMishaps(ShipmentLookups[Colour]):
    """What becomes of goods that left and don't arrive."""

    @command
    async def scanned(self, shipment: Shipment | ShipmentId, scans: Iterable[Scan]) -> Shipment:
        """What the courier tells of it, such as from its webhook; `shipment.journey` says where it is by all of it.

        Scans may come in any order, twice, and contradict each other: each is kept once, and what can't be is told in
        `journey.anomalies`. That it was delivered, tried in vain or turned back follows at once. That it is back or
        lost is for a person to say (`returned`, `lost`), who has the goods in hand or gives them up.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: it was cancelled.
            In both cases nothing was changed.
        """
        id, told = as_id(shipment), tuple(scans)

        async def step(unit: Unit) -> Shipment:
            return await scan(unit, id, told)

        return await self.work.write("shipments.scanned", step)

    @command
    async def failed(self, shipment: Shipment | ShipmentId, *, reason: str, at: datetime | None = None) -> Shipment:
        """The courier was at the door in vain, now or *at* an instant; it tries again, or turns back.

        The same instant and reason told again is the same attempt.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: no courier has it.
            ImpossibleArrival: *at* is before the hand-over, or more than a day from now. NaiveDatetime: no zone.
            InvalidInput: a reason that can't be kept. In all cases nothing was changed.
        """
        id, why = as_id(shipment), given_reason(reason)
        when = aware(at, "at") if at is not None else None

        async def step(unit: Unit) -> Shipment:
            return await journeys.fail(unit, id, at=when, reason=why)

        return await self.work.write("shipments.failed", step)

    @command
    async def returning(self, shipment: Shipment | ShipmentId, *, reason: str) -> Shipment:
        """It is on its way back to the sender. Safe to repeat.

        One that was told to have been delivered may turn back too: its order then has it on the way again.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: no courier has it.
            InvalidInput: a reason that can't be kept. In all cases nothing was changed.
        """
        id, why = as_id(shipment), given_reason(reason)

        async def step(unit: Unit) -> Shipment:
            return await journeys.turn_back(unit, id, reason=why)

        return await self.work.write("shipments.returning", step)

    @command
    async def returned(
        self,
        shipment: Shipment | ShipmentId,
        *,
        state: StockState = StockState.SELLABLE,
        reship: bool = False,
    ) -> Shipment:
        """It is back: its goods are in stock again, in the *state* that they are in. Safe to repeat.

        Nothing is credited by that, and the customer still has the goods coming. Somebody decides: the goods again,
        at once with *reship* or later with `shipments.reship`, or the money, with `returns.undelivered`. What a return
        had taken of it already is not taken in twice.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: no courier has had it.
            OutOfStock: with *reship*, of goods that came back broken and aren't there otherwise.
            RemediedOtherwise, NothingAstray: with *reship*, where there is nothing to send again.
            InvalidInput: *state* is `TRANSIT`. In all cases nothing was changed.
        """
        id = as_id(shipment)
        if state is StockState.TRANSIT:
            message = "must be a state of goods that are here"
            raise InvalidInput((Fault("state", "fulfilment.in_transit", message, state.value),))

        async def step(unit: Unit) -> Shipment:
            back = await journeys.come_back(unit, id, state=state)
            if not reship:
                return back
            await unit.flush()
            return await journeys.reship(unit, id)

        return await self._write("shipments.returned", step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        return await looking_again(self.work, permission, step)

    @command
    async def lost(self, shipment: Shipment | ShipmentId, *, reason: str) -> Shipment:
        """It will not arrive, as the courier says or by its silence. Safe to repeat.

        The customer still has the goods coming: `shipments.reship` sends them again, `returns.undelivered` gives the
        money back; `shipments.claim` asks the courier to make up for it. It may still be `delivered` or `returned`.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: no courier has it.
            InvalidInput: a reason that can't be kept. In all cases nothing was changed.
        """
        id, why = as_id(shipment), given_reason(reason)

        async def step(unit: Unit) -> Shipment:
            return await journeys.lose(unit, id, reason=why)

        return await self.work.write("shipments.lost", step)

    @command
    async def reship(self, shipment: Shipment | ShipmentId) -> Shipment:
        """What did not arrive of a shipment is owed by the house again: held for its order, and free to be shipped.

        Plan or hand over a new shipment of the order then. Safe to repeat.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: it is neither lost nor back.
            OutOfStock: the goods aren't there any more. RemediedOtherwise: the customer had the money back.
            NothingAstray: a return has credited all of it. In all cases nothing was changed.
        """
        id = as_id(shipment)

        async def step(unit: Unit) -> Shipment:
            return await journeys.reship(unit, id)

        return await self._write("shipments.reship", step)

    @command
    async def claim(self, shipment: Shipment | ShipmentId, amount: Money, *, reference: str = "") -> Shipment:
        """The shop asks the courier for *amount*, for goods that were lost or came back broken; again to correct it.

        It moves no money: it is a note of what was asked, until `claim_answered` says what was granted.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: it is neither lost nor back.
            InvalidClaim: nothing, or less. CurrencyMismatch: neither the order's currency nor the shop's.
            InvalidInput: a reference that can't be kept. In all cases nothing was changed.
        """
        id, named = as_id(shipment), line("reference", reference)
        if amount.minor_units <= 0:
            raise InvalidClaim(id, amount, "must be more than zero")

        async def step(unit: Unit) -> Shipment:
            return await journeys.claim(unit, id, amount, named)

        return await self.work.write("shipments.claim", step)

    @command
    async def claim_answered(self, shipment: Shipment | ShipmentId, paid: Money) -> Shipment:
        """The courier granted *paid* of what was claimed, which may be nothing. Safe to repeat.

        Raises:
            NotFound: there is no such shipment. NoCourierClaim: nothing was claimed.
            IllegalShipmentTransition: it is neither lost nor back. InvalidClaim: less than nothing, more than
            was claimed (`claim` corrects that), or in another currency. In all cases nothing was changed.
        """
        id = as_id(shipment)
        if paid.minor_units < 0:
            raise InvalidClaim(id, paid, "must not be negative")

        async def step(unit: Unit) -> Shipment:
            return await journeys.answer_claim(unit, id, paid)

        return await self.work.write("shipments.claim_answered", step)
