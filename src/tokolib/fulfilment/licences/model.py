"""A licence: one key of a digital good, sealed, and who has it."""

import hashlib
from datetime import date, datetime
from enum import StrEnum

import attrs

from tokolib.inventory.lots.model import lot_id
from tokolib.kernel.ids import LicenceId, LineId, OrderId, ShipmentId


class LicenceState(StrEnum):
    """Where a licence is."""

    FREE = "free"
    """In the pool, to be sold."""
    GRANTED = "granted"
    """It is a customer's."""
    REVOKED = "revoked"
    """It was a customer's, and is never sold again."""
    WITHDRAWN = "withdrawn"
    """It was taken out of the pool before anybody had it."""


@attrs.frozen(kw_only=True)
class Grant:
    """For what a licence was granted."""

    order_id: OrderId
    line_id: LineId
    shipment_id: ShipmentId
    at: datetime
    replaces: str = ""
    """The code of the licence in whose place it was granted; empty where it is the first."""


@attrs.frozen(kw_only=True)
class Licence:
    """One licence. The key itself is sealed; its `code` is what people and lists call it by."""

    id: LicenceId
    version: int
    key: str
    """The SKU that it is of, as it is compared."""
    sku: str
    code: str
    """Its name among the serials of the SKU. Nothing of the key can be told from it."""
    sealed: str = attrs.field(repr=False)
    added_at: datetime
    expires_on: date | None = None
    """The last day on which it may be granted; None: it doesn't expire."""
    state: LicenceState = LicenceState.FREE
    grant: Grant | None = None
    """For what it was granted; None for one that nobody ever had."""
    readings: int = 0
    """How often its key was read; the history says by whom, and when."""
    read_at: datetime | None = None
    """When it was read last."""
    reason: str = ""
    """Why it was revoked or withdrawn."""


def code_of(digest: str) -> str:
    """The code of a licence by the keyed *digest* of its key: two of one key are one."""
    return f"L{hashlib.sha256(digest.encode()).hexdigest()[:24]}"


def licence_id(key: str, code: str) -> LicenceId:
    """The id of a licence of a SKU key."""
    return LicenceId(f"lic_{lot_id(key, code).removeprefix('lot_')}")
