"""The life of a shipment as a table."""

from typing import Any, Final

import attrs

from tokolib.fulfilment import events as e
from tokolib.fulfilment.errors import IllegalShipmentTransition
from tokolib.fulfilment.guards import (
    carried,
    claimed,
    for_collection,
    no_answer_awaited,
    no_labels,
    undecided,
    undecided_miss,
)
from tokolib.fulfilment.model import Collection, CourierClaim, Missed, ParcelLabel, Shipment, ShipmentState
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Kind, Machine
from tokolib.kernel.refinement import entering, moved, refined
from tokolib.kernel.transitions import led, unbegun

S = ShipmentState
_REFINED: Final = (refined("shipment"),)
_SCANNING: Final = ("shipments.scanned", "shipments.ask_courier", "shipments.ask_couriers")
_ANSWERING: Final = (
    "shipments.buy_labels",
    "shipments.void_label",
    "shipments.advance_label",
    "shipments.resolve_label",
    "tick",
)
"""Whoever asks a courier, or knows what it has done."""
_ABOUT_PICKUPS: Final = ("pickups.book", "pickups.cancel", "pickups.advance", "pickups.resolve", "tick")
_AT_ONCE: Final = ("shipments.collected", "licences.grant", "tick")
_MAKING_GOOD: Final = ("shipments.reship", "returns.undelivered")


def _staying(state: ShipmentState, *, scanned: bool = True) -> dict[Kind, Edge[ShipmentState]]:
    """What changes no state: the shop's own sub-states, and the courier's scans.

    Scans come early and late: before the house has noted the hand-over, and after the goods arrived.
    """
    scans: dict[Kind, Edge[ShipmentState]] = {
        e.ShipmentScanned: Edge(state, ("shipments.scanned",), entailed_by=_SCANNING)
    }
    return {
        **(scans if scanned else {}),
        e.ShipmentRefined: Edge(state, ("shipments.refine",), _REFINED),
    }


def _here(state: ShipmentState) -> dict[Kind, Edge[ShipmentState]]:
    """What may happen while the goods are in the house."""
    return {
        e.ShipmentPacked: Edge(S.PACKED, ("shipments.pack",), (no_labels,)),
        e.ShipmentHandedOver: Edge(
            S.HANDED_OVER, ("shipments.hand_over",), (no_answer_awaited,), entailed_by=("manifests.close",)
        ),
        e.ShipmentCancelled: Edge(S.CANCELLED, ("shipments.cancel",), (no_labels,), ("shipments.picked",)),
        e.TrackingSet: Edge(state, ("shipments.track",)),
        e.ShipmentReady: Edge(S.READY, ("shipments.ready",), (for_collection, no_labels)),
        **_staying(state),
    }


def _labels(state: ShipmentState) -> dict[Kind, Edge[ShipmentState]]:
    """What becomes of labels while the goods are here."""
    return {
        e.LabelAsked: Edge(state, ("shipments.buy_labels", "shipments.void_label")),
        e.LabelStands: Edge(state, entailed_by=_ANSWERING),
        e.LabelDoubted: Edge(state, entailed_by=_ANSWERING),
        e.LabelGone: Edge(S.PACKED, entailed_by=_ANSWERING),
        e.PickupGone: Edge(state, entailed_by=_ABOUT_PICKUPS),
    }


def _tracked(state: ShipmentState) -> dict[Kind, Edge[ShipmentState]]:
    """How its number becomes known while it is out, since some couriers tell it late, and that they are asked."""
    return {
        e.CourierAsked: Edge(state, ("shipments.ask_courier", "shipments.ask_couriers")),
        e.TrackingSet: Edge(state, ("shipments.track",), entailed_by=_ANSWERING),
        e.LabelStands: Edge(state, entailed_by=_ANSWERING),
    }


def _out(state: ShipmentState) -> dict[Kind, Edge[ShipmentState]]:
    """What may happen while the courier has the goods."""
    return {
        e.ShipmentDelivered: Edge(S.DELIVERED, ("shipments.delivered",), (), (*_SCANNING, *_AT_ONCE)),
        e.DeliveryFailed: Edge(S.FAILED, ("shipments.failed",), entailed_by=_SCANNING),
        e.ShipmentTurnedBack: Edge(S.RETURNING, ("shipments.returning",), entailed_by=_SCANNING),
        e.ShipmentReturned: Edge(S.RETURNED, ("shipments.returned",)),
        e.ShipmentLost: Edge(S.LOST, ("shipments.lost",)),
        **_staying(state),
        **_tracked(state),
    }


def _astray(state: ShipmentState) -> dict[Kind, Edge[ShipmentState]]:
    """What may be done about goods that did not arrive."""
    return {
        e.ShipmentRemedied: Edge(state, _MAKING_GOOD, (undecided,), ("shipments.returned",)),
        e.CourierClaimed: Edge(state, ("shipments.claim",)),
        e.CourierClaimAnswered: Edge(state, ("shipments.claim_answered",), (claimed,)),
        **_staying(state),
    }


SHIPMENT: Final = Machine(
    name="shipment",
    about="Goods of one order that leave together.",
    states={
        S.PLANNED: "it has claimed its units, and they are here",
        S.PICKING: "somebody fetches its goods",
        S.PACKED: "its goods are in parcels",
        S.LABELLED: "every parcel has its label",
        S.READY: "its customer may collect it",
        S.HANDED_OVER: "the courier, or the customer, has the goods",
        S.DELIVERED: "the goods arrived; what comes back is a return, or the courier was wrong",
        S.FAILED: "the courier was at the door in vain, and tries again or turns back",
        S.RETURNING: "it is on its way back to the sender",
        S.RETURNED: "it is back, and its goods are in stock; the customer gets them again, or their money",
        S.LOST: "it will not arrive; the customer gets the goods again, or their money",
        S.CANCELLED: "it never left, and its units are free again",
    },
    begins={e.ShipmentPlanned: (S.PLANNED,), e.ShipmentHandedOver: (S.HANDED_OVER,)},
    begun_by=("shipments.plan", "shipments.hand_over"),
    edges={
        S.PLANNED: {e.PickingBegun: Edge(S.PICKING, ("shipments.pick",)), **_here(S.PLANNED)},
        S.PICKING: {e.ShipmentPicked: Edge(S.PICKING, ("shipments.picked",)), **_here(S.PICKING)},
        S.PACKED: {
            e.ShipmentLabelled: Edge(S.LABELLED, entailed_by=_ANSWERING),
            **_labels(S.PACKED),
            **_here(S.PACKED),
        },
        S.LABELLED: {
            e.PickupAsked: Edge(S.LABELLED, ("pickups.book",), (no_answer_awaited,)),
            **_labels(S.LABELLED),
            **_here(S.LABELLED),
        },
        S.READY: {
            e.ShipmentReady: Edge(S.READY, ("shipments.ready",), (for_collection,)),
            e.CodeRefused: Edge(S.READY, ("shipments.collected",)),
            e.ShipmentHandedOver: Edge(S.HANDED_OVER, ("shipments.collected", "shipments.hand_over")),
            e.CollectionMissed: Edge(S.CANCELLED, ("shipments.end_missed",)),
            e.ShipmentCancelled: Edge(S.CANCELLED, ("shipments.cancel",)),
            **_staying(S.READY),
        },
        S.HANDED_OVER: _out(S.HANDED_OVER),
        S.FAILED: _out(S.FAILED),
        S.RETURNING: {
            e.ShipmentReturned: Edge(S.RETURNED, ("shipments.returned",)),
            e.ShipmentLost: Edge(S.LOST, ("shipments.lost",)),
            e.ShipmentDelivered: Edge(S.DELIVERED, ("shipments.delivered",)),  # the customer took it after all
            **_staying(S.RETURNING),
            **_tracked(S.RETURNING),
        },
        S.DELIVERED: {
            e.ShipmentTurnedBack: Edge(S.RETURNING, ("shipments.returning",), (carried,), _SCANNING),  # it wasn't there
            **_staying(S.DELIVERED),
        },
        S.RETURNED: _astray(S.RETURNED),
        S.LOST: {
            e.ShipmentDelivered: Edge(S.DELIVERED, ("shipments.delivered",), entailed_by=_SCANNING),  # it was found
            e.ShipmentReturned: Edge(S.RETURNED, ("shipments.returned",)),
            **_astray(S.LOST),
        },
        S.CANCELLED: {
            e.MissedDecided: Edge(S.CANCELLED, ("shipments.decide_missed",), (undecided_miss,)),
            **_staying(S.CANCELLED, scanned=False),
        },
    },
    ends=frozenset({S.DELIVERED, S.RETURNED, S.LOST, S.CANCELLED}),
)
"""The life of a shipment."""


def check(shipment: Shipment, kind: type[Event], *, asked: str = "") -> None:
    """Pass when the shipment's state allows an event of this kind, and every guard of its edge holds.

    *asked* is the command that is refused, where the table names another one first.

    Raises:
        IllegalShipmentTransition: the state doesn't. The refusal of a guard: it doesn't hold. Nothing was changed.
    """
    led(SHIPMENT, IllegalShipmentTransition, shipment, shipment.state, kind, asked=asked)
    SHIPMENT.require(shipment.state, kind, shipment)


def evolve(state: Shipment | None, event: Event) -> Shipment:
    """The shipment after *event*.

    Raises:
        IllegalShipmentTransition: the table does not allow it. IllegalSubState: the shop's own table doesn't.
    """
    if state is None and isinstance(event, e.ShipmentPlanned | e.ShipmentHandedOver):
        return event.shipment
    if state is None:
        raise unbegun(SHIPMENT, IllegalShipmentTransition, type(event))
    target = led(SHIPMENT, IllegalShipmentTransition, state, state.state, type(event))
    changes = entering(SHIPMENT.name, state, target) | _changes(state, event)
    return changed(state, version=state.version + 1, **changes)


def _changes(shipment: Shipment, event: Event) -> dict[str, Any]:
    """The fields of *shipment* that *event* changes, beside its state."""
    match event:
        case e.ShipmentPicked(runs=runs, shortages=shortages):
            return {"runs": runs, "shortages": (*shipment.shortages, *shortages)}
        case e.ShipmentPacked(parcels=parcels):
            return {"parcels": parcels}
        case e.ShipmentHandedOver(shipment=left):
            known = {"handed_over_at": left.handed_over_at, "manifest_id": left.manifest_id, "ask_at": left.ask_at}
            return known | {"tracking": left.tracking, "method": left.method}
        case e.ShipmentDelivered(at=at, received_by=received_by):
            return {"delivered_at": at, "received_by": received_by}
        case e.CourierAsked(next_at=next_at):
            return {"ask_at": next_at}
        case e.ShipmentScanned(scans=scans):
            return {"scans": (*shipment.scans, *scans)}
        case e.DeliveryFailed(attempt=attempt):
            return {"attempts": (*shipment.attempts, attempt)}
        case e.TrackingSet(tracking=tracking):
            return {"tracking": tracking}
        case e.ShipmentRefined(sub_state=sub_state):
            return {"sub_state": moved(SHIPMENT.name, shipment, sub_state)}
        case _:
            return _labelling(shipment, event) or _collecting(shipment, event) or _endings(shipment, event)


def _collecting(shipment: Shipment, event: Event) -> dict[str, Any]:
    match event:
        case e.ShipmentReady(until=until, code=code):
            return {"collection": Collection(code, until)}
        case e.CodeRefused() if shipment.collection is not None:
            known = shipment.collection
            return {"collection": attrs.evolve(known, refused=known.refused + 1)}
        case e.MissedDecided(reason=reason) if shipment.missed is not None:
            return {"missed": attrs.evolve(shipment.missed, decided=reason)}
        case _:
            return {}


def _labelling(shipment: Shipment, event: Event) -> dict[str, Any]:
    match event:
        case e.LabelAsked(label_id=id, parcel=parcel, cash=cash):
            kept = next((each for each in shipment.labels if each.label_id == id), ParcelLabel(id, parcel, cash))
            return {"labels": _labelled(shipment, attrs.evolve(kept, waits=True))}
        case e.LabelStands(label_id=id, tracking=tracking):
            kept = next(each for each in shipment.labels if each.label_id == id)
            return {"labels": _labelled(shipment, attrs.evolve(kept, tracking=tracking, waits=False))}
        case e.LabelDoubted(label_id=id):
            kept = next(each for each in shipment.labels if each.label_id == id)
            return {"labels": _labelled(shipment, attrs.evolve(kept, waits=True))}
        case e.LabelGone(label_id=id):
            return {"labels": tuple(each for each in shipment.labels if each.label_id != id)}
        case e.PickupAsked(pickup_id=id):
            return {"pickup_id": id}
        case e.PickupGone():
            return {"pickup_id": ""}
        case e.ShipmentLabelled(tracking=tracking):
            return {"tracking": tracking or shipment.tracking}
        case _:
            return {}


def _labelled(shipment: Shipment, label: ParcelLabel) -> tuple[ParcelLabel, ...]:
    others = (each for each in shipment.labels if each.label_id != label.label_id)
    return tuple(sorted((*others, label), key=lambda each: each.parcel))


def _endings(shipment: Shipment, event: Event) -> dict[str, Any]:
    match event:
        case e.ShipmentCancelled(at=at, reason=reason):
            return {"ended_at": at, "reason": reason}
        case e.ShipmentTurnedBack(reason=reason):
            return {"reason": reason, "delivered_at": None, "received_by": ""}
        case e.ShipmentReturned(at=at, astray=astray):
            return {"ended_at": at, "astray": astray}
        case e.ShipmentLost(at=at, astray=astray, reason=reason):
            return {"ended_at": at, "astray": astray, "reason": reason}
        case e.ShipmentRemedied(remedy=remedy):
            return {"remedy": remedy}
        case e.CourierClaimed(claim=claim):
            return {"claim": claim}
        case e.CollectionMissed(at=at, reason=reason, worth=worth):
            return {"ended_at": at, "reason": reason, "missed": Missed(at, worth), "collection": None}
        case e.CourierClaimAnswered(paid=paid, at=at):
            return {"claim": _answered(shipment.claim, paid=paid, answered_at=at)}
        case _:
            return {}


def _answered(claim: CourierClaim | None, **answer: Any) -> CourierClaim | None:
    return None if claim is None else attrs.evolve(claim, **answer)
