"""Granting licences: what is digital of an order leaves at once, and each unit has a licence of its own."""

from collections.abc import Mapping, Sequence

import attrs

from tokolib.effects.ports import Observe
from tokolib.fulfilment import steps as shipping
from tokolib.fulfilment.guards import GRANTED
from tokolib.fulfilment.licences.events import LicenceGranted, LicenceRevoked
from tokolib.fulfilment.licences.lifecycle import check
from tokolib.fulfilment.licences.model import Grant, Licence, licence_id
from tokolib.fulfilment.licences.ports import LICENCES
from tokolib.fulfilment.licences.steps import end, licences_of
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.inventory import moving
from tokolib.inventory.lots import carrying
from tokolib.inventory.lots.model import split
from tokolib.inventory.model import item_id, place, resource
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.kernel.ids import LicenceId, LocationId, OrderId, ShipmentId
from tokolib.kernel.unit import Unit
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.orders.places import by_location, grantable
from tokolib.orders.ports import ORDERS
from tokolib.payments.ports import Gateways


async def grant(unit: Unit, order_id: OrderId, *, gateways: Gateways, observe: Observe) -> tuple[Licence, ...]:
    """The licences of an order, with those granted that are due: for each unit that is there, and paid for.

    Raises:
        NotFound: there is no such order.
        LotsNotPickable: too few licences may leave, since others have expired or are blocked.
        NotShippable, IllegalOrderTransition, CapturedOnce: as `shipments.hand_over`. Nothing was changed.
    """
    order = await unit[ORDERS].get(order_id)
    runs = tuple(run for line in order.lines for run in line.runs(grantable(order, line)))
    for where, some in by_location(order, runs).items():
        codes = await _codes(unit, order, where, some)
        named = {key: dict.fromkeys(each, 1) for key, each in codes.items()} if order.takes_at_shipment else {}
        shipment = await shipping.hand_over_runs(
            unit, order_id, where, some, method=GRANTED, gateways=gateways, observe=observe, lots=named
        )
        await shipping.deliver(unit, shipment.id, at=unit.now, received_by="")
        await _granted(unit, order, shipment.id, some, codes)
    return await licences_of(unit, order_id)


async def _codes(unit: Unit, order: Order, where: LocationId, runs: Sequence[Run]) -> dict[str, list[str]]:
    """Which licences leave for *runs*, by SKU key: chosen now, or those that were taken with the order."""
    wanted: dict[str, int] = {}
    for run in runs:
        key = _key(order, run)
        wanted[key] = wanted.get(key, 0) + run.units
    if order.takes_at_shipment:
        return {key: await _chosen(unit, where, key, steps) for key, steps in wanted.items()}
    given = {each.code for each in await licences_of(unit, order.id)}
    taken = [split(account) for account, net in (await carrying.carried_by(unit, (order.id,))).items() if net < 0]
    return {
        key: sorted(code for at, code in taken if place(at) == (where, key) and code not in given)[:steps]
        for key, steps in wanted.items()
    }


async def _chosen(unit: Unit, where: str, key: str, steps: int) -> list[str]:
    item = await unit[STOCK_ITEMS].get(item_id(key))
    return sorted(await carrying.choose(unit, item, resource(where, key), steps, strict=True))


def _key(order: Order, run: Run) -> str:
    return next(line.key for line in order.lines if line.id == run.line_id)


async def _granted(
    unit: Unit, order: Order, shipment_id: ShipmentId, runs: Sequence[Run], codes: Mapping[str, Sequence[str]]
) -> None:
    left = {key: list(each) for key, each in codes.items()}
    for run in runs:
        key = _key(order, run)
        grant = Grant(order_id=order.id, line_id=run.line_id, shipment_id=shipment_id, at=unit.now)
        for _ in range(run.units):
            licence = await unit[LICENCES].get(licence_id(key, left[key].pop(0)))
            unit[LICENCES].record(licence, LicenceGranted(grant))


async def replace(unit: Unit, id: LicenceId, reason: str) -> Licence:
    """Another licence in the place of one that does not work: the first is revoked, and costs the shop one more.

    Raises:
        NotFound, IllegalLicenceTransition: it was not granted, or is revoked.
        LotsNotPickable, BelowHeld: there is none that may leave, or that no order holds. Nothing was changed.
    """
    licence = await unit[LICENCES].get(id)
    check(licence, LicenceRevoked)
    revoked = await end(unit, licence, LicenceRevoked(reason), reason)
    if (grant := revoked.grant) is None:
        raise TypeError(f"licence {id} is granted for nothing")
    where = (await unit[SHIPMENTS].get(grant.shipment_id)).location
    (code,) = await _chosen(unit, where, licence.key, 1)
    why = f"in place of {licence.code}: {reason}"
    gone = {licence.key: {code: 1}}
    await moving.write_off(unit, {licence.key: 1}, location=where, reason=why, lots=gone, licences=True)
    other = await unit[LICENCES].get(licence_id(licence.key, code))
    return unit[LICENCES].record(other, LicenceGranted(attrs.evolve(grant, at=unit.now, replaces=licence.code)))
