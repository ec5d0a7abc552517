"""Money from customers and back: intents, the fold of observations, tenders, gateways."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.payments.accepting.model import Risk, RiskLevel, TenderPolicy, TenderTerms
    from tokolib.payments.errors import (
        ChargeInProgress,
        Contradiction,
        InvalidAmount,
        NoGateway,
        NothingDue,
        NotLocal,
        PaymentClosed,
        RefundTooLarge,
        SignatureInvalid,
        TenderRefused,
        UnknownProvider,
        UnknownTender,
        WebhookUnreadable,
    )
    from tokolib.payments.model import Intent, Quarantine, Refund
    from tokolib.payments.next_action import ActionKind, NextAction
    from tokolib.payments.ports import Can, Charge, GatewayCapabilities, GiveBack, LookUp, PaymentGateway, Void, Webhook
    from tokolib.payments.states import Closing, IntentState
    from tokolib.payments.tenders import Settlement, Tender
    from tokolib.payments.webhooks import Receipt

__all__ = [
    "ActionKind",
    "Can",
    "Charge",
    "ChargeInProgress",
    "Closing",
    "Contradiction",
    "GatewayCapabilities",
    "GiveBack",
    "Intent",
    "IntentState",
    "InvalidAmount",
    "LookUp",
    "NextAction",
    "NoGateway",
    "NotLocal",
    "NothingDue",
    "PaymentClosed",
    "PaymentGateway",
    "Quarantine",
    "Receipt",
    "Refund",
    "RefundTooLarge",
    "Risk",
    "RiskLevel",
    "Settlement",
    "SignatureInvalid",
    "Tender",
    "TenderPolicy",
    "TenderRefused",
    "TenderTerms",
    "UnknownProvider",
    "UnknownTender",
    "Void",
    "Webhook",
    "WebhookUnreadable",
]

__getattr__ = exports(
    __name__,
    {
        "ActionKind": "next_action",
        "Can": "ports",
        "Charge": "ports",
        "ChargeInProgress": "errors",
        "Closing": "states",
        "Contradiction": "errors",
        "GatewayCapabilities": "ports",
        "GiveBack": "ports",
        "Intent": "model",
        "IntentState": "states",
        "InvalidAmount": "errors",
        "LookUp": "ports",
        "NextAction": "next_action",
        "NoGateway": "errors",
        "NotLocal": "errors",
        "NothingDue": "errors",
        "PaymentClosed": "errors",
        "PaymentGateway": "ports",
        "Quarantine": "model",
        "Receipt": "webhooks",
        "Refund": "model",
        "RefundTooLarge": "errors",
        "Risk": "accepting.model",
        "RiskLevel": "accepting.model",
        "Settlement": "tenders",
        "SignatureInvalid": "errors",
        "Tender": "tenders",
        "TenderPolicy": "accepting.model",
        "TenderRefused": "errors",
        "TenderTerms": "accepting.model",
        "UnknownProvider": "errors",
        "UnknownTender": "errors",
        "Void": "ports",
        "Webhook": "ports",
        "WebhookUnreadable": "errors",
    },
)
