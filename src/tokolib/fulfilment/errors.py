"""What fulfilment refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.money import Money
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalShipmentTransition(IllegalTransition):
    """The shipment is in a state that does not allow this; nothing was changed."""

    code: ClassVar[str] = "fulfilment.illegal_transition"
    thing: ClassVar[str] = "shipment"


@attrs.frozen
class SeveralLocations(TokolibError):
    """What is to leave does so from several places, and a shipment leaves from one; nothing was changed."""

    code: ClassVar[str] = "fulfilment.several_locations"
    status: ClassVar[int] = 409
    order_id: str
    locations: tuple[str, ...]

    def __str__(self) -> str:
        return f"order {self.order_id}: these goods leave from {', '.join(self.locations)}; a shipment leaves from one"

    @property
    def hint(self) -> str:
        return "name the place, one shipment for each: location=..."


@attrs.frozen
class NobodyCarries(TokolibError):
    """It is of licences, which were the customer's as they were granted; nothing was changed."""

    code: ClassVar[str] = "fulfilment.nobody_carries"
    status: ClassVar[int] = 409
    shipment_id: str

    def __str__(self) -> str:
        return f"shipment {self.shipment_id} is of licences: nobody carries it, so it can't turn back"

    @property
    def hint(self) -> str:
        return "replace a key that does not work: shop.licences.replace; take one back: shop.returns.accept"


@attrs.frozen
class NothingToShip(TokolibError):
    """No unit of the order is left to ship; nothing was changed."""

    code: ClassVar[str] = "fulfilment.nothing_to_ship"
    status: ClassVar[int] = 409
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id} has no unit left to ship"

    @property
    def hint(self) -> str:
        return "see what left or is claimed with shop.shipments.of(order); goods, when given, name at least one unit"


@attrs.frozen
class NotHere(TokolibError):
    """The shipment has left, or was cancelled: there is nothing to fetch for it."""

    code: ClassVar[str] = "fulfilment.not_here"
    status: ClassVar[int] = 409
    shipment_id: str
    state: str

    def __str__(self) -> str:
        return f"shipment {self.shipment_id} is {self.state}: nothing is to be fetched for it"


@attrs.frozen
class TakenBefore(TokolibError):
    """Lots can't be named at the hand-over where the stock was taken with the order; nothing was changed."""

    code: ClassVar[str] = "fulfilment.taken_before"
    status: ClassVar[int] = 409
    order_id: str

    def __str__(self) -> str:
        return f"the stock of order {self.order_id} was taken with the order, and its lots were chosen then"

    @property
    def hint(self) -> str:
        return "shop.lots.of(order.id) tells which they are; leave lots=... out"


@attrs.frozen
class ImpossibleArrival(TokolibError):
    """Goods arrive after they were handed over, and not in the future; nothing was changed."""

    code: ClassVar[str] = "fulfilment.impossible_arrival"
    shipment_id: str
    at: str
    earliest: str
    """When the goods were handed over."""
    latest: str
    """A day from now, since clocks and zones differ."""

    def __str__(self) -> str:
        return (
            f"shipment {self.shipment_id} can't have arrived at {self.at}: "
            f"it can between {self.earliest} and {self.latest}"
        )

    @property
    def hint(self) -> str:
        return "give the instant that the courier names, with its zone, or none for now"


@attrs.frozen
class RemediedOtherwise(TokolibError):
    """The customer has got something for these goods already; nothing was changed."""

    code: ClassVar[str] = "fulfilment.remedied_otherwise"
    status: ClassVar[int] = 409
    shipment_id: str
    remedy: str
    """`reship` or `refund`."""

    def __str__(self) -> str:
        return f"what did not arrive of shipment {self.shipment_id} was made good before: {self.remedy}"

    @property
    def hint(self) -> str:
        return "customers get their goods or their money, not both; an allowance gives more: orders.grant_allowance"


@attrs.frozen
class NothingAstray(TokolibError):
    """All units of the shipment arrived, or came back with a return; nothing was changed."""

    code: ClassVar[str] = "fulfilment.nothing_astray"
    status: ClassVar[int] = 409
    shipment_id: str

    def __str__(self) -> str:
        return f"nothing of shipment {self.shipment_id} is missing that has not been credited by a return"


@attrs.frozen
class NoCourierClaim(TokolibError):
    """The shop has claimed nothing of the courier for this shipment; nothing was changed."""

    code: ClassVar[str] = "fulfilment.no_courier_claim"
    status: ClassVar[int] = 409
    shipment_id: str

    def __str__(self) -> str:
        return f"nothing was claimed of the courier for shipment {self.shipment_id}"

    @property
    def hint(self) -> str:
        return "claim it first: shop.shipments.claim(shipment, amount)"


@attrs.frozen
class InvalidClaim(TokolibError):
    """What can't be asked of a courier, or granted by it; nothing was changed."""

    code: ClassVar[str] = "fulfilment.invalid_claim"
    shipment_id: str
    amount: Money
    why: str

    def __str__(self) -> str:
        return f"{self.amount} for shipment {self.shipment_id}: {self.why}"


@attrs.frozen
class LabelsStand(TokolibError):
    """Labels were bought, or asked for, of the shipment as it is; nothing was changed."""

    code: ClassVar[str] = "fulfilment.labels_stand"
    status: ClassVar[int] = 409
    shipment_id: str
    labels: tuple[str, ...]

    def __str__(self) -> str:
        return f"shipment {self.shipment_id} has labels: {', '.join(self.labels)}"

    @property
    def hint(self) -> str:
        return "give them back first: shop.shipments.void_label(label)"


@attrs.frozen
class NotForCollection(TokolibError):
    """The shipment travels by a courier, so that no customer comes for it; nothing was changed."""

    code: ClassVar[str] = "fulfilment.not_for_collection"
    status: ClassVar[int] = 409
    shipment_id: str
    method: str

    def __str__(self) -> str:
        return f"shipment {self.shipment_id} goes by {self.method or 'no method'}, and is not collected"

    @property
    def hint(self) -> str:
        return "plan it with method='pickup', or 'pickup:' and a name, where the customer comes for it"


@attrs.frozen
class NothingMissed(TokolibError):
    """The shipment was not missed, or somebody has decided about it; nothing was changed."""

    code: ClassVar[str] = "fulfilment.nothing_missed"
    status: ClassVar[int] = 409
    shipment_id: str

    def __str__(self) -> str:
        return f"nothing is to be decided about shipment {self.shipment_id}: it was collected, or decided before"


@attrs.frozen
class WrongCode(TokolibError):
    """Another code was shown than the customer was told; the goods stay here, and the attempt was counted."""

    code: ClassVar[str] = "fulfilment.wrong_code"
    status: ClassVar[int] = 403
    shipment_id: str
    refused: int
    """How often another code was shown by now."""
    most: int

    def __str__(self) -> str:
        if self.refused >= self.most:
            return f"shipment {self.shipment_id}: {self.refused} wrong codes were shown, and none is taken any more"
        return f"shipment {self.shipment_id}: this is not its code (attempt {self.refused} of {self.most})"

    @property
    def hint(self) -> str:
        return "shop.shipments.ready(shipment, collect_by=...) tells the customer a new code when too many were wrong"


@attrs.frozen
class NothingToAsk(TokolibError):
    """No courier can be asked about the shipment; nothing was changed."""

    code: ClassVar[str] = "fulfilment.nothing_to_ask"
    status: ClassVar[int] = 409
    shipment_id: str
    tracking: str
    accounts: tuple[str, ...]
    """Those whose labels it has, or that were named."""

    def __str__(self) -> str:
        named = f"number {self.tracking!r}" if self.tracking else "no number"
        return f"shipment {self.shipment_id} has {named}, and {len(self.accounts)} accounts that could be asked"

    @property
    def hint(self) -> str:
        return "name the account: shop.shipments.ask_courier(shipment, courier=...); note its number with track"


@attrs.frozen
class LabelAwaited(TokolibError):
    """A courier has not answered for a label of the shipment yet; nothing was changed."""

    code: ClassVar[str] = "fulfilment.label_awaited"
    status: ClassVar[int] = 409
    shipment_id: str
    labels: tuple[str, ...]

    def __str__(self) -> str:
        return f"shipment {self.shipment_id} waits for its courier's answer about {', '.join(self.labels)}"

    @property
    def hint(self) -> str:
        return "shop.tick() asks again; a person says what became of one: shop.shipments.resolve_label(label, ...)"
