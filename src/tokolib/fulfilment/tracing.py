"""The door `shipments`, as far as couriers are asked where parcels are."""

import attrs

from tokolib.effects.answers import UnusableAnswer
from tokolib.effects.outside import OutsideError
from tokolib.fulfilment import following
from tokolib.fulfilment.couriers.errors import NoSuchCourier, NotOffered
from tokolib.fulfilment.errors import IllegalShipmentTransition, NothingToAsk
from tokolib.fulfilment.following import Asked
from tokolib.fulfilment.lookups import as_id
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.points import ShipmentPoints
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import ShipmentId
from tokolib.kernel.lines import line
from tokolib.kernel.unit import Unit
from tokolib.shipping.tracking import Scan


@attrs.frozen
class ShipmentTracing(ShipmentPoints[Colour]):
    """Where shipments are, by their couriers."""

    @command
    async def ask_courier(self, shipment: Shipment | ShipmentId, *, courier: str = "") -> Shipment:
        """The shipment after its courier was asked where it is: what it tells is taken in as `scanned` does.

        The account of its labels is asked; *courier* names one where it has none. Of several parcels it is delivered
        when all of them are. It asks once and waits for the answer.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: no courier has it.
            NothingToAsk: it has no number, or nobody knows whom to ask. NoSuchCourier: the shop has no such account.
            NotOffered: the account can't be asked. InvalidInput: a name that can't be kept.
            RateLimited, Transient, AuthFailed, Unknown, NotFoundOutside, UnusableAnswer: it gave no answer.
            InsideTransaction: the shop works within a transaction of the host. In all cases nothing was changed.
        """
        id, named = as_id(shipment), line("courier", courier)
        self.work.must_be_outside("shipments.ask_courier")

        async def whom(unit: Unit) -> following.Tracked:
            return await following.tracked(unit, id, named)

        scans = await following.ask(self.couriers, await self.work.read(whom))
        return await self._taken_in(id, scans, again=True)

    @command
    async def ask_couriers(self, *, limit: int = 100) -> Asked:
        """Ask couriers about shipments that are out and were not asked about for six hours, the longest waiting first.

        A scheduler calls it; nothing depends on it. Where one gives no answer it is told, and the others are asked all
        the same. An account that can't be asked is not asked about that shipment again.

        Raises:
            InvalidInput: a *limit* below 1.
            InsideTransaction: the shop works within a transaction of the host. In both cases nobody was asked.
        """
        self.work.must_be_outside("shipments.ask_couriers")

        async def waiting(unit: Unit) -> tuple[ShipmentId, ...]:
            return await following.due(unit, limit=await unit.page_size(limit))

        done: list[ShipmentId] = []
        failures: list[str] = []
        for id in await self.work.read(waiting):
            if why := await self._ask(id):
                failures.append(f"shipment {id}: {why}")
            else:
                done.append(id)
        return Asked(tuple(done), tuple(failures))

    async def _ask(self, id: ShipmentId) -> str:
        """Ask about one; why there was no answer, empty where there was."""

        async def whom(unit: Unit) -> following.Tracked:
            return await following.tracked(unit, id, "")

        scans: tuple[Scan, ...] = ()
        why, again = "", True
        try:
            scans = await following.ask(self.couriers, await self.work.read(whom))
        except (NotOffered, NothingToAsk, IllegalShipmentTransition) as error:  # the last where it has come meanwhile
            why, again = str(error), False
        except (NoSuchCourier, OutsideError, UnusableAnswer, OSError) as error:
            why = str(error)
        await self._taken_in(id, scans, again=again)
        return why

    async def _taken_in(self, id: ShipmentId, scans: tuple[Scan, ...], *, again: bool) -> Shipment:
        async def step(unit: Unit) -> Shipment:
            return await following.take_in(unit, id, scans, again=again)

        return await self.work.write("shipments.ask_courier", step)
