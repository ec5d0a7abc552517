"""What the shop owes its customers and takes in payment: gift cards, and store credit."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.stored_value.errors import (
        BoughtWithStoredValue,
        CreditNeedsCustomer,
        GiftCardMistyped,
        GiftCardRefused,
        GiftCardSpent,
        IllegalGiftCardTransition,
        InsufficientBalance,
        NoGiftCardLine,
        NotPaidFor,
        NotTheirCredit,
    )
    from tokolib.stored_value.model import (
        FromGiftCard,
        FromStoreCredit,
        GiftCard,
        GiftCardState,
        Grant,
        GrantState,
        IssuedCard,
        Movement,
        Statement,
    )

__all__ = [
    "BoughtWithStoredValue",
    "CreditNeedsCustomer",
    "FromGiftCard",
    "FromStoreCredit",
    "GiftCard",
    "GiftCardMistyped",
    "GiftCardRefused",
    "GiftCardSpent",
    "GiftCardState",
    "Grant",
    "GrantState",
    "IllegalGiftCardTransition",
    "InsufficientBalance",
    "IssuedCard",
    "Movement",
    "NoGiftCardLine",
    "NotPaidFor",
    "NotTheirCredit",
    "Statement",
]

__getattr__ = exports(
    __name__,
    {
        "BoughtWithStoredValue": "errors",
        "CreditNeedsCustomer": "errors",
        "FromGiftCard": "model",
        "FromStoreCredit": "model",
        "GiftCard": "model",
        "IllegalGiftCardTransition": "errors",
        "GiftCardMistyped": "errors",
        "GiftCardRefused": "errors",
        "GiftCardState": "model",
        "Grant": "model",
        "GrantState": "model",
        "GiftCardSpent": "errors",
        "InsufficientBalance": "errors",
        "IssuedCard": "model",
        "Movement": "model",
        "NoGiftCardLine": "errors",
        "NotPaidFor": "errors",
        "NotTheirCredit": "errors",
        "Statement": "model",
    },
)
