"""Tenders: the ways in which a shop is paid, as a table. Local ones need a person, the others a gateway."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

import attrs

from tokolib.payments.errors import UnknownTender


class Settlement(StrEnum):
    """When money is there, and so when an order may be placed."""

    AT_ONCE = "at_once"
    """Paid over the counter while the order is placed."""
    ON_RECEIPT = "on_receipt"
    """The order waits, its stock leased, until a person says that the money arrived."""
    ON_DELIVERY = "on_delivery"
    """The order is placed unpaid, on credit; the courier brings the money."""
    BY_GATEWAY = "by_gateway"
    """A gateway collects it; the order waits for its word."""
    NOTHING_DUE = "nothing_due"
    """The total is zero."""


@attrs.frozen
class Tender:
    """A way to pay: when it settles, and by which local method a person gives money back (empty: the gateway)."""

    name: str
    settlement: Settlement
    payout: str = ""


CASH: Final = Tender("cash", Settlement.AT_ONCE, payout="cash")
BANK_TRANSFER: Final = Tender("bank_transfer", Settlement.ON_RECEIPT, payout="bank_transfer")
COD: Final = Tender("cod", Settlement.ON_DELIVERY, payout="bank_transfer")
CHANNEL: Final = Tender("channel", Settlement.ON_RECEIPT, payout="channel")
"""Settled where an order from elsewhere was made: a marketplace took the money, and gives it back."""
FREE: Final = Tender("free", Settlement.NOTHING_DUE)

OFFERED: Final[Mapping[str, Tender]] = {each.name: each for each in (CASH, BANK_TRANSFER, COD)}
"""Those of the methods that people handle that a customer of this shop may choose."""

LOCAL: Final[Mapping[str, Tender]] = {**OFFERED, CHANNEL.name: CHANNEL}
"""The methods that people handle."""

GIFT_CARD: Final = Tender("gift_card", Settlement.AT_ONCE, payout="gift_card")
STORE_CREDIT: Final = Tender("store_credit", Settlement.AT_ONCE, payout="store_credit")
STORED: Final[Mapping[str, Tender]] = {each.name: each for each in (GIFT_CARD, STORE_CREDIT)}
"""What the shop itself owes its customers: it pays a part of an order beside the tender, and nobody is asked for it."""


def tender(name: str, gateways: Collection[str] = ()) -> Tender:
    """The tender by its name: a local method, `free`, or one of the shop's *gateways*.

    Raises:
        UnknownTender: none of these.
    """
    if (known := FREE if name == FREE.name else OFFERED.get(name)) is not None:
        return known
    if name in gateways:
        return Tender(name, Settlement.BY_GATEWAY)
    raise UnknownTender(name[:100], (*OFFERED, *sorted(gateways)))
