"""What must hold beside a shipment's state for something to happen to it; the table of its life names them."""

from typing import Final

from tokolib.fulfilment.errors import (
    LabelAwaited,
    LabelsStand,
    NobodyCarries,
    NoCourierClaim,
    NotForCollection,
    NothingMissed,
    RemediedOtherwise,
)
from tokolib.fulfilment.model import Shipment
from tokolib.kernel.machine import Guard

COLLECTED: Final = "pickup"
"""What stands before the colon of a delivery method where the customer comes for the goods; none at all says so too."""

GRANTED: Final = "licence"
"""The method of a shipment of licences, which nobody carries."""


def _remedied(shipment: Shipment) -> RemediedOtherwise:
    return RemediedOtherwise(shipment.id, str(shipment.remedy))


for_collection: Final = Guard[Shipment](
    "for_collection",
    "its customer collects it",
    lambda shipment: shipment.method.partition(":")[0] in ("", COLLECTED),
    lambda shipment: NotForCollection(shipment.id, shipment.method),
)

carried: Final = Guard[Shipment](
    "carried",
    "a courier carries it, or the customer came for it",
    lambda shipment: shipment.method != GRANTED,
    lambda shipment: NobodyCarries(shipment.id),
)

undecided_miss: Final = Guard[Shipment](
    "undecided_miss",
    "nobody collected it, and nobody has said what the customer got",
    lambda shipment: shipment.missed is not None and not shipment.missed.decided,
    lambda shipment: NothingMissed(shipment.id),
)

no_labels: Final = Guard[Shipment](
    "no_labels",
    "no label stands for its parcels, or is asked for",
    lambda shipment: not shipment.labels,
    lambda shipment: LabelsStand(shipment.id, tuple(each.label_id for each in shipment.labels)),
)

no_answer_awaited: Final = Guard[Shipment](
    "no_answer_awaited",
    "its couriers have answered for every label",
    lambda shipment: not any(each.waits for each in shipment.labels),
    lambda shipment: LabelAwaited(shipment.id, tuple(each.label_id for each in shipment.labels if each.waits)),
)

undecided: Final = Guard[Shipment](
    "undecided",
    "nobody has decided what the customer gets for it",
    lambda shipment: shipment.remedy is None,
    _remedied,
)

claimed: Final = Guard[Shipment](
    "claimed",
    "the shop has claimed it of the courier",
    lambda shipment: shipment.claim is not None,
    lambda shipment: NoCourierClaim(shipment.id),
)
