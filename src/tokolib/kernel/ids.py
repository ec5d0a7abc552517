"""Ids: text made in Python, sortable by time, with a prefix that tells what they name.

An id is a UUIDv7 (RFC 9562, May 2024) in 26 base32 characters behind a prefix: `ord_06f8k2…`.
"""

from typing import Final, NewType, Protocol

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32, lower case: it sorts like the number, and lacks the letters that are misread."""

ProductId = NewType("ProductId", str)
CustomerId = NewType("CustomerId", str)
ForeignOrderId = NewType("ForeignOrderId", str)
OfferId = NewType("OfferId", str)
CartId = NewType("CartId", str)
QuoteId = NewType("QuoteId", str)
OrderId = NewType("OrderId", str)
LineId = NewType("LineId", str)
IntentId = NewType("IntentId", str)
OperationId = NewType("OperationId", str)
ShipmentId = NewType("ShipmentId", str)
ReturnId = NewType("ReturnId", str)
ReturnLabelId = NewType("ReturnLabelId", str)
ExchangeId = NewType("ExchangeId", str)
ClaimId = NewType("ClaimId", str)
CancellationId = NewType("CancellationId", str)
AmendmentId = NewType("AmendmentId", str)
InvoiceId = NewType("InvoiceId", str)
FilingId = NewType("FilingId", str)
LabelId = NewType("LabelId", str)
PickupId = NewType("PickupId", str)
ManifestId = NewType("ManifestId", str)
LicenceId = NewType("LicenceId", str)
HoldId = NewType("HoldId", str)
TransferId = NewType("TransferId", str)
CountId = NewType("CountId", str)
ExpectedReceiptId = NewType("ExpectedReceiptId", str)
LocationId = NewType("LocationId", str)
MAIN_LOCATION: Final = LocationId("main")
"""The location that every shop has."""

GiftCardId = NewType("GiftCardId", str)
GrantId = NewType("GrantId", str)
PriceListId = NewType("PriceListId", str)
PromotionId = NewType("PromotionId", str)


class Ids(Protocol):
    """**Port.** Makes ids that never repeat, and secrets that can't be guessed."""

    def new(self, prefix: str) -> str:
        """A new id such as `ord_06f8k2…`, later ones sorting after earlier ones of the same process."""
        ...

    def secret(self) -> str:
        """256 unguessable bits as URL-safe text, for a cart's token."""
        ...


_PAIRS: Final = tuple(high + low for high in ALPHABET for low in ALPHABET)
_PLACES: Final = tuple(range(120, -1, -10))


def base32(number: int, length: int) -> str:
    """*number*, of at most 130 bits, in its last *length* characters of `ALPHABET`: 26 at most."""
    return "".join([_PAIRS[number >> place & 1023] for place in _PLACES])[26 - length :]


def uuid7(milliseconds: int, randomness: int) -> int:
    """A UUIDv7 as an integer, from a Unix time in milliseconds and 74 random bits."""
    high = milliseconds << 16 | 0x7 << 12 | randomness >> 62 & 0xFFF
    return high << 64 | 0b10 << 62 | randomness & (1 << 62) - 1


def make_id(prefix: str, milliseconds: int, randomness: int) -> str:
    """`prefix_` and the 26 characters of a UUIDv7."""
    return f"{prefix}_{base32(uuid7(milliseconds, randomness), 26)}"
