"""Tax: dated rules by country and class, what they make of a price, and why."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.tax.amounts import contained, on_top
    from tokolib.tax.errors import InvalidTaxRule, NoTaxRules, UnknownTaxClass
    from tokolib.tax.model import Assessment, Component, RoundingRule, Rule, RuleSet, SellerStatus, TaxAmount, Treatment
    from tokolib.tax.rules import assess

__all__ = [
    "Assessment",
    "Component",
    "InvalidTaxRule",
    "NoTaxRules",
    "RoundingRule",
    "Rule",
    "RuleSet",
    "SellerStatus",
    "TaxAmount",
    "Treatment",
    "UnknownTaxClass",
    "assess",
    "contained",
    "on_top",
]

__getattr__ = exports(
    __name__,
    {
        "Assessment": "model",
        "Component": "model",
        "InvalidTaxRule": "errors",
        "NoTaxRules": "errors",
        "RoundingRule": "model",
        "Rule": "model",
        "RuleSet": "model",
        "SellerStatus": "model",
        "TaxAmount": "model",
        "Treatment": "model",
        "UnknownTaxClass": "errors",
        "assess": "rules",
        "contained": "amounts",
        "on_top": "amounts",
    },
)
