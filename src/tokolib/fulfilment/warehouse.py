"""The door `shipments`, as far as goods are made ready: listed, fetched, packed."""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from tokolib.effects.ports import Observe
from tokolib.fulfilment import preparing
from tokolib.fulfilment.lookups import as_id
from tokolib.fulfilment.mishaps import ShipmentMishaps
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.packing.model import PackingRules, ParcelDraft
from tokolib.fulfilment.picking.model import PickList
from tokolib.fulfilment.together import ids_of
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import ShipmentId
from tokolib.kernel.unit import Unit
from tokolib.orders.units import Wanted

Named = Shipment | ShipmentId


@attrs.frozen
class ShipmentWarehouse(ShipmentMishaps[Colour]):
    """Making planned shipments ready."""

    observe: Observe

    @command
    async def pick_list(
        self, shipments: Named | Iterable[Named], *, places: Mapping[str, str] | None = None
    ) -> tuple[PickList, ...]:
        """What to fetch for one shipment, or for a batch: a list for each location, each SKU once, in walking order.

        *places* names shelves by SKU, such as `{"KOPI-250": "A-2"}`: A-2 is walked before A-10, and what has no shelf
        comes last. A bundle is fetched as its components.

        Raises:
            NotFound: there is no such shipment. NotHere: one has left, or was cancelled.
        """
        ids = ids_of(shipments)

        async def step(unit: Unit) -> tuple[PickList, ...]:
            return await preparing.listed(unit, ids, places or {})

        return await self.work.read(step)

    @command
    async def pick(self, shipments: Named | Iterable[Named]) -> tuple[Shipment, ...]:
        """Somebody fetches the goods of one shipment, or of a batch: all of them or none. Safe to repeat.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: one is packed, has left or was cancelled.
            In both cases nothing was changed.
        """
        ids = ids_of(shipments)

        async def step(unit: Unit) -> tuple[Shipment, ...]:
            return await preparing.begin(unit, ids)

        return await self.work.write("shipments.pick", step)

    @command
    async def picked(self, shipment: Named, *, short: Wanted | None = None) -> Shipment:
        """The goods are fetched, but for what the shelf was *short* of (quantities by SKU or line id).

        What was not found is told in `shortages`: it leaves the shipment, and is free again in its order, to be planned
        from elsewhere or cancelled. Where nothing was found the shipment is cancelled. The books still count the goods
        as held for the order: count the shelf when it holds them no more.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: it isn't being fetched.
            UnknownLine, NamedTwice, TooManyUnits: *short* names what it hasn't.
            NotExact, InvalidQuantity: a quantity that can't be counted. In all cases nothing was changed.
        """
        id = as_id(shipment)

        async def step(unit: Unit) -> Shipment:
            return await preparing.finish(unit, id, short or {}, observe=self.observe)

        return await self.work.write("shipments.picked", step)

    @command
    async def pack(self, shipment: Named, how: PackingRules | Sequence[ParcelDraft]) -> Shipment:
        """The shipment in parcels: by rules, or as somebody has packed and weighed them. Again, it is packed anew.

        By rules every unit is put into the first parcel that may take it, the largest first; weights and sizes are
        the catalogue's. By hand each unit of the shipment is in one of the drafts.

        Raises:
            NotFound: there is no such shipment. IllegalShipmentTransition: it has left, or was cancelled.
            MissingWeight: by rules, of goods that nobody has weighed. CannotPack: some fit into no box, or aren't sent.
            NotAllPacked: by hand, where some are in no parcel. UnknownLine, NamedTwice, TooManyUnits: by hand, where
            the drafts name what it hasn't. In all cases nothing was changed.
        """
        id = as_id(shipment)

        async def step(unit: Unit) -> Shipment:
            return await preparing.pack(unit, id, how)

        return await self.work.write("shipments.pack", step)
