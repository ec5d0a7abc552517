"""Tax: dated rules by country and class, what they make of a price, and why."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.tax.amounts import contained, on_top
    from tokolib.tax.errors import InvalidCertificate, InvalidTaxRule, NoTaxRules, NotRegisteredThere, UnknownTaxClass
    from tokolib.tax.model import (
        Assessment,
        Basis,
        Component,
        RoundingRule,
        Rule,
        RuleSet,
        SaleKind,
        SellerStatus,
        TaxAmount,
        Treatment,
    )
    from tokolib.tax.rules import assess, assess_sale
    from tokolib.tax.situation import Buyer, BuyerKind, Certificate, IdState, Place, Situation

__all__ = [
    "Assessment",
    "Basis",
    "Buyer",
    "BuyerKind",
    "Certificate",
    "Component",
    "IdState",
    "InvalidCertificate",
    "InvalidTaxRule",
    "NoTaxRules",
    "NotRegisteredThere",
    "Place",
    "RoundingRule",
    "Rule",
    "RuleSet",
    "SaleKind",
    "SellerStatus",
    "Situation",
    "TaxAmount",
    "Treatment",
    "UnknownTaxClass",
    "assess",
    "assess_sale",
    "contained",
    "on_top",
]

__getattr__ = exports(
    __name__,
    {
        "Assessment": "model",
        "Basis": "model",
        "Buyer": "situation",
        "BuyerKind": "situation",
        "Certificate": "situation",
        "Component": "model",
        "IdState": "situation",
        "InvalidCertificate": "errors",
        "InvalidTaxRule": "errors",
        "NoTaxRules": "errors",
        "NotRegisteredThere": "errors",
        "Place": "situation",
        "RoundingRule": "model",
        "Rule": "model",
        "RuleSet": "model",
        "SaleKind": "model",
        "SellerStatus": "model",
        "Situation": "situation",
        "TaxAmount": "model",
        "Treatment": "model",
        "UnknownTaxClass": "errors",
        "assess": "rules",
        "assess_sale": "rules",
        "contained": "amounts",
        "on_top": "amounts",
    },
)
