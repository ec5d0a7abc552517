"""The door `manifests`: what drivers were given."""

import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, TypeVar

import attrs

from tokolib.effects.ports import Observe
from tokolib.fulfilment.manifests import steps
from tokolib.fulfilment.manifests.model import Manifest
from tokolib.fulfilment.manifests.ports import MANIFESTS
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.pickups.model import Pickup
from tokolib.fulfilment.together import ids_of
from tokolib.inventory.again import looking_again
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import IntentId, ManifestId, PickupId, ShipmentId
from tokolib.kernel.lines import line
from tokolib.kernel.rows import Page
from tokolib.kernel.storage_errors import AlreadyExists
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.orders.ports import ORDERS
from tokolib.payments.advance import advance
from tokolib.payments.ports import Gateways

T = TypeVar("T")
_LOOKS: Final = 5
"""So often the next number is tried, where another unit has taken it at this moment."""


@attrs.frozen
class ManifestService(Service[Colour]):
    """Handing labelled shipments over to a courier's driver, in one document."""

    work: Work
    blocking: bool
    observe: Observe
    gateways: Gateways

    @command
    async def close(
        self,
        shipments: Shipment | ShipmentId | Iterable[Shipment | ShipmentId],
        *,
        courier: str,
        pickup: Pickup | PickupId | None = None,
    ) -> Manifest:
        """A driver of the account *courier* is given labelled shipments of one location: all are handed over, or none.

        Money that is only reserved for them is captured, as with `shipments.hand_over`. The manifest has the next
        number of the shop, the parcels with their numbers, weights and the cash to collect, and who closed it. A
        shipment is on one manifest at most; the same shipments again answer the same one. *pickup* is what the driver
        came for: `pickups.not_fetched(pickup)` tells what stayed behind.

        Raises:
            NotFound: there is no such shipment or pickup. NotLabelled: a parcel has no label.
            LabelledElsewhere: another account sold a label. NotTogether: they are in several locations.
            OnManifest: one was given before, or with others.
            LabelAwaited: a courier has not answered for a label. LabelOutdated: one goes elsewhere than its order by
            now, or asks for more than is due.
            NotShippable, IllegalOrderTransition, CapturedOnce, LotsNotPickable: one of them may not leave.
            InvalidInput: no shipment, or a name that can't be kept. In all cases none was handed over.
        """
        ids, account = ids_of(shipments), line("courier", courier, required=True)
        named = pickup.id if isinstance(pickup, Pickup) else pickup

        async def step(unit: Unit) -> tuple[Manifest, tuple[IntentId, ...]]:
            given = await steps.close(unit, ids, account, pickup_id=named, gateways=self.gateways, observe=self.observe)
            orders = await unit[ORDERS].get_many(sorted({each.order_id for each in given.parcels}))
            return given, tuple(each.intent_id for each in orders.values() if each.reserved)

        manifest, capturing = await self._write("manifests.close", step)
        for intent in capturing:
            await advance(self.work, self.gateways, intent, self.observe)
        return manifest

    @command
    async def get(self, manifest: ManifestId) -> Manifest:
        """A manifest by its id.

        Raises:
            NotFound: there is none.
        """

        async def step(unit: Unit) -> Manifest:
            return await unit[MANIFESTS].get(manifest)

        return await self.work.read(step)

    @command
    async def page(self, *, courier: str = "", limit: int = 100, after: str | None = None) -> Page[Manifest]:
        """A page of the manifests, of one account or of all, the last one first; *after* is the cursor before."""
        index, equals = ("by_account", {"account": courier}) if courier else ("by_number", {})

        async def step(unit: Unit) -> Page[Manifest]:
            size = await unit.page_size(limit)
            return await unit[MANIFESTS].where(index, equals=equals, after=after, limit=size, descending=True)

        return await self.work.read(step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        """Write; where another unit has taken the number at this moment, the next one is taken."""
        for _ in range(_LOOKS):
            with contextlib.suppress(AlreadyExists):
                return await looking_again(self.work, permission, step)
        return await looking_again(self.work, permission, step)
