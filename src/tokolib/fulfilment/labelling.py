"""The door `shipments`, as far as parcels get labels: bought, given back, weighed anew, said by a person."""

from collections.abc import Iterable

import attrs

from tokolib.fulfilment.bookings import steps as bookings
from tokolib.fulfilment.bookings.advance import Couriers, account, advance
from tokolib.fulfilment.bookings.words import word_on
from tokolib.fulfilment.couriers.model import BoughtLabel
from tokolib.fulfilment.labels import steps
from tokolib.fulfilment.labels.calls import LABEL_CALLS
from tokolib.fulfilment.labels.events import LabelReweighed
from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.labels.ports import LABELS
from tokolib.fulfilment.labels.reweighing import check_billed, reweigh
from tokolib.fulfilment.lookups import as_id
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.warehouse import ShipmentWarehouse
from tokolib.kernel.address import Address
from tokolib.kernel.ctx import permit
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import LabelId, ShipmentId
from tokolib.kernel.lines import given_reason
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit

NamedLabel = Label | LabelId


@attrs.frozen
class ShipmentLabelling(ShipmentWarehouse[Colour]):
    """Labels of packed shipments."""

    couriers: Couriers

    @command
    async def buy_labels(
        self, shipment: Shipment | ShipmentId, *, courier: str, sender: Address | None = None
    ) -> tuple[Label, ...]:
        """The labels of all parcels of a packed shipment, bought at the account *courier*; those it has are kept.

        Each wish is stored with its key before the courier is asked, so that none is bought twice: it is safe to
        repeat. One that gives no answer leaves a label waiting; `shop.tick()` looks it up before it asks again. Where
        an account neither recognises a repeated request nor can be asked, a person has to (`shop.reviews`). When every
        parcel has its label the shipment is labelled. *sender* is where it is fetched, if not at the account's address.

        Raises:
            NoSuchCourier: the shop has no such account. NotFound: there is no such shipment.
            IllegalShipmentTransition: it isn't packed, or has left. NoRecipient: its order has no address.
            NotToThatPoint: a parcel can't wait at the order's collection point, or not by that account.
            In all cases nothing was stored.
        """
        id, name = as_id(shipment), account(self.couriers, courier).name

        async def step(unit: Unit) -> tuple[Label, ...]:
            return await steps.wish(unit, id, name, sender)

        return await self._advanced(await self.work.write("shipments.buy_labels", step))

    @command
    async def void_label(self, label: NamedLabel) -> Label:
        """A label is given back at the account that it was bought at, before its shipment leaves. Safe to repeat.

        Where the courier refuses, it stands, and may be given back again; where it gives no answer, it waits.

        Raises:
            NotFound: there is no such label. LabelNotOpen: it was not bought, or nobody knows yet.
            IllegalShipmentTransition: its shipment has left. In all cases nothing was changed.
        """
        id = _id(label)

        async def step(unit: Unit) -> Label:
            return await steps.wish_void(unit, id)

        return (await self._advanced([await self.work.write("shipments.void_label", step)]))[0]

    @command
    async def advance_label(self, label: NamedLabel) -> Label:
        """The label after its courier was asked for what is due of it: sent, or looked up. Nothing due changes nothing.

        Raises:
            NotFound: there is no such label.
            InsideTransaction: the shop works within a transaction of the host. Nobody was asked.
        """
        permit(self.work.access, self.work.ctx, "shipments.advance_label")
        self.work.must_be_outside("shipments.advance_label")
        await advance(self.work, self.couriers, LABEL_CALLS, _id(label), self.observe)
        return await self._label(_id(label))

    @command
    async def resolve_label(
        self, label: NamedLabel, found: BoughtLabel | None = None, *, failure: str = "", reason: str
    ) -> Label:
        """A person's word on a label that waits or is doubtful: what was *found*, or why there is none (*failure*).

        Of a label that was bought twice it says that the other one was seen to. Of one that is to be given back, that
        it was, or was not. Who said it, when and why stays in the history.

        Raises:
            InvalidInput: neither or both of *found* and *failure*, or text that can't be kept.
            NotFound: there is no such label. LabelNotOpen: nothing about it is doubtful, or it is denied what is
            certain. In all cases nothing was changed.
        """
        id, why, said = _id(label), given_reason(reason), word_on(found, failure)

        async def step(unit: Unit) -> Label:
            return await bookings.resolve(unit, steps.LABELS_BOOKED, id, said, reason=why)

        return await self.work.write("shipments.resolve_label", step)

    @command
    async def reweighed(self, label: NamedLabel, price: Money, *, grams: int | None = None) -> Label:
        """The courier weighed a parcel itself, and bills *price* for it; the cost ledger follows. Safe to repeat.

        Raises:
            NotFound: there is no such label. LabelNotOpen: it does not stand.
            CurrencyMismatch: it was billed in another currency. InvalidInput: a negative price.
            In all cases nothing was changed.
        """
        id, asked = _id(label), "shipments.reweighed"
        check_billed(price)

        async def step(unit: Unit) -> Label:
            return await reweigh(unit, steps.LABELS_BOOKED, id, (price, grams), asked=asked, happened=LabelReweighed)

        return await self.work.write("shipments.reweighed", step)

    @command
    async def label(self, label: LabelId) -> Label:
        """A label by its id.

        Raises:
            NotFound: there is none.
        """
        return await self._label(label)

    @command
    async def labels(self, shipment: Shipment | ShipmentId) -> tuple[Label, ...]:
        """All labels of a shipment, those that were refused or given back too, the first one first."""
        id = as_id(shipment)

        async def step(unit: Unit) -> tuple[Label, ...]:
            return await steps.labels_of(unit, id)

        return await self.work.read(step)

    async def _label(self, id: LabelId) -> Label:
        async def step(unit: Unit) -> Label:
            return await unit[LABELS].get(id)

        return await self.work.read(step)

    async def _advanced(self, labels: Iterable[Label]) -> tuple[Label, ...]:
        asked = [await advance(self.work, self.couriers, LABEL_CALLS, each.id, self.observe) for each in labels]
        return tuple(each for each in asked if each is not None)


def _id(label: NamedLabel) -> LabelId:
    return label.id if isinstance(label, Label) else label
