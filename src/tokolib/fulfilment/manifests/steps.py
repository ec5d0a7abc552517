"""Giving parcels to a driver, as steps on an open unit: all shipments of a manifest leave, or none."""

from collections.abc import Iterable, Sequence

from tokolib.effects.ports import Observe
from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.labels.ports import LABELS
from tokolib.fulfilment.manifests.errors import NotLabelled, OnManifest
from tokolib.fulfilment.manifests.events import ManifestClosed
from tokolib.fulfilment.manifests.model import Manifest, ManifestParcel
from tokolib.fulfilment.manifests.ports import MANIFESTS
from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.fulfilment.pickups.errors import LabelledElsewhere
from tokolib.fulfilment.pickups.ports import PICKUPS
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.fulfilment.steps import hand_over_planned
from tokolib.fulfilment.together import one_location
from tokolib.kernel.ids import ManifestId, PickupId, ShipmentId
from tokolib.kernel.unit import Unit
from tokolib.payments.ports import Gateways


async def close(
    unit: Unit,
    ids: Iterable[ShipmentId],
    account: str,
    *,
    pickup_id: PickupId | None,
    gateways: Gateways,
    observe: Observe,
) -> Manifest:
    """Hand labelled shipments over to a driver of *account*, all of them; the manifest that they are on already.

    Raises:
        NotFound: there is no such shipment or pickup. NotLabelled, LabelledElsewhere, NotTogether, InvalidInput: they
        can't go together. OnManifest: one went before. What `hand_over_planned` raises. Nothing was changed.
    """
    shipments = [await unit[SHIPMENTS].get(id) for id in sorted(set(ids))]
    location = one_location(shipments)
    if (known := await _same(unit, shipments, account)) is not None:
        return known
    if pickup_id is not None:
        await unit[PICKUPS].get(pickup_id)
    parcels = [parcel for each in shipments for parcel in await _parcels(unit, each, account)]
    manifest = Manifest(
        id=ManifestId(unit.new_id("man")),
        version=1,
        number=await _next_number(unit),
        account=account,
        location=location,
        parcels=tuple(parcels),
        closed_at=unit.now,
        closed_by=str(unit.ctx.actor),
        pickup_id=pickup_id,
    )
    for each in shipments:
        await hand_over_planned(
            unit, each.id, tracking="", method="", gateways=gateways, observe=observe, manifest_id=manifest.id
        )
    return unit[MANIFESTS].record(None, ManifestClosed(manifest))


async def _same(unit: Unit, shipments: Sequence[Shipment], account: str) -> Manifest | None:
    """The manifest that has these shipments and no others; None where none of them is on one.

    Raises:
        OnManifest: some are on another, or with others.
    """
    named = next((each for each in shipments if each.manifest_id), None)
    if named is None:
        return None
    manifest = await unit[MANIFESTS].get(named.manifest_id)
    if manifest.account == account and set(manifest.shipments) == {each.id for each in shipments}:
        return manifest
    raise OnManifest(named.id, manifest.id)


async def _parcels(unit: Unit, shipment: Shipment, account: str) -> tuple[ManifestParcel, ...]:
    if shipment.state is not ShipmentState.LABELLED:
        raise NotLabelled(shipment.id, shipment.state)
    labels = await unit[LABELS].get_many([each.label_id for each in shipment.labels])
    if other := sorted({each.account for each in labels.values()} - {account}):
        raise LabelledElsewhere(shipment.id, account, tuple(other))
    return tuple(_parcel(labels[each.label_id]) for each in shipment.labels)


def _parcel(label: Label) -> ManifestParcel:
    return ManifestParcel(
        shipment_id=label.shipment_id,
        order_id=label.order_id,
        order_reference=label.request.order_reference,
        number=label.parcel,
        tracking=label.tracking,
        grams=label.request.grams,
        cod=label.request.cod,
    )


async def _next_number(unit: Unit) -> int:
    last = await unit[MANIFESTS].where("by_number", limit=1, descending=True)
    return last.items[0].number + 1 if last.items else 1
