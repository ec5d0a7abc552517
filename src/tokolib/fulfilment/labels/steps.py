"""Buying labels and giving them back, as steps on an open unit. Nobody is asked here: a wish is stored with its key."""

import attrs

from tokolib.effects.keys import idempotency_key, operation_id
from tokolib.effects.lifecycle import above, may_lease, mismatch, sends
from tokolib.effects.model import Details, EffectKind, EffectState, Observation, Operation, Outcome, Source, Verdict
from tokolib.effects.resend import LEASE, REVIEW_WAIT, wait
from tokolib.effects.words import word
from tokolib.fulfilment import events as s
from tokolib.fulfilment.couriers.model import LabelRequest
from tokolib.fulfilment.labels import events as e
from tokolib.fulfilment.labels.asking import told
from tokolib.fulfilment.labels.costs import post
from tokolib.fulfilment.labels.errors import LabelNotOpen
from tokolib.fulfilment.labels.model import Label, Reweighed
from tokolib.fulfilment.labels.ports import LABELS
from tokolib.fulfilment.labels.states import LabelState
from tokolib.fulfilment.lifecycle import check as check_shipment
from tokolib.fulfilment.model import ParcelLabel, Shipment, ShipmentState
from tokolib.fulfilment.ports import SHIPMENTS
from tokolib.kernel.address import Address
from tokolib.kernel.events import Event
from tokolib.kernel.ids import LabelId, OperationId, ShipmentId
from tokolib.kernel.money import Money
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.kernel.unit import Unit, every
from tokolib.orders.ports import ORDERS


async def labels_of(unit: Unit, shipment_id: str) -> tuple[Label, ...]:
    """The labels of a shipment, those that were refused and given back too, the first one first."""
    found = await every(unit[LABELS], "by_shipment", {"shipment_id": shipment_id})
    return tuple(sorted(found, key=lambda each: (each.asked_at, each.parcel, each.id)))


async def wish(unit: Unit, shipment_id: ShipmentId, account: str, sender: Address | None) -> tuple[Label, ...]:
    """The labels of all parcels of a shipment: those that it has, and a wish for each of the others.

    Raises:
        NotFound, IllegalShipmentTransition: it isn't packed. NoRecipient: nobody to send to. Nothing was stored.
    """
    shipment = await unit[SHIPMENTS].get(shipment_id)
    check_shipment(shipment, s.LabelAsked)
    order = await unit[ORDERS].get(shipment.order_id)
    for parcel in shipment.parcels:
        if all(each.parcel != parcel.number for each in shipment.labels):
            label = await _wished(unit, shipment, account, told(order, shipment, parcel, sender))
            shipment = unit[SHIPMENTS].record(shipment, s.LabelAsked(label.id, parcel.number))
    return tuple([await unit[LABELS].get(LabelId(each.label_id)) for each in shipment.labels])


async def _wished(unit: Unit, shipment: Shipment, account: str, request: LabelRequest) -> Label:
    id = LabelId(unit.new_id("lab"))
    label = Label(
        id=id,
        version=1,
        order_id=shipment.order_id,
        shipment_id=shipment.id,
        parcel=request.parcel,
        account=account,
        request=request,
        asked_at=unit.now,
        buying=await _wish(unit, id, account, shipment.id, request, EffectKind.LABEL),
    )
    return unit[LABELS].record(None, e.LabelWished(label))


async def wish_void(unit: Unit, label_id: LabelId) -> Label:
    """A label that stands is to be given back; one that is, or was, stays as it is.

    Raises:
        NotFound: there is no such label. LabelNotOpen: it was not bought, or nobody knows yet.
        IllegalShipmentTransition: its shipment has left. Nothing was changed.
    """
    label = await unit[LABELS].get(label_id)
    if label.state is LabelState.VOIDED or (label.wishes.voiding is not None and label.turn is not None):
        return label
    if label.state is not LabelState.BOUGHT:
        raise LabelNotOpen(label.id, label.state, "shipments.void_label")
    shipment = await unit[SHIPMENTS].get(label.shipment_id)
    check_shipment(shipment, s.LabelAsked)
    before = len(label.voids)
    kind, told_at = EffectKind.LABEL_VOID, label.account
    void = await _wish(unit, label.id, told_at, label.shipment_id, label.request, kind, before=before)
    label = unit[LABELS].record(label, e.LabelVoidWished(void))
    unit[SHIPMENTS].record(shipment, s.LabelAsked(label.id, label.parcel))
    return label


async def _wish(
    unit: Unit, label_id: str, account: str, subject: str, request: LabelRequest, kind: EffectKind, *, before: int = 0
) -> Operation:
    """One more wish of a label, due at once; *before* it so many of its kind were refused.

    A label's price is told by the answer, so no amount is asked for.
    """
    number = 1 if kind is EffectKind.LABEL else 2 + before
    id = operation_id(label_id, number, await unit.epoch())
    return Operation(
        id=id,
        kind=kind,
        provider=account,
        intent=label_id,
        subject=subject,
        amount=Money(0, request.value.currency),
        attempt=before + 1,
        key=idempotency_key(id, before + 1),
        requested_at=unit.now,
        next_at=unit.now,
    )


async def claim(unit: Unit, label_id: str, operation_id: str, again_after: int | None) -> Operation | None:
    """Lease an operation; see `effects.ports.Wish.claim`."""
    label = await unit[LABELS].find(label_id)
    turn = label.turn if label is not None else None
    if label is None or turn is None or turn.id != operation_id or not may_lease(turn, unit.now, again_after):
        return None
    leased = e.LabelLeased(
        operation_id=turn.id,
        at=unit.now,
        lease_until=unit.now + LEASE,
        next_at=unit.now + (REVIEW_WAIT if turn.state is EffectState.REVIEW else wait(turn.tries + 1)),
        send=sends(turn, again_after),
    )
    return unit[LABELS].record(label, leased).operation(turn.id)


async def unask(unit: Unit, label_id: LabelId, operation_id: OperationId) -> Label:
    """Note that no courier account of its name is there to be asked; a person is told."""
    label = await unit[LABELS].get(label_id)
    operation = label.operation(operation_id)
    if operation is None or operation.unasked_since is not None:
        return label
    return unit[LABELS].record(label, e.LabelUnasked(operation_id, unit.now))


async def presume_sent(unit: Unit, label: Label) -> Label:
    """*label* after a restore: what waits for an answer may have been asked for, and is looked up first."""
    turn = label.turn
    if turn is None or turn.state is EffectState.REVIEW:
        return label
    return unit[LABELS].record(label, e.LabelPresumed(turn.id, unit.now))


async def fold(unit: Unit, seen: Observation) -> Outcome:
    """Fold *seen* into its label, and let its shipment follow; silence that says nothing new is not written down."""
    label = await unit[LABELS].find(LabelId(seen.intent))
    known = label.operation(seen.operation_id) if label is not None else None
    if label is None or known is None:
        return Outcome(Verdict.QUARANTINED, reason="fulfilment.unknown_label")
    if reason := mismatch(known, seen):
        return Outcome(Verdict.QUARANTINED, label.id, label.order_id, known, reason)
    another = bool(seen.reference) and seen.reference not in known.references and bool(known.references)
    news = seen.state is EffectState.REVIEW or another or above((known, seen))
    if seen.fact in known.facts or not news:
        return Outcome(Verdict.DUPLICATE, label.id, label.order_id, known)
    after = await _recorded(unit, label, e.LabelObserved(known.id, seen, unit.now))
    return Outcome(Verdict.APPLIED, label.id, label.order_id, after.operation(known.id))


async def _recorded(unit: Unit, label: Label, event: Event) -> Label:
    """*label* after *event*, its cost posted, and its shipment told what has become of it."""
    after = unit[LABELS].record(label, event)
    post(unit, label, after)
    shipment = await unit[SHIPMENTS].get(after.shipment_id)
    kept = next((each for each in shipment.labels if each.label_id == after.id), None)
    if kept is not None and shipment.state in (ShipmentState.PACKED, ShipmentState.LABELLED):
        _follow(unit, shipment, kept, after)
    return after


def _follow(unit: Unit, shipment: Shipment, kept: ParcelLabel, label: Label) -> None:
    match label.state:
        case LabelState.BOUGHT:
            _stands(unit, shipment, kept, label)
        case LabelState.REVIEW if not kept.waits:
            unit[SHIPMENTS].record(shipment, s.LabelDoubted(label.id))
        case LabelState.VOIDED | LabelState.REFUSED:
            unit[SHIPMENTS].record(shipment, s.LabelGone(label.id))
        case _:
            pass


def _stands(unit: Unit, shipment: Shipment, kept: ParcelLabel, label: Label) -> None:
    if kept.waits or kept.tracking != label.tracking:
        shipment = unit[SHIPMENTS].record(shipment, s.LabelStands(label.id, label.tracking))
    whole = len(shipment.labels) == len(shipment.parcels) and not any(each.waits for each in shipment.labels)
    if whole and shipment.state is ShipmentState.PACKED:
        unit[SHIPMENTS].record(shipment, s.ShipmentLabelled(shipment.labels[0].tracking))


async def resolve(
    unit: Unit, label_id: LabelId, *, reason: str, failure: str, reference: str, details: Details
) -> Label:
    """A person's word on what became of the last wish of a label: it was carried out, or not for a *failure*.

    Raises:
        NotFound: there is no such label. LabelNotOpen: nothing about it is doubtful, or it was bought for certain.
    """
    label = await unit[LABELS].get(label_id)
    last = label.wishes.last
    if label.state not in (LabelState.WAITING, LabelState.REVIEW) or (failure and last.succeeded):
        raise LabelNotOpen(label.id, label.state, "shipments.resolve_label")
    if not last.succeeded:
        state = EffectState.FAILED if failure else EffectState.SUCCEEDED
        said = word(last, state, source=Source.PERSON, at=unit.now, reference=reference, failure=failure)
        said = attrs.evolve(said, details=details, actor=str(unit.ctx.actor))
        label = await _recorded(unit, label, e.LabelObserved(last.id, said, unit.now))
    return await _recorded(unit, label, e.LabelResolved(reason))


async def reweigh(unit: Unit, label_id: LabelId, price: Money, grams: int | None) -> Label:
    """The courier bills another price. The same again changes nothing.

    Raises:
        NotFound: there is no such label. LabelNotOpen: it does not stand. CurrencyMismatch: it was billed in another.
    """
    label = await unit[LABELS].get(label_id)
    if label.state is not LabelState.BOUGHT:
        raise LabelNotOpen(label.id, label.state, "shipments.reweighed")
    if price.currency != label.currency:
        raise CurrencyMismatch(label.currency.code, price.currency.code)
    if label.price == price and (not label.reweighed or label.reweighed[-1].grams == grams):
        return label
    return await _recorded(unit, label, e.LabelReweighed(Reweighed(price=price, grams=grams, at=unit.now)))
