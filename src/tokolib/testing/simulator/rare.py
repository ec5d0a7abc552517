"""States that are seldom reached, counted by what shows them: a simulation that never gets there proves little."""

from collections.abc import Iterable
from typing import Final

from tokolib.checkout.model import Quote
from tokolib.effects.model import EffectKind, EffectState
from tokolib.fulfilment.events import (
    LabelGone,
    LabelStands,
    PickupAsked,
    ShipmentLost,
    ShipmentReady,
    ShipmentScanned,
)
from tokolib.fulfilment.licences.events import LicenceGranted, LicenceRevoked
from tokolib.inventory.counts.events import CountApproved, CountPosted
from tokolib.inventory.expected.events import ReceiptArrived
from tokolib.inventory.lots.events import LotBlocked
from tokolib.inventory.transfers.events import TransferArrived
from tokolib.orders.events import (
    DestinationChanged,
    GoodsAllocated,
    GoodsRelocated,
    GoodsReopened,
    OrderAmended,
    OrderRefined,
    OrderReinstated,
    PromiseMoved,
    UnitsCancelled,
)
from tokolib.orders.foreign.events import OrderTakenOver
from tokolib.orders.model import OrderState
from tokolib.orders.offers.events import OfferAccepted
from tokolib.payments.disputes import DisputeState
from tokolib.payments.errors import EvidenceTooLate
from tokolib.payments.events import InstalmentOverdue
from tokolib.pricing.errors import LimitReached
from tokolib.returns.claims.events import ClaimApproved
from tokolib.returns.events import (
    ProposalDeclined,
    ReturnApproved,
    ReturnInspected,
    ReturnLabelAsked,
    ReturnReceived,
    ReturnSettled,
)
from tokolib.returns.exchanges.events import ExchangeCompleted
from tokolib.returns.model import Disposition, Return
from tokolib.stored_value.errors import GiftCardSpent, InsufficientBalance
from tokolib.stored_value.events import CreditExpired, GiftCardExpired, GiftCardTakenBack
from tokolib.testing.simulator.book import Deal, Wish
from tokolib.testing.simulator.faults import Mode
from tokolib.testing.simulator.steps import RUNNERS
from tokolib.testing.simulator.tenders import note_parts
from tokolib.testing.simulator.world import World

RARE: Final = (
    "late paid",
    "held again",
    "refund after expiry",
    "quarantined",
    "crash in recovery",
    "commit unknown",
    "duplicate observation",
    "chargeback after refund",
    "coupon race",
    "two runners",
    "paid twice",
    "answer lost",
    "cancelled while charging",
    "three tenders",
    "refund by two ways",
    "one card, two orders",
    "spent card unsold",
    "card taken back",
    "credit expired",
    "instalment late",
    "deposit kept",
    "dispute lost after evidence",
    "dispute won",
    "evidence too late",
    "filing asked again",
    "filing refused",
    "invoice void",
    "part cancelled",
    "edited",
    "edited when complete",
    "lost parcel",
    "sent again",
    "undelivered refunded",
    "count posted",
    "exchanged",
    "claim granted",
    "waited and served",
    "sent from elsewhere",
    "transfer arrived",
    "goods came in",
    "goods looked at",
    "licence granted",
    "licence revoked",
    "label bought",
    "label given back",
    "return label bought",
    "booking left to a person",
    "parcel fetched",
    "scanned",
    "kept ready",
    "sent on to another place",
    "offer accepted",
    "taken over",
    "lot called back",
    "announced goods came",
    "fee kept",
    "agreed on an amount",
    "proposal turned down",
    "refund approved",
    "count approved",
    "stopped by a rule",
    "doubt ran out",
    "refined",
)
"""What every long simulation must have seen."""


def note_deals(world: World, before: dict[str, Deal], deals: Iterable[Deal]) -> None:
    """Count what became of orders."""
    for deal in deals:
        old = before.get(deal.id)
        note_parts(world, old, deal)
        if old is None:
            world.rare["stopped by a rule"] += any(each.because for each in deal.order.blocks)
            continue
        world.rare["doubt ran out"] += _ran_out(world, old, deal)
        world.rare["deposit kept"] += deal.order.forfeited > old.order.forfeited
        _note_disputes(world, old, deal)
        if old.is_dead and deal.intent.totals.captured > old.intent.totals.captured:
            world.rare["late paid"] += 1
        if old.order.cancel_requested is None and deal.order.cancel_requested is not None:
            world.rare["cancelled while charging"] += 1
        if old.order.state is OrderState.COMPLETED and len(deal.order.amendments) > len(old.order.amendments):
            world.rare["edited when complete"] += 1
        if _refunds(deal) > _refunds(old):
            world.rare["refund after expiry"] += OrderState.EXPIRED in (old.order.state, deal.order.state)
            world.rare["paid twice"] += deal.intent.totals.surplus_refunds > old.intent.totals.surplus_refunds
    accepted = [each for each in world.book.returns.values() if each.refund is not None]
    world.rare["undelivered refunded"] = sum(_never_arrived(each) for each in accepted)
    world.rare["fee kept"] = sum(bool(each.refund and each.refund.deductions) for each in accepted)
    for event in world.watch.fresh_events:
        if name := _BY_EVENT.get(event.topic):
            world.rare[name] += 1


_BY_EVENT: Final = {
    OrderReinstated.topic: "held again",
    UnitsCancelled.topic: "part cancelled",
    OrderAmended.topic: "edited",
    ShipmentLost.topic: "lost parcel",
    GoodsReopened.topic: "sent again",
    CountPosted.topic: "count posted",
    ExchangeCompleted.topic: "exchanged",
    ClaimApproved.topic: "claim granted",
    GoodsAllocated.topic: "waited and served",
    PromiseMoved.topic: "promised day moved",
    GoodsRelocated.topic: "sent from elsewhere",
    TransferArrived.topic: "transfer arrived",
    ReturnReceived.topic: "goods came in",
    ReturnInspected.topic: "goods looked at",
    LabelStands.topic: "label bought",
    LabelGone.topic: "label given back",
    ReturnLabelAsked.topic: "return label bought",
    PickupAsked.topic: "parcel fetched",
    ShipmentScanned.topic: "scanned",
    ShipmentReady.topic: "kept ready",
    DestinationChanged.topic: "sent on to another place",
    OfferAccepted.topic: "offer accepted",
    OrderTakenOver.topic: "taken over",
    LotBlocked.topic: "lot called back",
    ReceiptArrived.topic: "announced goods came",
    ReturnSettled.topic: "agreed on an amount",
    ProposalDeclined.topic: "proposal turned down",
    ReturnApproved.topic: "refund approved",
    CountApproved.topic: "count approved",
    OrderRefined.topic: "refined",
    LicenceGranted.topic: "licence granted",
    LicenceRevoked.topic: "licence revoked",
    InstalmentOverdue.topic: "instalment late",
    GiftCardTakenBack.topic: "card taken back",
    GiftCardExpired.topic: "credit expired",
    CreditExpired.topic: "credit expired",
}


def _ran_out(world: World, old: Deal, deal: Deal) -> bool:
    """Whether the time of a block is over, and it has ended or gone to a person."""
    until = old.order.lapses_at
    return until is not None and until <= world.clock.now() and deal.order.lapses_at != until


def _note_disputes(world: World, old: Deal, deal: Deal) -> None:
    """Count how disputes ended."""
    over = {each.id for each in old.intent.disputes if each.is_over}
    for each in deal.intent.disputes:
        if each.is_over and each.id not in over:
            lost = each.state is DisputeState.LOST
            world.rare["dispute lost after evidence"] += lost and bool(each.evidence)
            world.rare["dispute won"] += not lost


def _never_arrived(goods: Return) -> bool:
    return any(line.disposition is Disposition.UNDELIVERED for line in goods.lines)


def note_strikes(world: World, *, recovering: bool) -> None:
    """Count what struck the last act."""
    for strike in world.plan.struck:
        if strike.mode.is_crash and (recovering or world.running in RUNNERS):
            world.rare["crash in recovery"] += 1
        if strike.mode is Mode.TIME_OUT and strike.call.name == "storage.commit":
            world.rare["commit unknown"] += 1
        if strike.mode.takes_effect and strike.call.name in ("gateway.create", "gateway.refund"):
            world.rare["answer lost"] += 1


def note_refusal(world: World, wish: Wish | None, error: Exception) -> None:
    """Count who was too late: for the last coupon, for what was on a card, to answer, or to undo a card's sale."""
    world.rare["one card, two orders"] += isinstance(error, InsufficientBalance) and wish is not None and wish.covered
    world.rare["spent card unsold"] += isinstance(error, GiftCardSpent)
    world.rare["evidence too late"] += isinstance(error, EvidenceTooLate)
    if isinstance(error, LimitReached) and wish is not None and isinstance(wish.wanted, Quote):
        world.rare["coupon race"] += any(use.code for use in wish.wanted.uses)


def _refunds(deal: Deal) -> int:
    live = (each for each in deal.intent.operations if each.standing is not EffectState.FAILED)
    return sum(each.kind is EffectKind.REFUND for each in live)
